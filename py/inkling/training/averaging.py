"""Several training runs as one network: the mean of their weights.

"Model soups" (Wortsman et al. 2022): it works for runs that began from the same weights,
and costs nothing when reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..nn import Network, load
from . import checkpoint


def average(network: Network, checkpoints: Sequence[str | Path], shares: Sequence[float]) -> Network:
    """`network`, its parameters and running statistics replaced by the mean of those of some checkpoints.

    Parameters
    ----------
    checkpoints : paths
        As `Trainer.save` writes them, of networks of the same shape.
    shares : sequence of float
        How much each counts, in proportion.

    Raises
    ------
    ValueError
        Names the checkpoint that does not fit.
    """
    shares = _whole(shares, checkpoints)
    places = {f"averaged.{i}": array for i, array in enumerate(network.parameters())}
    places |= {f"averaged_buffers.{i}": array for i, array in enumerate(network.buffers())}
    for array in places.values():
        array[...] = 0
    for path, share in zip(checkpoints, shares):
        arrays = checkpoint.read(path)
        for name, array in places.items():
            if name not in arrays or arrays[name].shape != array.shape:
                raise ValueError(f"{path}: no checkpoint of this network: {name} is not an array of {array.shape}")
            array += np.float32(share) * arrays[name]
    return network


def average_weights(files: Sequence[str | Path], shares: Sequence[float]) -> tuple[Network, str]:
    """The mean of some weights files' networks, and the labels that they share.

    ValueError names the file that does not fit.
    """
    shares = _whole(shares, files)
    networks, headers = zip(*(load(path) for path in files))
    shapes = [
        [network.shapes, *(array.shape for array in network.parameters())] for network in networks
    ]  # dropouts may differ
    for path, shape, header in zip(files, shapes, headers):
        if shape != shapes[0] or header["labels"] != headers[0]["labels"]:
            raise ValueError(f"{path}: another network than that of {files[0]}")
    for arrays in zip(*(network.parameters() for network in networks)):
        arrays[0][...] = sum(np.float32(share) * array for share, array in zip(shares, arrays))
    return networks[0], headers[0]["labels"]


def _whole(shares: Sequence[float], files: Sequence[object]) -> list[float]:
    """Shares that add up to 1."""
    if len(shares) != len(files) or not all(0 < share < float("inf") for share in shares):
        raise ValueError(f"one share above 0 for each of {len(files)} files, not {list(shares)}")
    return [share / sum(shares) for share in shares]
