"""A line of ink without size and place: what the network for text is shown.

A character's frame is its bounding box. A line has none that would do: "on" would be drawn twice as large
as "dog". Here the ink itself gives the measure, by how far it spreads around its own middle: the deviation
of y, each piece of the pen's way counted by its length, becomes `DEVIATION` pixels. A row that rises or falls is
made level first, or a long one would be as small as its rise is high.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

# Of the picture, in pixels: rows; the spread of the ink; columns left free on both sides.
HEIGHT = 48
DEVIATION = 6.5
MARGIN = 8
# Letters are drawn this much wider than they are, so that "illi" has columns enough.
WIDENED = 1.2
# How steeply rows rise or fall: the deviation of their slopes. And how wide letters are, in deviations of their y.
USUAL_SLOPE = 0.1
LETTER = 2.5
# Columns of the picture to one of the network's output; widths are multiples of it.
STRIDE = 4
# Pixels between nodes along the pen's way.
STEP = 1.0
# The longest way of the pen, in pixels, and the widest picture: some 600 letters in one row.
LONGEST_WAY = 100_000.0
WIDEST = 16_384


class Fit(NamedTuple):
    """How ink is brought into its frame: made level, (ink - middle) * scale, moved to the right until `left` is at `MARGIN`.

    middle, scale : (2,) float64, of x and y, in the ink's unit and in pixels to that unit
    slope : how far y goes down to one of x, around the middle's x
    left : x of the leftmost ink before it is moved, in pixels
    """

    middle: np.ndarray
    scale: np.ndarray
    slope: float
    left: float

    def level(self, points: np.ndarray) -> np.ndarray:
        """Points (n, 2) as they would be on a level row."""
        return points - np.outer(points[:, 0] - self.middle[0], (0, self.slope))

    def middle_at(self, x: float) -> float:
        """The y of the row's middle at some x, in the ink's unit."""
        return float(self.middle[1] + self.slope * (x - self.middle[0]))

    def ink_x(self, x: np.ndarray) -> np.ndarray:
        """Where columns of the picture stand in the ink: x in pixels -> x in the ink's unit."""
        return (x - MARGIN + self.left) / self.scale[0] + self.middle[0]


class Line(NamedTuple):
    """Resampled ink of one row.

    nodes : (n, 2) float32, in pixels: x from `MARGIN` on, y around 0, down
    ends : (n,) bool, True at the last node of each stroke; a stroke has at least two
    source : (n,) float64, where each node comes from: the number of its point in the ink, all strokes one after
        another, with a fraction between two points
    width : columns of the picture, a multiple of `STRIDE`
    fit : how it was brought there
    """

    nodes: np.ndarray
    ends: np.ndarray
    source: np.ndarray
    width: int
    fit: Fit


