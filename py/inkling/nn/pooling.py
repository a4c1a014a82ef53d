"""Pooling: a window slides over each map and keeps its maximum or its mean."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from .convolution import OneOrBoth, both, one_or_both
from .layer import Config, Layer, Shape, expect_maps


class _Pool2D(Layer):
    """What both poolings share: a window, a stride, no padding.

    Input (N, C, H, W) -> output (N, C, oh, ow), oh = (H - window) // stride + 1; rows and
    columns left over at the far border are not looked at.

    window, stride : one number, or (rows, columns)
    """

    def __init__(self, window: OneOrBoth[int] = 2, stride: OneOrBoth[int] | None = None):
        super().__init__()
        stride = window if stride is None else stride
        if min(both(window)) < 1 or min(both(stride)) < 1:
            raise ValueError(f"window and stride are at least 1, not {window} and {stride}")
        self.window, self.stride = one_or_both(window), one_or_both(stride)

    def output_shape(self, input_shape: Shape) -> Shape:
        expect_maps(self, input_shape)
        c, h, w = input_shape
        (rows, columns), (down, along) = both(self.window), both(self.stride)
        if h < rows or w < columns:
            raise ValueError(
                f"a pooling window of {self.window} does not fit into maps of {h} x {w}: "
                f"(size - window {self.window}) / stride {self.stride} + 1 must be at least 1"
            )
        return (c, (h - rows) // down + 1, (w - columns) // along + 1)

    def output_widths(self, widths: np.ndarray) -> np.ndarray:
        columns = both(self.window)[1]
        if both(self.stride)[1] != columns or (widths % columns).any():
            raise ValueError(f"{self!r}: widths in one batch are multiples of {columns}, not {widths.tolist()}")
        return widths // columns

    def _cells(self, maps: np.ndarray, oh: int, ow: int) -> Iterator[np.ndarray]:
        """Views (N, C, oh, ow) of `maps`, one for each place in the window, in reading order."""
        (rows, columns), (down, along) = both(self.window), both(self.stride)
        for u in range(rows):
            for v in range(columns):
                yield maps[:, :, u : u + (oh - 1) * down + 1 : down, v : v + (ow - 1) * along + 1 : along]

    def config(self) -> Config:
        return {"window": self.window, "stride": self.stride}


class MaxPool2D(_Pool2D):
    """The strongest response of each window; of equals, the first in reading order."""

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        _, oh, ow = self.output_shape(x.shape[1:])
        cells = self._cells(x, oh, ow)
        y = next(cells).copy(order="K")
        for cell in cells:
            np.maximum(y, cell, out=y)
        self._x, self._y = x, y
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        x, y = self._x, self._y
        dx = np.zeros_like(x)
        apart = all(step >= size for step, size in zip(both(self.stride), both(self.window)))
        unclaimed = np.ones_like(y, bool)
        for cell, by_cell in zip(self._cells(x, *y.shape[2:]), self._cells(dx, *y.shape[2:])):
            wins = cell == y
            wins &= unclaimed
            unclaimed ^= wins
            if apart:  # each input is in one window at most: nothing to add up
                np.multiply(dy, wins, out=by_cell)
            else:
                by_cell += dy * wins
        return dx


class AveragePool2D(_Pool2D):
    """The mean of each window."""

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        _, oh, ow = self.output_shape(x.shape[1:])
        cells = self._cells(x, oh, ow)
        y = next(cells).copy(order="K")
        for cell in cells:
            y += cell
        y *= 1.0 / math.prod(both(self.window))
        self._x = x
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        dx = np.zeros_like(self._x)
        share = dy * (1.0 / math.prod(both(self.window)))
        for by_cell in self._cells(dx, *dy.shape[2:]):
            by_cell += share
        return dx
