"""How large people draw each character, fitted on samples of ink whose writers are known.

By medians, and by half the distance of the 16th to the 84th percentile, since some labels are wrong.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from .. import ink
from ..characters.hand_size import size_of
from ..data import Sample
from ..labels import CAPITALS, LABELS
from ..teaching.hand_size import FURTHEST, SIZE_GROUPS, Population

# Capitals that stand on the line and end at cap height: a writer's measure is their median.
MEASURING = "ABCDEFGHIKLMNOPRSTUVWXYZ"
LEAST_CAPITALS = 10
# Share of all labels that a writer must have drawn to tell how people differ.
LEAST_LABELS = 0.8
LEAST_DEVIATION = 0.05
LEAST_VARIANCE = 0.003


def fit_heights(samples: Iterable[Sample]) -> dict[str, tuple[float, float]]:
    """For each label the mean and deviation of log(height / the writer's cap height)."""
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
        heights[label] = (round(float(middle), 3), round(float(max((high - low) / 2, LEAST_DEVIATION)), 3))
    return heights


def fit_population(samples: Iterable[Sample]) -> Population:
    """How large people draw each of `LABELS`, to hundredths (covariances to ten-thousandths) of log size.

    ValueError names the characters of which there are too few drawings: each needs a writer who has drawn it four
    times, and one of those who have drawn `LEAST_LABELS` of all.
    """
    by_writer: dict[str, dict[int, list[float]]] = {}
    for sample in samples:
        size = size_of(ink.validate(sample.ink)) if sample.label in LABELS else np.nan
        if np.isfinite(size):
            by_writer.setdefault(sample.writer, {}).setdefault(LABELS.index(sample.label), []).append(size)
    middles = np.full((len(by_writer), len(LABELS)), np.nan)
    around: list[list[float]] = [[] for _ in LABELS]
    for row, drawn in zip(middles, by_writer.values()):
        for place, sizes in drawn.items():
            row[place] = np.median(sizes)
            if len(sizes) >= 4:
                around[place] += list(sizes - row[place])
    middles = middles[np.isfinite(middles).sum(axis=1) >= LEAST_LABELS * len(LABELS)]
    told = np.isfinite(middles).any(axis=0)
    if missing := "".join(label for label, known, sizes in zip(LABELS, told, around) if not known or not sizes):
        raise ValueError(
            f"too few drawings to tell how large people draw {missing}: one writer's four of each are the least"
        )

    # Alternately each writer's overall measure and each label's mean.
    means = np.nanmedian(middles - np.nanmedian(middles, axis=1, keepdims=True), axis=0)
    for _ in range(20):
        measures = np.nanmedian(middles - means, axis=1, keepdims=True)
        means = np.nanmedian(middles - measures, axis=0)
    differ = np.clip(middles - measures - means, -FURTHEST, FURTHEST)
    differ -= np.nanmean(differ, axis=0)

    groups = _group_covariances(differ)
    shared = np.array([groups[k, k] for label in LABELS for k, group in enumerate(SIZE_GROUPS) if label in group])
    own = np.sqrt(np.maximum(np.nanmean(differ**2, axis=0) - shared, LEAST_VARIANCE))
    scatter = [max(np.subtract(*np.percentile(each, [84, 16])) / 2, LEAST_DEVIATION) for each in around]
    means -= np.median(means[[LABELS.index(label) for label in CAPITALS]])
    return Population(np.rint(100 * np.array([means, scatter, own])) / 100, np.round(groups, 4))


def _group_covariances(differ: np.ndarray) -> np.ndarray:
    """(4, 4), positive semidefinite: means over the pairs of labels of two groups, writers (W, 62) to tell."""
    products = np.array([[np.nanmean(a * b) for b in differ.T] for a in differ.T])
    np.fill_diagonal(products, np.nan)
    members = [[LABELS.index(label) for label in group] for group in SIZE_GROUPS]
    covariances = np.array([[np.nanmean(products[np.ix_(some, others)]) for others in members] for some in members])
    values, vectors = np.linalg.eigh(covariances)
    return (vectors * np.maximum(values, 0)) @ vectors.T
