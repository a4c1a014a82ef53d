"""Doors of the Read view. The weights are loaded when this module is imported, that is while booting."""

from time import perf_counter

from inkling import Recognizer
from inkling.labels import LOOK_ALIKE
from tab.strokes import strokes_of

__all__ = ["about", "read", "read_image"]

# A twin less probable than this is not worth a word.
WORTH_NAMING = 0.1
# Below this share for the best shape the page says "not sure".
SURE = 0.5

reader = Recognizer.load()


def about():
    """What reads: ``{"parameters": int}``, all weights and biases of the network."""
    layers = reader.network.layers
    return {"parameters": sum(int(array.size) for layer in layers for array in layer.parameters.values())}


def read(points, lengths, allowed="", cap_height=0):
    """Read ink.

    points : float32 (2n,), x0, y0, x1, y1, ... of all strokes one after the other, y down
    lengths : uint32 (strokes,), number of points of each stroke
    allowed : the labels that may be answered; "" is all of them
    cap_height : of the lines that the ink keeps to, in the unit of `points`; 0 where it keeps to none

    Returns ``{"candidates": [[label, probability], ...] best first, "twins": [label, ...] that look like the best
    and are about as probable, "confident": bool, "milliseconds": float}``, without candidates when there is no ink.
    """
    started = perf_counter()
    return _told(reader.examine(strokes_of(points, lengths), allowed or None, cap_height=cap_height or None), started)


def read_image(pixels, height, width, allowed=""):
    """Read a picture: `pixels` is uint8 (height * width * 4,), RGBA row by row. Returns what `read` returns."""
    started = perf_counter()
    return _told(reader.examine_image(pixels.reshape(height, width, 4), allowed or None), started)


def _told(reading, started):
    candidates, confident = reading
    return {
        "candidates": [[label, float(probability)] for label, probability in candidates],
        "twins": twins(candidates),
        "confident": _is_likely(candidates) and confident,
        "milliseconds": 1000 * (perf_counter() - started),
    }


def twins(candidates):
    """The labels, other than the best, that look like the best and are not much less probable."""
    (best, _), *others = candidates or [("", 0)]
    return [label for label, probability in others if label in _alike(best) and probability >= WORTH_NAMING]


def _is_likely(candidates):
    """Whether the best shape or letter is likelier than all others together."""
    kinds = [_alike(label) or label.upper() for label, _ in candidates]
    return sum(p for (_, p), kind in zip(candidates, kinds) if kind == kinds[0]) >= SURE


def _alike(label):
    """The group of labels that look like this one, "" where there is none."""
    return next((group for group in LOOK_ALIKE if label and label in group), "")
