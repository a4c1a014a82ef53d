"""Which pixels and weights an answer hangs on: gradients, and what happens when pixels are blanked.

Everywhere x is one input (C, H, W) without a batch axis, and `label` the index of a class among the network's outputs.
"""

from __future__ import annotations

from typing import TypedDict

import numpy as np

from ..nn import Conv2D, Network, cross_entropy


def saliency(network: Network, x: np.ndarray, label: int) -> np.ndarray:
    """Gradient of one class's logit by the input, (C, H, W): how the score moves with each pixel.

    Simonyan, Vedaldi, Zisserman 2014, section 3.
    """
    logits = network.forward(x[None])
    chosen = np.zeros_like(logits)
    chosen[0, label] = 1
    return input_gradient(network, chosen)[0]


def input_gradient(network: Network, dy: np.ndarray) -> np.ndarray:
    """Gradient by the last forward's input, given dy (N, K) by its logits."""
    return network.backward(dy)


def occlusion(
    network: Network, x: np.ndarray, label: int, patch: int = 5, stride: int = 2, rows: tuple[int, int] | None = None
) -> np.ndarray:
    """How far one class's logit falls when a square of the input is blanked.

    patch, stride : size of the square and the step from one to the next, in pixels
    rows : only squares whose top row is in this half-open range; None is all

    Returns float32 (places, places), one value for each square, reading order; places is
    ceil((side + patch - 1) / stride), because squares start so far out that each pixel is
    covered equally often. A square without anything in it has 0 and costs nothing.
    Zeiler and Fergus 2014, section 4.2.
    """
    _, height, width = x.shape
    tops, lefts = np.arange(1 - patch, height, stride), np.arange(1 - patch, width, stride)
    falls = np.zeros((len(tops), len(lefts)), np.float32)
    places, blanked = [], []
    for i, top in enumerate(tops):
        if rows is not None and not rows[0] <= i < rows[1]:
            continue
        for j, left in enumerate(lefts):
            hidden = slice(max(top, 0), top + patch), slice(max(left, 0), left + patch)
            if not x[:, *hidden].any():
                continue
            picture = x.copy()
            picture[:, *hidden] = 0
            places.append((i, j))
            blanked.append(picture)
    if places:
        logits = network.forward(np.stack([x, *blanked]))[:, label]
        falls[tuple(np.transpose(places))] = logits[0] - logits[1:]
    return falls


class WeightGradient(TypedDict):
    """What `weight_gradient` found.

    weight, loss : as they are
    errors : (H', W'), the loss's derivative by each output of the filter
    inputs : (H', W'), what the weight was multiplied with for each output
    gradient : the sum of the products of errors and inputs
    higher, lower : the loss with the weight nudged up and down
    slope : their difference over that of the weights, which approximates the gradient
    """

    weight: float
    loss: float
    errors: np.ndarray
    inputs: np.ndarray
    gradient: float
    higher: float
    lower: float
    slope: float


def weight_gradient(
    network: Network, x: np.ndarray, label: int, step: int, weight: tuple[int, int, int, int], nudge: float = 1e-5
) -> WeightGradient:
    """The chain rule on one weight of a convolution, and the same by nudging that weight.

    label : the class that x is said to show
    step : of the convolution; weight : (filter, channel, row, column) in it

    nudge : little enough that hardly any ReLU or pooling turns over

    All in float64. ValueError for a step that is no convolution.
    """
    layer = network.layers[step - 1] if 1 <= step <= len(network.layers) else None
    if not isinstance(layer, Conv2D):
        raise ValueError(f"step {step} is {layer or 'none of a layer'}, not a convolution")
    filter_, channel, row, column = weight
    x = x.astype(np.float64)[None]

    def loss() -> tuple[float, np.ndarray]:
        return cross_entropy(network.forward(x), np.array([label]))

    value, by_output = loss()
    for after in reversed(network.layers[step:]):
        by_output = after.backward(by_output)
    given = layer._x[0]
    padded = np.pad(given, [(0, 0), *layer.margins(*given.shape[1:])])
    errors = by_output[0, filter_]
    reach = [(size - 1) * layer.stride + 1 for size in errors.shape]
    inputs = padded[channel, row : row + reach[0] : layer.stride, column : column + reach[1] : layer.stride]
    weights = layer.parameters["weight"]
    before = weights[weight].copy()
    try:
        losses, at = [], []
        for sign in (1, -1):
            weights[weight] = before + sign * np.float32(nudge)
            at.append(float(weights[weight]))
            losses.append(loss()[0])
    finally:
        weights[weight] = before
    return {
        "weight": float(before), "loss": value, "errors": errors, "inputs": inputs,
        "gradient": float((errors * inputs).sum()), "higher": losses[0], "lower": losses[1],
        "slope": (losses[0] - losses[1]) / (at[0] - at[1]),
    }  # fmt: skip
