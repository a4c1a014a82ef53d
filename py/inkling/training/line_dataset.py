"""Lines of text to learn from or to measure on, framed once and kept as a few flat arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..data import Sample
from ..words.frame import Line, frame


class Lines(NamedTuple):
    """N lines.

    nodes : (M, 2) float32; ends : (M,) bool, of all lines one after another, as in `words.frame.Line`
    starts : (N + 1,) int, where each line's nodes begin
    widths : (N,) int, columns of each picture
    texts, writers, styles : (N,) str
    """

    nodes: np.ndarray
    ends: np.ndarray
    starts: np.ndarray
    widths: np.ndarray
    texts: np.ndarray
    writers: np.ndarray
    styles: np.ndarray

    def __len__(self) -> int:  # of the lines, not of the fields
        return len(self.texts)

    def gather(self, index: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Nodes, ends and owners (0 ... len(index) - 1) of some lines, one after another."""
        begin = self.starts[index]
        lengths = self.starts[index + 1] - begin
        owner = np.repeat(np.arange(len(index)), lengths)
        at = np.arange(lengths.sum()) + np.repeat(begin - np.cumsum(lengths) + lengths, lengths)
        return self.nodes[at], self.ends[at], owner

    def select(self, index: np.ndarray) -> Lines:
        """Some of the lines, in the order of `index`."""
        nodes, ends, owner = self.gather(index)
        starts = np.searchsorted(owner, np.arange(len(index) + 1))
        return Lines(nodes, ends, starts, *(field[index] for field in self[3:]))

    def save(self, path: str | Path) -> None:
        np.savez(path, **self._asdict())

    @classmethod
    def load(cls, path: str | Path) -> Lines:
        with np.load(path, allow_pickle=False) as arrays:
            return cls(**{name: arrays[name] for name in cls._fields})


def collect(samples: Iterable[Sample]) -> Lines:
    """Samples of text (`data.Sample`) as lines."""
    lines: list[Line] = []
    labels: list[tuple[str, str, str]] = []
    for sample in samples:
        lines.append(frame(np.concatenate(sample.ink), [len(stroke) for stroke in sample.ink]))
        labels.append((" ".join(sample.label.split()), sample.writer, sample.style))
    return pack(lines, labels)


def pack(lines: Sequence[Line], labels: Sequence[tuple[str, str, str]]) -> Lines:
    """Framed lines and, of each, text, writer and style."""
    nodes = np.concatenate([line.nodes for line in lines]) if lines else np.zeros((0, 2), np.float32)
    ends = np.concatenate([line.ends for line in lines]) if lines else np.zeros(0, bool)
    starts = np.concatenate(([0], np.cumsum([len(line.nodes) for line in lines]))).astype(int)
    fields = (np.array(field, np.str_) for field in (zip(*labels) if labels else ((), (), ())))
    return Lines(nodes, ends, starts, np.array([line.width for line in lines], int), *fields)


def join(several: Sequence[Lines]) -> Lines:
    """Several sets as one."""
    offsets = np.cumsum([0, *(len(lines.nodes) for lines in several)])
    starts = [lines.starts[:-1] + offset for lines, offset in zip(several, offsets)]
    fields = [np.concatenate(field) for field in zip(*(lines[3:] for lines in several))]
    return Lines(
        np.concatenate([lines.nodes for lines in several]),
        np.concatenate([lines.ends for lines in several]),
        np.concatenate([*starts, offsets[-1:]]),
        *fields,
    )
