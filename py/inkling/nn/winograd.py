"""Convolution with a quarter of the multiplications: Winograd's minimal filtering F(4x4, 3x3).

    Y = A' [(G g G') * (B' d B)] A          (Lavin and Gray 2016, "Fast Algorithms for Convolutional Neural Networks")

A tile d of 6 x 6 inputs overlaps its neighbours by 2 and gives a tile Y of 4 x 4 outputs with 36 multiplications
for each pair of channels instead of 144. The kernels g are transformed once. What is left to do for an input are
36 products of small matrices, before them B' for the rows and for the columns of each tile, and A' after them.
All arrays have the place in the tile first, so that B' and A' add up few and long runs of neighbouring numbers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.lib.stride_tricks import as_strided

from .convolution import Conv2D, einsum
from .layer import Layer, Shape

# One step of the work, on arrays that it was made for.
Call = Callable[[], object]

TILE, WINDOW = 4, 6
KERNEL = np.array(  # G
    [
        [1 / 4, 0, 0],
        [-1 / 6, -1 / 6, -1 / 6],
        [-1 / 6, 1 / 6, -1 / 6],
        [1 / 24, 1 / 12, 1 / 6],
        [1 / 24, -1 / 12, 1 / 6],
        [0, 0, 1],
    ],
    np.float32,
)
INPUT = np.array(  # B'
    [
        [4, 0, -5, 0, 1, 0],
        [0, -4, -4, 1, 1, 0],
        [0, 4, -4, -1, 1, 0],
        [0, -2, -1, 2, 1, 0],
        [0, 2, -1, -2, 1, 0],
        [0, 4, 0, -5, 0, 1],
    ],
    np.float32,
)
OUTPUT = np.array([[1, 1, 1, 1, 1, 0], [0, 1, -1, 2, -2, 0], [0, 1, 1, 4, 4, 0], [0, 1, -1, 8, -8, 1]], np.float32)  # A'

# For at least so many contiguous numbers einsum is faster than matmul where numpy has no BLAS.
LONG = 64


def suits(layer: Layer, shape: Shape) -> bool:
    """Whether `layer` is a convolution that `steps` can do on inputs of `shape`."""
    return (
        isinstance(layer, Conv2D)
        and (layer.kernel_size, layer.stride, layer.dilation) == (3, 1, 1)
        and layer.padding in ("same", 1)
        and shape[1] % TILE == shape[2] % TILE == 0
    )


def steps(
    convolution: Conv2D,
    shape: tuple[int, int, int],
    pooled: tuple[int, int],
    rectified: bool,
    out: np.ndarray,
    beside: bool = False,
    kernels: np.ndarray | None = None,
) -> tuple[np.ndarray, list[Call]]:
    """A convolution, the max pooling and the ReLU after it, for one input of `shape` (C, H, W).

    pooled : rows and columns of the pooling that follows, each 1 or 2
    rectified : whether a ReLU follows, before the pooling or after it
    out : (filters, H / pooled rows, W / pooled columns)
    beside : whether the input is a piece of wider maps, whose columns on either side are to be filled in, too
    kernels : `transformed` weights, where they are known

    Returns an array (C, H, W), or (C, H, W + 2) with the columns beside, to be filled and the calls to make then, one
    after another; after the last one the result is in `out`. The weights are those of now.
    """
    channels, height, width = shape
    filters, rows, columns = convolution.filters, height // TILE, width // TILE
    count = rows * columns
    if kernels is None:
        kernels = transformed(convolution.parameters["weight"])

    padded = np.zeros((height + 2, width + 2, channels), np.float32)
    row, column, one = padded.strides
    windows = as_strided(  # overlapping
        padded, (WINDOW, WINDOW, rows, columns, channels), (row, column, TILE * row, TILE * column, one)
    )
    # Buffers between the passes, each viewed in the layout of the pass before and of the one after.
    gathered = np.empty((WINDOW, WINDOW * count * channels), np.float32)
    by_rows = np.empty((WINDOW, WINDOW, count * channels), np.float32)
    by_both = np.empty((WINDOW, WINDOW, count * channels), np.float32)
    products = np.empty((WINDOW**2, count, filters), np.float32)
    half = np.empty((TILE, WINDOW, count * filters), np.float32)
    whole = np.empty((TILE, TILE, count * filters), np.float32)
    calls: list[Call] = [
        partial(np.copyto, gathered.reshape(windows.shape), windows),
        *_input_transform(gathered.reshape(1, WINDOW, -1), by_rows.reshape(1, WINDOW, -1)),
        *_input_transform(by_rows, by_both),
        *products_of(by_both.reshape(WINDOW**2, count, channels), kernels, products),
    ]
    if convolution.has_bias:
        # The second column of A' is all ones, so a bias added there is added to every output.
        everywhere = products[WINDOW + 1]
        calls.append(partial(np.add, everywhere, convolution.parameters["bias"].copy(), out=everywhere))
    calls += [
        partial(einsum, "ap,px->ax", OUTPUT, products.reshape(WINDOW, -1), out=half.reshape(TILE, -1)),
        partial(einsum, "bq,aqx->abx", OUTPUT, half, out=whole),
    ]
    whole = pool(whole, pooled, rectified, calls)
    tiled = whole.reshape(*whole.shape[:2], rows, columns, filters)
    maps = tiled.transpose(4, 2, 0, 3, 1)  # filter, tile's row, row in it, tile's column, column in it
    filter_, row, column = out.strides
    high, wide = tiled.shape[:2]
    target = as_strided(out, maps.shape, (filter_, high * row, row, wide * column, column))
    calls.append(maximum(maps, np.float32(0), target, rectified) if rectified else partial(np.copyto, target, maps))
    return (padded[1:-1] if beside else padded[1:-1, 1:-1]).transpose(2, 0, 1), calls


def pool(maps: np.ndarray, by: tuple[int, int], rectified: bool, calls: list[Call]) -> np.ndarray:
    """Where the greatest of each `by` rows and columns, 1 or 2, of maps (H, W, ...) will be; its calls are added."""
    if by[0] == 2:
        above = np.empty_like(maps[::2])
        calls.append(maximum(maps[::2], maps[1::2], above, rectified))
        maps = above
    if by[1] == 2:
        beside = np.empty_like(maps[:, ::2])
        calls.append(maximum(maps[:, ::2], maps[:, 1::2], beside, rectified))
        maps = beside
    return maps


def maximum(a: np.ndarray, b: np.ndarray | np.float32, out: np.ndarray, rectified: bool) -> Call:
    """A call for the greater of each two float32, or, if that will be `rectified`, of those above 0.

    The bits of numbers from 0 on are in the numbers' own order as integers, negative ones are below those of 0. To
    compare integers takes a seventh of the time in WebAssembly, where floats are compared by jumps that no
    processor foresees.
    """
    if rectified:
        return partial(np.maximum, a.view(np.int32), b.view(np.int32), out=out.view(np.int32))
    return partial(np.maximum, a, b, out=out)


def transformed(weight: np.ndarray) -> np.ndarray:
    """Kernels (F, C, 3, 3) -> (36, F, C), G g G' place by place."""
    half = einsum("pu,fuvc->pfvc", KERNEL, weight.transpose(0, 2, 3, 1))
    return einsum("qv,pfvc->pqfc", KERNEL, half).reshape(WINDOW**2, *weight.shape[:2])


