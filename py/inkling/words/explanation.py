"""How a row was read: what each column says, the way that was taken through them, and what a language added."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .alphabet import ALPHABET, encode
from .decode import LITERAL_BEAM, Search, align
from .frame import STRIDE
from .places import Columns
from .scoring import Scorer

# Of a column, so many classes are told that have at least this probability; the best is told in any case.
MOST, LEAST = 4, 0.01


class Explanation(NamedTuple):
    """How a row was read.

    text, literal : what was read, and what the ink alone says
    columns : (T,) float, x of each column's middle, in the ink's unit
    best : of each column the likeliest (label, probability), likeliest first; "" is the blank
    path : (column, label) of each column that shows a character of the text; the others are blank
    gain : (word, nats) of each word of the text: how much more the language gives for it than for as many characters
        that are no language; 0 where there is no language, or it knows nothing better
    """

    text: str
    literal: str
    columns: np.ndarray
    best: list[list[tuple[str, float]]]
    path: list[tuple[int, str]]
    gain: list[tuple[str, float]]


def explained(columns: Columns, scorer: Scorer | None) -> Explanation:
    """How `columns` are read with the language of `scorer`, or by themselves."""
    log_probabilities = columns.log_probabilities
    text = Search(scorer).texts(log_probabilities)[0].text
    literal = Search(beam=LITERAL_BEAM).texts(log_probabilities)[0].text if scorer else text
    path = align(log_probabilities, [encode(text)])[0] if text else np.empty(0, int)
    return Explanation(
        text,
        literal,
        columns.line.fit.ink_x((np.arange(len(log_probabilities)) + 0.5) * STRIDE),
        [_best(row) for row in np.exp(log_probabilities)],
        [(int(column), text[path[column]]) for column in np.flatnonzero(path >= 0)],
        gains(text, scorer) if scorer else [(word, 0.0) for word in text.split()],
    )


def gains(text: str, scorer: Scorer) -> list[tuple[str, float]]:
    """(word, nats) of each word of a text: what the language gives for it beyond what any characters get."""
    gain = []
    token = scorer.first
    for word in text.split():
        for character in word:
            token, _ = scorer.step(token, character)
        gain.append((word, scorer.end(token) - token.literal))
        token = scorer.next
    return gain


def _best(probabilities: np.ndarray) -> list[tuple[str, float]]:
    order = np.argsort(-probabilities)[:MOST].tolist()
    return [
        ("" if k == len(ALPHABET) else ALPHABET[k], float(probabilities[k]))
        for place, k in enumerate(order)
        if place == 0 or probabilities[k] >= LEAST
    ]
