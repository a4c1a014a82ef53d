"""Lines that nobody wrote, from ink that one person did: strings of all characters, codes, digits, words with marks.

Real words teach the network language; these teach it to read what is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from ..data import Sample
from ..labels import CAPITALS, DIGITS, LABELS, LOWER
from ..words.alphabet import ALPHABET, MARKS

# One character's strokes.
Ink = Sequence[np.ndarray]

KINDS = ("digits", "codes", "random", "lines")

# Where characters stand, in heights of an x over the base line (up is negative): top and bottom.
_ZONES = (
    (CAPITALS + DIGITS + "bdhklf?!%&#@$", -1.75, 0.0),
    ("t", -1.5, 0.0),
    ("i", -1.5, 0.0),
    ("aceomnrsuvwxz", -1.0, 0.0),
    ("gpqy", -1.0, 0.75),
    ("j", -1.5, 0.75),
    ("()/", -1.85, 0.35),
    (".", -0.14, 0.02),
    (",", -0.18, 0.32),
    (":", -0.85, 0.0),
    (";", -0.85, 0.32),
    ("'\"", -1.8, -1.25),
    ("-", -0.58, -0.5),
    ("=", -0.75, -0.35),
    ("+", -1.0, -0.1),
    ("*", -1.6, -0.9),
)
ZONE = {character: (top, bottom) for characters, top, bottom in _ZONES for character in characters}
# Marks that are wide rather than high: their width, in the same unit.
WIDTH = {"-": 0.65, "=": 0.8}


class Hand:
    """The single characters of one person, {label: [strokes, ...]}, and those of everybody for what is missing."""

    def __init__(self, own: dict[str, list[Ink]], everybody: dict[str, list[Ink]]):
        self.own, self.everybody = own, everybody

    def pick(self, label: str, rng: np.random.Generator) -> Ink:
        found = self.own.get(label) or self.everybody[label]
        return found[rng.integers(len(found))]


def hands(samples: Iterable[Sample]) -> dict[str, Hand]:
    """{writer: Hand} from samples of single characters; who drew fewer than ten different ones has none."""
    own: dict[str, dict[str, list[Ink]]] = {}
    everybody: dict[str, list[Ink]] = {}
    for sample in samples:
        if sample.strokes is not None and sample.label in ALPHABET:
            own.setdefault(sample.writer, {}).setdefault(sample.label, []).append(sample.strokes)
            everybody.setdefault(sample.label, []).append(sample.strokes)
    return {writer: Hand(drawn, everybody) for writer, drawn in sorted(own.items()) if len(drawn) >= 10}


def string(kind: str, rng: np.random.Generator) -> str:
    """A text of the kind "digits" (4 to 8), "codes" or "random" (3 to 9 of the 62)."""
    if kind == "digits":
        return _draw(DIGITS, int(rng.integers(4, 9)), rng)
    if kind == "random":
        return _draw(LABELS, int(rng.integers(3, 10)), rng)
    if kind == "codes":
        some = [CAPITALS + DIGITS, DIGITS, CAPITALS, LOWER + DIGITS][rng.integers(4)]
        parts = [_draw(some, int(rng.integers(2, 5)), rng) for _ in range(rng.integers(1, 4))]
        return "-/.:"[rng.integers(4)].join(parts) if rng.random() < 0.5 else "".join(parts)
    raise ValueError(f"there is no kind {kind!r} of strings; there are {', '.join(KINDS)}")


def write(text: str, hand: Hand, rng: np.random.Generator) -> list[np.ndarray]:
    """`text` in one hand: characters set side by side on a base line, gaps drawn at random. Strokes (n, 2), x-height 100."""
    strokes: list[np.ndarray] = []
    gap, drift, x = rng.uniform(0.05, 0.5), rng.uniform(0, 0.06), 0.0
    capital, small = rng.uniform(0.85, 1.1), rng.uniform(0.85, 1.15)
    for character in text:
        if character == " ":
            x += rng.uniform(0.7, 1.8)
            continue
        drawn = hand.pick(character, rng)
        points = np.concatenate(drawn).astype(float)
        low, size = points.min(axis=0), np.maximum(np.ptp(points, axis=0), 1e-9)
        top, bottom = ZONE[character]
        factor = (small if character in "aceomnrsuvwxzgpqy" else capital) * np.exp(0.07 * rng.standard_normal())
        scale = (
            WIDTH[character] * factor / size[0]
            if character in WIDTH
            else (bottom - top) * factor / max(size[1], size[0] / 3)
        )
        middle = (top + bottom) / 2 if character in "-=+*'\"" else bottom - size[1] * scale / 2
        middle += drift * rng.standard_normal()
        for stroke in drawn:
            placed = (stroke - low) * scale
            strokes.append(placed + np.array([x, middle - size[1] * scale / 2]))
        x += float(size[0]) * scale + max(gap + 0.1 * rng.standard_normal(), -0.05)
    return [stroke * 100 for stroke in strokes]


def row(words: Sequence[Sample], hand: Hand | None, rng: np.random.Generator) -> tuple[str, list[np.ndarray]]:
    """Words of one person side by side, some with marks -> (text, strokes)."""
    text, strokes, x = "", [], 0.0
    gap = rng.uniform(0.8, 2.0)
    for word in words:
        points = np.concatenate(word.ink).astype(float)
        unit = x_height(word.label, points)
        corner = np.array([points[:, 0].min(), _middle(word.ink)])
        moved = [(stroke - corner) / unit for stroke in word.ink]
        if text:
            text, x = text + " ", x + gap + 0.2 * rng.standard_normal()
        strokes += [stroke + np.array([x, 0.0]) for stroke in moved]
        x += float(np.ptp(points[:, 0])) / unit
        text += word.label
        if hand is not None and rng.random() < 0.4:
            mark = ".,.,-'!?:;)"[rng.integers(11)]
            drawn = hand.pick(mark, rng)
            corner, size = np.concatenate(drawn).min(axis=0), np.ptp(np.concatenate(drawn), axis=0)
            top, bottom = ZONE[mark]
            scale = WIDTH[mark] / max(size[0], 1e-9) if mark in WIDTH else (bottom - top) / max(size[1], size[0] / 3, 1e-9)
            x += rng.uniform(0.05, 0.4)
            # The middle of a word's ink lies about half an x above its base line.
            strokes += [(stroke - corner) * scale + np.array([x, bottom + 0.5 - size[1] * scale]) for stroke in drawn]
            x += float(size[0]) * scale
            text += mark
    return text, [stroke * 100 for stroke in strokes]


def x_height(text: str, points: np.ndarray) -> float:
    """About how high an x is in a word: its height, by which zones its letters reach into."""
    tops = [ZONE[c][0] for c in text if c in ZONE] or [-1.0]
    bottoms = [ZONE[c][1] for c in text if c in ZONE] or [0.0]
    return max(float(np.ptp(points[:, 1])), float(np.ptp(points[:, 0])) / 20, 1e-9) / max(max(bottoms) - min(tops), 0.5)


def _middle(strokes: Sequence[np.ndarray]) -> float:
    """Mean of y along the pen's way."""
    steps = [np.hypot(*np.diff(stroke, axis=0).T) for stroke in strokes]
    weights = np.concatenate(steps)
    y = np.concatenate([(stroke[1:, 1] + stroke[:-1, 1]) / 2 for stroke in strokes])
    return float(weights @ y / weights.sum()) if weights.sum() > 0 else float(strokes[0][0, 1])


