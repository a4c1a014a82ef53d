"""Reading without a language: the best class of each column, repeats merged, blanks taken out; and how far texts differ."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .alphabet import ALPHABET


def best_path(logits: np.ndarray) -> str:
    """logits (T, K + 1), the last class is the blank -> the text that the likeliest path spells."""
    classes = logits.argmax(axis=1)
    begins = np.flatnonzero(np.diff(classes, prepend=-1) != 0)
    return "".join(ALPHABET[k] for k in classes[begins] if k < len(ALPHABET))


def edit_distance(a: Sequence[str], b: Sequence[str]) -> int:
    """Fewest insertions, deletions and replacements that turn `a` into `b` (Levenshtein 1966): texts, or lists of words."""
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        above, row[0] = row[0], i
        for j, right in enumerate(b, 1):
            above, row[j] = row[j], min(above + (left != right), row[j] + 1, row[j - 1] + 1)
    return row[-1]
