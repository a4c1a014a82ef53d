"""Each step of a network for one input: its output, what it depends on, and its arithmetic, number by number.

Everywhere x is one input (C, H, W) without a batch axis. Steps count from 0: step 0 is the
input, step i the output of `layers(network)[i - 1]`, which are `network.layers` where there is
no residual block, and the step after the last layer is the softmax. A cell is (channel, row,
column); in a step that is a vector the channel is the unit, and row and column are 0.
"""

from __future__ import annotations

from typing import NamedTuple, Required, TypedDict

import numpy as np

from ..nn import AveragePool2D, BatchNorm2D, Conv2D, Dense, Dropout, Flatten, MaxPool2D, Network, ReLU, Residual
from ..nn.convolution import both, dilated
from ..nn.layer import Config, Layer, Shape


class Added(Layer):
    """The end of a residual block: what its layers made of its input, and that input, `back` steps before, added up."""

    def __init__(self, back: int):
        super().__init__()
        self.back = back

    def config(self) -> Config:
        return {"back": self.back}


_NAMES = {
    Conv2D: "conv", ReLU: "relu", MaxPool2D: "pool", AveragePool2D: "pool", BatchNorm2D: "norm",
    Dropout: "dropout", Flatten: "flatten", Dense: "dense", Added: "add",
}  # fmt: skip


class Step(NamedTuple):
    """One step of the way from input to answer.

    Attributes
    ----------
    name : str
        "input", "conv1", "relu1", "pool1", ..., "softmax".
    layer : Layer or None
        None for the input and the softmax.
    output : (C, H, W) maps or (K,) values
    """

    name: str
    layer: Layer | None
    output: np.ndarray

    @property
    def parameters(self) -> int:
        """How many numbers of this step were learned."""
        return sum(array.size for array in self.layer.parameters.values()) if self.layer else 0


def layers(network: Network) -> list[Layer]:
    """The layer of every step: those within a residual block one by one, then an `Added`."""
    found: list[Layer] = []
    for layer in network.layers:
        found += [*layer.layers, Added(len(layer.layers))] if isinstance(layer, Residual) else [layer]
    return found


def shapes(network: Network) -> list[Shape]:
    """The shape of every step's output, the softmax's too."""
    found = [network.input_shape]
    for layer in layers(network):
        found.append(tuple(layer.output_shape(found[-1])))
    return [*found, found[-1]]


def names(network: Network) -> list[str]:
    """The name of every step, "input" to "softmax". ValueError names a layer that cannot be explained."""
    seen: dict[str, int] = {}
    result = ["input"]
    for layer in layers(network):
        kind = _kind(layer)
        seen[kind] = seen.get(kind, 0) + 1
        result.append(f"{kind}{seen[kind]}")
    return [*result, "softmax"]


def _kind(layer: Layer) -> str:
    # By exact class: a subclass of ReLU may compute something else.
    if type(layer) not in _NAMES:
        known = ", ".join(each.__name__ for each in _NAMES)
        raise ValueError(f"{layer!r} is a layer that cannot be explained; those that can are {known}")
    return _NAMES[type(layer)]


def trace(network: Network, x: np.ndarray, temperature: float = 1.0, classes: int | None = None) -> list[Step]:
    """Every step's output for one input.

    Parameters
    ----------
    x : (C, H, W) float32
    temperature : float
        What the logits are divided by before the softmax.
    classes : int, optional
        The softmax is over this many of the outputs, from the first; by default over all.

    Raises
    ------
    ValueError
        Names a layer that cannot be explained.
    """
    known = names(network)
    chain = layers(network)
    outputs = [x[None]]
    for layer in chain:
        outputs.append(outputs[-1] + outputs[-1 - layer.back] if isinstance(layer, Added) else layer.forward(outputs[-1]))
    exponentials = _exponentials(outputs[-1][0, :classes], temperature)
    outputs.append((exponentials / exponentials.sum())[None])
    return [Step(name, layer, output[0]) for name, layer, output in zip(known, [None, *chain, None], outputs)]


def _exponentials(logits: np.ndarray, temperature: float) -> np.ndarray:
    """exp of logits / temperature, less their maximum, which cancels in the softmax and cannot overflow."""
    return np.exp((logits - logits.max()) / np.float32(temperature))


