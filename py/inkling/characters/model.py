"""The architecture of the networks that read characters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..ink.raster import CHANNELS, SIDE
from ..nn import BatchNorm2D, Conv2D, Dense, Dropout, Flatten, MaxPool2D, Network, ReLU

# Filters of the convolutions between one pooling and the next, in the network that ships.
BLOCKS = ((16,), (32, 32), (64, 64), (128, 128))
HIDDEN = 128


def build(
    classes: int, blocks: Sequence[Sequence[int]] = BLOCKS, hidden: int = HIDDEN, dropout: float = 0.3, seed: int = 0
) -> Network:
    """3 x 3 convolutions with batch norm and ReLU, 2 x 2 max pooling after each block, two dense layers.

    Parameters
    ----------
    classes : int
        Outputs.
    blocks : sequence of sequences of int
        Filters of the convolutions between one pooling and the next.
    hidden : int
        Units of the dense layer before the last.
    dropout : float
        Rate, before both dense layers.
    seed : int
        Of the weights.
    """
    rng = np.random.default_rng(seed)
    layers, channels, side = [], CHANNELS, SIDE
    for block in blocks:
        for filters in block:
            # No bias: the batch norm's shift does its work, and folding puts it back.
            layers += [Conv2D(channels, filters, 3, bias=False, rng=rng), BatchNorm2D(filters), ReLU()]
            channels = filters
        layers.append(MaxPool2D(2))
        side //= 2
    layers += [Flatten(), Dropout(dropout), Dense(channels * side * side, hidden, rng=rng), ReLU()]
    layers += [Dropout(dropout), Dense(hidden, classes, rng=rng)]
    return Network(layers, (CHANNELS, SIDE, SIDE))
