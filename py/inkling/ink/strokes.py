"""Ink: what was drawn, as strokes, and the same ink in a form that no device shows in.

A stroke is one pen-down to pen-up: an (n, 2) array of x to the right and y down, in any
unit; a stroke of one point is a dot. Inside the package all strokes of a drawing lie in one
array, as `Ink`; whatever else is taken for ink is turned into that once, by `validate`.
`resample` turns it into nodes at equal steps along the pen's way, in a frame where the
character's longer side is 1 and its middle is 0, so that size, place, speed and sampling
rate are gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

# Nodes to the character's longer side.
STEPS = 52
# Rounds of (1, 2, 1) / 4 smoothing of the nodes, against the stairs of coarse tablets and whole pixels.
SMOOTHING = 4
# Limits of one drawing. So many points are seven minutes with the pen down at 240 Hz; so many nodes, 15 MB while they
# are made, are a path of some 1,900 times the character's longer side.
MOST_POINTS = 100_000
MOST_NODES = 100_000


LARGEST_COORDINATE = 1e12


class Trail(NamedTuple):
    """Resampled ink.

    Attributes
    ----------
    nodes : (n, 2) float32
        x to the right and y down; the bounding box is centred on 0, its longer side is 1.
    ends : (n,) bool
        True at the last node of each stroke; every stroke has at least two nodes (those of a dot coincide).
    """

    nodes: np.ndarray
    ends: np.ndarray


class Ink:
    """What was drawn: the points of all strokes, one after the other.

    Iterated over, or asked for its length, it is a sequence of strokes: views (m, 2) of the points.

    Parameters
    ----------
    points : (n, 2) or (2n,) numbers
        x to the right and y down, in any unit. Not copied where they are float32 or float64.
    lengths : (strokes,) int
        How many points each stroke has; empty strokes are left out.

    Raises
    ------
    ValueError
        Says what was received: for numbers that are NaN, infinite or beyond 1e12, for more than `MOST_POINTS` points,
        for lengths that do not add up to them.
    """

    __slots__ = ("lengths", "points")

    def __init__(self, points: ArrayLike, lengths: ArrayLike) -> None:
        flat = _floats(np.asarray(points))
        if flat.size % 2 or flat.ndim not in (1, 2) or (flat.ndim == 2 and flat.shape[1] != 2):
            raise ValueError(f"points are an array (n, 2) or (2n,), not one of shape {flat.shape}")
        counts = np.asarray(lengths)
        if counts.ndim != 1 or (counts.size and counts.dtype.kind not in "iu"):
            raise ValueError(f"lengths are whole numbers (strokes,), not {counts.dtype} of shape {counts.shape}")
        self.points = flat.reshape(-1, 2)
        self.lengths = counts[counts != 0].astype(np.int64)
        if (self.lengths < 0).any() or self.lengths.sum() != len(self.points):
            raise ValueError(f"lengths {_shortly(counts.tolist())} do not add up to {len(self.points)} points")
        if len(self.points) > MOST_POINTS:
            raise ValueError(f"ink of more than {MOST_POINTS:,} points is not one character")
        # max and min instead of abs, which would allocate; comparisons with NaN are False.
        if len(self.points) and not (flat.max() <= LARGEST_COORDINATE and flat.min() >= -LARGEST_COORDINATE):
            for index, stroke in enumerate(self):
                _check_finite(index, stroke)

    def __len__(self) -> int:
        return len(self.lengths)

    def __iter__(self) -> Iterator[np.ndarray]:
        ends = self.lengths.cumsum().tolist()
        return (self.points[start:end] for start, end in zip([0, *ends], ends))


# What is taken for ink: a list of strokes, each an (n, 2) array or a list of points.
Strokes = Ink | Iterable[ArrayLike]


def validate(strokes: Strokes) -> Ink:
    """Whatever is taken for ink, as `Ink`.

    Parameters
    ----------
    strokes : Ink, or list of (n, 2) arrays or lists of points

    Raises
    ------
    ValueError
        Says what was received, and in which stroke, for anything that is not ink: another shape, text, NaN or infinite
        numbers, more than `MOST_POINTS` points.
    """
    if isinstance(strokes, Ink):
        return strokes
    if isinstance(strokes, (str, bytes, dict)) or not hasattr(strokes, "__iter__"):
        raise ValueError(f"ink is a list of strokes, each an (n, 2) array of x and y, not {type(strokes).__name__}")
    checked: list[np.ndarray] = []
    points = 0
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
        array = _floats(array)
        _check_finite(index, array)
        checked.append(array)
    return Ink(np.concatenate([np.empty((0, 2), np.float32), *checked]), np.array([len(stroke) for stroke in checked], int))


def _floats(array: np.ndarray) -> np.ndarray:
    return array if array.dtype in (np.float32, np.float64) else array.astype(np.float64)


def _check_finite(index: int, stroke: np.ndarray) -> None:
    if not np.isfinite(stroke).all():
        x, y = stroke[~np.isfinite(stroke).all(axis=1)][0]
        raise ValueError(f"stroke {index} holds a point that is not finite: ({x}, {y})")
    if np.abs(stroke).max() > LARGEST_COORDINATE:
        raise ValueError(f"stroke {index} reaches {np.abs(stroke).max():.3g}: coordinates go up to 1e12")


def _shortly(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def resample(ink: Ink) -> Trail:
    """Ink of one stroke at least as nodes at equal steps, without size or place.

    ValueError for ink that would make more than `MOST_NODES` nodes, before they are made.
    """
    # As few numpy calls as possible: for a hundred points each costs little more than its overhead.
    low, high = (find.reduce(ink.points).astype(np.float64) for find in (np.minimum, np.maximum))
    side = max((high - low).tolist())
    points = ink.points - (low + high) / 2
    points /= side if side > 0 else 1.0

    # Path length along the strokes; moves between strokes count as 0.
    last = ink.lengths.cumsum() - 1
    first = np.zeros_like(last)
    first[1:] = last[:-1] + 1
    way = np.zeros(len(points))
    steps = points[1:] - points[:-1]
    steps = np.hypot(steps[:, 0], steps[:, 1])
    steps[last[:-1]] = 0
    steps.cumsum(out=way[1:])
    lengths = way[last] - way[first]

    # ceil(length * STEPS) segments per stroke, at least one; nodes at their ends.
    pieces = np.maximum(np.ceil(lengths * STEPS - 1e-9), 1).astype(int)
    end = (pieces + 1).cumsum() - 1
    if end[-1] >= MOST_NODES:
        raise ValueError(
            f"more ink than one character holds: its way is {lengths.sum():,.0f} times as long as it is wide or high, "
            f"which makes {end[-1] + 1:,} nodes, and {MOST_NODES:,} are the most"
        )
    stroke = np.arange(len(ink)).repeat(pieces + 1)
    number = np.arange(len(stroke)) - (end - pieces)[stroke]
    at = way[first][stroke] + number * (lengths / pieces)[stroke]
    # The original segment that each node lies in, within its own stroke.
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
