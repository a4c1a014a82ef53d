"""Doors of the Inside view: what the network does with the ink that is on the pad.

`look` traces the newest ink; the other doors answer about that same trace until the next look, so that
what is asked about is what is shown. Maps leave as flat float32 arrays, channel by channel, row by row.
"""

from time import perf_counter

import numpy as np

from inkling import explain
from inkling.explain import kernels
from inkling.ink import picture, tracing
from inkling.ink.raster import BOX, SIDE
from inkling.ink.shading import shade
from inkling.nn import Conv2D, Dense, softmax
from tab.reading import reader
from tab.strokes import strokes_of

__all__ = [
    "arithmetic", "chain_rule", "describe", "dream", "drop", "filters", "fool", "fooled", "look", "look_at_picture",
    "occlude", "redrawn", "saliency", "shifted", "swapped", "try_out", "weights_to",
]  # fmt: skip

# What a picture of ink may hold: cover 0 to 1, directions -1 to 1.
LOW, HIGH = np.float32([0, -1, -1])[:, None, None], np.float32(1)
OCCLUSION = {"patch": 5, "stride": 2}


# What a hand might do to the same strokes: tilt them by 4 degrees and slant them by a tenth.
TILT, SLANT = np.radians(4), 0.1


class Shown:
    """What is on the page: the newest trace, and the searches that go on step by step."""

    strokes = None  # a function, for those of a picture have to be traced
    steps = None  # of explain.trace; None while there is no ink
    search = None
    fooling = None  # the picture that is being changed, and the change
    change = None
    dreaming = None


def describe():
    """What there is to see: ``{"labels", "steps": [{"name", "kind", "shape", "parameters", ...}, ...]}``."""
    network = reader.network
    shapes = [*network.shapes, (len(reader.labels),)]
    layers = [None, *network.layers, None]
    steps = []
    for name, layer, shape in zip(explain.names(network), layers, shapes):
        count = sum(int(array.size) for array in layer.parameters.values()) if layer else 0
        config = layer.config() if layer else {}
        steps.append({"name": name, "kind": name.rstrip("0123456789"), "shape": list(shape), "parameters": count, **config})
    return {"labels": reader.labels, "outputs": reader.outputs, "steps": steps, "kernels": list(kernels.KERNELS)}


def look(points, lengths, wanted):
    """Trace ink (see `reading.read`) and show some of the steps.

    wanted : indices of the steps whose maps are to be seen

    Returns ``{"empty": True}`` when there is no ink, else ``{"maps": float32 of all that is wanted, one step
    after the other, "frame": [x, y, pixels per unit], "best": [[label, probability], ...], "doubt": probability
    of being no character, "milliseconds"}``; pad point (x, y) is the middle of the picture.
    """
    started = perf_counter()
    strokes = strokes_of(points, lengths)
    x = reader.prepare(strokes)
    return _look(x, lambda: strokes, None if x is None else _frame(np.concatenate(strokes)), wanted, started)


def look_at_picture(pixels, height, width, wanted):
    """`look` for a picture, uint8 RGBA row by row; the frame is in its pixels."""
    started = perf_counter()
    pixels = pixels.reshape(height, width, 4)
    framed = picture.frame(pixels)
    x = shade(framed.levels[None])[0] if framed else None
    frame = [*framed.middle, framed.scale * SIDE / picture.FRAME] if framed else None
    return _look(x, lambda: tracing.trace(pixels), frame, wanted, started)


def _look(x, strokes, frame, wanted, started):
    if x is None:
        Shown.steps = None
        return {"empty": True}
    Shown.strokes = strokes
    Shown.steps = explain.trace(reader.network, x, reader.temperature, len(reader.labels))
    return {
        "maps": _flat(*(Shown.steps[index].output for index in wanted)),
        "frame": frame,
        "best": _best(Shown.steps[-1].output),
        "doubt": _doubt(Shown.steps[-2].output),
        "milliseconds": 1000 * (perf_counter() - started),
    }


def arithmetic(step, channel, row, column):
    """`explain.arithmetic` of one cell, arrays flat, and "fields": its receptive field in every step before."""
    cell = (int(channel), int(row), int(column))
    steps = _steps()
    parts = explain.arithmetic(
        reader.network, steps[0].output, int(step), *cell, reader.temperature, len(reader.labels), steps
    )  # fmt: skip
    fields = explain.receptive_field(reader.network, int(step), cell)
    return {**{name: _plain(value) for name, value in parts.items()}, "fields": [_plain(box) for box in fields]}


