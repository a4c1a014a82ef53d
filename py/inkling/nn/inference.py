"""A network's answer to one input at a time, in half the time of `Network.forward` where numpy has no BLAS.

`Network.forward` is the definition, and what training needs; this is for the way from the pen to the answer.
A convolution is done together with the pooling and the ReLU after it, by Winograd's algorithm or, of few
channels, as one product; all arrays are allocated once, and each step writes where the next one reads. Other
layers run as they are. What was tried, and what each brought: INFERENCE.md.
"""

from __future__ import annotations

import copy
import threading
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from numpy.lib.stride_tricks import as_strided

from . import winograd
from .convolution import Conv2D, both, product
from .layer import Layer
from .network import Network
from .pooling import MaxPool2D
from .simple import Dense, Dropout, ReLU
from .winograd import Call, maximum, pool, products_of

# Given `out`, where its input is to be written and the calls that then fill `out`: see `winograd.steps`.
Steps = Callable[..., tuple[np.ndarray, list[Call]]]

NOT_POOLED = (1, 1)
# Up to so many channels Winograd's transforms cost more than they save.
FEW = 4


class Inference:
    """`network.forward` for one input, with the weights that the network has when this is made."""

    def __init__(self, network: Network):
        self.input_shape = network.input_shape
        self._output = target = np.empty(network.shapes[-1], np.float32)
        self._calls: list[Call] = []
        for steps in reversed(list(_parts(network))):
            target, calls = steps(out=target)
            self._calls[:0] = calls
        self._input = target
        self._lock = threading.Lock()  # the arrays are the same for all calls

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """x, one input of `input_shape` -> output of the last layer, (K,) logits for a classifier."""
        if x.shape != self.input_shape:
            raise ValueError(f"this network takes {self.input_shape}, not {x.shape}")
        with self._lock:
            np.copyto(self._input, x)
            for call in self._calls:
                call()
            return self._output.copy()


def _parts(network: Network) -> Iterator[Steps]:
    """What does the work of all layers, in their order: functions of `out` as `winograd.steps` is one."""
    todo = deque((layer, shape) for layer, shape in zip(network.layers, network.shapes) if not isinstance(layer, Dropout))
    while todo:
        layer, shape = todo.popleft()
        kind = _kind(layer, shape)
        if kind is plain_steps:
            yield partial(plain_steps, layer, shape)
            continue
        yield partial(kind, layer, shape, *followers(todo))


def followers(todo: deque[tuple[Layer, tuple[int, ...]]]) -> tuple[tuple[int, int], bool]:
    """Take from layers, each with its input's shape, those that a convolution or dense layer does on the way.

    Returns the rows and columns of the pooling among them, each 1 or 2, and whether there is a ReLU.
    """
    pooled, rectified = NOT_POOLED, False
    while todo and (isinstance(todo[0][0], ReLU) or (pooled == NOT_POOLED and _halves(*todo[0]) != NOT_POOLED)):
        if isinstance(todo[0][0], ReLU):
            rectified = True
        else:
            pooled = _halves(*todo[0])
        todo.popleft()
    return pooled, rectified


def _kind(layer: Layer, shape: tuple[int, ...]) -> Steps:
    if isinstance(layer, Dense):
        return dense_steps
    if isinstance(layer, Conv2D) and _is_planar(layer):
        return planar_steps
    return winograd.steps if winograd.suits(layer, shape) else plain_steps


def _is_planar(layer: Conv2D) -> bool:
    square = isinstance(layer.kernel_size, int) and layer.dilation == 1
    return square and layer.in_channels <= FEW and layer.stride == 1 and layer.padding == "same"


def _halves(layer: Layer, shape: tuple[int, ...]) -> tuple[int, int]:
    """The rows and columns of which a pooling takes the greatest, where both are 1 or 2 and go into the maps' own."""
    if not isinstance(layer, MaxPool2D) or both(layer.window) != both(layer.stride):
        return NOT_POOLED
    rows, columns = both(layer.window)
    fits = max(rows, columns) == 2 and shape[1] % rows == shape[2] % columns == 0
    return (rows, columns) if fits else NOT_POOLED


def plain_steps(layer: Layer, shape: tuple[int, ...], out: np.ndarray) -> tuple[np.ndarray, list[Call]]:
    """Any layer by its own forward step; see `winograd.steps`."""
    layer = copy.deepcopy(layer)
    batch = np.empty((1, *shape), np.float32)
    return batch[0], [lambda: np.copyto(out, layer.forward(batch)[0])]


def dense_steps(
    dense: Dense, shape: tuple[int], pooled: tuple[int, int], rectified: bool, out: np.ndarray
) -> tuple[np.ndarray, list[Call]]:
    """A dense layer and the ReLU after it; see `winograd.steps`."""
    x = np.empty(shape, np.float32)
    calls = products_of(x[None, None], dense.parameters["weight"].copy()[None], out[None, None])
    calls.append(partial(np.add, out, dense.parameters["bias"].copy(), out=out))
    if rectified:
        calls.append(maximum(out, np.float32(0), out, rectified))
    return x, calls


def planar_steps(
    convolution: Conv2D,
    shape: tuple[int, int, int],
    pooled: tuple[int, int],
    rectified: bool,
    out: np.ndarray,
    beside: bool = False,
) -> tuple[np.ndarray, list[Call]]:
    """The same as `winograd.steps`: shifted copies of all channels, map by map, times the kernels.

    Rows are computed with their padding, so that each copy is one run of numbers; what comes out
    of windows that reach over the end of a row is not used.
    """
    channels, height, width = shape
    size, filters = both(convolution.kernel_size)[0], convolution.filters
    before, wide = (size - 1) // 2, width + size - 1
    padded = np.zeros((channels, height + size - 1, wide), np.float32)
    plane, row, one = padded.strides
    run = height * wide - (size - 1)
    shifted = as_strided(padded, (channels, size, size, run), (plane, row, one, one))
    copies = np.ones((channels * size * size + 1, run), np.float32)  # the last row stays and carries the bias
    maps: np.ndarray = np.zeros((filters, height * wide), np.float32)
    bias = convolution.parameters.get("bias", np.zeros(filters, np.float32))
    kernels = np.concatenate([convolution.parameters["weight"].reshape(filters, -1), bias[:, None]], axis=1)
    calls: list[Call] = [
        partial(np.copyto, copies[:-1].reshape(shifted.shape), shifted),
        partial(product, kernels, copies, out=maps[:, :run]),
    ]
    maps = maps.reshape(filters, height, wide)[:, :, :width]
    maps = pool(maps.transpose(1, 2, 0), pooled, rectified, calls).transpose(2, 0, 1)
    calls.append(maximum(maps, np.float32(0), out, rectified) if rectified else partial(np.copyto, out, maps))
    inner = padded[:, before : before + height]
    return (inner if beside else inner[:, :, before : before + width]), calls
