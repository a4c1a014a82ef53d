"""The network for text in parts, each of which makes any columns of its maps from those of the part before.

So a row that grows need not be computed anew: see `growing.Maps`. Maps of a row are arrays (rows, columns, channels) with
`EDGE` columns of zeros before the first one and behind the last one, as the network's own padding is; column c of the row
stands at `EDGE` + c.
"""

from __future__ import annotations

import copy
import sys
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import as_strided

from ..nn import Conv2D, Dropout, Layer, MaxPool2D, Network, ReLU, Residual, winograd
from ..nn.convolution import both, einsum
from ..nn.inference import FEW, followers, planar_steps

EDGE = 32
# Tiles of Winograd's algorithm beside each other that are computed at a time: few sizes, since arrays are made for each.
PIECES = (8, 4, 2, 1)
# Columns whose windows are gathered at a time, so that they stay in the processor's cache.
GATHERED = 64


class Part(ABC):
    """Layers that are computed together.

    Attributes
    ----------
    reach : columns of the input beside those of its own that an output depends on, on either side at most
    stride : columns of the input to one of the output
    """

    reach: int
    stride: int

    @abstractmethod
    def fill(self, x: np.ndarray, out: np.ndarray, first: int, last: int) -> None:
        """Make the columns from `first` to before `last`, where the row ends, of the maps `out` from the maps `x`."""