def receptive_field(network: Network, step: int, cell: tuple[int, int, int]) -> list[tuple[int, int, int, int] | None]:
    """The receptive field of one cell, in every step up to its own.

    Returns
    -------
    list of step + 1 boxes (top, bottom, left, right)
        Half open, cut off at the border of the maps; None for steps that are vectors.

    Raises
    ------
    ValueError
        Names a layer that cannot be explained.
    """
    names(network)
    # What a residual block adds to its end is its input at the same place, which its convolutions have in view anyway.
    chain, sizes = layers(network), shapes(network)
    channel, row, column = cell
    box = (row, row + 1, column, column + 1) if len(sizes[step]) == 3 else None
    unit = channel if box is None else None
    boxes = [box]
    for index in range(step, 0, -1):
        layer = chain[index - 1] if index <= len(chain) else None
        before = sizes[index - 1]
        if isinstance(layer, Dense) or layer is None:
            unit = None  # depends on every unit before
        elif isinstance(layer, Flatten):
            _, height, width = before
            at = (0, height, 0, width)
            if unit is not None:
                top, left = divmod(unit % (height * width), width)
                at = (top, top + 1, left, left + 1)
            box = at
        elif box is not None:
            box = (*_reach(layer, 0, box[:2], before[1:]), *_reach(layer, 1, box[2:], before[1:]))
        boxes.append(box if len(before) == 3 else None)
    return boxes[::-1]


def _reach(layer: Layer, axis: int, span: tuple[int, int], shape: tuple[int, ...]) -> tuple[int, int]:
    """Along an axis, 0 or 1, of maps (H, W): the inputs of a layer that its outputs `span` depend on."""
    first, last = span[0], span[1] - 1
    if isinstance(layer, Conv2D):
        before, _ = layer.margins(shape[0], shape[1])[axis]
        kh, kw = both(layer.kernel_size)
        low, high = first * layer.stride - before, last * layer.stride - before + (kh, dilated(kw, layer.dilation))[axis]
    elif isinstance(layer, (MaxPool2D, AveragePool2D)):
        step = both(layer.stride)[axis]
        low, high = first * step, last * step + both(layer.window)[axis]
    else:
        low, high = first, last + 1
    return max(low, 0), min(high, shape[axis])


class Arithmetic(TypedDict, total=False):
    """How one value comes about: `kind` and `result`, and by kind,

    "input"        nothing more
    "convolution"  window, kernel, products (C, k, k), sum, bias: result = sum + bias, and sum is
                   that of the products; padding (k, k) bool, True where the window lies
                   beyond the border and holds zeros
    "norm"         value, mean, variance, epsilon, scale, shift:
                   result = (value - mean) / sqrt(variance + epsilon) * scale + shift
    "relu"         value: result = max(value, 0)
    "maximum"      window (w, w), winner (row, column in the window)
    "mean"         window (w, w), sum: result = sum / w**2
    "dropout"      value, rate: result = value, because reading drops nothing
    "add"          value, shortcut: result = value + shortcut, the block's input at the same place
    "flatten"      source, the cell (channel, row, column) that stands in this place
    "dense"        window, kernel, products (inputs,), sum, bias: result = sum + bias
    "softmax"      logit, greatest, temperature, exponential, exponentials (K,), total:
                   exponential = e**((logit - greatest) / temperature), result = exponential / total
    """

    kind: Required[str]
    result: float
    window: np.ndarray
    kernel: np.ndarray
    products: np.ndarray
    padding: np.ndarray
    sum: float
    bias: float
    value: float
    mean: float
    variance: float
    epsilon: float
    scale: float
    shift: float
    winner: tuple[int, ...]
    rate: float
    shortcut: float
    source: tuple[int, ...]
    logit: float
    greatest: float
    temperature: float
    exponential: float
    exponentials: np.ndarray
    total: float


def arithmetic(
    network: Network, x: np.ndarray, step: int | str, channel: int, row: int = 0, column: int = 0,
    temperature: float = 1.0, classes: int | None = None, steps: list[Step] | None = None,
) -> Arithmetic:  # fmt: skip
    """How the value of one cell comes about.

    steps : the `trace` of x where there is one already, which saves its computing

    IndexError, which names what there is, for a cell or step that does not exist; ValueError
    names a layer that cannot be explained.
    """
    steps = steps or trace(network, x, temperature, classes)
    index = _find(steps, step)
    name, layer, output = steps[index]
    cell = (channel, row, column) if output.ndim == 3 else (channel,)
    if any(not 0 <= at < size for at, size in zip(cell, output.shape)) or (output.ndim == 1 and (row or column)):
        raise IndexError(f"{name} has the shape {output.shape} and no cell ({channel}, {row}, {column})")
    given = steps[index - 1].output if index else None
    parts = _parts(name, layer, given, channel, row, column, temperature, output)
    if isinstance(layer, Added):
        parts["shortcut"] = float(steps[index - 1 - layer.back].output[cell])
    parts["result"] = float(output[cell])
    return parts


