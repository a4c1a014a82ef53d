"""Which strokes stand in one row: what is read line by line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

# Of the height of usual strokes: how far from its neighbours' middle one may stand and still be in their row.
APART = 1.15
# Strokes lower than this, of the usual height, are dots, bars and marks: they join the row that is nearest to them.
SMALL = 0.45
# A row's middle at some place is that of so many strokes nearest to it in x.
NEIGHBOURS = 6


def rows_of(strokes: Sequence[np.ndarray]) -> list[list[int]]:
    """The numbers of the strokes of each row, rows from the upper to the lower, strokes in their order.

    Strokes are taken in the order in which they were written. One that stands near the middle of a row, as it is
    about there, joins it; else it begins a row. Descenders and tall letters spread around that middle, and their
    neighbours hold it; a row may slope. Small strokes wait until all rows are known.

    strokes : (n, 2) arrays, x right, y down, at least one point each
    """
    if not strokes:
        return []
    boxes = np.array([[*s.min(axis=0), *s.max(axis=0)] for s in strokes], float)
    middles = np.array([_middle(stroke) for stroke in strokes])
    heights = boxes[:, 3] - boxes[:, 1]
    tall = heights[heights > 0.3 * _quantile(heights, 0.9)]
    usual = _median(tall) if len(tall) else 0.0
    is_small = heights < SMALL * usual
    if is_small.all():
        is_small[:] = False
    rows: list[list[int]] = []
    for number in np.flatnonzero(~is_small):
        offsets = [abs(_middle_of(row, middles, middles[number, 0]) - middles[number, 1]) for row in rows]
        if offsets and min(offsets) <= max(APART * usual, 1e-9):
            rows[int(np.argmin(offsets))].append(int(number))
        else:
            rows.append([int(number)])
    rows = _merged(rows, middles, APART * usual)
    main = [list(row) for row in rows]
    for number in np.flatnonzero(is_small):
        offsets = [abs(_middle_of(row, middles, middles[number, 0]) - middles[number, 1]) for row in main]
        rows[int(np.argmin(offsets))].append(int(number))
    rows.sort(key=lambda row: _median(middles[row, 1]))
    return [sorted(row) for row in rows]


def _merged(rows: list[list[int]], middles: np.ndarray, near: float) -> list[list[int]]:
    """Rows that turned out to be one, since a descender began a row of its own, as one."""
    merged: list[list[int]] = []
    for row in sorted(rows, key=len, reverse=True):
        for other in merged:
            place = middles[row].mean(axis=0)
            if abs(_middle_of(other, middles, place[0]) - place[1]) <= 0.8 * near:
                other += row
                break
        else:
            merged.append(row)
    return merged


def _middle_of(row: list[int], middles: np.ndarray, x: float) -> float:
    """The row's middle about x."""
    places = middles[row]
    nearest = np.argsort(np.abs(places[:, 0] - x), kind="stable")[:NEIGHBOURS]
    return _median(places[nearest, 1])


def _middle(stroke: np.ndarray) -> np.ndarray:
    """(2,) the mean of a stroke along the pen's way."""
    steps = np.hypot(*np.diff(stroke, axis=0).T)
    if not steps.sum() > 0:
        return stroke.mean(axis=0)
    return steps @ ((stroke[1:] + stroke[:-1]) / 2) / steps.sum()


def _median(values: np.ndarray) -> float:
    return _quantile(values, 0.5)


def _quantile(values: np.ndarray, share: float) -> float:
    """np.quantile and np.median need numpy.ma, which the page does without."""
    ordered = np.sort(values)
    return float(np.interp(share * (len(ordered) - 1), np.arange(len(ordered)), ordered))
