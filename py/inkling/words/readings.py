"""From what the network sees of a row to its text and its words, each with what else it may be."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from .alphabet import ALPHABET
from .decode import LITERAL_BEAM, Found, Search
from .places import Character, Columns, Places, characters, middles, places, strokes_of
from .scoring import Scorer

SPACE = ALPHABET.index(" ")
# Log probability of what may not be read.
BARRED = -1e4
# Characters that some column of another's takes for as likely as this are its alternatives, and at most so many.
LOG_LEAST, MOST = math.log(0.01), 4


class Text(NamedTuple):
    """A text, the probability, 0 to 1, that it is what was written, and its characters."""

    text: str
    probability: float
    characters: list[Character]


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


class Decoder:
    """Decodes the columns of one row. Asked again when some of them have changed, it begins where they differ.

    scorer : the language, or None to go by the ink alone
    temperature : what scores are divided by, so that probabilities are as frequent as they say
    """

    def __init__(self, scorer: Scorer | None, temperature: float):
        self.scorer, self._temperature = scorer, temperature
        self._row, self._literal = Search(scorer), Search(beam=LITERAL_BEAM)
        # Of each word by its first column: with the language and without.
        self._words: dict[int, tuple[Search, Search]] = {}

    def texts(self, columns: Columns, top: int) -> list[Text]:
        """The `top` best texts, best first; what the ink alone says is among them."""
        found = self._row.texts(columns.log_probabilities)
        best = found[:top]
        if self.scorer and top > 1:
            literal = self._literal.texts(columns.log_probabilities)[0].text
            if literal not in [one.text for one in best]:
                best = [*best[: top - 1], _found(literal, found)]
        spelled = [one.text for one in best if one.text]
        where = dict(zip(spelled, places(spelled, columns.log_probabilities))) if spelled else {}
        told = [characters(one.text, columns, where[one.text]) if one.text else [] for one in best]
        return [Text(one.text, self._probability(one, found), each) for one, each in zip(best, told)]

    def words(self, columns: Columns, top: int) -> tuple[Text, list[Word]]:
        """The best text, and its words with at most `top` readings each."""
        found = self._row.texts(columns.log_probabilities)
        text, probability = found[0].text, self._probability(found[0], found)
        if not text:
            return Text("", probability, []), []
        (where,) = places([text], columns.log_probabilities)
        told = Text(text, probability, characters(text, columns, where))
        spaces = [-1, *(place for place, label in enumerate(text) if label == " "), len(text)]
        strokes = _strokes(columns, where, np.array(spaces[1:-1], int))
        before, self._words = self._words, {}
        words = []
        for number, (left, right) in enumerate(pairwise(spaces)):
            start, word = left + 1, text[left + 1 : right]
            first, shown = _shown(columns.log_probabilities, where.path, left, right)
            searches = before.get(first) or self._searches(number == 0)
            self._words[first] = searches
            own = told.characters[start:right]
            others = [_alternatives(columns, where.path == place, text[place]) for place in range(start, right)]
            under = strokes[number] or sorted({span.stroke for character in own for span in character.spans})
            # Where there is one word only, the row's search has said what it may be.
            alike = [one for one in found if " " not in one.text] if len(spaces) == 2 else searches[0].texts(shown)
            words.append(Word(word, start, under, self._readings(word, alike, searches[1], shown, top), own, others))
        return told, words

    def _searches(self, is_first: bool) -> tuple[Search, Search]:
        start = self.scorer.next if self.scorer and not is_first else None
        return Search(self.scorer, start=start), Search(beam=LITERAL_BEAM)

    def _readings(self, word: str, found: list[Found], alone: Search, shown: np.ndarray, top: int) -> list[Reading]:
        """What the columns of a word may say, `found` and what they say alone: at most `top`, `word` first."""
        literal = alone.texts(shown)[0].text if self.scorer else found[0].text
        for text in (word, literal):
            if all(one.text != text for one in found):
                found.append(_found(text, found))
        found.sort(key=lambda one: (one.text != word, -one.score))
        best = found[:top]
        if top > 1 and all(one.text != literal for one in best):
            best[-1] = next(one for one in found if one.text == literal)
        return [Reading(one.text, self._probability(one, found), one.text == literal) for one in best]

    def _probability(self, one: Found, found: list[Found]) -> float:
        """What else the beam holds counts too: a text among many near ones is less sure."""
        scores = np.array([other.score for other in found])
        return float(1 / np.exp((scores - one.score) / self._temperature).sum())


def _found(text: str, found: list[Found]) -> Found:
    """A text, as it was found, or just below the worst that was."""
    for one in found:
        if one.text == text:
            return one
    worst = min(one.score for one in found) - 1.0
    return Found(text, worst, worst)


def _shown(log_probabilities: np.ndarray, path: np.ndarray, left: int, right: int) -> tuple[int, np.ndarray]:
    """The columns between two spaces of the text, whose places in it are given, and the first one's number."""
    before, behind = np.flatnonzero(path == left), np.flatnonzero(path == right)
    first = int(before[-1]) + 1 if left >= 0 and len(before) else 0
    last = int(behind[0]) if len(behind) else len(path)
    shown = log_probabilities[first : max(last, first + 1)].copy()
    shown[:, SPACE] = BARRED
    return first, shown


def _strokes(columns: Columns, where: Places, spaces: np.ndarray) -> list[list[int]]:
    """Of each word the strokes that mostly stand under it; borders are where spaces are surest."""
    owner = np.searchsorted(middles(where.peaks[spaces]), columns.line.nodes[:, 0])
    counts = np.zeros((len(columns.lengths), len(spaces) + 1), int)
    np.add.at(counts, (strokes_of(columns), owner), 1)
    of = counts.argmax(axis=1)
    return [np.flatnonzero(of == word).tolist() for word in range(len(spaces) + 1)]


def _alternatives(columns: Columns, shows: np.ndarray, label: str) -> list[str]:
    """What else the columns that show a character may say."""
    likely = columns.log_probabilities[shows, :-1].max(axis=0, initial=BARRED)
    case = ALPHABET.find(label.swapcase())
    has_case = label.swapcase() != label and likely[case] > BARRED
    likely[[SPACE, ALPHABET.index(label)]] = BARRED
    best = [k for k in np.argsort(-likely)[:MOST].tolist() if likely[k] > LOG_LEAST]
    if has_case and case not in best:
        best.append(case)
    return [ALPHABET[k] for k in best]
