"""What a network does with one input, in numbers that can be followed and added up.

Everywhere x is one input (C, H, W) without a batch axis. Steps count from 0: step 0 is the
input, step i the output of `network.layers[i - 1]`, and the step after the last layer is
the softmax. A cell is (channel, row, column); in a step that is a vector the channel is the
unit, and row and column are 0.
"""

from __future__ import annotations

from typing import Iterator, NamedTuple

import numpy as np

from .nn import AveragePool2D, BatchNorm2D, Conv2D, Dense, Dropout, Flatten, MaxPool2D, Network, ReLU, cross_entropy
from .nn.convolution import padding_amounts
from .nn.layer import Layer

_NAMES = {
    Conv2D: "conv", ReLU: "relu", MaxPool2D: "pool", AveragePool2D: "pool", BatchNorm2D: "norm",
    Dropout: "dropout", Flatten: "flatten", Dense: "dense",
}  # fmt: skip


class Step(NamedTuple):
    """One step of the way from input to answer.

    name : "input", "conv1", "relu1", "pool1", ..., "softmax"
    layer : the layer; None for the input and the softmax
    output : (C, H, W) maps or (K,) values
    """

    name: str
    layer: Layer | None
    output: np.ndarray

    @property
    def parameters(self) -> int:
        """How many numbers of this step were learned."""
        return sum(array.size for array in self.layer.parameters.values()) if self.layer else 0


def names(network: Network) -> list[str]:
    """The name of every step, "input" to "softmax"."""
    seen: dict[str, int] = {}
    result = ["input"]
    for layer in network.layers:
        kind = _NAMES[type(layer)]
        seen[kind] = seen.get(kind, 0) + 1
        result.append(f"{kind}{seen[kind]}")
    return [*result, "softmax"]


def trace(network: Network, x: np.ndarray, temperature: float = 1.0, classes: int | None = None) -> list[Step]:
    """Every step's output for one input x (C, H, W).

    temperature : what the logits are divided by before the softmax
    classes : the softmax is over this many of the outputs, from the first; None is all
    """
    layers: list[Layer | None] = [None, *network.layers, None]
    outputs = [x[None]]
    for layer in network.layers:
        outputs.append(layer.forward(outputs[-1]))
    exponentials = _exponentials(outputs[-1][0, :classes], temperature)
    outputs.append((exponentials / exponentials.sum())[None])
    return [Step(name, layer, output[0]) for name, layer, output in zip(names(network), layers, outputs)]


def _exponentials(logits: np.ndarray, temperature: float) -> np.ndarray:
    """e to the logits by the temperature, less the greatest of them, which leaves their shares as they are."""
    return np.exp((logits - logits.max()) / np.float32(temperature))


def receptive_field(network: Network, step: int, cell: tuple[int, int, int]) -> list[tuple[int, int, int, int] | None]:
    """What of every step up to `step` the value of one cell depends on.

    Returns step + 1 boxes (top, bottom, left, right), half open and cut off at the border of the
    maps; None for steps that are vectors.
    """
    shapes = network.shapes + [network.shapes[-1]]
    channel, row, column = cell
    box = (row, row + 1, column, column + 1) if len(shapes[step]) == 3 else None
    unit = channel if box is None else None
    boxes = [box]
    for index in range(step, 0, -1):
        layer = network.layers[index - 1] if index <= len(network.layers) else None
        before = shapes[index - 1]
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
            box = (*_reach(layer, box[:2], before[1]), *_reach(layer, box[2:], before[2]))
        boxes.append(box if len(before) == 3 else None)
    return boxes[::-1]


def _reach(layer: Layer, span: tuple[int, int], size: int) -> tuple[int, int]:
    """Along one axis of `size`: the inputs of a layer that its outputs `span` depend on."""
    first, last = span[0], span[1] - 1
    if isinstance(layer, Conv2D):
        before, _ = padding_amounts(size, layer.kernel_size, layer.stride, layer.padding)
        low, high = first * layer.stride - before, last * layer.stride - before + layer.kernel_size
    elif isinstance(layer, (MaxPool2D, AveragePool2D)):
        low, high = first * layer.stride, last * layer.stride + layer.window
    else:
        low, high = first, last + 1
    return max(low, 0), min(high, size)