def frame(points: np.ndarray, lengths: Sequence[int], fit: Fit | None = None) -> Line:
    """Ink as a line in its frame.

    Parameters
    ----------
    points : (n, 2) float, of all strokes one after another, finite, n at least 1
    lengths : how many of them each stroke has, each at least 1
    fit : that of a part of this ink, to be kept; without it, the ink's own

    Raises
    ------
    ValueError where the line is longer than `WIDEST` columns or `LONGEST_WAY` allow.
    """
    points = np.asarray(points, np.float64)
    last = np.cumsum(lengths) - 1
    steps = pen_steps(points, lengths)
    fit = fit or fitted(points, steps)
    points = (fit.level(points) - fit.middle) * fit.scale
    way = np.concatenate(([0.0], np.cumsum(np.hypot(*pen_steps(points, lengths).T))))
    if way[-1] > LONGEST_WAY:
        raise ValueError(
            f"this is more ink than one row holds: {way[-1]:,.0f} pixels of a pen's way, at most {LONGEST_WAY:,.0f}"
        )
    source, ends = _places(way, last)
    nodes = _at(points, source)
    width = float(points[:, 0].max() - fit.left) + 2 * MARGIN
    if width > WIDEST:
        raise ValueError(f"this row is {width:,.0f} pixels wide in the network's frame; at most {WIDEST:,} can be read")
    nodes[:, 0] += MARGIN - fit.left
    return Line(nodes.astype(np.float32), ends, source, -(-int(np.ceil(width)) // STRIDE) * STRIDE, fit)


def fitted(points: np.ndarray, steps: np.ndarray) -> Fit:
    """The fit of ink by its own middle, slope and spread.

    points : (n, 2); steps : (n - 1, 2) from each to the next, 0 where the pen was up
    """
    middle, scale, slope = measure(points, steps)
    return Fit(middle, scale, slope, float((points[:, 0].min() - middle[0]) * scale[0]))


def pen_steps(points: np.ndarray, lengths: Sequence[int]) -> np.ndarray:
    """(n - 1, 2) from each point to the next, 0 from one stroke to another, where the pen is up."""
    steps = np.diff(points, axis=0)
    steps[np.cumsum(lengths)[:-1] - 1] = 0
    return steps


def measure(points: np.ndarray, steps: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """The ink's middle (2,), the scales (2,) of x and y that bring its spread to `DEVIATION`, and its slope.

    points : (n, 2); steps : (n - 1, 2) from each to the next, 0 where the pen was up
    """
    pivot = float(points[:, 0].mean())
    slope = _slope(*_spread(points, steps)[1:], float(np.ptp(points[:, 0])))
    lever = np.array([0.0, slope])
    points, steps = points - np.outer(points[:, 0] - pivot, lever), steps - np.outer(steps[:, 0], lever)
    middle, _, _, variance = _spread(points, steps)
    # A dash has no height that could give the measure; the more the pen goes up and down, the better it does. Gaps between
    # strokes say nothing of it: small letters that stand far apart are no dash.
    along, up_and_down = np.abs(steps).sum(axis=0)
    width = min(float(np.ptp(points[:, 0])), float(along))
    deviation = max(float(np.sqrt(variance)), 0.3 * (width - float(up_and_down)))
    scale = DEVIATION / deviation if deviation > 0 else 1.0
    return np.array([pivot, middle]), np.array([scale * WIDENED, scale]), slope


def _spread(points: np.ndarray, steps: np.ndarray) -> tuple[float, float, float, float]:
    """The ink's mean y, and the variances of x, of x with y, and of y, each piece of the pen's way counted by its length."""
    weights = np.hypot(*steps.T)
    if not weights.sum() > 0:  # dots only
        weights = np.ones(len(steps))
    if not len(weights):  # a single point
        return float(points[0, 1]), 0.0, 0.0, 0.0
    weights /= weights.sum()
    x, y = (points[1:].T + points[:-1].T) / 2
    middle = float(weights @ y)
    x, y = x - weights @ x, y - middle
    # Along a straight step x and y are spread evenly: their variances are a twelfth of the squares of its sides.
    x_x = float(weights @ (x * x + steps[:, 0] ** 2 / 12))
    x_y = float(weights @ (x * y + steps[:, 0] * steps[:, 1] / 12))
    return middle, x_x, x_y, float(weights @ (y * y + steps[:, 1] ** 2 / 12))


def _slope(x_x: float, x_y: float, y_y: float, width: float) -> float:
    """The slope of a row, from the variances of its ink and how wide it is: that of least squares, as far as it is known.

    Letters scatter y, each by itself, so that a short word tells little: what it tells is weighed against `USUAL_SLOPE`
    around level, as a normal prior and a normal likelihood are. How far letters scatter depends on the slope: a few
    rounds settle it.
    """
    slope = 0.0
    if x_x > 0 and y_y > 0:
        for _ in range(4):
            scatter = max(y_y - 2 * slope * x_y + slope**2 * x_x, 1e-12 * y_y)
            doubt = scatter / (x_x * width / (LETTER * np.sqrt(scatter)))
            slope = x_y / x_x * USUAL_SLOPE**2 / (USUAL_SLOPE**2 + doubt)
    return float(slope)


def _places(way: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places at equal steps along each stroke, as points with fractions, and which are its last.

    way : (n,) how far the pen has gone at each point; last : the number of each stroke's last point
    """
    first = np.concatenate(([0], last[:-1] + 1))
    lengths = way[last] - way[first]
    pieces = np.maximum(np.ceil(lengths / STEP - 1e-9), 1).astype(int)
    end = np.cumsum(pieces + 1) - 1
    stroke = np.repeat(np.arange(len(last)), pieces + 1)
    number = np.arange(len(stroke)) - (end - pieces)[stroke]
    at = way[first][stroke] + number * (lengths / pieces)[stroke]
    # Which of the original steps each node lies in; kept within its own stroke.
    left = np.searchsorted(way, at, side="right") - 1
    left = np.clip(left, first[stroke], np.maximum(last - 1, first)[stroke])
    right = np.minimum(left + 1, last[stroke])
    span = way[right] - way[left]
    share = np.clip((at - way[left]) / np.where(span > 0, span, 1), 0, 1)
    ends = np.zeros(len(stroke), bool)
    ends[end] = True
    return left + np.where(right > left, share, 0), ends


def _at(points: np.ndarray, source: np.ndarray) -> np.ndarray:
    """Points (n, 2) at places between them."""
    left = source.astype(int)
    right = np.minimum(left + 1, len(points) - 1)
    share = (source - left)[:, None]
    return points[left] * (1 - share) + points[right] * share
