"""Samples to learn from or to measure with, prepared and packed into a few arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .. import ink
from ..arrays import ArraysError, open_arrays
from ..data import Sample
from ..files import atomic_write
from ..ink import picture, tracing
from ..ink.raster import CHANNELS, PEN_RADIUS, SIDE, rasterize_batch
from ..ink.shading import shade
from ..ink.strokes import Trail

# Bytes of one array of a collection in a file.
LARGEST_FIELD = 8 * 2**30
# Characters rasterised at a time.
BATCH = 256


class Collection(NamedTuple):
    """N characters.

    Attributes
    ----------
    nodes, ends : (n, 2) float32, (n,) bool
        All trails one after another (see `ink.Trail`); pictures have trails too, traced.
    starts : (N + 1,) int64
        Where each character's nodes begin; the last is n.
    frames : (F, 64, 64) uint8
        Of the pictures (see `picture.frame`).
    framed : (N,) int64
        Which frame is the character's; -1 for ink.
    labels : (N,) str of one character each
    case_known : (N,) bool
        Where False the label counts for both cases.
    writers : (N,) str
        Empty where nobody knows.
    """

    nodes: np.ndarray
    ends: np.ndarray
    starts: np.ndarray
    frames: np.ndarray
    framed: np.ndarray
    labels: np.ndarray
    case_known: np.ndarray
    writers: np.ndarray

    def __len__(self) -> int:  # the number of characters, not of fields
        return len(self.starts) - 1

    def batch(self, index: np.ndarray) -> tuple[Trail, np.ndarray]:
        """The trails of the characters `index` (m,) int, and for each node which of them it belongs to, 0 to m - 1."""
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
            framed = self.framed[some] >= 0
            batch = np.empty((len(some), CHANNELS, SIDE, SIDE), np.float32)
            if framed.any():
                batch[framed] = shade(self.frames[self.framed[some[framed]]])
            if not framed.all():
                trail, owner = self.batch(some[~framed])
                count = len(some) - int(np.count_nonzero(framed))
                batch[~framed] = rasterize_batch(trail, owner, count, np.full(count, PEN_RADIUS, np.float32))
            yield batch

    def select(self, index: np.ndarray) -> Collection:
        """Only the characters of `index` (int or bool)."""
        index = np.flatnonzero(index) if np.asarray(index).dtype == bool else np.asarray(index)
        trail, owner = self.batch(index)
        starts = np.concatenate(([0], np.cumsum(np.bincount(owner, minlength=len(index)))))
        framed = self.framed[index]
        frames = self.frames[framed[framed >= 0]]
        framed = np.where(framed >= 0, np.cumsum(framed >= 0) - 1, -1)
        return Collection(*trail, starts, frames, framed, self.labels[index], self.case_known[index], self.writers[index])

    def save(self, path: str | Path) -> None:
        """Write it, whole or not at all."""
        with atomic_write(path) as file:
            np.savez(file, **self._asdict())

    @classmethod
    def load(cls, path: str | Path) -> Collection:
        """Read what `save` wrote. ValueError names the file and the field that is damaged."""
        try:
            with open_arrays(path) as archive:
                made = cls(*(archive.read(name, LARGEST_FIELD) for name in cls._fields))
        except ArraysError as error:
            what = f"field {error}" if error.field else f"not a collection, or cut short ({error})"
            raise ValueError(f"{path}: {what}") from None
        if wrong := made._wrong_field():
            raise ValueError(f"{path}: field '{wrong}' does not fit a collection")
        return made

    def _wrong_field(self) -> str:
        """The first field whose shape, numbers or places do not fit the others; "" where all do."""
        n, count, frames = self.ends.size, max(self.starts.size - 1, 0), len(np.atleast_1d(self.frames))
        expected = {
            "ends": ("b", (n,)), "nodes": ("f", (n, 2)), "starts": ("i", (count + 1,)),
            "frames": ("u", (frames, picture.FRAME, picture.FRAME)), "framed": ("i", (count,)),
            "labels": ("U", (count,)), "case_known": ("b", (count,)), "writers": ("U", (count,)),
        }  # fmt: skip
        for name, (kind, shape) in expected.items():
            array = getattr(self, name)
            if array.dtype.kind != kind or array.shape != shape:
                return name
        if not np.isfinite(self.nodes).all():
            return "nodes"
        if self.starts[0] != 0 or self.starts[-1] != n or (np.diff(self.starts) < 0).any():
            return "starts"
        if ((self.framed < -1) | (self.framed >= frames)).any():
            return "framed"
        return "" if np.isin(np.char.str_len(self.labels), 1).all() else "labels"


class Prepared(NamedTuple):
    """A sample as a network can learn it: its trail and, if it is a picture, its frame."""

    trail: Trail
    frame: np.ndarray | None = None


def prepare(sample: Sample) -> Prepared | None:
    """One sample of strokes or pixels; None where there is no ink. ValueError for more ink than a character holds."""
    if sample.strokes is not None:
        drawn = ink.validate(sample.strokes)
        return Prepared(ink.resample(drawn)) if drawn else None
    assert sample.pixels is not None, "a sample without strokes is a picture"
    traced, framed = ink.validate(tracing.trace(sample.pixels)), picture.frame(sample.pixels)
    return Prepared(ink.resample(traced), framed.levels) if traced and framed else None


def collect(samples: Iterable[Sample], prepared: Iterable[Prepared | None] | None = None) -> Collection:
    """Pack samples; those without ink are left out.

    Parameters
    ----------
    samples : iterable of Sample
    prepared : iterable, optional
        What `prepare` makes of each of them, where other processes did it.
    """
    made = zip(samples, prepared) if prepared is not None else ((sample, prepare(sample)) for sample in samples)
    kept = [(sample, *parts) for sample, parts in made if parts is not None]
    samples, trails, frames = zip(*kept) if kept else ((), (), ())
    framed = np.array([frame is not None for frame in frames], bool)
    return Collection(
        nodes=np.concatenate([np.empty((0, 2), np.float32), *(trail.nodes for trail in trails)]),
        ends=np.concatenate([np.empty(0, bool), *(trail.ends for trail in trails)]),
        starts=np.cumsum([0, *(len(trail.nodes) for trail in trails)]),
        frames=np.array([frame for frame in frames if frame is not None], np.uint8).reshape(
            -1, picture.FRAME, picture.FRAME
        ),
        framed=np.where(framed, np.cumsum(framed) - 1, -1),
        labels=np.array([sample.label for sample in samples], "U1"),
        case_known=np.array([sample.case_known for sample in samples], bool),
        writers=np.array([sample.writer for sample in samples], str),
    )


def join(collections: Sequence[Collection]) -> Collection:
    """Several collections as one, in order."""
    nodes, frames = (np.cumsum([0, *(len(getattr(c, name)) for c in collections)]) for name in ("nodes", "frames"))
    shifted = {
        "starts": [*(c.starts[:-1] + shift for c, shift in zip(collections, nodes)), nodes[-1:]],
        "framed": [np.where(c.framed >= 0, c.framed + shift, -1) for c, shift in zip(collections, frames)],
    }
    return Collection(
        **{name: np.concatenate(shifted.get(name) or [getattr(c, name) for c in collections]) for name in Collection._fields}
    )
