"""Case by size and place: what standing on ruled lines says when shape alone cannot tell.

A c and a C have one shape; on ruled lines their heights differ, and a p hangs below the line that a P stands on.
`OnLines` shares out the probability within each size group (the cases of a letter, and 0 with O and o) by how high people
draw its labels (`tools.sizes.fit_heights`) and where they put them, and leaves the group's sum as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ..ink import Ink
from ..labels import merged_35

# Nobody draws on a screen as evenly as on paper: deviations are widened by this.
WIDENED = 1.25
# The greatest deviation of log heights within one hand, where the lines say how high an x is: those of people from one
# another, which `heights` hold as well, count only without them.
ONE_HAND = 0.2
# Prior probability that a hand pays no heed to the lines: then ink may be of any height, anywhere.
HEEDLESS = 0.4
# The density of that, over the bottom (cap heights) and the log height: about evenly, over 1.7 and 2.
ANYWHERE = 1 / (1.7 * 2)
# How far below the base line ink ends, in cap heights: mean and deviation. Those of UNIPEN's lines that are cut into
# characters (596 lines by 35 training writers); g, j, p, q and y end 0.6 below it there, but on the descender's line,
# where there is one, 0.3.
STANDING = (0.0, 0.11)
_BOTTOMS = {**dict.fromkeys("gjpqy", (0.45, 0.2)), **dict.fromkeys("fQY", (0.12, 0.25))}


class Lines(NamedTuple):
    """Ruled lines.

    Attributes
    ----------
    base : float
        y of the base line, in the ink's unit.
    cap_height : float
        The height of a capital above it, in the same unit.
    """

    base: float
    cap_height: float


class OnLines:
    """Where on the lines people write K labels: Gaussians of the bottom and of the log height.

    Parameters
    ----------
    labels : str
    heights : {label: (mean, deviation)}
        Of log(height / cap height); labels that are missing keep their probability.
    """

    def __init__(self, labels: str, heights: Mapping[str, tuple[float, float]]) -> None:
        self.known = np.array([label in heights for label in labels])
        groups = [merged_35(label) if label in heights else label for label in labels]
        self.groups = np.array([groups.index(group) for group in groups], int)
        rows = [(_BOTTOMS.get(label, STANDING), heights.get(label, (0.0, ONE_HAND))) for label in labels]
        self.means, deviations = np.moveaxis(np.array(rows, np.float64).reshape(-1, 2, 2), 2, 0)
        self.deviations = np.minimum(deviations, [np.inf, ONE_HAND]) * WIDENED

    def densities(self, drawn: Ink, lines: Lines) -> np.ndarray:
        """(K,) float64: how probable the ink's bottom and height are for each label, by hands that heed the lines."""
        y = drawn.points[:, 1]
        top, bottom = float(y.min()), float(y.max())
        with np.errstate(all="ignore"):
            seen = np.array([np.float64(bottom - lines.base) / lines.cap_height, np.log((bottom - top) / lines.cap_height)])
        if not np.isfinite(seen).all():
            return np.zeros(len(self.means))
        off = np.minimum(np.abs((seen - self.means) / self.deviations), 1e3)
        return np.prod(np.exp(-0.5 * off**2) / (np.sqrt(2 * np.pi) * self.deviations), axis=1) * self.known

    def share(self, probabilities: np.ndarray, chosen: np.ndarray, densities: np.ndarray) -> tuple[np.ndarray, float]:
        """Probabilities shared out anew within each size group.

        Parameters
        ----------
        probabilities : (M,) float
            Of the `chosen` labels.
        chosen : (M,) int
            Some of the K labels.
        densities : (K,) float
            Of `densities`.

        Returns
        -------
        (M,) float, and the probability, 0 to 1, that the hand heeded the lines
        """
        heeded, heedless = (1 - HEEDLESS) * densities[chosen], HEEDLESS * ANYWHERE
        weighed = probabilities * (heeded + heedless)
        groups = self.groups[chosen]
        before, after = (np.bincount(groups, each) for each in (probabilities, weighed))
        shared = np.where(self.known[chosen], weighed * (before / np.maximum(after, 1e-300))[groups], probabilities)
        on = float(probabilities @ heeded)
        return shared.astype(probabilities.dtype), on / (on + heedless)
