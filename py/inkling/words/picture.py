"""Lines to pictures: the same three channels as for characters, as wide as the ink."""

from __future__ import annotations

import numpy as np

from .frame import HEIGHT, Line

CHANNELS = 3
# How fast ink covers paper: a pixel that the pen's way crosses once is covered by about 0.7.
DENSITY = 1.2


def draw(line: Line, width: int = 0) -> np.ndarray:
    """One line -> (3, HEIGHT, width) float32: ink 0 to 1, cosine and sine of twice its direction times the ink.

    width : of the picture, if it is to be wider than the line
    """
    return draw_batch(line.nodes, line.ends, np.zeros(len(line.nodes), int), 1, max(width, line.width))[0]


# How far to either side of its way the pen leaves ink, in pixels.
PEN = 3


def draw_from(line: Line, first: int, width: int) -> np.ndarray:
    """The columns from `first` to `width` of the picture that `draw` makes."""
    if first == 0:
        return draw(line, width)
    begin = max(0, first - PEN)
    nodes = line.nodes - np.array([begin, 0], np.float32)
    # What lies left of these columns is left out, as if the pen had been up there.
    x = (nodes[1:, 0] + nodes[:-1, 0]) / 2
    ends = line.ends.copy()
    ends[:-1] |= x < 0
    return draw_batch(nodes, ends, np.zeros(len(nodes), int), 1, width - begin)[0][:, :, first - begin :]


def draw_batch(
    nodes: np.ndarray, ends: np.ndarray, owner: np.ndarray, count: int, width: int, density: np.ndarray | float = DENSITY
) -> np.ndarray:
    """Many lines -> (count, 3, HEIGHT, width) float32, memory channels last.

    Each piece of the pen's way is laid down at its middle, shared out to the four pixels around by how near they
    are, weighed by its length; then blurred by (1 2 1) / 4 along both axes to a pen of about two pixels.

    Parameters
    ----------
    nodes, ends : as in `Line`, of all lines one after another
    owner : (n,) int, the picture each node belongs to
    density : float or (count,), how fast ink covers paper
    """
    piece = np.flatnonzero(~ends)
    begin, step = nodes[piece], nodes[piece + 1] - nodes[piece]
    dx, dy = step.T
    squares = dx * dx + dy * dy
    length = np.sqrt(squares)
    inverse = 1 / np.maximum(squares, np.float32(1e-12))
    # A dot is a piece of no length; it leaves as much ink as a pixel of a line.
    weight = np.where(length > 1e-6, length, 1).astype(np.float32)
    place = begin + step / 2
    x = np.clip(place[:, 0], 0, width - 1.001)
    y = np.clip(place[:, 1] + np.float32((HEIGHT - 1) / 2), 0, HEIGHT - 1.001)
    column, row = x.astype(np.intp), y.astype(np.intp)
    right, below = x - column, y - row
    corner = (owner[piece] * HEIGHT + row) * width + column
    index = np.concatenate((corner, corner + 1, corner + width, corner + width + 1))
    near = np.concatenate(((1 - right) * (1 - below), right * (1 - below), (1 - right) * below, right * below))
    near *= np.tile(weight, 4)
    values = (near, near * np.tile((dx * dx - dy * dy) * inverse, 4), near * np.tile(2 * dx * dy * inverse, 4))
    pixels = count * HEIGHT * width
    planes = np.empty((count, HEIGHT, width, CHANNELS), np.float32)
    for channel, value in enumerate(values):
        planes[..., channel] = np.bincount(index, value, pixels).reshape(count, HEIGHT, width)
    planes = _blurred(_blurred(planes, 1), 2)
    ink = planes[..., :1]
    covered = 1 - np.exp(-np.reshape(np.float32(density), (-1, 1, 1, 1)) * ink)
    planes[..., 1:] *= covered / np.maximum(ink, np.float32(1e-6))
    planes[..., :1] = covered
    return planes.transpose(0, 3, 1, 2)


def _blurred(planes: np.ndarray, axis: int) -> np.ndarray:
    """(1 2 1) / 4 along an axis; what would be spread over the border stays away."""
    blurred = planes * np.float32(0.5)
    quarter = planes * np.float32(0.25)
    inner, outer = [slice(None)] * 4, [slice(None)] * 4
    inner[axis], outer[axis] = slice(1, None), slice(None, -1)
    blurred[tuple(inner)] += quarter[tuple(outer)]
    blurred[tuple(outer)] += quarter[tuple(inner)]
    return blurred
