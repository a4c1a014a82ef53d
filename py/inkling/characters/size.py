"""Case by size: what the height of a character says when shape alone cannot tell.

A c and a C have one shape; on ruled lines their heights differ. `by_size` shares out the
probability within each size group (the cases of a letter, and 0 with O and o) by how high
people draw its labels (`tools.sizes.fit_heights`), and leaves the group's sum as it is.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..labels import merged_35

# Nobody draws on a screen as evenly as on paper: deviations are widened by this.
WIDENED = 1.5


def by_size(
    probabilities: np.ndarray, labels: str, height: float, cap_height: float, heights: Mapping[str, tuple[float, float]]
) -> np.ndarray:
    """Probabilities shared out anew within each size group.

    Parameters
    ----------
    probabilities : (K,) float, of `labels`
    height, cap_height : float
        Of the ink, and of a capital on the lines it was drawn on, in the same unit; without either nothing changes.
    heights : {label: (mean, deviation)}
        Of log(height / cap height); labels that are missing keep their probability.

    Returns
    -------
    (K,) float
    """
    ratio = height / cap_height if height > 0 and cap_height > 0 else 0.0
    if not 0 < ratio < np.inf:
        return probabilities
    measured = np.log(ratio)
    shared = probabilities.copy()
    groups: dict[str, list[int]] = {}
    for index, label in enumerate(labels):
        if label in heights:
            groups.setdefault(merged_35(label), []).append(index)
    for members in groups.values():
        if len(members) < 2:
            continue
        mean, deviation = np.array([heights[labels[index]] for index in members]).T
        deviation = deviation * WIDENED
        # Likelihood floor at three deviations.
        likelihood = np.exp(-0.5 * np.minimum(((measured - mean) / deviation) ** 2, 9.0)) / deviation
        weighed = probabilities[members] * likelihood
        if weighed.sum() > 0:
            shared[members] = probabilities[members].sum() * weighed / weighed.sum()
    return shared
