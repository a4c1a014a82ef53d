"""The words of a row, each with what else it may be."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from .alphabet import ALPHABET
from .decode import IMPOSSIBLE, Found, texts_of
from .places import Character, Columns, Places, middles, strokes_of
from .scoring import Scorer

SPACE = ALPHABET.index(" ")
# Characters that some column of another's takes for as likely as this are its alternatives, and at most so many.
LEAST, MOST = 0.01, 4


class Reading(NamedTuple):
    """What a word may be, how probable that is, and whether it is what the ink alone says."""

    text: str
    probability: float
    is_literal: bool


class Word(NamedTuple):
    """One word of a row.

    text : without spaces
    start : the place of its first character in the row's text
    strokes : numbers of its strokes; each stroke of the row is in the word that most of it stands under
    readings : best first, what the word was read as first of all; what the ink alone says is always among them
    characters : of `text`
    alternatives : for each character what else it may be, likeliest first; of a letter its other case is one
    """

    text: str
    start: int
    strokes: list[int]
    readings: list[Reading]
    characters: list[Character]
    alternatives: list[list[str]]


def words(
    text: str,
    columns: Columns,
    found: Places,
    characters: Sequence[Character],
    scorer: Scorer | None,
    temperature: float,
    top: int,
) -> list[Word]:
    """The words of a row's text; `found` and `characters` are of that text."""
    spaces = [-1, *(place for place, label in enumerate(text) if label == " "), len(text)]
    strokes = _strokes(columns, found, np.array(spaces[1:-1], int))
    made = []
    for number, (before, behind) in enumerate(pairwise(spaces)):
        word, start = text[before + 1 : behind], before + 1
        own = list(characters[start:behind])
        shown = _shown(columns.log_probabilities, found.path, before, behind)
        readings = readings_of(word, shown, scorer, temperature, top)
        alternatives = [_alternatives(columns, found.path == place, text[place]) for place in range(start, behind)]
        under = strokes[number] or sorted({span.stroke for character in own for span in character.spans})
        made.append(Word(word, start, under, readings, own, alternatives))
    return made


def readings_of(
    word: str, log_probabilities: np.ndarray, scorer: Scorer | None, temperature: float, top: int
) -> list[Reading]:
    """What the columns of a word that was read as `word` may say: at most `top` readings, and the literal one."""
    found = {one.text: one for one in texts_of(log_probabilities, scorer)}
    literal = texts_of(log_probabilities, None)[0].text if scorer is not None else next(iter(found))
    worst = min(one.score for one in found.values()) - 1.0
    for text in (word, literal):
        found.setdefault(text, Found(text, worst, worst))
    texts = list(found)
    scores = np.array([found[text].score for text in texts]) / temperature
    probabilities = np.exp(scores - scores.max())
    probabilities /= probabilities.sum()
    order = sorted(range(len(texts)), key=lambda i: (texts[i] != word, -probabilities[i]))
    best = order[:top]
    if top > 1 and literal not in [texts[i] for i in best]:
        best[-1] = texts.index(literal)
    return [Reading(texts[i], float(probabilities[i]), texts[i] == literal) for i in best if texts[i]]


def _shown(log_probabilities: np.ndarray, path: np.ndarray, before: int, behind: int) -> np.ndarray:
    """The columns between two spaces of the text, whose places in it are given, with no space in them."""
    left, right = np.flatnonzero(path == before), np.flatnonzero(path == behind)
    first = left[-1] + 1 if before >= 0 and len(left) else 0
    last = right[0] if len(right) else len(path)
    shown = log_probabilities[first : max(last, first + 1)].copy()
    shown[:, SPACE] = IMPOSSIBLE
    return shown


def _strokes(columns: Columns, found: Places, spaces: np.ndarray) -> list[list[int]]:
    """Of each word the strokes that mostly stand under it; borders are where spaces are surest."""
    owner = np.searchsorted(middles(found.peaks[spaces]), columns.line.nodes[:, 0])
    counts = np.zeros((len(columns.lengths), len(spaces) + 1), int)
    np.add.at(counts, (strokes_of(columns), owner), 1)
    of = counts.argmax(axis=1)
    return [np.flatnonzero(of == word).tolist() for word in range(len(spaces) + 1)]


def _alternatives(columns: Columns, shows: np.ndarray, label: str) -> list[str]:
    """What else the columns that show a character may say."""
    log_probabilities = columns.log_probabilities[shows, :-1]
    likely = log_probabilities.max(axis=0, initial=IMPOSSIBLE)
    likely[[SPACE, ALPHABET.index(label)]] = IMPOSSIBLE
    best = [k for k in np.argsort(-likely)[:MOST].tolist() if likely[k] > np.log(LEAST)]
    others = [ALPHABET[k] for k in best]
    case = label.swapcase()
    if case != label and case not in others and columns.is_free:
        others.append(case)
    return others
