"""How large one hand draws each character, from a few drawings: what tells its c from its C, its e from its l.

The network sees every character at one size. `learn` has what people in general do (`TABLE`) and what this
hand was seen to do, both Gaussian, and gives for each character the size that this hand is likely to draw it
at. A size is the logarithm of the diagonal of the ink's bounding box, so that the unit does not matter: the
hand's own measure is learned along. The table is printed, from writers of the training part, by

    python -m inkling.characters.hand_size ../shared/data/unipen.jsonl.gz --split weights/split.json
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from ..labels import CAPITALS, DIGITS, LABELS

# For each of `LABELS`, in hundredths of log size: how large people draw it, how much one person's drawings of it
# scatter, and how much people differ in it beyond what they have in common for all of its kind.
# fmt: off
TABLE = np.array((
    (-25, -33, -18, -16, -5, -10, -14, -8, -12, -8,
     -2, 3, -15, 0, -4, 5, 1, 0, -15, 9, -3, -9, 6, 0, -16, 1, 6, 1, -9, 9, -11, -9, 6, -3, 8, 0,
     -39, -7, -46, -4, -45, 11, 5, -4, -31, 20, -6, -17, -20, -40, -56, -2, 9, -46, -40, -11, -44, -38, -23, -30, 3, -26),
    (15, 16, 13, 12, 12, 12, 11, 12, 11, 11,
     13, 10, 12, 11, 11, 11, 11, 10, 15, 10, 11, 12, 11, 12, 12, 11, 10, 11, 13, 14, 10, 10, 12, 11, 12, 10,
     16, 15, 15, 13, 16, 17, 16, 13, 18, 13, 15, 15, 16, 17, 16, 13, 13, 17, 16, 14, 16, 17, 15, 15, 14, 14),
    (17, 21, 8, 7, 12, 10, 10, 9, 8, 10,
     10, 9, 11, 11, 8, 15, 14, 12, 22, 14, 14, 11, 10, 9, 12, 12, 19, 6, 10, 14, 11, 14, 11, 20, 18, 13,
     14, 11, 13, 13, 13, 19, 16, 9, 23, 20, 11, 13, 14, 11, 13, 12, 18, 13, 13, 10, 13, 17, 9, 19, 17, 21),
))
# fmt: on
# How people differ together in digits, capitals, short letters and tall ones: covariances, in log size.
KINDS = (DIGITS, CAPITALS, "acemnorsuvwxz", "bdfghijklpqty")
TOGETHER = np.array(
    (
        (0.0096, -0.0034, -0.0006, 0.0006),
        (-0.0034, 0.0048, -0.0045, -0.0047),
        (-0.0006, -0.0045, 0.0100, 0.0031),
        (0.0006, -0.0047, 0.0031, 0.0079),
    )
)
# A symbol of one's own: nobody else has drawn it.
SYMBOL = (0.0, 0.17, 0.4)
# Nobody is as even as that: deviations are widened.
WIDENED = 1.4
# The likelihood of a size that no character of this hand has: more, and size would say less.
ANY_SIZE = 0.1
# No measure of a hand is known beforehand.
ANY_MEASURE = 1.0
# Drawings further off are slips: a dot for an i, a file in another unit.
FURTHEST = 0.8


def size_of(strokes: Sequence) -> float:
    """Logarithm of the diagonal of the bounding box of validated strokes; NaN where they have no extent."""
    points = np.concatenate(strokes)
    diagonal = np.hypot(*(points.max(axis=0) - points.min(axis=0)))
    return float(np.log(diagonal)) if diagonal > 0 else float("nan")


class HandSize(NamedTuple):
    """means, deviations : (K,) of the size of each label."""

    means: np.ndarray
    deviations: np.ndarray

    def logits(self, sizes) -> np.ndarray:
        """(..., K): what sizes (...) add to the logits, from log(ANY_SIZE) to about 0.5; 0 where a size is NaN."""
        sizes = np.asarray(sizes, np.float64)[..., None]
        deviations = self.deviations * WIDENED
        likelihood = np.exp(-0.5 * ((sizes - self.means) / deviations) ** 2) * (1 / deviations) / np.mean(1 / deviations)
        return np.nan_to_num(np.log(likelihood + ANY_SIZE)).astype(np.float32)


def learn(labels: Sequence[str], sizes: Sequence[float], outputs: str) -> HandSize | None:
    """What drawings of `labels`, as large as `sizes` (see `size_of`), say of the sizes of all `outputs`.

    None where no drawing has a size.
    """
    means, scatter, common = _people(outputs)
    known = np.isfinite(sizes)
    drawn = np.array([outputs.index(label) for label, is_known in zip(labels, known) if is_known], int)
    sizes = np.asarray(sizes)[known]
    if not len(drawn):
        return None
    places = np.array(sorted(set(drawn.tolist())))
    counts = np.bincount(drawn)[places]
    seen = np.array([_middle(sizes[drawn == place]) for place in places]) - means[places]
    measure = _middle(seen)
    seen = np.clip(seen - measure, -FURTHEST, FURTHEST)
    noise = np.diag(scatter[places] ** 2 / counts)
    prior = common + ANY_MEASURE
    expected = prior[np.ix_(places, places)] + noise
    gain = np.linalg.solve(expected, prior[places]).T
    deviations = np.sqrt(np.maximum(np.diag(prior - gain @ prior[places]), 0) + scatter**2)
    return HandSize(means + measure + gain @ seen, deviations)


def _middle(values: np.ndarray) -> float:
    """The median; numpy's own needs a part of numpy that the page leaves out."""
    ordered = np.sort(values)
    return float(ordered[(len(values) - 1) // 2] + ordered[len(values) // 2]) / 2


def _people(outputs: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(K,) means, (K,) scatter and (K, K) covariance between people, for `outputs`."""
    table = dict(zip(LABELS, TABLE.T / 100))
    means, scatter, own = np.array([table.get(label, SYMBOL) for label in outputs]).T
    kinds = np.array([[label in kind for kind in KINDS] for label in outputs], float)
    return means, scatter, kinds @ TOGETHER @ kinds.T + np.diag(own**2)


def fit(samples: Iterable) -> tuple[np.ndarray, np.ndarray]:
    """`TABLE`, in log size, and `TOGETHER` from samples of ink whose writers are known.

    By medians and by half the distance of the 16th to the 84th percentile, since some labels are wrong.
    """
    by_writer: dict[str, dict[int, list[float]]] = {}
    for sample in samples:
        size = size_of(sample.strokes)
        if np.isfinite(size):
            by_writer.setdefault(sample.writer, {}).setdefault(LABELS.index(sample.label), []).append(size)
    middles = np.full((len(by_writer), len(LABELS)), np.nan)
    scattered: list[list[float]] = [[] for _ in LABELS]
    for row, drawn in zip(middles, by_writer.values()):
        for place, sizes in drawn.items():
            row[place] = np.median(sizes)
            if len(sizes) >= 4:
                scattered[place] += list(sizes - row[place])
    # Only those who wrote about everything say how people differ.
    middles = middles[np.isfinite(middles).sum(axis=1) >= 0.8 * len(LABELS)]
    means = np.nanmedian(middles - np.nanmedian(middles, axis=1, keepdims=True), axis=0)
    for _ in range(20):
        measures = np.nanmedian(middles - means, axis=1, keepdims=True)
        means = np.nanmedian(middles - measures, axis=0)
    differ = np.clip(middles - measures - means, -FURTHEST, FURTHEST)
    differ -= np.nanmean(differ, axis=0)
    together = np.zeros((len(KINDS), len(KINDS)))
    products = np.array([[np.nanmean(a * b) for b in differ.T] for a in differ.T])
    np.fill_diagonal(products, np.nan)
    kinds = [[LABELS.index(label) for label in kind] for kind in KINDS]
    for a, some in enumerate(kinds):
        for b, others in enumerate(kinds):
            together[a, b] = np.nanmean(products[np.ix_(some, others)])
    values, vectors = np.linalg.eigh(together)
    together = (vectors * np.maximum(values, 0)) @ vectors.T
    shared = np.array([together[k, k] for label in LABELS for k, kind in enumerate(KINDS) if label in kind])
    own = np.sqrt(np.maximum(np.nanmean(differ**2, axis=0) - shared, 0.003))
    scatter = np.array([max(np.subtract(*np.percentile(some, [84, 16])) / 2, 0.05) for some in scattered])
    means -= np.median(means[[LABELS.index(label) for label in CAPITALS]])
    return np.array([means, scatter, own]), together


def main() -> None:
    import argparse

    from ..data import read_samples
    from ..tools.split import Split

    parser = argparse.ArgumentParser(prog="python -m inkling.characters.hand_size", description="print TABLE and TOGETHER")
    parser.add_argument("samples")
    parser.add_argument("--split", required=True)
    options = parser.parse_args()
    split = Split.load(options.split)
    training = (s for i, s in enumerate(read_samples(options.samples)) if s.writer and split.part(s.writer, i) == "train")
    table, together = fit(training)
    for row in np.rint(table * 100).astype(int):
        print(" ".join(map(str, row)))
    print(np.round(together, 4).tolist())


if __name__ == "__main__":
    main()
