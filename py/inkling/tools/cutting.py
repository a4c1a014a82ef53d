"""Single characters from words whose letters stand apart: the hands of many people who are in no file of characters.

    inkling cut-words words.jsonl.gz --out letters.jsonl.gz

A word is cut where as many groups of strokes stand side by side as its text has letters, and a reader checks every cut.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

import numpy as np

from ..characters.recognizer import Recognizer
from ..data import Sample
from ..labels import LABELS, look_alikes, merge, other_case, shape_of
from ..training.compose import x_height
from ..training.dataset import Prepared, collect, prepare
from .text_training import is_learnable

# Marks that stand by themselves as letters do. Beside the others (. , : ' - ...) nobody can tell whose a dot is.
LARGE_MARKS = "=+/&()#@$"
DOTTED = "ij"
# In heights of an x: a stroke that is smaller both ways is a dot; a stroke counts as this wide at least.
DOT = 0.35
THIN = 0.15
# Strokes that overlap by more than this, of the narrower one, belong to one letter.
SAME_LETTER = 0.5
# A word counts when at least this share of its letters is read as its text says.
AGREEING = 0.6
# A letter that is read as another shape is kept down to this probability of its own,
PLAUSIBLE = 0.05
# and one of the other case is left out from this on, where the two cases have two shapes.
OTHER_CASE = 0.7
# Words that are read at a time.
WORDS = 64
KEPT = "kept"
PLAUSIBLY = "kept, as plausible"

# Strokes of each letter, by number.
Groups = list[list[int]]


class NotCutError(ValueError):
    """Why a word cannot be cut into its letters."""


@dataclass
class Outcome:
    """What became of words and letters.

    words : {KEPT or the reason why not: count}
    letters : the same, of the words that were kept; letters that are `PLAUSIBLY` kept are kept as well
    people : who wrote what was kept
    """

    words: Counter[str] = field(default_factory=Counter)
    letters: Counter[str] = field(default_factory=Counter)
    people: set[str] = field(default_factory=set)

    def report(self) -> Iterator[str]:
        """How many words and letters, and why: a line each, most frequent first."""
        for what, counts in (("words", self.words), ("letters", self.letters)):
            for reason, count in counts.most_common():
                yield f"{count:9,} {what}: {reason}"


def groups_of(strokes: Sequence[np.ndarray], text: str) -> Groups:
    """Which strokes make each letter of a word, by how they overlap in x.

    The strokes that overlap most are put together until there are as many groups as letters (single linkage). Dots wait
    until the letters stand: by the text it is known which have one, however late and far to the side it was drawn.

    Parameters
    ----------
    strokes : (n, 2) arrays, x right, y down, at least one point each
    text : at least one letter, without spaces

    Returns
    -------
    A list for each letter, from left to right, strokes in the order in which they were drawn.

    Raises
    ------
    NotCutError
        Where there are fewer strokes than letters, more pieces that stand apart, or letters that overlap.
    """
    boxes = np.array([[*stroke.min(axis=0), *stroke.max(axis=0)] for stroke in strokes], float)
    unit = x_height(text, np.concatenate(strokes))
    is_dot = ((boxes[:, 2:] - boxes[:, :2]).max(axis=1) < DOT * unit) & any(letter in DOTTED for letter in text)
    body = np.flatnonzero(~is_dot)
    if len(body) < len(text):
        raise NotCutError("letters are joined")
    half = np.maximum(boxes[:, 2] - boxes[:, 0], THIN * unit) / 2
    middle = (boxes[:, 0] + boxes[:, 2]) / 2
    group = _linked(middle[body], half[body], len(text))
    groups = [[int(n) for n in body[group == g]] for g in range(len(text))]
    groups.sort(key=lambda members: boxes[members, 0].min() + boxes[members, 2].max())
    owners = [members for letter, members in zip(text, groups) if letter in DOTTED]
    places = [float(boxes[members, 0].min() + boxes[members, 2].max()) / 2 for members in owners]
    dots = sorted(np.flatnonzero(is_dot).tolist(), key=lambda n: middle[n])
    for rank, dot in enumerate(dots):
        nearest = int(np.argmin(np.abs(np.array(places) - middle[dot])))
        owners[rank if len(dots) == len(owners) else nearest].append(dot)
    return [sorted(members) for members in groups]


def _linked(middle: np.ndarray, half: np.ndarray, count: int) -> np.ndarray:
    """(n,) the group, 0 to count - 1, of intervals in x given by their middles and half widths (n,)."""
    narrower = 2 * np.minimum(half[:, None], half)
    overlap = np.minimum(middle + half, (middle + half)[:, None]) - np.maximum(middle - half, (middle - half)[:, None])
    share = np.minimum(overlap, narrower) / narrower
    group = np.arange(len(middle))
    first, second = np.triu_indices(len(middle), 1)
    for pair in np.argsort(-share[first, second], kind="stable"):
        if len(np.unique(group)) == count:
            break
        if share[first[pair], second[pair]] <= 0:
            raise NotCutError("more pieces than letters")
        group[group == group[second[pair]]] = group[first[pair]]
    if (share[group[:, None] != group] > SAME_LETTER).any():
        raise NotCutError("letters overlap")
    return np.unique(group, return_inverse=True)[1]


def letters_of(word: Sample) -> list[Sample]:
    """A sample for each letter of a word, its strokes where they stand in the word; NotCutError says why there are none."""
    text = "".join(word.label.split())
    if word.style == "cursive":
        raise NotCutError("cursive")
    if word.quality == "bad":
        raise NotCutError("of bad quality")
    if not is_learnable(word) or not set(text) <= set(LABELS + LARGE_MARKS):
        raise NotCutError("other characters, or texts known to be wrong")
    return [
        Sample(letter, tuple(word.ink[n] for n in members), writer=word.writer, style=word.style, quality=word.quality)
        for letter, members in zip(text, groups_of(word.ink, text))
    ]


def judge(probabilities: np.ndarray, labels: str, text: str) -> list[str]:
    """What becomes of each letter of a word: `KEPT`, `PLAUSIBLY`, or why it is left out.

    Parameters
    ----------
    probabilities : (len(text), K)
        Of `labels`, as a reader read the cuts.
    text : str
        Of characters that are not among `labels` nothing is known: they are left out.

    Raises
    ------
    NotCutError
        Where most of the word is read as something else, or a letter of it is plainly one of the other case.
    """
    shapes, classes = merge(probabilities, labels, shape_of)
    known = [n for n, letter in enumerate(text) if letter in labels]
    agrees = [classes[shapes[n].argmax()] == shape_of(text[n]) for n in known]
    if sum(agrees) < max(AGREEING * len(known), 1):
        raise NotCutError("the word is read otherwise")
    if any(probabilities[n, labels.index(other)] > OTHER_CASE for n in known if (other := _other_shape(text[n]))):
        raise NotCutError("letters of the other case")
    outcomes = ["not among the labels"] * len(text)
    for n, is_right in zip(known, agrees):
        is_plausible = shapes[n, classes.index(shape_of(text[n]))] >= PLAUSIBLE
        outcomes[n] = KEPT if is_right else PLAUSIBLY if is_plausible else "the letter is read otherwise"
    return outcomes


def _other_shape(letter: str) -> str:
    """The letter's other case where it is drawn in another way; "" where there is none."""
    other = other_case(letter)
    return other if other not in look_alikes(letter) else ""


