"""A part of the network for text, run on pieces of a line of any width."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..nn import Conv2D, Inference, Layer, MaxPool2D, Network, ReLU, Residual
from ..nn.convolution import both

# Arrays for so many widths are kept, since to make them takes longer than to use them.
WIDTHS_KEPT = 8


class Stage:
    """Layers that take maps of any width.

    Attributes
    ----------
    stride : columns of the input to one of the output
    reach : how many columns of the input beside those of its own an output depends on, on either side at most
    """

    def __init__(self, layers: Sequence[Layer], channels: int, rows: int):
        self._layers, self._shape = list(layers), (channels, rows)
        self.reach, self.stride = reach(layers)
        self._inferences: dict[int, Inference] = {}

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """(C, H, W) -> what the layers make of it."""
        if not self._layers:
            return x
        width = x.shape[2]
        found = self._inferences.pop(width, None) or Inference(Network(self._layers, (*self._shape, width)))
        self._inferences[width] = found
        if len(self._inferences) > WIDTHS_KEPT:
            del self._inferences[next(iter(self._inferences))]
        return found(x)


def split(network: Network) -> tuple[Stage, Stage]:
    """The layers that look at the picture, until one row is left, and those that look along that row."""
    heights = [shape[1] for shape in network.shapes]
    cut = heights.index(1)
    while cut < len(network.layers) and isinstance(network.layers[cut], ReLU):
        cut += 1
    channels, rows = network.shapes[cut][:2]
    return Stage(network.layers[:cut], *network.input_shape[:2]), Stage(network.layers[cut:], channels, rows)


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
