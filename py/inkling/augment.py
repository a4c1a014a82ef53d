"""Other people's hands from one person's ink: random changes of trails, for training only."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .ink import Trail
from .raster import PEN_RADIUS


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


def augment(trail: Trail, owner: np.ndarray, count: int, rng: np.random.Generator, strength: Strength = Strength()):
    """Change each of `count` characters at random.

    Returns (Trail, owner, radius): trails fitted anew into their frame, `owner` for the nodes
    that are left, and radius (count,) float32, half of each character's pen width in pixels.
    """
    trail, owner = _trim(trail, owner, rng, strength.trim)
    if strength.coarse:
        trail = _coarsen(trail, owner, np.where(rng.random(count) < strength.coarse, rng.integers(2, 8, count), 1))
    stroke = np.concatenate(([0], np.cumsum(trail.ends)[:-1]))

    def normal(*shape):
        return rng.standard_normal(shape, dtype=np.float32)

    x, y = np.ascontiguousarray(trail.nodes.T)

    # Slow waves: half to one and a half periods over the character, along and across.
    for _ in range(2):
        frequency = rng.uniform(0.5, 1.5, (4, count)).astype(np.float32) * np.float32(2 * np.pi)
        phase = rng.uniform(0, 2 * np.pi, (2, count)).astype(np.float32)
        size = normal(2, count) * np.float32(strength.warp / np.sqrt(2))
        fx, gx, fy, gy = frequency[:, owner]
        px, py = phase[:, owner]
        sx, sy = size[:, owner]
        x, y = x + sx * np.sin(fx * y + (gx - np.float32(2 * np.pi)) * x + px), y + sy * np.sin(fy * x + (gy - np.float32(2 * np.pi)) * y + py)

    shifts = normal(2, int(stroke[-1]) + 1) * np.float32(strength.stroke)
    x, y = x + shifts[0, stroke], y + shifts[1, stroke]

    if strength.tremor:
        shake = normal(2, len(x)) * (normal(count) * np.float32(strength.tremor * 3))[owner]
        for _ in range(4):
            shake[:, 1:-1] = (shake[:, :-2] + 2 * shake[:, 1:-1] + shake[:, 2:]) * np.float32(0.25)
        x, y = x + shake[0], y + shake[1]

    angle, shear = normal(count) * np.float32(strength.rotation), normal(count) * np.float32(strength.shear)
    wide = np.exp(normal(count) * np.float32(strength.aspect / 2))
    cosine, sine = np.cos(angle), np.sin(angle)
    x, y = x * wide[owner] + y * shear[owner], y / wide[owner]
    x, y = x * cosine[owner] - y * sine[owner], x * sine[owner] + y * cosine[owner]

    nodes = fit(np.stack([x, y], axis=1), owner, count)
    scale = np.exp(normal(count) * np.float32(strength.scale))
    shift = normal(count, 2) * np.float32(strength.shift)
    nodes = nodes * np.clip(scale, 0.85, 1.15)[owner, None] + np.clip(shift, -0.06, 0.06)[owner]
    radius = PEN_RADIUS * np.exp(normal(count) * np.float32(strength.pen))
    return Trail(nodes, trail.ends), owner, np.clip(radius, 0.55, 1.5).astype(np.float32)


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
    # A node is about a fiftieth of the character's size.
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
