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
from .residual import Residual
from .simple import Dense, Dropout, Flatten, ReLU

PLAIN: dict[str, type[Layer]] = {
    layer.__name__: layer for layer in (Conv2D, ReLU, MaxPool2D, AveragePool2D, BatchNorm2D, Dropout, Flatten, Dense)
}
LAYERS = {**PLAIN, "Residual": Residual}


class Network:
    """Layers applied one after another to arrays of shape (N, *input_shape).

    Where no layer is dense, inputs may have any width; `input_shape` then gives that of an example.
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

    def forward(self, x: np.ndarray, training: bool = False, widths: np.ndarray | None = None) -> np.ndarray:
        """x (N, *input_shape) -> output of the last layer, (N, K) logits for a classifier.

        widths : (N,) int; the columns of each input from there on are zeros that only fill up the batch: they
            change nothing in the other columns of the output, `output_widths` many
        """
        if x.shape[1:] != self.input_shape and not (self.any_width and x.shape[1:-1] == self.input_shape[:-1]):
            raise ValueError(f"this network takes (N, {', '.join(map(str, self.input_shape))}), not {x.shape}")
        for layer in self.layers:
            layer.widths = widths
            x = layer.forward(x, training)
            if widths is not None:
                widths = layer.output_widths(widths)
        return x

    @property
    def any_width(self) -> bool:
        """Whether every layer works on maps of any width."""
        return not any(isinstance(layer, (Flatten, Dense)) for layer in self.layers)

    def output_widths(self, widths: np.ndarray) -> np.ndarray:
        """Columns of the output that belong to inputs with so many columns."""
        for layer in self.layers:
            widths = layer.output_widths(widths)
        return widths

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

    def buffers(self) -> list[np.ndarray]:
        """All running statistics, in the order of the layers."""
        return [array for layer in self.layers for array in layer.buffers.values()]

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
        return Network(_folded(self.layers), self.input_shape)

    def architecture(self) -> list[Config]:
        """What `from_architecture` needs to build the same layers, as JSON can hold it."""
        return [{"layer": type(layer).__name__, **layer.config()} for layer in self.layers]

    @classmethod
    def from_architecture(cls, architecture: Sequence[Mapping[str, Any]], input_shape: Shape) -> Network:
        """Layers with fresh parameters; ValueError for an unknown layer or argument."""
        return cls(_built(architecture, LAYERS), input_shape)

    def __repr__(self) -> str:
        lines = [f"  {layer!r} -> {shape}" for layer, shape in zip(self.layers, self.shapes[1:])]
        return f"Network of {self.parameter_count:,} parameters, {self.multiply_adds:,} multiply-adds\n" + "\n".join(lines)


def _folded(layers: list[Layer]) -> list[Layer]:
    done: list[Layer] = []
    for layer in layers:
        if isinstance(layer, BatchNorm2D) and done and isinstance(done[-1], Conv2D):
            done[-1] = fold(done[-1], layer)
        elif isinstance(layer, Residual):
            done.append(Residual(_folded(layer.layers)))
        else:
            done.append(copy.deepcopy(layer))
    return done


def _built(architecture: Sequence[Mapping[str, Any]], known: dict[str, type[Layer]]) -> list[Layer]:
    layers: list[Layer] = []
    for index, entry in enumerate(architecture):
        arguments = dict(entry)
        name = arguments.pop("layer", None)
        if not isinstance(name, str) or name not in known:
            raise ValueError(f"layer {index + 1}: unknown kind {name!r}; known are {', '.join(known)}")
        try:
            if name == "Residual":
                arguments["layers"] = _built(_entries(arguments.get("layers")), PLAIN)
            layers.append(known[name](**arguments))
        except (TypeError, ValueError) as error:
            raise ValueError(f"layer {index + 1}, {name}: {error}") from None
    return layers


def _entries(layers: object) -> list[dict[str, Any]]:
    if not isinstance(layers, list) or not all(isinstance(layer, dict) for layer in layers):
        raise ValueError(f"a residual block holds a list of layers, not {layers!r}")
    return layers
