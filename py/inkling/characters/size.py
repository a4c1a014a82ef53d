"""Case by size: what the height of a character says when shape alone cannot tell.

A c and a C have one shape; on ruled lines their heights differ. `fit_heights` learns, from
writers whose capitals give the measure, how high each character is drawn; `by_size` shares
out the probability within each group of twins (the cases of a letter, and 0 with O and o)
accordingly, and leaves the sum of each group as the network has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from ..labels import merged_35

# Capitals that stand on the line and end at cap height: a writer's measure is their median.
MEASURING = "ABCDEFGHIKLMNOPRSTUVWXYZ"
LEAST_CAPITALS = 10
# Nobody draws on a screen as evenly as on paper: deviations are widened by this.
WIDENED = 1.5


def fit_heights(samples: Iterable) -> dict[str, tuple[float, float]]:
    """For each label the mean and deviation of log(height / the writer's cap height), from samples of ink.

    Median and half the distance of the 16th to the 84th percentile, since some labels are wrong.
    """
    by_writer: dict[str, list[tuple[str, float]]] = {}
    for sample in samples:
        if sample.strokes is not None and sample.writer:
            y = np.concatenate([stroke[:, 1] for stroke in sample.strokes])
            by_writer.setdefault(sample.writer, []).append((sample.label, float(y.max() - y.min())))
    ratios: dict[str, list[float]] = {}
    for drawn in by_writer.values():
        capitals = [height for label, height in drawn if label in MEASURING and height > 0]
        if len(capitals) >= LEAST_CAPITALS:
            measure = np.median(capitals)
            for label, height in drawn:
                if height > 0:
                    ratios.setdefault(label, []).append(np.log(height / measure))
    heights = {}
    for label, values in sorted(ratios.items()):
        low, middle, high = np.percentile(values, [16, 50, 84])
        heights[label] = (round(float(middle), 3), round(float(max((high - low) / 2, 0.05)), 3))
    return heights


def by_size(
    probabilities: np.ndarray, labels: str, height: float, cap_height: float, heights: Mapping[str, tuple[float, float]]
) -> np.ndarray:
    """Probabilities (K,) of `labels`, shared out anew within each group of twins.

    height : of the ink; cap_height : of a capital on the lines it was drawn on, same unit
    """
    if height <= 0 or cap_height <= 0:
        return probabilities
    measured = np.log(height / cap_height)
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
        # Beyond three deviations nobody's size says anything about case.
        likelihood = np.exp(-0.5 * np.minimum(((measured - mean) / deviation) ** 2, 9.0)) / deviation
        weighed = probabilities[members] * likelihood
        if weighed.sum() > 0:
            shared[members] = probabilities[members].sum() * weighed / weighed.sum()
    return shared
