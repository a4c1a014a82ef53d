"""Samples to learn from or to measure with, resampled and packed into a few arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Iterable, Iterator, NamedTuple, Sequence

import numpy as np

from . import ink, picture
from .ink import Trail
from .raster import PEN_RADIUS, rasterize_batch

# Characters rasterised at a time.
BATCH = 256


class Collection(NamedTuple):
    """N characters.

    nodes : (n, 2) float32 and ends : (n,) bool, all trails one after another (see `ink.Trail`)
    starts : (N + 1,) int64, where each character's nodes begin; the last is n
    labels : (N,) str of one character each
    case_known : (N,) bool; where False the label counts for both cases
    writers : (N,) str, empty where nobody knows
    """

    nodes: np.ndarray
    ends: np.ndarray
    starts: np.ndarray
    labels: np.ndarray
    case_known: np.ndarray
    writers: np.ndarray

    def __len__(self) -> int:  # the number of characters, not of fields
        return len(self.starts) - 1

    def batch(self, index: np.ndarray) -> tuple[Trail, np.ndarray]:
        """The trails of some characters, and for each node which of them it belongs to (from 0)."""
        lengths = self.starts[index + 1] - self.starts[index]
        owner = np.repeat(np.arange(len(index)), lengths)
        offsets = np.cumsum(lengths) - lengths
        at = np.arange(len(owner)) + (self.starts[index] - offsets)[owner]
        return Trail(self.nodes[at], self.ends[at]), owner

    def pictures(self, index: np.ndarray | None = None) -> Iterator[np.ndarray]:
        """Network inputs of some characters, or of all, in order: batches (n, 3, 32, 32) as a reader sees them."""
        index = np.arange(len(self)) if index is None else index
        for start in range(0, len(index), BATCH):
            some = index[start : start + BATCH]
            trail, owner = self.batch(some)
            yield rasterize_batch(trail, owner, len(some), np.full(len(some), PEN_RADIUS, np.float32))

    def select(self, index: np.ndarray) -> "Collection":
        """Only the characters of `index` (int or bool)."""
        index = np.flatnonzero(index) if np.asarray(index).dtype == bool else np.asarray(index)
        trail, owner = self.batch(index)
        starts = np.concatenate(([0], np.cumsum(np.bincount(owner, minlength=len(index)))))
        return Collection(*trail, starts, self.labels[index], self.case_known[index], self.writers[index])

    def save(self, path: str | Path) -> None:
        np.savez(path, **self._asdict())

    @classmethod
    def load(cls, path: str | Path) -> "Collection":
        with np.load(path, allow_pickle=False) as archive:
            return cls(*(archive[name] for name in cls._fields))


def trail_of(sample) -> Trail | None:
    """The trail of one sample of strokes or pixels; None where there is no ink."""
    strokes = ink.validate(sample.strokes) if sample.strokes is not None else picture.trace(sample.pixels)
    return ink.resample(strokes) if strokes else None


def collect(samples: Iterable, trails: Iterable[Trail | None] | None = None) -> Collection:
    """Pack samples (`data.Sample`); those without ink are left out.

    trails : the samples' trails where they were made elsewhere, in other processes say
    """
    kept, packed = [], []
    for sample, trail in zip(samples, trails) if trails is not None else ((s, trail_of(s)) for s in samples):
        if trail is not None:
            packed.append(trail)
            kept.append((sample.label, sample.case_known, sample.writer))
    if not packed:
        return Collection(np.empty((0, 2), np.float32), np.empty(0, bool), np.zeros(1, int), np.empty(0, "U1"), np.empty(0, bool), np.empty(0, "U1"))
    labels, case_known, writers = zip(*kept)
    starts = np.concatenate(([0], np.cumsum([len(trail.nodes) for trail in packed])))
    return Collection(
        np.concatenate([trail.nodes for trail in packed]),
        np.concatenate([trail.ends for trail in packed]),
        starts, np.array(labels), np.array(case_known, bool), np.array(writers),
    )  # fmt: skip


def join(collections: Sequence[Collection]) -> Collection:
    """Several collections as one, in order."""
    shifts = np.cumsum([0] + [len(c.nodes) for c in collections[:-1]])
    starts = [c.starts[:-1] + shift for c, shift in zip(collections, shifts)] + [[shifts[-1] + len(collections[-1].nodes)]]
    joined = {name: np.concatenate([getattr(c, name) for c in collections]) for name in Collection._fields if name != "starts"}
    return Collection(starts=np.concatenate(starts), **joined)
