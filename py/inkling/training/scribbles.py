"""Ink that is no character, to learn to reject: random strokes, half a character, two on top of each other."""

from __future__ import annotations

import numpy as np

from ..ink.strokes import STEPS, Trail
from .dataset import Collection

KINDS = ("random strokes", "half a character", "two characters")


def scribbles(kind: str, collection: Collection, count: int, rng: np.random.Generator) -> tuple[Trail, np.ndarray]:
    """Scribbles of one kind, made from characters of a collection.

    Returns
    -------
    trail, owner : Trail, (n,) int
        `count` of them one after another, not yet fitted into their frame, and to which each node belongs.
    """
    if kind == "random strokes":
        return _random_strokes(count, rng)
    if kind == "half a character":
        return _halves(collection, count, rng)
    if kind == "two characters":
        return _pairs(collection, count, rng)
    raise ValueError(f"kind is one of {', '.join(KINDS)}, not {kind!r}")


def join_trails(parts: list[tuple[Trail, np.ndarray, int]]) -> tuple[Trail, np.ndarray, int]:
    """Several (trail, owner, count) one after another, as one."""
    trails, owners, counts = zip(*parts)
    shifts = np.cumsum((0, *counts[:-1]))
    nodes, ends = (np.concatenate(arrays) for arrays in zip(*trails))
    return Trail(nodes, ends), np.concatenate([o + s for o, s in zip(owners, shifts)]), sum(counts)


def _random_strokes(count: int, rng: np.random.Generator) -> tuple[Trail, np.ndarray]:
    """One to five strokes each: the pen's direction wanders, or turns steadily, or jumps back and forth."""
    length = 4 * STEPS
    turn = rng.standard_normal((count, length)) * rng.uniform(0.02, 0.45, (count, 1))
    turn += rng.normal(0, 0.06, (count, 1))
    turn += (rng.random((count, length)) < rng.uniform(0, 0.06, (count, 1))) * rng.uniform(-np.pi, np.pi, (count, length))
    angle = np.cumsum(turn, axis=1) + rng.uniform(0, 2 * np.pi, (count, 1))
    nodes = np.cumsum(np.stack([np.cos(angle), np.sin(angle)], axis=2) / STEPS, axis=1)

    # Strokes by chance; each after the first starts somewhere else.
    ends = rng.random((count, length)) < rng.integers(0, 5, (count, 1)) / length
    ends[:, -1] = True
    stroke = np.cumsum(np.roll(ends.ravel(), 1)) - 1
    stroke -= stroke[0]
    nodes = nodes.reshape(-1, 2) + rng.normal(0, 0.5, (stroke[-1] + 1, 2))[stroke]

    # Of different lengths: the first part of each, a quarter at least.
    owner = np.repeat(np.arange(count), length)
    kept = (np.arange(length) < rng.uniform(0.25, 1.0, (count, 1)) * length).ravel()
    return _cut(Trail(nodes.astype(np.float32), ends.ravel()), owner, kept)


def _halves(collection: Collection, count: int, rng: np.random.Generator) -> tuple[Trail, np.ndarray]:
    """What lies on one side of a straight cut through the middle of the ink."""
    trail, owner = collection.batch(rng.integers(0, len(collection), count))
    angle = rng.integers(0, 8, count) * (np.pi / 4)
    across = (trail.nodes * np.stack([np.cos(angle), np.sin(angle)], axis=1)[owner]).sum(axis=1)
    order = np.lexsort((across, owner))
    rank = np.empty(len(owner), int)
    sizes = np.bincount(owner, minlength=count)
    rank[order] = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return _cut(trail, owner, rank < np.maximum(sizes // 2, 2)[owner])


def _pairs(collection: Collection, count: int, rng: np.random.Generator) -> tuple[Trail, np.ndarray]:
    """Two characters drawn over each other, the second a little moved and larger or smaller."""
    trail, owner = collection.batch(rng.integers(0, len(collection), 2 * count))
    scale = np.where(np.arange(2 * count) % 2, rng.uniform(0.7, 1.2, 2 * count), 1.0)
    shift = rng.uniform(-0.3, 0.3, (2 * count, 2)) * (np.arange(2 * count) % 2)[:, None]
    nodes = trail.nodes * scale[owner, None] + shift[owner]
    return Trail(nodes.astype(np.float32), trail.ends), owner // 2


def _cut(trail: Trail, owner: np.ndarray, kept: np.ndarray) -> tuple[Trail, np.ndarray]:
    """Only the kept nodes; a stroke ends where the node after it is gone."""
    ends = trail.ends.copy()
    ends[:-1] |= ~kept[1:]
    return Trail(trail.nodes[kept], ends[kept]), owner[kept]
