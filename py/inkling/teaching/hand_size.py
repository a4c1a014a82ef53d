"""How large one hand draws each character, learned from a few drawings and from what people in general do.

Both are Gaussian: `Population` is the prior over the sizes of all labels, fitted on many writers and kept in the
weights file (`inkling hand-sizes`); a few drawings of some labels then say what this hand does with all of them.
The hand's overall measure is learned along, so the unit does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..characters.hand_size import HandSize
from ..labels import CAPITALS, DIGITS, LABELS
from ..nn import WeightsError
from ..nn.files import read_fields

# Labels whose sizes vary together from person to person: digits, capitals, short letters, tall ones.
SIZE_GROUPS = (DIGITS, CAPITALS, "acemnorsuvwxz", "bdfghijklpqty")
# Mean, scatter and own deviation (as in `Population`) of a symbol of the user's own, which nobody else has drawn.
SYMBOL = (0.0, 0.17, 0.4)
# Prior variance of a hand's overall measure; wide, since the unit is not known.
MEASURE_VARIANCE = 1.0
# Drawings further off than this, in log size, are clipped: a dot for an i, a file in another unit.
FURTHEST = 0.8

_FIELDS = ("hand_size.labels", "hand_size.groups")


class Population(NamedTuple):
    """How large people draw the characters of `LABELS`, in log size (see `characters.hand_size.size_of`).

    Attributes
    ----------
    labels : (3, 62) float64
        The mean size of each label; the deviation of one person's drawings of it; and that of people from one another,
        beyond what they have in common for all of its group.
    groups : (4, 4) float64
        Covariances, from person to person, of the `SIZE_GROUPS`.
    """

    labels: np.ndarray
    groups: np.ndarray

    @classmethod
    def load(cls, path: str | Path) -> Population:
        """From a weights file. WeightsError names the file and the field."""
        made = cls(*read_fields(path, *_FIELDS))
        for field, array, shape in zip(_FIELDS, made, ((3, len(LABELS)), (len(SIZE_GROUPS), len(SIZE_GROUPS)))):
            if array.shape != shape or array.dtype.kind != "f" or not np.isfinite(array).all():
                raise WeightsError(f"{path}: field '{field}': not {shape} finite numbers")
        return made

    def fields(self) -> dict[str, np.ndarray]:
        """What `nn.update` puts into a weights file."""
        return dict(zip(_FIELDS, self))

    def prior(self, outputs: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """For K `outputs`, some of `LABELS` or symbols of the user's own: means (K,), scatter (K,), covariance (K, K)."""
        table = dict(zip(LABELS, self.labels.T))
        means, scatter, own = np.array([table.get(label, SYMBOL) for label in outputs]).T
        groups = np.array([[label in group for group in SIZE_GROUPS] for label in outputs], float)
        return means, scatter, groups @ self.groups @ groups.T + np.diag(own**2)

    def learn(self, labels: Sequence[str], sizes: Sequence[float], outputs: str) -> HandSize | None:
        """What some drawings say of the sizes at which this hand draws all `outputs`.

        Parameters
        ----------
        labels, sizes : sequences of the same length
            What was drawn, and how large (`size_of`); sizes that are NaN are passed over.
        outputs : str
            The labels to be told of; holds all of `labels`.

        Returns
        -------
        HandSize of `outputs`, or None where no drawing has a size.
        """
        means, scatter, common = self.prior(outputs)
        known = np.isfinite(sizes)
        drawn = np.array([outputs.index(label) for label, is_known in zip(labels, known) if is_known], int)
        measured = np.asarray(sizes)[known]
        if not len(drawn):
            return None
        places = np.array(sorted(set(drawn.tolist())))
        counts = np.bincount(drawn)[places]
        seen = np.array([median(measured[drawn == place]) for place in places]) - means[places]
        measure = median(seen)
        seen = np.clip(seen - measure, -FURTHEST, FURTHEST)
        noise = np.diag(scatter[places] ** 2 / counts)
        # The conditional of a Gaussian: mean + K (seen), covariance (1 - K) prior.
        prior = common + MEASURE_VARIANCE
        gain = np.linalg.solve(prior[np.ix_(places, places)] + noise, prior[places]).T
        deviations = np.sqrt(np.maximum(np.diag(prior - gain @ prior[places]), 0) + scatter**2)
        return HandSize(means + measure + gain @ seen, deviations)


def median(values: np.ndarray) -> float:
    """The median; numpy's own needs a part of numpy that the page leaves out."""
    ordered = np.sort(values)
    return float(ordered[(len(values) - 1) // 2] + ordered[len(values) // 2]) / 2
