"""What was read: candidates with probabilities, and how far they can be told apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ..labels import look_alikes

# Below this probability for the best shape, its look-alikes and its other case together, the answer is not sure.
SURE = 0.5
# Look-alikes less probable than this are not named.
WORTH_NAMING = 0.1
# What moves the best label's share among its look-alikes by less has no part in the decision.
WORTH_TELLING = 0.05


class Candidate(NamedTuple):
    """A character and the probability, 0 to 1, that it is what was drawn."""

    label: str
    probability: float


class Reading(NamedTuple):
    """What was read.

    Attributes
    ----------
    candidates : list of Candidate
        Best first; empty where there is no ink.
    confident : bool
        Whether the ink looks like a character at all, and like one more than like all others: how it is read among
        look-alikes (c and C, 0 and O) does not count here.
    decided_by : str
        What told the best candidate from its look-alikes, as far as they could be told apart: "shape", "lines" (where
        the ink stands on them) or "hand size" (how large this hand draws each).
    """

    candidates: list[Candidate]
    confident: bool
    decided_by: str = "shape"

    @property
    def look_alikes(self) -> list[str]:
        """Labels that look like the best one and are not much less probable: they cannot be told apart."""
        if not self.candidates:
            return []
        best, *others = self.candidates
        group = look_alikes(best.label)
        return [label for label, probability in others if label in group and probability >= WORTH_NAMING]


def deciding(told: Mapping[str, np.ndarray], best: int, alike: np.ndarray) -> str:
    """What moved the share of the best label among its look-alikes most; "shape" where that was enough by itself.

    Parameters
    ----------
    told : {name: (K,) probabilities}
        By shape alone, under "shape", and with something else besides.
    best : int
        The place of the best label.
    alike : (K,) bool
        Which labels look like it, itself among them.
    """
    shares = {name: each[best] / max(each[alike].sum(), 1e-30) for name, each in told.items()}
    moved = {name: abs(share - shares["shape"]) for name, share in shares.items()}
    most = max(moved, key=lambda name: moved[name])
    return "shape" if shares["shape"] > 1 - WORTH_NAMING or moved[most] < WORTH_TELLING else most
