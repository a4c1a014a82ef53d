"""What a line of text can hold: the 62 characters, the space, and marks."""

from __future__ import annotations

import numpy as np

from ..labels import LABELS

MARKS = ".,-'\"!?:;()/&@#%+=*$"
ALPHABET = LABELS + " " + MARKS
# The last output of a network that reads text: no character begins or goes on in this column.
BLANK = "\N{SYMBOL FOR NULL}"

_CLASSES = {label: index for index, label in enumerate(ALPHABET)}


def encode(text: str) -> np.ndarray:
    """`text` as (L,) int classes of `ALPHABET`; runs of white space count as one space.

    ValueError names characters that the alphabet does not have.
    """
    text = " ".join(text.split())
    unknown = sorted(set(text) - _CLASSES.keys())
    if unknown:
        raise ValueError(f"{' '.join(unknown)} in {text[:60]!r} cannot be read: the alphabet is {ALPHABET}")
    return np.array([_CLASSES[character] for character in text], int)
