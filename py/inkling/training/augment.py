"""Augmentation: random changes of trails and of framed pictures, as if another hand had drawn them."""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np

from ..ink.picture import FRAME, LONGER_SIDE
from ..ink.raster import PEN_RADIUS
from ..ink.shading import GAIN, LEVEL, coverage_of
from ..ink.strokes import Trail


class Strength(NamedTuple):
    """Standard deviations of the random changes, unless said otherwise; all 0 leaves the ink as it is."""

    rotation: float = 0.13  # radians
    shear: float = 0.18
    aspect: float = 0.15  # logarithm of width to height
    warp: float = 0.035  # amplitude of two slow waves, of the character's size
    stroke: float = 0.03  # shift of each stroke on its own, of the character's size
    tremor: float = 0.006  # shaking of the pen, of the character's size
    trim: float = 0.03  # most that is cut off each end of a stroke, of the character's size
    coarse: float = 0.3  # share of characters drawn with few points, straight between them
    scale: float = 0.05
    shift: float = 0.02
    pen: float = 0.22  # logarithm of the pen's width


def augment(
    trail: Trail, owner: np.ndarray, count: int, rng: np.random.Generator, strength: Strength = Strength()
) -> tuple[Trail, np.ndarray, np.ndarray]:
    """Change each of `count` characters at random.

    Parameters
    ----------
    trail : Trail
        Of all characters, one after another.
    owner : (n,) int
        Which character each node belongs to, 0 to count - 1, ascending.

    Returns
    -------
    trail, owner : Trail, (m,) int
        Fitted anew into their frame; some nodes at the ends of strokes are gone.
    radius : (count,) float32
        Half of each character's pen width, in pixels.
    """
    trail, owner = _trim(trail, owner, rng, strength.trim)
    if strength.coarse:
        trail = _coarsen(trail, owner, np.where(rng.random(count) < strength.coarse, rng.integers(2, 8, count), 1))
    stroke = np.concatenate(([0], np.cumsum(trail.ends)[:-1]))

    normal = functools.partial(_normal, rng)
    x, y = np.ascontiguousarray(trail.nodes.T)

    x, y = _warped(x, y, owner, count, rng, strength.warp)

    shifts = normal(2, int(stroke[-1]) + 1) * np.float32(strength.stroke)
    x, y = x + shifts[0, stroke], y + shifts[1, stroke]

    if strength.tremor:
        shake = normal(2, len(x)) * (normal(count) * np.float32(strength.tremor * 3))[owner]
        for _ in range(4):
            shake[:, 1:-1] = (shake[:, :-2] + 2 * shake[:, 1:-1] + shake[:, 2:]) * np.float32(0.25)
        x, y = x + shake[0], y + shake[1]

    across, down = _slants(rng, count, strength)
    x, y = (row[0][owner] * x + row[1][owner] * y for row in (across, down))

    nodes = fit(np.stack([x, y], axis=1), owner, count)
    scale, shift = _places(rng, count, strength)
    nodes = nodes * scale[owner, None] + shift[owner]
    radius = PEN_RADIUS * np.exp(normal(count) * np.float32(strength.pen))
    return Trail(nodes, trail.ends), owner, np.clip(radius, 0.55, 1.5).astype(np.float32)


def augment_frames(frames: np.ndarray, rng: np.random.Generator, strength: Strength = Strength()) -> np.ndarray:
    """Change each of N framed pictures at random.

    Parameters
    ----------
    frames : (N, FRAME, FRAME) uint8
        As `picture.frame` makes them.

    Returns
    -------
    (N, 32, 32) float32
        The ink that covers each pixel, 0 to 1.
    """
    count = len(frames)
    # Each pixel of the result asks where it comes from: by the inverse changes, which are as random.
    places = (np.arange(FRAME, dtype=np.float32) - np.float32((FRAME - 1) / 2)) / np.float32(LONGER_SIDE)
    u, v = np.tile(places, FRAME), np.repeat(places, FRAME)
    across, down = _slants(rng, count, strength)
    scale, shift = _places(rng, count, strength)
    x, y = (
        (row[0][:, None] * u + row[1][:, None] * v) / scale[:, None] - shift[:, axis, None]
        for axis, row in enumerate((across, down))
    )
    x, y = _warped(x, y, np.arange(count)[:, None], count, rng, strength.warp)
    moved = _sampled(frames, x, y)
    level, gain = (np.full((count, 1, 1), usual, np.float32) for usual in (LEVEL, GAIN))
    if strength.pen:
        level *= np.exp(_normal(rng, count, 1, 1) * np.float32(strength.pen)).clip(0.6, 1.4)
        gain *= rng.uniform(0.8, 1.4, (count, 1, 1)).astype(np.float32)
    return coverage_of(moved, level, gain)