def _find(steps: list[Step], step: int | str) -> int:
    known = [each.name for each in steps]
    if isinstance(step, str) and step in known:
        return known.index(step)
    if not isinstance(step, str) and 0 <= step < len(steps):
        return int(step)
    raise IndexError(f"no step {step!r}; there are {', '.join(known)}")


def _parts(
    name: str, layer: Layer | None, given: np.ndarray | None, channel: int, row: int, column: int,
    temperature: float, output: np.ndarray,
) -> Arithmetic:  # fmt: skip
    """`arithmetic` without its result. given : what the step was computed from, None for the input"""
    if given is None:
        return {"kind": "input"}
    if layer is None:
        logits = given[: len(output)]
        exponentials = _exponentials(logits, temperature)
        return {
            "kind": "softmax", "logit": float(logits[channel]), "greatest": float(logits.max()),
            "temperature": float(temperature), "exponential": float(exponentials[channel]),
            "exponentials": exponentials, "total": float(exponentials.sum()),
        }  # fmt: skip
    if isinstance(layer, Conv2D):
        window, beyond = _window(layer, given, row, column)
        bias = layer.parameters["bias"][channel] if layer.has_bias else 0.0
        parts = _products("convolution", window, layer.parameters["weight"][channel], bias)
        parts["padding"] = beyond
        return parts
    if isinstance(layer, Dense):
        return _products("dense", given, layer.parameters["weight"][channel], layer.parameters["bias"][channel])
    if isinstance(layer, (MaxPool2D, AveragePool2D)):
        (down, along), (rows, columns) = both(layer.stride), both(layer.window)
        top, left = row * down, column * along
        window = given[channel, top : top + rows, left : left + columns]
        if isinstance(layer, MaxPool2D):
            winner = np.unravel_index(np.argmax(window), window.shape)
            return {"kind": "maximum", "window": window, "winner": tuple(int(at) for at in winner)}
        return {"kind": "mean", "window": window, "sum": float(window.sum(dtype=np.float64))}
    if isinstance(layer, Flatten):
        return {"kind": "flatten", "source": tuple(int(at) for at in np.unravel_index(channel, given.shape))}
    value = float(given[(channel, row, column)[: given.ndim]])
    if isinstance(layer, Dropout):
        return {"kind": "dropout", "value": value, "rate": layer.rate}
    if isinstance(layer, BatchNorm2D):
        mean, variance = (float(layer.buffers[each][channel]) for each in ("mean", "variance"))
        scale, shift = (float(layer.parameters[each][channel]) for each in ("scale", "shift"))
        return {
            "kind": "norm", "value": value, "mean": mean, "variance": variance, "epsilon": layer.epsilon,
            "scale": scale, "shift": shift,
        }  # fmt: skip
    return {"kind": _kind(layer), "value": value}


def _products(kind: str, window: np.ndarray, kernel: np.ndarray, bias: float) -> Arithmetic:
    # In float64, so that the terms shown add up to all digits of the float32 result.
    products = window.astype(np.float64) * kernel
    return {
        "kind": kind, "window": window, "kernel": kernel, "products": products, "sum": float(products.sum()),
        "bias": float(bias),
    }  # fmt: skip


def _window(layer: Conv2D, maps: np.ndarray, row: int, column: int) -> tuple[np.ndarray, np.ndarray]:
    """What the kernel lies on, (C, kh, kw), and where that is beyond the border, (kh, kw) bool."""
    kh, kw = both(layer.kernel_size)
    _, height, width = maps.shape
    (above, _), (before, _) = layer.margins(height, width)
    rows = np.arange(kh) + row * layer.stride - above
    columns = np.arange(kw) * layer.dilation + column * layer.stride - before
    beyond = ((rows < 0) | (rows >= height))[:, None] | ((columns < 0) | (columns >= width))
    window = maps[:, rows.clip(0, height - 1)[:, None], columns.clip(0, width - 1)]
    return np.where(beyond, window.dtype.type(0), window), beyond
