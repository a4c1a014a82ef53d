"""Ink: what was drawn, as strokes, and the same ink in a form that no device shows in.

A stroke is one pen-down to pen-up: an (n, 2) array of x to the right and y down, in any
unit; a stroke of one point is a dot. `resample` turns strokes into nodes at equal steps along
the pen's way, in a frame where the character's longer side is 1 and its middle is 0, so
that size, place, speed and sampling rate are gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

# Nodes to the character's longer side.
STEPS = 52
# Rounds of (1, 2, 1) / 4 smoothing of the nodes: takes away the steps of coarse tablets
# and of integer pixels, a sixtieth of the character's size.
SMOOTHING = 4
# What one drawing may hold. At 240 points a second that is seven minutes with the pen down; nodes, at most
# 15 MB of them while they are made, are a way of some 1,900 times the character's longer side.
MOST_POINTS = 100_000
MOST_NODES = 100_000


class Trail(NamedTuple):
    """Resampled ink.

    nodes : (n, 2) float32, x right, y down, bounding box centred on 0 with its longer side 1
    ends : (n,) bool, True at the last node of each stroke; every stroke has at least two
        nodes (those of a dot coincide)
    """

    nodes: np.ndarray
    ends: np.ndarray


def validate(strokes: Sequence[ArrayLike]) -> list[np.ndarray]:
    """Strokes as a list of (n, 2) float64 arrays, empty ones left out.

    ValueError, which says what was received, for anything that is not ink: another shape,
    text, NaN or infinite numbers, more than `MOST_POINTS` points.
    """
    if isinstance(strokes, (str, bytes, dict)) or not hasattr(strokes, "__iter__"):
        raise ValueError(f"ink is a list of strokes, each an (n, 2) array of x and y, not {type(strokes).__name__}")
    checked, points = [], 0
    for index, stroke in enumerate(strokes):
        try:
            array = np.asarray(stroke)
        except (TypeError, ValueError, OverflowError):
            array = None
        if array is not None and array.size == 0:
            continue
        if array is None or array.dtype.kind not in "iuf":
            raise ValueError(f"stroke {index} is not an (n, 2) array of numbers, but {_shortly(stroke)}")
        if array.ndim != 2 or array.shape[1] != 2:
            raise ValueError(f"stroke {index} has shape {array.shape}, not (n, 2)")
        points += len(array)
        if points > MOST_POINTS:
            raise ValueError(f"ink of more than {MOST_POINTS:,} points is not one character")
        array = array.astype(np.float64)
        if not np.isfinite(array).all():
            bad = array[~np.isfinite(array).all(axis=1)][0]
            raise ValueError(f"stroke {index} holds a point that is not finite: ({bad[0]}, {bad[1]})")
        if np.abs(array).max() > 1e12:
            raise ValueError(f"stroke {index} reaches {np.abs(array).max():.3g}: coordinates go up to 1e12")
        checked.append(array)
    return checked


def _shortly(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def resample(strokes: list[np.ndarray]) -> Trail:
    """Validated strokes, at least one, as nodes at equal steps, without size or place.

    ValueError for ink that would make more than `MOST_NODES` nodes, before they are made.
    """
    # Few and plain calls: of a character's hundred points each costs little more than its call.
    points = np.concatenate(strokes)
    low, high = np.minimum.reduce(points), np.maximum.reduce(points)
    side = max((high - low).tolist())
    points -= (low + high) / 2
    points /= side if side > 0 else 1.0

    # The way of the pen on paper: steps between strokes count for nothing.
    last = np.array([len(stroke) for stroke in strokes]).cumsum() - 1
    first = np.zeros_like(last)
    first[1:] = last[:-1] + 1
    way = np.zeros(len(points))
    steps = points[1:] - points[:-1]
    steps = np.hypot(steps[:, 0], steps[:, 1])
    steps[last[:-1]] = 0
    steps.cumsum(out=way[1:])
    lengths = way[last] - way[first]

    # ceil(length * STEPS) pieces a stroke, at least one; nodes at their ends.
    pieces = np.maximum(np.ceil(lengths * STEPS - 1e-9), 1).astype(int)
    end = (pieces + 1).cumsum() - 1
    if end[-1] >= MOST_NODES:
        raise ValueError(
            f"more ink than one character holds: its way is {lengths.sum():,.0f} times as long as it is wide or high, "
            f"which makes {end[-1] + 1:,} nodes, and {MOST_NODES:,} are the most"
        )
    stroke = np.arange(len(strokes)).repeat(pieces + 1)
    number = np.arange(len(stroke)) - (end - pieces)[stroke]
    at = way[first][stroke] + number * (lengths / pieces)[stroke]
    # Which of the original steps each node lies in; kept within its own stroke.
    left = way.searchsorted(at, side="right") - 1
    np.maximum(left, first[stroke], out=left)
    np.minimum(left, np.maximum(last - 1, first)[stroke], out=left)
    right = np.minimum(left + 1, last[stroke])
    begun = way[left]
    span = way[right] - begun
    span[span <= 0] = 1
    share = (at - begun) / span
    np.maximum(share, 0, out=share)
    np.minimum(share, 1, out=share)
    share = share[:, None]
    nodes = points.take(left, axis=0) * (1 - share) + points.take(right, axis=0) * share

    ends = np.zeros(len(nodes), bool)
    ends[end] = True
    quarter = np.where(ends | (number == 0), 0, 0.25)[1:-1, None]
    middle = nodes[1:-1]
    for _ in range(SMOOTHING):
        change = nodes[:-2] - 2 * middle
        change += nodes[2:]
        change *= quarter
        middle += change
    return Trail(nodes.astype(np.float32), ends)