def _sampled(frames: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Levels 0 to 1 of frames (N, FRAME, FRAME), linear between pixels.

    x, y : (N, FRAME * FRAME), where, in units of LONGER_SIDE
    """
    x, y = (
        np.clip(place * np.float32(LONGER_SIDE) + np.float32((FRAME - 1) / 2), 0, np.float32(FRAME - 1.01))
        for place in (x, y)
    )
    column, row = x.astype(np.int32), y.astype(np.int32)
    right, below = x - column.astype(np.float32), y - row.astype(np.float32)
    at = row * FRAME + column + (np.arange(len(frames), dtype=np.int32) * FRAME**2)[:, None]
    flat = frames.ravel()
    upper, lower = (flat.take(at + start) * (1 - right) + flat.take(at + start + 1) * right for start in (0, FRAME))
    return ((upper + (lower - upper) * below) * np.float32(1 / 255)).reshape(frames.shape)


# A row of a 2 x 2 matrix for each character.
Row = tuple[np.ndarray, np.ndarray]


def _normal(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return rng.standard_normal(shape, dtype=np.float32)


def _warped(
    x: np.ndarray, y: np.ndarray, owner: np.ndarray, count: int, rng: np.random.Generator, amplitude: float
) -> tuple[np.ndarray, np.ndarray]:
    """Slow waves: half to one and a half periods over the character, along and across."""
    for _ in range(2):
        frequency = rng.uniform(0.5, 1.5, (4, count)).astype(np.float32) * np.float32(2 * np.pi)
        phase = rng.uniform(0, 2 * np.pi, (2, count)).astype(np.float32)
        size = _normal(rng, 2, count) * np.float32(amplitude / np.sqrt(2))
        fx, gx, fy, gy = frequency[:, owner]
        px, py = phase[:, owner]
        sx, sy = size[:, owner]
        x, y = (
            x + sx * np.sin(fx * y + (gx - np.float32(2 * np.pi)) * x + px),
            y + sy * np.sin(fy * x + (gy - np.float32(2 * np.pi)) * y + py),
        )
    return x, y


def _slants(rng: np.random.Generator, count: int, strength: Strength) -> tuple[Row, Row]:
    """Rotation, shear and aspect: rows ((xx, xy), (yx, yy)) of `count` matrices."""
    angle, shear = _normal(rng, count) * np.float32(strength.rotation), _normal(rng, count) * np.float32(strength.shear)
    wide = np.exp(_normal(rng, count) * np.float32(strength.aspect / 2))
    cosine, sine = np.cos(angle), np.sin(angle)
    return (wide * cosine, shear * cosine - sine / wide), (wide * sine, shear * sine + cosine / wide)


def _places(rng: np.random.Generator, count: int, strength: Strength) -> tuple[np.ndarray, np.ndarray]:
    """Scales (count,) and shifts (count, 2), the latter in units of the character's size."""
    scale = np.exp(_normal(rng, count) * np.float32(strength.scale)).clip(0.85, 1.15)
    return scale, (_normal(rng, count, 2) * np.float32(strength.shift)).clip(-0.06, 0.06)


def fit(nodes: np.ndarray, owner: np.ndarray, count: int) -> np.ndarray:
    """Nodes (n, 2), sorted by owner, each character's bounding box centred with its longer side 1."""
    starts = np.searchsorted(owner, np.arange(count))
    low, high = np.minimum.reduceat(nodes, starts), np.maximum.reduceat(nodes, starts)
    side = (high - low).max(axis=1)
    side[side == 0] = 1
    return (nodes - ((low + high) / 2)[owner]) / side[owner, None]


def _trim(trail: Trail, owner: np.ndarray, rng: np.random.Generator, most: float) -> tuple[Trail, np.ndarray]:
    """A random piece off both ends of half of the strokes, at most a fifth of a stroke each."""
    if not most:
        return trail, owner
    last = np.flatnonzero(trail.ends)
    lengths = np.diff(np.concatenate(([-1], last)))
    stroke = np.repeat(np.arange(len(last)), lengths)
    place = np.arange(len(owner)) - (last - lengths + 1)[stroke]
    # Nodes are about a fiftieth of the character's size apart.
    limit = np.minimum(most * 50 * 2, lengths / 5)
    cut = (rng.random((2, len(last))) * limit * (rng.random((2, len(last))) < 0.5)).astype(int)
    kept = (place >= cut[0][stroke]) & (place < (lengths - cut[1])[stroke])
    ends = place == (lengths - cut[1] - 1)[stroke]
    return Trail(trail.nodes[kept], ends[kept]), owner[kept]


def _coarsen(trail: Trail, owner: np.ndarray, every: np.ndarray) -> Trail:
    """As a slow device would have drawn it: of each character only each `every`-th node of its strokes, and their last."""
    last = np.flatnonzero(trail.ends)
    first = np.concatenate(([0], last[:-1] + 1))
    lengths = last - first + 1
    number = np.arange(len(owner))
    place, step = number - np.repeat(first, lengths), every[owner]
    left = number - place % step
    right = np.minimum(left + step, np.repeat(last, lengths))
    share = (number - left) / np.maximum(right - left, 1)
    nodes = trail.nodes[left] + (trail.nodes[right] - trail.nodes[left]) * share[:, None].astype(np.float32)
    return Trail(nodes, trail.ends)
