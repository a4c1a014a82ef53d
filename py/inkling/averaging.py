"""Several courses of training as one network: the mean of their weights.

"Model soups" (Wortsman et al. 2022): it works for courses that began from the same weights,
and costs nothing when reading.
"""

from __future__ import annotations

from pathlib import Path
from typing import Sequence

import numpy as np

from . import checkpoint
from .nn import Network


def average(network: Network, checkpoints: Sequence[str | Path], shares: Sequence[float]) -> Network:
    """`network`, its parameters and running statistics replaced by the mean of those of some checkpoints.

    checkpoints : as `Trainer.save` writes them, of networks of the same shape
    shares : how much each counts, in proportion

    ValueError names the checkpoint that does not fit.
    """
    if len(shares) != len(checkpoints) or min(shares) <= 0:
        raise ValueError(f"one share above 0 for each of {len(checkpoints)} checkpoints, not {list(shares)}")
    places = {f"averaged.{i}": array for i, array in enumerate(network.parameters())}
    statistics = (array for layer in network.layers for array in layer.buffers.values())
    places |= {f"buffers.{i}": array for i, array in enumerate(statistics)}
    for array in places.values():
        array[...] = 0
    for path, share in zip(checkpoints, shares):
        arrays = checkpoint.read(path)
        for name, array in places.items():
            if name not in arrays or arrays[name].shape != array.shape:
                raise ValueError(f"{path}: no checkpoint of this network: {name} is not an array of {array.shape}")
            array += np.float32(share / sum(shares)) * arrays[name]
    return network
