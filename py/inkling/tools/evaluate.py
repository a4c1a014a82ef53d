"""How well a recogniser reads: accuracies, calibration, confusions."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..characters.recognizer import Recognizer
from ..labels import look_alikes, merge, merged_35, merged_47, other_case, shape_of
from ..training.dataset import Collection

ECE_BINS = 15


# Accuracies of merged classes, and what merges them.
MERGED: dict[str, Callable[[str], str]] = {
    "accuracy_47": merged_47,
    "accuracy_35": merged_35,
    "accuracy_shapes": look_alikes,
    "accuracy_shapes_35": shape_of,
}
# By name, as `inkling evaluate --json` prints them.
Figures = dict[str, float]
# ((truth, answer), count), most frequent first.
Confusions = list[tuple[tuple[str, str], int]]


class Evaluation(NamedTuple):
    """Everything measured on one collection.

    probabilities : (N, K) float32 over `labels`, of the samples counted in `figures`
    kept : (N,) int, their places in the collection
    """

    figures: Figures
    confusions: Confusions
    probabilities: np.ndarray
    kept: np.ndarray
    labels: str


def evaluate(reader: Recognizer, collection: Collection, allowed: str | None = None) -> Evaluation:
    """Read all samples, or with `allowed` those whose label it holds, answering only its labels."""
    labels = "".join(label for label in reader.labels if allowed is None or label in allowed)
    if not labels:
        raise ValueError(f"allowed is some of {reader.labels}, not {allowed!r}")
    kept = np.flatnonzero(np.isin(collection.labels, list(labels)))
    if not len(kept):
        raise ValueError(f"no sample has one of the labels {labels}")
    started = time.perf_counter()
    probabilities = read_all(reader, collection, kept)
    seconds = time.perf_counter() - started
    columns = [reader.labels.index(label) for label in labels]
    probabilities = probabilities[:, columns]
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    figures, confusions = score(probabilities, labels, collection.labels[kept], collection.case_known[kept])
    figures["ms_per_sample"] = round(1000 * seconds / len(kept), 3)
    return Evaluation(figures, confusions, probabilities, kept, labels)


def read_all(reader: Recognizer, collection: Collection, index: np.ndarray) -> np.ndarray:
    """Probabilities (len(index), K) of some samples of a collection."""
    return np.concatenate([reader.probabilities(pictures) for pictures in collection.pictures(index)])


def score(probabilities: np.ndarray, labels: str, truth: np.ndarray, case_known: np.ndarray) -> tuple[Figures, Confusions]:
    """Figures and confusions from probabilities (N, K) over `labels` and true labels (N,).

    Where a sample's case is not known, the two cases' probabilities count together, under
    the sample's label. The merged accuracies add up the probabilities of each merged class
    before the argmax: "accuracy_shapes" those of look-alikes (`labels.LOOK_ALIKE`), which is what
    shape alone can tell, and "accuracy_shapes_35" those of the two cases of a letter as well.
    """
    probabilities = probabilities.astype(np.float64)
    for n in np.flatnonzero(~case_known):
        here, other = labels.find(truth[n]), labels.find(other_case(truth[n]))
        if other >= 0 and other != here:
            probabilities[n, here] += probabilities[n, other]
            probabilities[n, other] = 0
    target = np.array([labels.index(label) for label in truth.tolist()])
    order = np.argsort(-probabilities, axis=1, kind="stable")
    right = order[:, 0] == target
    figures: Figures = {"samples": len(truth), "accuracy": rounded(right.mean())}
    for name, merged in MERGED.items():
        sums, classes = merge(probabilities, labels, merged)
        answers = sums.argmax(axis=1)
        figures[name] = rounded(np.mean([classes[a] == merged(t) for a, t in zip(answers.tolist(), truth.tolist())]))
    figures["top3"] = rounded((order[:, :3] == target[:, None]).any(axis=1).mean())
    figures["ece"] = rounded(calibration(probabilities.max(axis=1), right)[0])
    wrong = Counter((t, labels[a]) for t, a in zip(truth[~right].tolist(), order[~right, 0].tolist()))
    return figures, wrong.most_common()


def calibration(
    confidence: np.ndarray, right: np.ndarray, bins: int = ECE_BINS
) -> tuple[float, list[tuple[float, float, int]]]:
    """Expected calibration error (Guo et al. 2017, eq. 3), and (confidence, accuracy, count) of each bin in use."""
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    table = []
    for b in range(bins):
        chosen = which == b
        if chosen.any():
            table.append((float(confidence[chosen].mean()), float(right[chosen].mean()), int(chosen.sum())))
    error = sum(count * abs(c - a) for c, a, count in table) / len(confidence)
    return error, table


def rounded(value: float) -> float:
    """A figure as it is told: five places."""
    return round(float(value), 5)
