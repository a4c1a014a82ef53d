"""Ink as it crosses from the page: all points in one flat array, and the number of points of each stroke."""

from collections.abc import Sequence

import numpy as np

# What becomes a record of JavaScript: made of dicts, lists, numbers, strings and numpy arrays.
Record = dict[str, object]


def strokes_of(points: np.ndarray, lengths: np.ndarray) -> list[np.ndarray]:
    """points float32 (2n,), lengths uint32 (strokes,) -> list of (n, 2) arrays."""
    points, lengths = np.asarray(points, np.float32), np.asarray(lengths)
    return np.split(points.reshape(-1, 2), np.cumsum(lengths)[:-1].astype(int)) if len(lengths) else []


def flat(strokes: Sequence[np.ndarray]) -> Record:
    """The other way: (n, 2) arrays -> {"points": float32 (2n,), "lengths": uint32 (strokes,)}."""
    return {
        "points": np.concatenate([np.asarray(stroke, np.float32) for stroke in strokes]).ravel(),
        "lengths": np.array([len(stroke) for stroke in strokes], np.uint32),
    }