def arithmetic(
    network: Network, x: np.ndarray, step: int | str, channel: int, row: int = 0, column: int = 0,
    temperature: float = 1.0, classes: int | None = None, steps: list[Step] | None = None,
) -> dict:  # fmt: skip
    """How the value of one cell comes about.

    steps : the `trace` of x where there is one already, which saves its computing

    A dict with "kind", "result" (float) and, by kind,

    "input"        nothing more
    "convolution"  window, kernel, products (C, k, k), sum, bias: result = sum + bias, and sum is
                   that of the products; "padding" (k, k) bool, True where the window lies
                   beyond the border and holds zeros
    "norm"         value, mean, variance, epsilon, scale, shift:
                   result = (value - mean) / sqrt(variance + epsilon) * scale + shift
    "relu"         value: result = max(value, 0)
    "maximum"      window (w, w), winner (row, column in the window)
    "mean"         window (w, w), sum: result = sum / w**2
    "dropout"      value, rate: result = value, because reading drops nothing
    "flatten"      source, the cell (channel, row, column) that stands in this place
    "dense"        window, kernel, products (inputs,), sum, bias: result = sum + bias
    "softmax"      logit, greatest, temperature, exponential, exponentials (K,), total:
                   exponential = e**((logit - greatest) / temperature), result = exponential / total

    IndexError, which names what there is, for a cell or step that does not exist.
    """
    steps = steps or trace(network, x, temperature, classes)
    index = _find(steps, step)
    name, layer, output = steps[index]
    cell = (channel, row, column) if output.ndim == 3 else (channel,)
    if any(not 0 <= at < size for at, size in zip(cell, output.shape)) or (output.ndim == 1 and (row or column)):
        raise IndexError(f"{name} has the shape {output.shape} and no cell ({channel}, {row}, {column})")
    given = steps[index - 1].output if index else None
    parts = _parts(name, layer, given, channel, row, column, temperature, output)
    return {**parts, "result": float(output[cell])}


def _find(steps: list[Step], step: int | str) -> int:
    known = [each.name for each in steps]
    if isinstance(step, str) and step in known:
        return known.index(step)
    if not isinstance(step, str) and 0 <= step < len(steps):
        return int(step)
    raise IndexError(f"no step {step!r}; there are {', '.join(known)}")


def _parts(name, layer, given, channel, row, column, temperature, output) -> dict:
    if name == "input":
        return {"kind": "input"}
    if name == "softmax":
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
        return {"kind": "convolution", **_products(window, layer.parameters["weight"][channel], bias), "padding": beyond}
    if isinstance(layer, Dense):
        return {"kind": "dense", **_products(given, layer.parameters["weight"][channel], layer.parameters["bias"][channel])}
    if isinstance(layer, (MaxPool2D, AveragePool2D)):
        top, left = row * layer.stride, column * layer.stride
        window = given[channel, top : top + layer.window, left : left + layer.window]
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
        numbers = {**layer.parameters, **layer.buffers}
        by_name = {each: float(numbers[each][channel]) for each in ("mean", "variance", "scale", "shift")}
        return {"kind": "norm", "value": value, "epsilon": layer.epsilon, **by_name}
    return {"kind": "relu", "value": value}


def _products(window: np.ndarray, kernel: np.ndarray, bias: float) -> dict:
    # In float64, so that what is shown adds up to the last digit that float32 has.
    products = window.astype(np.float64) * kernel
    return {"window": window, "kernel": kernel, "products": products, "sum": float(products.sum()), "bias": float(bias)}