def _input_transform(x: np.ndarray, out: np.ndarray) -> list[Call]:
    """Calls for B' along the second axis, x (N, 6, X) -> out (N, 6, X), that leave most of its zeros out."""
    every_other = x.reshape(len(x), WINDOW // 2, 2, -1)  # what the first and the last row of B' take
    return [
        partial(einsum, "pi,nix->npx", INPUT[1:-1, 1:-1], x[:, 1:-1], out=out[:, 1:-1]),
        partial(einsum, "i,niex->nex", INPUT[0, ::2], every_other, out=out[:, :: WINDOW - 1]),
    ]


def products_of(a: np.ndarray, b: np.ndarray, out: np.ndarray) -> list[Call]:
    """Calls for a (P, M, K) times b.T for b (P, N, K), for each of P -> out (P, M, N)."""
    if sys.platform != "emscripten" or max(b.shape[1:]) < LONG:
        return [partial(np.matmul, a, b.transpose(0, 2, 1), out=out)]
    # One tile at a time, as einsum runs through three axes without asking its iterator, and along the longer one.
    subscripts = "pk,pjk->pj"
    if b.shape[1] > b.shape[2]:
        subscripts, b = "pk,pkj->pj", np.ascontiguousarray(b.transpose(0, 2, 1))
    return [partial(einsum, subscripts, a[:, i], b, out=out[:, i]) for i in range(a.shape[1])]