def filters(step):
    """All weights of a convolution, flat, in the order filter, channel, row, column."""
    return _flat(_layer(step, Conv2D).parameters["weight"])


def weights_to(step, unit):
    """The weights of one unit of a dense layer."""
    return _flat(_layer(step, Dense).parameters["weight"][int(unit)])


def drop(step, count, seed):
    """What reading would be with dropout on: `count` masks of the layer at `step`.

    Returns ``{"masks": uint8 (count * units,), 1 where the value stays, "best": [[label, probability], ...]}``,
    the answer under each mask.
    """
    value, layer = _steps()[int(step) - 1].output, reader.network.layers[int(step) - 1]
    rng = np.random.default_rng(int(seed))
    kept = rng.random((int(count), *value.shape)) >= layer.rate
    y = (value * kept / (1 - layer.rate)).astype(np.float32)
    for after in reader.network.layers[int(step) :]:
        y = after.forward(y)
    probabilities = softmax(y[:, : len(reader.labels)] / np.float32(reader.temperature))
    return {"masks": kept.astype(np.uint8).ravel(), "best": [_best(row, 1)[0] for row in probabilities]}


def saliency(label):
    """``{"ink": the gradient of a label's logit by the ink, "strength": its greatest over the three channels}``."""
    gradient = explain.saliency(reader.network, _steps()[0].output, _index(label))
    return {"ink": _flat(gradient[0]), "strength": _flat(np.abs(gradient).max(axis=0))}


def occlude(label, row):
    """One row of `explain.occlusion`, so that the pen need not wait for all: ``{"falls", "rows"}``, the row and their number."""
    x = _steps()[0].output
    falls = explain.occlusion(reader.network, x, _index(label), **OCCLUSION, rows=(int(row), int(row) + 1))
    return {"falls": _flat(falls[int(row)]), "rows": len(falls), **OCCLUSION}


def fool(label, first):
    """One try of the search for the smallest change that is read as `label`; `first` starts it anew.

    Returns ``{"done": bool, "reached": bool, "size": greatest change of a pixel, "change": (3 * 32 * 32)}``.
    """
    if first:
        Shown.change = None
        Shown.search = explain.adversarial_search(
            reader.network, _steps()[0].output, _index(label), low=LOW, high=HIGH
        )  # fmt: skip
        Shown.fooling = _steps()[0].output
    found = next(Shown.search, None)
    if found is None:
        return {"done": True}
    Shown.change = found.change
    return {"done": False, "reached": found.reached, "size": found.size, "change": _flat(found.change)}


def fooled(amount, seed):
    """The answers with `amount` times the change found.

    Returns ``{"best", "picture": (3 * 32 * 32), "noise": best, "doubts": [float, float]}``: "noise" is the
    answer to a change of the same size, pixel by pixel, but with signs drawn by lot; doubts, of both, are the
    probabilities of being no character.
    """
    x = Shown.fooling
    change = np.float32(amount) * Shown.change
    signs = np.random.default_rng(int(seed)).choice(np.float32([-1, 1]), x.shape)
    both = np.clip(np.stack([x + change, x + signs * np.abs(change)]), LOW, HIGH)
    changed, noise = reader.probabilities(both)
    doubts = [float(doubt) for doubt in reader.nothing(both)]
    return {"best": _best(changed), "noise": _best(noise), "picture": _flat(both[0]), "doubts": doubts}


def redrawn():
    """The strokes tilted and slanted, as a hand might draw them next: ``{"picture", "best", "change"}``.

    "change" is the greatest change of a pixel by that.
    """
    turn = np.array([[np.cos(TILT), np.sin(TILT)], [-np.sin(TILT), np.cos(TILT)]]) @ np.array([[1, 0], [-SLANT, 1]])
    x = reader.prepare([np.asarray(stroke, np.float64) @ turn for stroke in Shown.strokes()])
    if x is None:  # a picture whose ink leaves no line
        x = _steps()[0].output
    change = float(np.abs(x - _steps()[0].output).max())
    return {"picture": _flat(x), "best": _best(reader.probabilities(x[None])[0]), "change": change}


