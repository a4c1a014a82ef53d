"""Doors for teaching the recogniser one's own hand. What was taught is kept by the page; here it is learned."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from inkling.data import jsonlines
from inkling.files import shipped
from inkling.ink import tracing
from inkling.teaching.hand_size import Population
from inkling.teaching.personal import Personal
from inkling.teaching.rehearsal import Rehearsal
from tab import reading
from tab.strokes import flat, strokes_of

__all__ = ["forget", "parse", "settle", "teach", "trace"]

MOST_ERRORS = 20
# The style, in files, of samples that a picture was traced to: their size is the picture's, not the hand's.
TRACED = "traced"

_shipped = reading.reader
_personal = None


def _person():
    """Made with the first drawing that is taught: most visitors teach none."""
    global _personal
    if _personal is None:
        weights = shipped("inkling.npz")
        _personal = Personal(_shipped, Rehearsal.load(weights), Population.load(weights))
    return _personal


def _now():
    reading.reader = _person().reader
    return {"symbols": _person().symbols, "drawings": len(_person().taught)}


def teach(samples):
    """Learn drawings, [[id, label, points, lengths, whether they are as large as they were drawn on the pad], ...].

    Returns ``{"symbols": the user's own labels that are read by now, "drawings": how many are learned}``.
    """
    _person().teach((name, label, strokes_of(*ink), is_sized) for name, label, *ink, is_sized in samples)
    return _now()


def settle():
    """Go on with what `teach` began; False once everything is learned."""
    more = _person().settle()
    _now()
    return more


def forget(ids):
    """Unlearn drawings; returns what `teach` returns."""
    _person().forget(ids)
    return _now()


def trace(pixels, height, width):
    """The strokes in a picture, `pixels` uint8 (height * width * 4,) RGBA: ``{"points", "lengths"}``, empty where there is no ink."""
    strokes = tracing.trace(pixels.reshape(height, width, 4))
    return flat(strokes) if strokes else {"points": np.empty(0, np.float32), "lengths": np.empty(0, np.uint32)}


def parse(name, content):
    """The samples of a file in the project's own format (JSON lines, plain or gzip'd), each line checked.

    Returns ``{"samples": [{"label", "points", "lengths", "writer", "traced"}, ...], "skipped": int, "errors": [str, ...]}``,
    the first errors only.
    """
    errors, skipped = [], 0

    def note(error):
        nonlocal skipped
        skipped += 1
        if len(errors) < MOST_ERRORS:
            errors.append(f"{name}" + (f", line {error.line}" if error.line else "") + f": {error.reason}")

    with TemporaryDirectory() as folder:
        path = Path(folder) / "samples"
        path.write_bytes(np.asarray(content).tobytes())
        samples = [
            {"label": each.label, "writer": each.writer, "traced": each.style == TRACED, **flat(each.strokes)}
            for each in jsonlines.read(path, note)
        ]
    return {"samples": samples, "skipped": skipped, "errors": errors}