class Plain(Part):
    """Any layers, by their own forward step."""

    def __init__(self, layers: Sequence[Layer]):
        self._layers = copy.deepcopy(list(layers))
        beside, self.stride = reach(layers)
        self.reach = -(-beside // self.stride) * self.stride

    def fill(self, x: np.ndarray, out: np.ndarray, first: int, last: int) -> None:
        begin = max(0, first * self.stride - self.reach)
        piece = x[None, :, EDGE + begin : EDGE + last * self.stride].transpose(0, 3, 1, 2)
        for layer in self._layers:
            piece = layer.forward(piece)
        # What depends on columns left of the piece is not used.
        out[:, EDGE + first : EDGE + last] = piece[0].transpose(1, 2, 0)[:, first - begin // self.stride :]


class Tiled(Part):
    """A convolution of 3 x 3 with the pooling and the ReLU after it, some tiles of four columns at a time.

    Of few channels it is one product, else Winograd's algorithm (`nn/winograd.py`).

    rows : of the input
    """

    def __init__(self, convolution: Conv2D, rows: int, pooled: tuple[int, int], rectified: bool):
        self.reach, self.stride = 1, pooled[1]
        self._convolution, self._rows, self._pooled, self._rectified = convolution, rows, pooled, rectified
        self._kernels = None if convolution.in_channels <= FEW else winograd.transformed(convolution.parameters["weight"])
        self._plans: dict[int, tuple[np.ndarray, np.ndarray, list[winograd.Call]]] = {}

    def _plan(self, tiles: int) -> tuple[np.ndarray, np.ndarray, list[winograd.Call]]:
        """Where so many tiles and the columns beside them are to be put, where their outputs will be, the calls between."""
        found = self._plans.get(tiles)
        if found is None:
            high, wide = -(-self._rows // winograd.TILE) * winograd.TILE, tiles * winograd.TILE
            down, along = self._pooled
            made = np.empty((high // down, wide // along, self._convolution.filters), np.float32)
            how = self._convolution, (self._convolution.in_channels, high, wide), self._pooled, self._rectified
            out = made.transpose(2, 0, 1)
            if self._kernels is None:
                given, calls = planar_steps(*how, out, beside=True)
            else:
                given, calls = winograd.steps(*how, out, beside=True, kernels=self._kernels)
            # Rows that fill the last tiles stay zeros, as the padding is, and what is made of them is not used.
            found = self._plans[tiles] = given.transpose(1, 2, 0)[: self._rows], made[: self._rows // down], calls
        return found

    def fill(self, x: np.ndarray, out: np.ndarray, first: int, last: int) -> None:
        columns = winograd.TILE // self.stride  # of the output to a tile
        while first < last:
            tiles = next(size for size in PIECES if size == 1 or (size - 1) * columns < last - first)
            given, made, calls = self._plan(tiles)
            begin = EDGE + first * self.stride - 1
            np.copyto(given, x[:, begin : begin + tiles * winograd.TILE + 2])
            for call in calls:
                call()
            count = min(tiles * columns, last - first)
            out[:, EDGE + first : EDGE + first + count] = made[:, :count]
            first += count


class Rowed(Part):
    """A convolution over all rows that are left and the ReLU after it, or that added to its input: one row of maps.

    rows : of the input, and of the kernels
    """

    def __init__(self, convolution: Conv2D, rows: int, rectified: bool, added: bool):
        columns, self._dilation = both(convolution.kernel_size)[1], convolution.dilation
        self.reach, self.stride = (columns - 1) * self._dilation // 2, 1
        self._rectified, self._added = rectified, added
        weight = convolution.parameters["weight"]
        self._kernels = np.ascontiguousarray(weight.transpose(0, 3, 2, 1).reshape(len(weight), -1))
        self._bias = convolution.parameters.get("bias", np.zeros(len(weight), np.float32)).copy()
        self._windows = np.empty((GATHERED, columns, rows, convolution.in_channels), np.float32)
        self._made = np.empty((GATHERED, len(weight)), np.float32)

    def fill(self, x: np.ndarray, out: np.ndarray, first: int, last: int) -> None:
        row, column, one = x.strides
        for begin in range(first, last, GATHERED):
            count = min(GATHERED, last - begin)
            windows, made = self._windows[:count], self._made[:count]
            from_here = x[:, EDGE + begin - self.reach :]
            np.copyto(windows, as_strided(from_here, windows.shape, (column, self._dilation * column, row, one)))
            _products(windows.reshape(count, -1), self._kernels, made)
            made += self._bias
            if self._rectified:
                winograd.maximum(made, np.float32(0), made, rectified=True)()
            if self._added:
                made += x[0, EDGE + begin : EDGE + begin + count]
            out[0, EDGE + begin : EDGE + begin + count] = made


def _products(a: np.ndarray, b: np.ndarray, out: np.ndarray) -> None:
    """a (M, K) times b.T for b (N, K), into `out` (M, N); see `nn.convolution.matrix_product`."""
    if sys.platform == "emscripten":
        einsum("ik,jk->ij", a, b, out=out)
    else:
        np.matmul(a, b.T, out=out)


def parts_of(network: Network) -> list[tuple[Part, tuple[int, int]]]:
    """The parts of a network, from the picture on, each with the rows and channels of what it makes."""
    todo = deque((layer, shape) for layer, shape in zip(network.layers, network.shapes) if not isinstance(layer, Dropout))
    parts: list[tuple[Part, tuple[int, int]]] = []
    while todo:
        layer, (_, rows, _) = todo.popleft()
        part: Part
        if isinstance(layer, Residual) and (inner := _branch(layer, rows)):
            part = Rowed(*inner, added=True)
        elif isinstance(layer, Conv2D) and _is_tiled(layer):
            part = Tiled(layer, rows, *followers(todo))
        elif isinstance(layer, Conv2D) and _is_rowed(layer, rows):
            rectified = bool(todo) and isinstance(todo[0][0], ReLU)
            if rectified:
                todo.popleft()
            part = Rowed(layer, rows, rectified, added=False)
        else:
            part = Plain([layer])
        channels, rows, _ = todo[0][1] if todo else network.shapes[-1]
        parts.append((part, (rows, channels)))
    return parts


def _is_tiled(layer: Conv2D) -> bool:
    square = both(layer.kernel_size) == (3, 3) and layer.stride == layer.dilation == 1
    return square and all(each in ("same", 1) for each in both(layer.padding))


def _is_rowed(layer: Conv2D, rows: int) -> bool:
    """Whether its kernels are as high as its input, and its outputs as many columns as that has."""
    high, wide = both(layer.kernel_size)
    down, along = both(layer.padding)
    all_rows = high == rows and (down == "valid" or rows == 1)
    is_near = wide % 2 == 1 and (wide - 1) * layer.dilation // 2 <= EDGE
    return all_rows and is_near and layer.stride == 1 and along == "same"


def _branch(layer: Residual, rows: int) -> tuple[Conv2D, int, bool] | None:
    """The convolution of a residual block on one row that is nothing but that, and whether a ReLU follows in it."""
    first, *rest = layer.layers
    simple = rows == 1 and isinstance(first, Conv2D) and _is_rowed(first, rows) and len(rest) <= 1
    if not simple or not all(isinstance(each, ReLU) for each in rest):
        return None
    assert isinstance(first, Conv2D)
    return first, rows, bool(rest)


def reach(layers: Sequence[Layer]) -> tuple[int, int]:
    """(reach, stride) of layers, one after another, in columns of their input."""
    beside, stride = 0, 1
    for layer in layers:
        if isinstance(layer, Residual):
            within, by = reach(layer.layers)
        elif isinstance(layer, Conv2D):
            within, by = (both(layer.kernel_size)[1] - 1) * layer.dilation // 2, layer.stride
        elif isinstance(layer, MaxPool2D):
            within, by = both(layer.window)[1] - 1, both(layer.stride)[1]
        else:
            within, by = 0, 1
        beside += within * stride
        stride *= by
    return beside, stride
