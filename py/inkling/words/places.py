"""Where in the ink the characters of a text stand: the network's columns, taken back to the points under them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .alphabet import encode
from .decode import align
from .frame import STRIDE, Line


class Span(NamedTuple):
    """A piece of ink: of one stroke, from one point to another, both counted from 0 and both in it."""

    stroke: int
    first: int
    last: int


class Character(NamedTuple):
    """One character of a text, how sure the network is of it by its ink alone, and which ink shows it."""

    label: str
    probability: float
    spans: list[Span]


class Columns(NamedTuple):
    """What the network sees of one row of ink.

    log_probabilities : (T, K + 1) float, of each class of `ALPHABET` and the blank in each column
    line : the row in its frame; column t is about x = (t + 0.5) * `STRIDE` there
    lengths : points of each stroke
    """

    log_probabilities: np.ndarray
    line: Line
    lengths: Sequence[int]


class Places(NamedTuple):
    """Where a text of L characters stands in T columns.

    path : (T,) int, the place in the text that each column shows, -1 for a blank
    peaks : (L,) int, the column in which each character is surest, -1 where there are fewer columns than characters
    """

    path: np.ndarray
    peaks: np.ndarray


def places(texts: Sequence[str], log_probabilities: np.ndarray) -> list[Places]:
    """Where each of some texts, none of which is empty, stands by its likeliest path."""
    found = []
    classes = [encode(text) for text in texts]
    for labels, path in zip(classes, align(log_probabilities, classes)):
        columns = [np.flatnonzero(path == place) for place in range(len(labels))]
        peaks = [at[log_probabilities[at, label].argmax()] if len(at) else -1 for at, label in zip(columns, labels)]
        found.append(Places(path, np.array(peaks)))
    return found


def middles(peaks: np.ndarray) -> np.ndarray:
    """x of columns in the line's frame."""
    return (peaks + 0.5) * STRIDE


def strokes_of(columns: Columns) -> np.ndarray:
    """(n,) which stroke each node of the line is of."""
    ends = np.cumsum(columns.lengths)
    return np.minimum(np.searchsorted(ends, columns.line.source, side="right"), len(ends) - 1)


def characters(text: str, columns: Columns, where: Places) -> list[Character]:
    """The characters of a text that stands at these places, each with its ink."""
    log_probabilities, line, peaks = columns.log_probabilities, columns.line, where.peaks
    sure = np.exp(log_probabilities[peaks, encode(text)]).tolist()
    # Between two characters the ink belongs to the nearer peak.
    x = middles(peaks)
    owner = np.searchsorted((x[1:] + x[:-1]) / 2, line.nodes[:, 0])
    first = np.cumsum([0, *columns.lengths])
    stroke = strokes_of(columns)
    spans: list[list[Span]] = [[] for _ in text]
    begins = np.flatnonzero(np.concatenate(([True], (np.diff(owner) != 0) | (np.diff(stroke) != 0))))
    for begin, end in zip(begins, [*begins[1:], len(owner)]):
        number = int(stroke[begin])
        low = int(np.floor(line.source[begin])) - first[number]
        high = min(int(np.ceil(line.source[end - 1])), first[number + 1] - 1) - first[number]
        if text[owner[begin]] != " ":
            spans[owner[begin]].append(Span(number, int(low), int(high)))
    return [Character(label, one, each) for label, one, each in zip(text, sure, spans)]