def _window(layer: Conv2D, maps: np.ndarray, row: int, column: int) -> tuple[np.ndarray, np.ndarray]:
    """What the kernel lies on, (C, k, k), and where that is beyond the border, (k, k) bool."""
    k, s = layer.kernel_size, layer.stride
    _, height, width = maps.shape
    rows = np.arange(k) + row * s - padding_amounts(height, k, s, layer.padding)[0]
    columns = np.arange(k) + column * s - padding_amounts(width, k, s, layer.padding)[0]
    beyond = ((rows < 0) | (rows >= height))[:, None] | ((columns < 0) | (columns >= width))
    window = maps[:, rows.clip(0, height - 1)[:, None], columns.clip(0, width - 1)]
    return np.where(beyond, window.dtype.type(0), window), beyond


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


class Adversarial(NamedTuple):
    """A change of the input that turns the answer.

    change : (C, H, W) float32, to be added to the input
    size : its greatest absolute value
    reached : whether the answer is the class that was asked for
    """

    change: np.ndarray
    size: float
    reached: bool


def adversarial(network: Network, x: np.ndarray, target: int, **search) -> Adversarial:
    """The smallest change of x, by its greatest value, found to make `target` the answer.

    Keywords are those of `adversarial_search`, whose last result this is.
    """
    *_, found = adversarial_search(network, x, target, **search)
    return found


def adversarial_search(
    network: Network, x: np.ndarray, target: int, limit: float = 0.5, steps: int = 64, halvings: int = 4,
    low: np.ndarray | float = -1.0, high: np.ndarray | float = 1.0,
) -> Iterator[Adversarial]:  # fmt: skip
    """Iterated gradient sign towards a class, in ever tighter bounds; yields the best so far after each try.

    limit : no pixel is changed by more; where even that does not suffice, `reached` stays False
    steps : of the gradient's sign in each try; few large ones end where the network sees no character at all
    halvings : first the bound grows from limit / 16 by doubling until it suffices, then it is
        halved in on from both sides so many times
    low, high : what the input may be, broadcast over (C, H, W)

    Goodfellow, Shlens, Szegedy 2015, equation 1; iterated as by Kurakin, Goodfellow, Bengio 2017.
    """
    best = Adversarial(np.zeros_like(x), 0.0, False)
    fails, bound = 0.0, limit / 16
    while not best.reached and bound <= limit:
        change, reached = _towards(network, x, target, bound, steps, low, high)
        best = Adversarial(change, float(np.abs(change).max()), reached)
        yield best
        if not reached:
            fails, bound = bound, 2 * bound
    for _ in range(halvings if best.reached else 0):
        bound = (fails + best.size) / 2
        change, reached = _towards(network, x, target, bound, steps, low, high)
        if reached:
            best = Adversarial(change, float(np.abs(change).max()), True)
        else:
            fails = bound
        yield best


def _towards(network, x, target, bound, steps, low, high) -> tuple[np.ndarray, bool]:
    change = np.zeros_like(x)
    step = np.float32(1.5 * bound / steps)
    for turn in range(steps + 1):
        logits = network.forward((x + change)[None])
        if logits[0].argmax() == target:
            return change, True
        if turn == steps:
            return change, False
        _, by_logits = cross_entropy(logits, np.array([target]))
        change -= step * np.sign(input_gradient(network, by_logits)[0])
        # Within the bound, and so that the sum is still a picture.
        np.clip(change, -bound, bound, out=change)
        change = (np.clip(x + change, low, high) - x).astype(np.float32)


# How the dream is held to what ink can be; chosen by eye on R, A, g, S and 4.
DREAM_RATE, DREAM_INERTIA = 0.075, 0.8
THINNING, SHARPENING, HALF = 0.01, 0.025, 0.35
DREAM_MARGIN = 3


