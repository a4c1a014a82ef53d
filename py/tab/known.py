"""A drawing whose reading is known, so that a page started from a snapshot can tell whether it still reads."""

import json

import numpy as np

from tab import session

# A capital R in two strokes.
STROKES = [
    np.array([[30, 10], [30, 40], [30, 70], [30, 100]], np.float32),
    np.array([[30, 12], [55, 10], [72, 20], [72, 38], [55, 50], [32, 52], [55, 74], [76, 100]], np.float32),
]


def answer() -> str:
    """What the recogniser makes of it: ``[[label, probability], ...]`` as JSON."""
    return json.dumps([[label, float(probability)] for label, probability in session.reader.read(STROKES)])
