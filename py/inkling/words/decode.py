"""From columns of probabilities to texts: prefix beam search (Hannun et al. 2014, algorithm 1), the language beside it.

A prefix is a node of a tree: many paths of CTC spell it, and their probabilities are added up in two sums, of paths that
end in a blank and of those that do not, since only after a blank the same character may begin anew.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from .alphabet import ALPHABET
from .own import IMPOSSIBLE
from .scoring import START, Scorer, Token

BEAM = 24
# What the ink alone says needs fewer prefixes, as only the best is told: of 850 texts two came out otherwise than with 24.
LITERAL_BEAM = 8
# Characters of a column that are less likely than this are not tried, and at most so many are.
LEAST, MOST = 5e-4, 14
# Columns of which so much is blank only lengthen what is there.
BLANK_ALONE = 0.9995
# What begins with so much less than the beam's first text has is not begun: no language would make up for it.
UNLIKELY = 1e-8
# Sums are brought back to 1 when the largest is less than this.
SMALL = 1e-100


class Found(NamedTuple):
    """A text, log p(text | ink) by the paths that the beam kept, and that with what the language says of it."""

    text: str
    ink: float
    score: float


class _Prefix:
    """A text so far.

    settled : the language's score of its finished tokens; token : the unfinished one; score : of both
    gain : by what factor the score differs from that of the text before its last character
    """

    __slots__ = ("children", "gain", "number", "parent", "score", "settled", "token")

    def __init__(self, parent: _Prefix | None, number: int, settled: float, token: Token, score: float):
        self.parent, self.number, self.settled, self.token, self.score = parent, number, settled, token, score
        self.gain = math.exp(min(score - parent.score, 700.0)) if parent else 1.0
        self.children = _CHILDLESS

    def child(self, number: int, scorer: Scorer | None) -> _Prefix:
        if scorer is None:
            made = _Prefix(self, number, 0.0, START, 0.0)
        else:
            token, settled = scorer.step(self.token, ALPHABET[number])
            settled += self.settled
            made = _Prefix(self, number, settled, token, settled + scorer.open(token))
        if self.children is _CHILDLESS:
            self.children = {}
        self.children[number] = made
        return made

    def text(self) -> str:
        characters, prefix = [], self
        while prefix.parent is not None:
            characters.append(ALPHABET[prefix.number])
            prefix = prefix.parent
        return "".join(reversed(characters))


# Most prefixes never have any.
_CHILDLESS: dict[int, _Prefix] = {}

# Of each prefix in the beam the two sums, each times the exponential of the prefix's score.
Beam = dict[_Prefix, tuple[float, float]]


class Search:
    """Prefix beam search that remembers its beam at every column: of the next columns, it begins where they differ.

    scorer : the language, or None to go by the columns alone
    beam : prefixes that are kept from one column to the next
    start : the token that the columns begin with, unless that is a text's first one
    """

    def __init__(self, scorer: Scorer | None = None, beam: int = BEAM, start: Token | None = None):
        self._scorer, self._beam = scorer, beam
        self._most_gain = math.exp(min(scorer.most, 700.0)) if scorer else 1.0
        root = _Prefix(None, -1, 0.0, start or (scorer.first if scorer else START), 0.0)
        self._columns = np.empty((0, len(ALPHABET) + 1))
        # Before each column and after the last one: the beam, and the logarithm of what its sums are to be multiplied by.
        self._beams: list[tuple[Beam, float]] = [({root: (1.0, 0.0)}, 0.0)]

    def found(self, log_probabilities: np.ndarray) -> list[Found]:
        """(T, K + 1) log probabilities, the last class is the blank -> texts, best first."""
        known = min(len(self._columns), len(log_probabilities))
        differs = (self._columns[:known] != log_probabilities[:known]).any(axis=1)
        known = int(differs.argmax()) if differs.any() else known
        del self._beams[known + 1 :]
        probabilities = np.exp(log_probabilities[known:])
        order = np.argsort(-probabilities[:, :-1], axis=1)[:, :MOST]
        for row, best in zip(probabilities.tolist(), order.tolist()):
            tried = [] if row[-1] > BLANK_ALONE else [(number, row[number]) for number in best if row[number] > LEAST]
            self._beams.append(self._after(*self._beams[-1], row, tried))
        self._columns = log_probabilities
        found = []
        beam, scale = self._beams[-1]
        for prefix, sums in beam.items():
            ink = math.log(sum(sums)) + scale - prefix.score
            score = ink if self._scorer is None else ink + prefix.settled + self._scorer.end(prefix.token)
            found.append(Found(prefix.text(), ink, score))
        return sorted(found, key=lambda one: -one.score)

    def texts(self, log_probabilities: np.ndarray) -> list[Found]:
        """The same with single spaces and none at the ends; of equal texts the best."""
        found: dict[str, Found] = {}
        for one in self.found(log_probabilities):
            text = " ".join(one.text.split())
            found.setdefault(text, one._replace(text=text))
        # Where there is ink, nothing is an answer only if there is no other.
        nothing = found.pop("", None)
        return list(found.values()) or [nothing or Found("", 0.0, 0.0)]

    def _after(self, before: Beam, scale: float, row: list[float], tried: Iterable[tuple[int, float]]) -> tuple[Beam, float]:
        """The beam after one more column, of probabilities `row`, of whose characters some are tried."""
        at_blank, scorer = row[-1], self._scorer
        after: Beam = {}
        for prefix, (by_blank, by_label) in before.items():
            after[prefix] = (by_blank + by_label) * at_blank, by_label * row[prefix.number] if by_label else 0.0
        # What is less than all that the beam holds already is not worth its way through the language.
        full = len(after) >= self._beam
        least = min(a + b for a, b in after.values()) / self._most_gain if full else 0.0
        unlikely = UNLIKELY * sum(next(iter(before.values())))
        for prefix, (by_blank, by_label) in before.items():
            both = by_blank + by_label
            for number, probability in tried:
                # The same character begins anew only after a blank.
                begins = (by_blank if number == prefix.number else both) * probability
                if begins <= unlikely:
                    continue
                child = prefix.children.get(number)
                if child is None:
                    if begins <= least:
                        continue
                    child = prefix.child(number, scorer)
                begins *= child.gain
                known = after.get(child)
                after[child] = (known[0], known[1] + begins) if known else (0.0, begins)
        ranked = sorted(after.items(), key=_negative_sum)[: self._beam]
        largest = sum(ranked[0][1])
        if largest > SMALL:
            return {prefix: sums for prefix, sums in ranked if sums[0] or sums[1]}, scale
        return {prefix: (a / largest, b / largest) for prefix, (a, b) in ranked if a or b}, scale + math.log(largest)


def _negative_sum(item: tuple[_Prefix, tuple[float, float]]) -> float:
    a, b = item[1]
    return -a - b


def align(log_probabilities: np.ndarray, texts: Sequence[np.ndarray]) -> np.ndarray:
    """The likeliest path that spells each text: (N, T) the place in the text that each column shows, -1 for a blank.

    log_probabilities : (T, K + 1), the last class is the blank; texts : N int arrays (L,) of classes, L at least 1
    """
    blank = log_probabilities.shape[1] - 1
    lengths = np.array([len(text) for text in texts])
    states = np.full((len(texts), 2 * lengths.max() + 1), blank)
    for row, text in zip(states, texts):
        row[1 : 2 * len(text) : 2] = text
    emitted = log_probabilities[:, states]
    # From the state before the last one a path comes only to another character: not to a blank, nor to the same anew.
    barred = np.zeros(states.shape)
    barred[:, 2::2] = IMPOSSIBLE * 10
    barred[:, 3::2][states[:, 3::2] == states[:, 1:-2:2]] = IMPOSSIBLE * 10
    best = np.full(states.shape, IMPOSSIBLE * 10)
    best[:, :2] = emitted[0, :, :2]
    came_from = np.zeros(emitted.shape, np.int8)
    ways = np.full((3, *states.shape), IMPOSSIBLE * 10)
    for column in range(1, len(emitted)):
        ways[0], ways[1, :, 1:] = best, best[:, :-1]
        np.add(best[:, :-2], barred[:, 2:], out=ways[2, :, 2:])
        came_from[column] = ways.argmax(axis=0)
        best = ways.max(axis=0) + emitted[column]
    number = np.arange(len(texts))
    state = 2 * lengths
    state -= best[number, state] < best[number, state - 1]
    path = np.empty((len(texts), len(emitted)), int)
    for column in range(len(emitted) - 1, -1, -1):
        path[:, column] = np.where(state % 2, state // 2, -1)
        state -= came_from[column, number, state]
    return path