def dream(network: Network, label: int, steps: int = 60, seed: int = 0, classes: int | None = None) -> Iterator[np.ndarray]:
    """Gradient ascent on the input, from noise towards a class; yields (3, H, W) after each step.

    classes : how many outputs compete; None: all. Noise is no character, and where an output says
        so, the way out of it can be longer than the dream.

    For inputs as `raster` makes them: ink 0 to 1, and two channels of direction. What keeps it
    like ink: the picture is a blur of what is learned, so no detail is finer than a pen; each
    step takes a little ink away everywhere and drives the rest towards all or nothing; no
    direction is stronger than its ink; the margin stays empty. The picture is moved by up to
    a pixel at each step, so that nothing rests on single pixels.
    Simonyan, Vedaldi, Zisserman 2014, section 2; jitter and blur as by Mordvintsev, Olah, Tyka 2015.
    """
    rng = np.random.default_rng(seed)
    _, height, width = network.input_shape
    frame = np.zeros((height, width), np.float32)
    frame[DREAM_MARGIN : height - DREAM_MARGIN, DREAM_MARGIN : width - DREAM_MARGIN] = 1
    noise = [0.8 * rng.random((1, height, width)), 0.3 * rng.standard_normal((2, height, width))]
    free = np.concatenate(noise).astype(np.float32)
    speed = np.zeros_like(free)
    for turn in range(steps):
        x = _inklike(free, frame)
        moved = rng.integers(-1, 2, 2)
        logits = network.forward(np.roll(x, moved, (1, 2))[None])
        by_logits = np.zeros_like(logits)
        by_logits[:, :classes] = cross_entropy(logits[:, :classes], np.array([label]))[1]
        by_logits[0, label] -= 0.2  # goes on pulling when the class is certain already
        slope = -np.roll(input_gradient(network, by_logits)[0], -moved, (1, 2))
        slope = _blur(slope * frame)
        slope /= np.sqrt(np.mean(slope**2)) + 1e-9
        speed = DREAM_INERTIA * speed + (1 - DREAM_INERTIA) * slope
        free += DREAM_RATE * (1 - 0.7 * turn / steps) * speed
        free[0] += SHARPENING * (x[0] - HALF) - THINNING
        free = np.clip(free, np.float32([-0.2, -1.2, -1.2])[:, None, None], np.float32(1.2)).astype(np.float32)
        yield _inklike(free, frame)


def _inklike(free: np.ndarray, frame: np.ndarray) -> np.ndarray:
    x = _blur(free) * frame
    x[0] = np.clip(x[0], 0, 1)
    x[1:] *= np.minimum(1, x[0] / np.maximum(np.hypot(x[1], x[2]), 1e-6))
    return x


def _blur(maps: np.ndarray) -> np.ndarray:
    """(1, 2, 1) / 4 along both axes; zeros beyond the border."""
    wide = np.pad(maps, ((0, 0), (1, 1), (1, 1)))
    tall = (wide[:, :-2] + 2 * wide[:, 1:-1] + wide[:, 2:]) / 4
    return (tall[:, :, :-2] + 2 * tall[:, :, 1:-1] + tall[:, :, 2:]) / 4


def weight_gradient(
    network: Network, x: np.ndarray, label: int, step: int, weight: tuple[int, int, int, int], nudge: float = 1e-5
) -> dict:
    """The chain rule on one weight of a convolution, and the same by nudging that weight.

    label : the class that x is said to show
    step : of the convolution; weight : (filter, channel, row, column) in it

    A dict: "weight", "loss"; "errors" (H', W'), the loss's derivative by each output of the filter;
    "inputs" (H', W'), what the weight was multiplied with there; "gradient", the sum of their
    products; "higher", "lower", the losses with the weight `nudge` greater and smaller (little enough
    that hardly any ReLU or pooling turns over in between); "slope", their difference over that of the
    weights. All in float64.
    """
    layer = network.layers[step - 1]
    if not isinstance(layer, Conv2D):
        raise ValueError(f"step {step} is {layer!r}, not a convolution")
    filter_, channel, row, column = weight
    x = x.astype(np.float64)[None]

    def loss():
        return cross_entropy(network.forward(x), np.array([label]))

    value, by_output = loss()
    for after in reversed(network.layers[step:]):
        by_output = after.backward(by_output)
    given = layer._x[0]
    padded = np.pad(
        given, [(0, 0), *(padding_amounts(size, layer.kernel_size, layer.stride, layer.padding) for size in given.shape[1:])]
    )
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