def dream(label, first, seed):
    """One step of `explain.dream`: ``{"done", "picture": ink and direction (3 * 32 * 32), "best"}``."""
    if first:
        Shown.dreaming = explain.dream(reader.network, _index(label), seed=int(seed), classes=len(reader.labels))
    dreamt = next(Shown.dreaming, None)
    if dreamt is None:
        return {"done": True}
    return {"done": False, "picture": _flat(dreamt), "best": _best(reader.probabilities(dreamt[None])[0])}


def try_out(name, size, stride, padding, pooling, window):
    """One convolution of the ink with a classic kernel: `kernels.try_out`, arrays flat with their sizes.

    What does not fit comes back as ``{"problem": words}``.
    """
    try:
        weights = kernels.kernel(name, int(size))
        tried = kernels.try_out(
            _steps()[0].output[0], weights, int(stride), padding, None if pooling == "none" else pooling, int(window)
        )  # fmt: skip
    except ValueError as problem:
        return {"problem": str(problem)}
    shapes = {each: list(tried[each].shape) for each in ("padded", "convolved", "pooled") if tried[each] is not None}
    return {"kernel": _flat(weights), "shapes": shapes, **{name: _plain(value) for name, value in tried.items()}}


def chain_rule(label, step, filter_, channel, row, column):
    """`explain.weight_gradient` for the ink, if it were meant as `label`; maps flat."""
    weight = (int(filter_), int(channel), int(row), int(column))
    parts = explain.weight_gradient(reader.network, _steps()[0].output, _index(label), int(step), weight)
    return {name: _plain(value) for name, value in parts.items()}


def shifted():
    """How alike (cosine, 1 is the same) every step's output is for the ink and the ink moved right by one pixel."""
    steps = _steps()
    moved = explain.trace(reader.network, np.roll(steps[0].output, 1, axis=2), reader.temperature, len(reader.labels))
    return [[here.name, _cosine(here.output.ravel(), there.output.ravel())] for here, there in zip(steps, moved)]


def swapped(seed):
    """The ink with its columns of pixels in another order: ``{"picture", "best"}``."""
    x = _steps()[0].output
    order = np.random.default_rng(int(seed)).permutation(x.shape[2])
    mixed = np.ascontiguousarray(x[:, :, order])
    return {"picture": _flat(mixed), "best": _best(reader.probabilities(mixed[None])[0])}


def _steps():
    if Shown.steps is None:
        raise ValueError("There is nothing on the pad to look into.")
    return Shown.steps


def _layer(step, kind):
    layer = reader.network.layers[int(step) - 1]
    if not isinstance(layer, kind):
        raise ValueError(f"step {int(step)} is {layer!r}, not {kind.__name__}")
    return layer


def _index(label):
    if label not in reader.labels:
        raise ValueError(f"labels are {reader.labels}, not {label!r}")
    return reader.labels.index(label)


def _best(probabilities, top=5):
    order = np.argsort(-probabilities, kind="stable")[:top]
    return [[reader.labels[index], float(probabilities[index])] for index in order]


def _doubt(logits):
    """Probability of being no character; 0 for networks without an output for it."""
    if len(logits) == len(reader.labels):
        return 0.0
    return float(softmax(logits / np.float32(reader.temperature))[-1])


def _frame(pairs):
    """Where the network's picture lies on the pad: its middle, and its pixels per pad unit (see `ink.resample`, `raster`)."""
    low, high = pairs.min(axis=0), pairs.max(axis=0)
    side = float((high - low).max())
    return [*((low + high) / 2).tolist(), BOX / side if side > 0 else BOX]


def _cosine(a, b):
    return float(a @ b / max(np.sqrt((a @ a) * (b @ b)), 1e-12))


def _flat(*arrays):
    """Arrays one after another in one float32 array, each in reading order."""
    return np.concatenate([np.ravel(array) for array in arrays]).astype(np.float32) if arrays else np.zeros(0, np.float32)


def _plain(value):
    """What crosses to the page: arrays flat, tuples as lists, the rest as it is."""
    if isinstance(value, np.ndarray):
        return value.ravel().astype(np.uint8 if value.dtype == bool else np.float64)
    return list(value) if isinstance(value, tuple) else value
