"""The layers that need no geometry: ReLU, Dropout, Flatten, Dense."""

from __future__ import annotations

import math

import numpy as np

from .convolution import matrix_product
from .layer import Config, Layer, Shape, he_normal


class ReLU(Layer):
    """max(x, 0): a feature is present to some degree or absent, never negative."""

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        self._y = np.maximum(x, 0)
        return self._y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        return dy * (self._y > 0)


class Dropout(Layer):
    """While training, each value is put to 0 with probability `rate` (Srivastava et al. 2014).

    "Inverted": what stays is divided by 1 - rate, so that inference is the identity.
    """

    def __init__(self, rate: float = 0.5, rng: np.random.Generator | None = None):
        super().__init__()
        if not 0 <= rate < 1:
            raise ValueError(f"the dropout rate is from 0 to below 1, not {rate}")
        self.rate = rate
        self.rng = rng or np.random.default_rng(0)

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        if not training or self.rate == 0:
            self._mask: np.ndarray | None = None
            return x
        kept = self.rng.random(x.shape, dtype=np.float32) >= self.rate
        self._mask = kept.astype(x.dtype) / x.dtype.type(1 - self.rate)
        return x * self._mask

    def backward(self, dy: np.ndarray) -> np.ndarray:
        return dy if self._mask is None else dy * self._mask

    def config(self) -> Config:
        return {"rate": self.rate}


class Flatten(Layer):
    """(N, C, H, W) -> (N, C * H * W), in the order channel, row, column."""

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        self._shape = x.shape
        return x.reshape(len(x), math.prod(x.shape[1:]))

    def backward(self, dy: np.ndarray) -> np.ndarray:
        return dy.reshape(self._shape)

    def output_shape(self, input_shape: Shape) -> Shape:
        return (math.prod(input_shape),)


class Dense(Layer):
    """y = x W.T + b: every output sees every input. x (N, inputs) -> (N, units).

    Parameters: "weight" (units, inputs), "bias" (units,).
    """

    def __init__(self, inputs: int, units: int, rng: np.random.Generator | None = None):
        super().__init__()
        if min(inputs, units) < 1:
            raise ValueError(f"inputs and units are at least 1, not {inputs} and {units}")
        self.inputs, self.units = inputs, units
        self.parameters["weight"] = he_normal(rng or np.random.default_rng(0), (units, inputs), inputs)
        self.parameters["bias"] = np.zeros(units, np.float32)

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        self._x = x
        return matrix_product(x, self.parameters["weight"]) + self.parameters["bias"]

    def backward(self, dy: np.ndarray) -> np.ndarray:
        self.gradients["weight"] = matrix_product(dy.T, self._x.T)
        self.gradients["bias"] = dy.sum(axis=0)
        return matrix_product(dy, self.parameters["weight"].T)

    def output_shape(self, input_shape: Shape) -> Shape:
        if tuple(input_shape) != (self.inputs,):
            raise ValueError(f"Dense was made for {self.inputs} inputs, not a shape of {tuple(input_shape)}")
        return (self.units,)

    def multiply_adds(self, input_shape: Shape) -> int:
        return self.inputs * self.units

    def config(self) -> Config:
        return {"inputs": self.inputs, "units": self.units}
