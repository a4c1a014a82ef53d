"""The network of the tutorial that this project began from, with its own way of looking at a picture.

Two convolutions, of which the first sees beyond the border ("full") and the second does not ("valid"), ReLU after each, one
max pooling, one or two dense layers. Its picture is grey, trimmed to the ink, made square, summed down to 20 x 20 cells, and
shifted and scaled to mean 0 and deviation 1.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..ink.raster import CHANNELS, SIDE
from ..nn import Conv2D, Dense, Dropout, Flatten, Layer, MaxPool2D, Network, ReLU, WeightsError, load
from ..nn.layer import Config, Shape
from .recognizer import Recognizer

# Cells along each side of what the network gets.
CELLS = 20
# How much of red, green and blue is grey, as the tutorial has it.
GREY = (0.2989, 0.5870, 0.1140)
# Ink as this project draws it is drawn so much larger before it is summed down, so that cells cut pixels evenly.
LARGER = 5


def build(classes: int, filters: int = 32, hidden: int = 0, dropout: float = 0.25, seed: int = 0) -> Network:
    """The network, for pictures that are prepared already: (N, 1, CELLS, CELLS) -> (N, classes).

    filters : of both convolutions; hidden : units of a dense layer before the last; 0 for none
    """
    rng = np.random.default_rng(seed)
    side = CELLS // 2  # two more cells by the first convolution, two fewer by the second, then the pooling
    layers: list[Layer] = [Conv2D(1, filters, 3, padding="full", rng=rng), ReLU()]
    layers += [Conv2D(filters, filters, 3, padding="valid", rng=rng), ReLU(), MaxPool2D(2), Dropout(dropout), Flatten()]
    inputs = filters * side * side
    if hidden:
        layers += [Dense(inputs, hidden, rng=rng), ReLU(), Dropout(0.5)]
    return Network([*layers, Dense(hidden or inputs, classes, rng=rng)], (1, CELLS, CELLS))


def prepare(picture: np.ndarray, cells: int = CELLS) -> np.ndarray:
    """A picture as the tutorial's network gets it.

    Parameters
    ----------
    picture : (H, W) or (H, W, 3)
        Ink bright on black: whatever is not 0 is ink.
    cells : int
        Along each side of what is returned.

    Returns
    -------
    (cells, cells) float32
        Mean 0, deviation 1; zeros where there is no ink.
    """
    grey = picture @ np.array(GREY) if picture.ndim == 3 else picture.astype(np.float64)
    rows, columns = (np.flatnonzero(grey.sum(axis=axis) > 0) for axis in (1, 0))
    if not len(rows):
        return np.zeros((cells, cells), np.float32)
    trimmed = grey[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = trimmed.shape
    # The shorter side is put into the middle; a drawing smaller than the cells stays at the other side's beginning.
    side, margin = max(height, width, cells), abs(width - height) // 2
    top, left = (margin, 0) if width > height else (0, margin)
    square = np.zeros((side, side))
    square[top : top + height, left : left + width] = trimmed
    # Which cell each row, or column, is added to.
    sums = (np.arange(side) * cells // side == np.arange(cells)[:, None]).astype(np.float64)
    summed = sums @ square @ sums.T
    deviation = summed.std()
    return ((summed - summed.mean()) / (deviation or 1.0)).astype(np.float32)


class Prepare(Layer):
    """`prepare` as the first layer: (N, CHANNELS, SIDE, SIDE), of which the ink is looked at -> (N, 1, cells, cells).

    It is not learned through: nothing in it has a slope.
    """

    def __init__(self, cells: int = CELLS):
        super().__init__()
        self.cells = cells

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        larger = x[:, 0].repeat(LARGER, axis=1).repeat(LARGER, axis=2)
        return np.stack([prepare(picture, self.cells) for picture in larger])[:, None]

    def backward_parameters(self, dy: np.ndarray) -> None:
        pass

    def output_shape(self, input_shape: Shape) -> Shape:
        return (1, self.cells, self.cells)

    def config(self) -> Config:
        return {"cells": self.cells}


def reading(network: Network) -> Network:
    """A network for prepared pictures, as one for those that all other recognisers get."""
    return Network([Prepare(network.input_shape[1]), *network.layers], (CHANNELS, SIDE, SIDE))


def load_ancestor(path: str | Path) -> tuple[Recognizer, dict[str, str]]:
    """A recogniser of the weights that `import-pickle` or `bench ancestors` wrote.

    Returns it, and the names of those labels that stand for a name of several letters. WeightsError names the file and
    the field that cannot be used.
    """
    network, header = load(path)
    names = header["meta"].get("vocabulary", list(header["labels"]))
    if not isinstance(names, list) or len(names) != len(header["labels"]) or not all(isinstance(n, str) for n in names):
        raise WeightsError(f"{path}: field 'header.meta.vocabulary': not one name for each label")
    if len(network.input_shape) != 3 or network.input_shape[0] != 1 or network.input_shape[1] != network.input_shape[2]:
        raise WeightsError(f"{path}: field 'header.input_shape': {network.input_shape} is not one channel of a square")
    return Recognizer(reading(network.folded()), header["labels"]), dict(zip(header["labels"], names))
