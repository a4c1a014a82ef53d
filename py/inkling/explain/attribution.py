"""Attribution: which pixels and weights an answer depends on, by gradients and by occlusion.

Everywhere x is one input (C, H, W) without a batch axis, and `label` the index of a class among the network's outputs.
"""

from __future__ import annotations

from typing import TypedDict

import numpy as np

from ..nn import Conv2D, Network, Residual, cross_entropy
from ..nn.layer import Layer
from .steps import layers


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
    """How far one class's logit falls when a square of the input is blanked (Zeiler and Fergus 2014, section 4.2).

    Parameters
    ----------
    patch, stride : int
        Side of the square and the step from one to the next, in pixels.
    rows : (first, last), optional
        Only these rows of squares, half open; by default all.

    Returns
    -------
    (places, places) float32
        One value for each square; places is ceil((side + patch - 1) / stride), since squares begin outside the input,
        so that each pixel is covered equally often. 0 for squares that hold nothing.
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

    Attributes
    ----------
    weight, loss : float
    errors : (H', W') float64
        The loss's derivative by each output of the filter.
    inputs : (H', W') float64
        What the weight was multiplied with for each output.
    gradient : float
        The sum of the products of errors and inputs.
    higher, lower : float
        The loss with the weight nudged up and down.
    slope : float
        Their difference over that of the weights, which approximates the gradient.
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
    """The chain rule on one weight of a convolution, and the same by finite difference; in float64.

    Parameters
    ----------
    label : int
        The class that x is said to show.
    step : int
        Of the convolution.
    weight : (filter, channel, row, column)
    nudge : float
        So small that hardly any ReLU or pooling switches.

    Raises
    ------
    ValueError
        For a step that is no convolution.
    """
    chain = layers(network)
    layer = chain[step - 1] if 1 <= step <= len(chain) else None
    if not isinstance(layer, Conv2D):
        raise ValueError(f"step {step} is {layer or 'none of a layer'}, not a convolution")
    filter_, channel, row, column = weight
    x = x.astype(np.float64)[None]

    def loss() -> tuple[float, np.ndarray]:
        return cross_entropy(network.forward(x), np.array([label]))

    value, by_output = loss()
    by_output = _back_to(layer, network.layers, by_output)
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


def _back_to(layer: Layer, chain: list[Layer], by_output: np.ndarray) -> np.ndarray:
    """The gradient by the output of a layer, in `chain` or within a block of it, given that by the chain's output."""
    for after in reversed(chain):
        if after is layer:
            break
        if isinstance(after, Residual) and any(inner is layer for inner in after.layers):
            return _back_to(layer, after.layers, by_output)
        by_output = after.backward(by_output)
    return by_output