def cut(words: Iterable[Sample], reader: Recognizer, outcome: Outcome) -> Iterator[Sample]:
    """The letters, one after another, of those words that can be cut; what became of all is counted in `outcome`.

    ValueError at the end where no letter was kept.
    """
    pieces = _pieces(words, outcome)
    while several := list(islice(pieces, WORDS)):
        letters, prepared = zip(*chain.from_iterable(several))
        read = np.concatenate([reader.probabilities(some) for some in collect(letters, prepared).pictures()])
        ends = np.cumsum([len(word) for word in several])
        for word, probabilities in zip(several, np.split(read, ends[:-1])):
            try:
                outcomes = judge(probabilities, reader.labels, "".join(letter.label for letter, _ in word))
            except NotCutError as error:
                outcome.words[str(error)] += 1
                continue
            outcome.words[KEPT] += 1
            outcome.letters.update(outcomes)
            kept = [letter for (letter, _), what in zip(word, outcomes) if what in (KEPT, PLAUSIBLY)]
            outcome.people.update(letter.writer for letter in kept)
            yield from kept
    if not outcome.people:
        raise ValueError(f"none of {outcome.words.total():,} words can be cut into letters")


def _pieces(words: Iterable[Sample], outcome: Outcome) -> Iterator[list[tuple[Sample, Prepared | None]]]:
    """The letters of each word that falls into as many pieces, and each as the network's input is made of it."""
    for word in words:
        try:
            yield [(letter, prepare(letter)) for letter in letters_of(word)]
        except NotCutError as error:
            outcome.words[str(error)] += 1
        except ValueError:
            outcome.words["more ink than letters hold"] += 1
