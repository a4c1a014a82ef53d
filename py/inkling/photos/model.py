"""The shape of the network that sees photographs: red, green and blue of 32 x 32 pixels -> logits of each class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..nn import AveragePool2D, BatchNorm2D, Conv2D, Dense, Dropout, Flatten, Layer, MaxPool2D, Network, ReLU, Residual

CHANNELS, SIDE = 3, 32
# Filters of the first convolution, then of each stage.
FIRST = 16
STAGES = (48, 80, 128)
# A weights file has one character for each output; the names go into its `meta`.
PICTOGRAMS = {
    "airplane": "\N{AIRPLANE}", "automobile": "\N{AUTOMOBILE}", "bird": "\N{BIRD}", "cat": "\N{CAT FACE}",
    "deer": "\N{DEER}", "dog": "\N{DOG FACE}", "frog": "\N{FROG FACE}", "horse": "\N{HORSE FACE}",
    "ship": "\N{SHIP}", "truck": "\N{DELIVERY TRUCK}",
}  # fmt: skip


def build(
    classes: int = 10, first: int = FIRST, stages: Sequence[int] = STAGES, dropout: float = 0.0, seed: int = 0
) -> Network:
    """A convolution; stages of a convolution, 2 x 2 max pooling and a residual block; the mean of each map; a dense layer.

    All kernels are 3 x 3. A residual block adds to what went in what two convolutions make of it (He et al. 2016). The
    last pooling takes in whole maps ("global average pooling", Lin et al. 2014), so that a thing counts wherever it is.

    Parameters
    ----------
    classes : int
        Outputs.
    first : int
        Filters of the first convolution.
    stages : sequence of int
        Filters of each stage.
    dropout : float
        Rate, before the dense layer.
    seed : int
        Of the weights.
    """
    rng = np.random.default_rng(seed)

    def convolution(channels: int, filters: int) -> list[Layer]:
        # No bias: the batch norm's shift does its work, and folding puts it back.
        return [Conv2D(channels, filters, 3, bias=False, rng=rng), BatchNorm2D(filters), ReLU()]

    layers = convolution(CHANNELS, first)
    channels, side = first, SIDE
    for filters in stages:
        layers += [*convolution(channels, filters), MaxPool2D(2)]
        layers.append(Residual([*convolution(filters, filters), *convolution(filters, filters)]))
        channels, side = filters, side // 2
    layers += [AveragePool2D(side), Flatten(), Dropout(dropout), Dense(channels, classes, rng=rng)]
    return Network(layers, (CHANNELS, SIDE, SIDE))


def labels_of(names: Sequence[str]) -> str:
    """One character for each of up to 256 classes: a pictogram where there is one, else a Braille pattern."""
    return "".join(PICTOGRAMS.get(name, chr(0x2800 + place)) for place, name in enumerate(names))
