"""How large one person draws each character: what tells this hand's c from its C, its e from its l.

The network sees every character at one size. A size is the logarithm of the diagonal of the ink's bounding box,
so that the unit of the coordinates only shifts it. `teaching.hand_size` learns a `HandSize` from drawings.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..ink import Ink

# Nobody draws on a screen as evenly as on paper: deviations are widened by this.
WIDENED = 1.4
# Likelihood floor, so that one odd size cannot veto a label.
LIKELIHOOD_FLOOR = 0.1


def size_of(ink: Ink) -> float:
    """Logarithm of the diagonal of the ink's bounding box; NaN where it has no extent."""
    low, high = (find.reduce(ink.points).astype(np.float64) for find in (np.minimum, np.maximum))
    diagonal = np.hypot(*(high - low))
    return float(np.log(diagonal)) if diagonal > 0 else float("nan")


class HandSize(NamedTuple):
    """Sizes that one hand draws K labels at: a Gaussian each.

    Attributes
    ----------
    means, deviations : (K,) float64
        Of the sizes, as `size_of` measures them.
    """

    means: np.ndarray
    deviations: np.ndarray

    def logits(self, sizes: ArrayLike) -> np.ndarray:
        """What drawings' sizes add to their logits.

        Parameters
        ----------
        sizes : (...) float

        Returns
        -------
        (..., K) float32
            From log(`LIKELIHOOD_FLOOR`) to about 0.5; 0 where a size is NaN.
        """
        sizes = np.asarray(sizes, np.float64)[..., None]
        deviations = self.deviations * WIDENED
        likelihood = np.exp(-0.5 * ((sizes - self.means) / deviations) ** 2) * (1 / deviations) / np.mean(1 / deviations)
        return np.nan_to_num(np.log(likelihood + LIKELIHOOD_FLOOR)).astype(np.float32)
