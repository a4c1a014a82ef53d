"""The shape of the network that reads text: picture of a line -> logits of each column."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..nn import BatchNorm2D, Conv2D, Dropout, Layer, MaxPool2D, Network, ReLU, Residual
from .alphabet import ALPHABET
from .frame import HEIGHT
from .picture import CHANNELS

# Filters of the convolutions over the picture, and the pooling after each block, (rows, columns).
Block = tuple[tuple[int, ...], tuple[int, int]]
BLOCKS: tuple[Block, ...] = (((16,), (2, 2)), ((32,), (2, 2)), ((48, 48), (2, 1)), ((64, 64), (2, 1)))
# Channels along the line, and of each residual block the columns of its kernel and how far apart they are.
ALONG = 128
RESIDUAL = ((5, 1), (5, 2), (5, 4), (5, 8), (5, 1), (5, 2), (5, 4), (3, 8), (3, 1), (3, 2), (3, 4), (3, 8), (3, 1), (3, 2))


def build(
    classes: int = len(ALPHABET) + 1,
    blocks: Sequence[Block] = BLOCKS,
    along: int = ALONG,
    residual: Sequence[tuple[int, int]] = RESIDUAL,
    dropout: float = 0.2,
    seed: int = 0,
) -> Network:
    """Convolutions over the picture, one over all rows left, then residual blocks along the line.

    Returns a network (N, 3, HEIGHT, W) -> (N, classes, 1, W / STRIDE) for any W that is a multiple of STRIDE.
    """
    rng = np.random.default_rng(seed)
    layers: list[Layer] = []
    channels, rows = CHANNELS, HEIGHT

    def convolution(
        filters: int, kernel: int | tuple[int, int], padding: str | tuple[str, str] = "same", dilation: int = 1
    ) -> list[Layer]:
        # No bias: the batch norm's shift does its work, and folding puts it back.
        layer = Conv2D(channels, filters, kernel, padding=padding, bias=False, dilation=dilation, rng=rng)
        return [layer, BatchNorm2D(filters), ReLU()]

    for block, pool in blocks:
        for filters in block:
            layers += convolution(filters, 3)
            channels = filters
        layers.append(MaxPool2D(pool))
        rows //= pool[0]
    layers += convolution(along, (rows, 3), ("valid", "same"))
    channels = along
    layers += [Residual(convolution(along, (1, columns), dilation=dilation)) for columns, dilation in residual]
    layers += [Dropout(dropout), Conv2D(along, classes, 1, rng=rng)]
    return Network(layers, (CHANNELS, HEIGHT, 64))
