"""A network: layers in a row."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .convolution import Conv2D
from .layer import Config, Layer, Shape
from .normalization import BatchNorm2D, fold
from .pooling import AveragePool2D, MaxPool2D
from .simple import Dense, Dropout, Flatten, ReLU

LAYERS: dict[str, type[Layer]] = {
    layer.__name__: layer for layer in (Conv2D, ReLU, MaxPool2D, AveragePool2D, BatchNorm2D, Dropout, Flatten, Dense)
}


class Network:
    """Layers applied one after another to arrays of shape (N, *input_shape).

    ValueError, which names the layer, where one does not fit the output of the one before.
    """

    def __init__(self, layers: Sequence[Layer], input_shape: Shape):
        self.layers = list(layers)
        self.input_shape = tuple(int(size) for size in input_shape)
        self.shapes  # noqa: B018 - fails now, not in use, where shapes do not fit

    @property
    def shapes(self) -> list[Shape]:
        """Shape of one input, then of each layer's output: len(layers) + 1 tuples without N."""
        shapes = [self.input_shape]
        for index, layer in enumerate(self.layers):
            try:
                shapes.append(tuple(layer.output_shape(shapes[-1])))
            except ValueError as error:
                raise ValueError(f"layer {index + 1}, {layer!r}: {error}") from None
        return shapes

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        """x (N, *input_shape) -> output of the last layer, (N, K) logits for a classifier."""
        if x.shape[1:] != self.input_shape:
            raise ValueError(f"this network takes (N, {', '.join(map(str, self.input_shape))}), not {x.shape}")
        for layer in self.layers:
            x = layer.forward(x, training)
        return x

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Gradient by the last input; fills every layer's `gradients`."""
        for layer in reversed(self.layers):
            dy = layer.backward(dy)
        return dy

    def backward_parameters(self, dy: np.ndarray) -> None:
        """Every layer's `gradients` without the gradient by the input, which training has no use for."""
        for layer in reversed(self.layers[1:]):
            dy = layer.backward(dy)
        self.layers[0].backward_parameters(dy)

    def parameters(self) -> list[np.ndarray]:
        """All trained arrays, in the order of the layers."""
        return [array for layer in self.layers for array in layer.parameters.values()]

    def gradients(self) -> list[np.ndarray]:
        """Gradients in the order of `parameters`."""
        return [layer.gradients[name] for layer in self.layers for name in layer.parameters]

    @property
    def parameter_count(self) -> int:
        return sum(array.size for array in self.parameters())

    @property
    def multiply_adds(self) -> int:
        """Multiplications (each with its addition) that one input costs."""
        return sum(layer.multiply_adds(shape) for layer, shape in zip(self.layers, self.shapes))

    def replica(self) -> Network:
        """A network that shares this one's parameters but keeps gradients and buffers of its own."""
        return copy.deepcopy(self, {id(array): array for array in self.parameters()})

    def folded(self) -> Network:
        """The same function at inference, without batch norms: each goes into the convolution before it."""
        layers: list[Layer] = []
        for layer in self.layers:
            if isinstance(layer, BatchNorm2D) and layers and isinstance(layers[-1], Conv2D):
                layers[-1] = fold(layers[-1], layer)
            else:
                layers.append(copy.deepcopy(layer))
        return Network(layers, self.input_shape)

    def architecture(self) -> list[Config]:
        """What `from_architecture` needs to build the same layers, as JSON can hold it."""
        return [{"layer": type(layer).__name__, **layer.config()} for layer in self.layers]

    @classmethod
    def from_architecture(cls, architecture: Sequence[Mapping[str, Any]], input_shape: Shape) -> Network:
        """Layers with fresh parameters; ValueError for an unknown layer or argument."""
        layers: list[Layer] = []
        for index, entry in enumerate(architecture):
            arguments = dict(entry)
            name = arguments.pop("layer", None)
            if not isinstance(name, str) or name not in LAYERS:
                raise ValueError(f"layer {index + 1}: unknown kind {name!r}; known are {', '.join(LAYERS)}")
            try:
                layers.append(LAYERS[name](**arguments))
            except (TypeError, ValueError) as error:
                raise ValueError(f"layer {index + 1}, {name}: {error}") from None
        return cls(layers, input_shape)

    def __repr__(self) -> str:
        lines = [f"  {layer!r} -> {shape}" for layer, shape in zip(self.layers, self.shapes[1:])]
        return f"Network of {self.parameter_count:,} parameters, {self.multiply_adds:,} multiply-adds\n" + "\n".join(lines)
