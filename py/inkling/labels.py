"""The 62 characters, and the ways in which some of them count as one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

DIGITS = "0123456789"
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LOWER = "abcdefghijklmnopqrstuvwxyz"
LABELS = DIGITS + CAPITALS + LOWER

# The network's last output, never an answer: ink that is no character at all.
NOTHING = "\N{EMPTY SET}"

# EMNIST's ByMerge: fifteen letters whose two cases have one shape (Cohen et al. 2017, II.B).
ONE_SHAPE_BOTH_CASES = "CIJKLMOPSUVWXYZ"

# Characters that a careful hand makes of the same strokes, but for their size, a serif or a dot, so that one alone, without
# context, cannot be told apart: of people that it has not seen the network takes one of each group for another in 16% of
# the drawings (J j) to 93% (O o), 9 and q in 8%. What only haste makes alike is not here: 2 Z, 5 S, u v, n h, i l (13% at
# most), nor R r and A a, which most people draw in two ways. `evaluate` counts shapes by these groups.
LOOK_ALIKE = ("0Oo", "1Il", "9gq", "Cc", "Jj", "Kk", "Mm", "Pp", "Ss", "Uu", "Vv", "Ww", "Xx", "Yy", "Zz")


def look_alikes(label: str) -> str:
    """Its group of `LOOK_ALIKE`; the label alone where it is in none."""
    return next((group for group in LOOK_ALIKE if label in group), label)


def shape_of(label: str) -> str:
    """What a label shares with its look-alikes, or with its other case: equal for labels that count as one shape."""
    group = look_alikes(label)
    return group if len(group) > 1 else label.upper()


def merged_47(label: str) -> str:
    """The class of `label` among EMNIST ByMerge's 47."""
    return label.upper() if label.upper() in ONE_SHAPE_BOTH_CASES else label


def merged_35(label: str) -> str:
    """The class of `label` when case does not count and 0 is O: 26 letters and 1 to 9."""
    return "O" if label == "0" else label.upper()


def merge(probabilities: np.ndarray, labels: str, merged: Callable[[str], str]) -> tuple[np.ndarray, list[str]]:
    """Add up the probabilities of labels that `merged` maps to one class.

    Parameters
    ----------
    probabilities : (..., K)
        Of `labels`, in their order.
    merged : callable
        A label's class, as `merged_47`.

    Returns
    -------
    (..., M) and the M classes, in the order in which they first occur.
    """
    classes = list(dict.fromkeys(merged(label) for label in labels))
    sums = np.zeros((*probabilities.shape[:-1], len(classes)), probabilities.dtype)
    for index, label in enumerate(labels):
        sums[..., classes.index(merged(label))] += probabilities[..., index]
    return sums, classes


def other_case(label: str) -> str:
    """The same letter in the other case; a digit is its own."""
    return label.swapcase()
