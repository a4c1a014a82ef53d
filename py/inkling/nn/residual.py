"""Residual blocks (He et al. 2016, "Deep Residual Learning for Image Recognition"): y = x + f(x)."""

from __future__ import annotations

import numpy as np

from .layer import Config, Layer, Shape


class Residual(Layer):
    """What `layers` make of the input, added to the input, which has the same shape.

    `parameters`, `gradients` and `buffers` hold the arrays of the layers within, named "<index>.<name>".
    """

    def __init__(self, layers: list[Layer]):
        super().__init__()
        self.layers = list(layers)
        self.parameters = self._gathered("parameters")
        self.buffers = self._gathered("buffers")

    def _gathered(self, kind: str) -> dict[str, np.ndarray]:
        return {f"{i}.{name}": array for i, layer in enumerate(self.layers) for name, array in getattr(layer, kind).items()}

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        y = x
        for layer in self.layers:
            layer.widths = self.widths
            y = layer.forward(y, training)
        return x + y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        by_branch = dy
        for layer in reversed(self.layers):
            by_branch = layer.backward(by_branch)
        self.gradients = self._gathered("gradients")
        return dy + by_branch

    def output_shape(self, input_shape: Shape) -> Shape:
        shape = tuple(input_shape)
        for index, layer in enumerate(self.layers):
            try:
                shape = tuple(layer.output_shape(shape))
            except ValueError as error:
                raise ValueError(f"layer {index + 1} within, {layer!r}: {error}") from None
        if shape != tuple(input_shape):
            raise ValueError(f"a residual block keeps its input's shape {tuple(input_shape)}, these layers make it {shape}")
        return shape

    def output_widths(self, widths: np.ndarray) -> np.ndarray:
        for layer in self.layers:
            widths = layer.output_widths(widths)
        return widths

    def multiply_adds(self, input_shape: Shape) -> int:
        return sum(layer.multiply_adds(input_shape) for layer in self.layers)

    def config(self) -> Config:
        return {"layers": [{"layer": type(layer).__name__, **layer.config()} for layer in self.layers]}