def compose(
    kind: str, hands_of: dict[str, Hand], words_of: dict[str, list[Sample]], count: int, seed: int
) -> Iterable[Sample]:
    """`count` samples of a kind, people in turn by lot.

    words_of : {writer: samples of words}, for the kind "lines"
    """
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    people = sorted(words_of if kind == "lines" else hands_of)
    if not people:
        raise ValueError(f"nobody's ink is there to compose {kind} of")
    for _ in range(count):
        writer = people[rng.integers(len(people))]
        if kind == "lines":
            of_one = words_of[writer]
            chosen = [of_one[i] for i in rng.integers(len(of_one), size=rng.integers(2, 6))]
            hand = hands_of.get(writer) or (hands_of[sorted(hands_of)[rng.integers(len(hands_of))]] if hands_of else None)
            text, strokes = row(chosen, hand, rng)
        else:
            text = string(kind, rng)
            strokes = write(text, hands_of[writer], rng)
        rounded = tuple(np.round(stroke, 1).astype(np.float32) for stroke in strokes)
        yield Sample(text, rounded, writer=writer, style="composed", is_text=True)


def sprinkle(text: str, rng: np.random.Generator) -> str:
    """A random string with marks and a space in it, so that all of the alphabet is learned."""
    pieces = list(text)
    for _ in range(rng.integers(1, 4)):
        pieces.insert(int(rng.integers(len(pieces) + 1)), MARKS[rng.integers(len(MARKS))])
    if rng.random() < 0.3:
        pieces.insert(int(rng.integers(1, len(pieces))), " ")
    return "".join(pieces).strip()


def _draw(some: str, count: int, rng: np.random.Generator) -> str:
    return "".join(some[i] for i in rng.integers(len(some), size=count))
