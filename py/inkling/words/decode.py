"""From columns of probabilities to texts: prefix beam search (Hannun et al. 2014, algorithm 1), the language beside it.

A prefix is a node of a tree: many paths of CTC spell it, and their probabilities are added up in two sums, of paths that
end in a blank and of those that do not, since only after a blank the same character may begin anew.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from .alphabet import ALPHABET
from .scoring import START, Scorer, Token

IMPOSSIBLE = -1e9
BEAM = 16
# Characters of a column that are less likely than this are not tried, and at most so many are.
LEAST, MOST = math.log(5e-4), 14
# Columns of which so much is blank only lengthen what is there.
BLANK_ALONE = math.log(0.9995)


class Found(NamedTuple):
    """A text, log p(text | ink) by the paths that the beam kept, and that with what the language says of it."""

    text: str
    ink: float
    score: float


class _Prefix:
    """A text so far: `settled` is the language's score of its finished tokens, `token` the unfinished one."""

    __slots__ = ("children", "number", "parent", "score", "settled", "token")

    def __init__(self, parent: _Prefix | None, number: int, settled: float, token: Token, score: float):
        self.parent, self.number, self.settled, self.token, self.score = parent, number, settled, token, score
        self.children: dict[int, _Prefix] = {}

    def child(self, number: int, scorer: Scorer | None) -> _Prefix:
        found = self.children.get(number)
        if found is None:
            if scorer is None:
                found = _Prefix(self, number, 0.0, START, 0.0)
            else:
                token, settled = scorer.step(self.token, ALPHABET[number])
                settled += self.settled
                found = _Prefix(self, number, settled, token, settled + scorer.open(token))
            self.children[number] = found
        return found

    def text(self) -> str:
        characters, prefix = [], self
        while prefix.parent is not None:
            characters.append(ALPHABET[prefix.number])
            prefix = prefix.parent
        return "".join(reversed(characters))


def beam_search(log_probabilities: np.ndarray, scorer: Scorer | None = None, beam: int = BEAM) -> list[Found]:
    """(T, K + 1) log probabilities, the last class is the blank -> texts, best first."""
    blank = len(ALPHABET)
    root = _Prefix(None, -1, 0.0, START, 0.0)
    alive: dict[_Prefix, tuple[float, float]] = {root: (0.0, IMPOSSIBLE)}
    order = np.argsort(-log_probabilities[:, :blank], axis=1)[:, :MOST]
    for row, best in zip(log_probabilities.tolist(), order.tolist()):
        at_blank = row[blank]
        tried = [] if at_blank > BLANK_ALONE else [number for number in best if row[number] > LEAST]
        after: dict[_Prefix, tuple[float, float]] = {}
        for prefix, (by_blank, by_label) in alive.items():
            both = _add(by_blank, by_label)
            last = prefix.number
            kept_blank, kept_label = after.get(prefix, (IMPOSSIBLE, IMPOSSIBLE))
            stays = by_label + row[last] if last >= 0 else IMPOSSIBLE
            after[prefix] = (_add(kept_blank, both + at_blank), _add(kept_label, stays))
            for number in tried:
                begins = (by_blank if number == last else both) + row[number]
                if begins < IMPOSSIBLE / 2:  # the same character anew, without a blank between
                    continue
                child = prefix.child(number, scorer)
                kept_blank, kept_label = after.get(child, (IMPOSSIBLE, IMPOSSIBLE))
                after[child] = (kept_blank, _add(kept_label, begins))
        if len(after) > beam:
            alive = dict(sorted(after.items(), key=lambda item: -_add(*item[1]) - item[0].score)[:beam])
        else:
            alive = after
    found = []
    for prefix, sums in alive.items():
        ink = _add(*sums)
        score = ink if scorer is None else ink + prefix.settled + scorer.end(prefix.token)
        found.append(Found(prefix.text(), ink, score))
    return sorted(found, key=lambda one: -one.score)


def texts_of(log_probabilities: np.ndarray, scorer: Scorer | None) -> list[Found]:
    """The beam's texts with single spaces and none at the ends, best first; of equal texts the best."""
    found: dict[str, Found] = {}
    for one in beam_search(log_probabilities, scorer):
        text = " ".join(one.text.split())
        found.setdefault(text, one._replace(text=text))
    # Where there is ink, nothing is an answer only if there is no other.
    nothing = found.pop("", None)
    return list(found.values()) or [nothing or Found("", 0.0, 0.0)]


def align(log_probabilities: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """The likeliest path that spells a text: (T,) the place in the text that each column shows, -1 for a blank.

    log_probabilities : (T, K + 1), the last class is the blank; classes : (L,) int, L at least 1
    """
    blank = log_probabilities.shape[1] - 1
    states = np.full(2 * len(classes) + 1, blank)
    states[1::2] = classes
    emitted = log_probabilities[:, states]
    can_skip = np.zeros(len(states), bool)
    can_skip[3::2] = classes[1:] != classes[:-1]
    best = np.full(len(states), IMPOSSIBLE * 10)
    best[:2] = emitted[0, :2]
    came_from = np.zeros(emitted.shape, np.int8)
    for column in range(1, len(emitted)):
        ways = np.full((3, len(states)), IMPOSSIBLE * 10)
        ways[0], ways[1, 1:], ways[2, 2:] = (
            best,
            best[:-1],
            np.where(can_skip, np.concatenate(([0, 0], best[:-2])), IMPOSSIBLE * 10)[2:],
        )
        came_from[column] = ways.argmax(axis=0)
        best = ways.max(axis=0) + emitted[column]
    state = len(states) - 1 if best[-1] >= best[-2] else len(states) - 2
    path = np.empty(len(emitted), int)
    for column in range(len(emitted) - 1, -1, -1):
        path[column] = state // 2 if state % 2 else -1
        state -= came_from[column, state]
    return path


def _add(a: float, b: float) -> float:
    """log(exp(a) + exp(b))."""
    if a < b:
        a, b = b, a
    return a if b < a - 40 else a + math.log1p(math.exp(b - a))
