"""What every layer of a network is: a forward step and, beside it, the backward step.

Arrays are float32 of shape (N, C, H, W): images, channels, rows, columns. In memory the
channels lie innermost ("channels last"), so that the patches which a convolution gathers
are long runs of neighbouring numbers; `channels_last` gives an array that layout without
changing its shape.
"""

from __future__ import annotations

import math

import numpy as np

Shape = tuple[int, ...]
Config = dict[str, object]


class Layer:
    """Base of all layers.

    Attributes
    ----------
    parameters : dict of str -> ndarray
        What training changes.
    gradients : dict of str -> ndarray
        Derivative of the loss by each parameter, same names and shapes, set by `backward`.
    buffers : dict of str -> ndarray
        State that is saved but not trained by gradient (running means of a batch norm).
    widths : (N,) int or None
        How many columns of each input count, where inputs of different widths are padded with zeros
        to one batch. Set by the network; a layer that would fill the padding clears it.
    """

    widths: np.ndarray | None = None

    def __init__(self) -> None:
        self.parameters: dict[str, np.ndarray] = {}
        self.gradients: dict[str, np.ndarray] = {}
        self.buffers: dict[str, np.ndarray] = {}

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        """Output of the layer. Keeps what `backward` needs until the next call."""
        raise NotImplementedError

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Gradient by the last input, given `dy`, the gradient by the last output."""
        raise NotImplementedError

    def backward_parameters(self, dy: np.ndarray) -> None:
        """Only `gradients`, for a first layer whose input nobody trains."""
        self.backward(dy)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Shape of one output, without N, for one input of `input_shape`; ValueError if it does not fit."""
        return input_shape

    def output_widths(self, widths: np.ndarray) -> np.ndarray:
        """How many columns of each output count; ValueError where padding would reach into them."""
        return widths

    def multiply_adds(self, input_shape: Shape) -> int:
        """Multiplications (each with its addition) that one input costs."""
        return 0

    def config(self) -> Config:
        """Arguments of the constructor, as JSON can hold them."""
        return {}

    def __repr__(self) -> str:
        arguments = ", ".join(f"{name}={value!r}" for name, value in self.config().items())
        return f"{type(self).__name__}({arguments})"


def channels_last(x: np.ndarray) -> np.ndarray:
    """`x` (N, C, H, W), unchanged in shape and values, with memory ordered N, H, W, C."""
    return np.ascontiguousarray(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)


def clear_beyond(maps: np.ndarray, widths: np.ndarray) -> None:
    """Zeros, in place, in the columns of maps (N, C, H, W) from widths (N,) on."""
    for one, width in zip(maps, widths.tolist()):
        one[:, :, width:] = 0


def he_normal(rng: np.random.Generator, shape: Shape, fan_in: int) -> np.ndarray:
    """Random weights that keep the variance of rectified signals (He et al. 2015, eq. 10)."""
    return (rng.standard_normal(shape) * math.sqrt(2.0 / fan_in)).astype(np.float32)


def expect_maps(layer: Layer, input_shape: Shape, channels: int | None = None) -> None:
    """ValueError unless `input_shape` is (C, H, W), with C = `channels` where that is given."""
    if len(input_shape) != 3:
        raise ValueError(f"{type(layer).__name__} takes maps of shape (C, H, W), not {tuple(input_shape)}")
    if channels is not None and input_shape[0] != channels:
        raise ValueError(
            f"{type(layer).__name__} was made for {channels} channels, not {input_shape[0]} (input {tuple(input_shape)})"
        )
