"""How much teaching helps: real writers replayed, each as if a user had put right what was read wrong.

    inkling replay SAMPLES.jsonl.gz --split weights/split.json --part test

Of each writer the ten classes with the most errors are taken, of those that have samples to spare; five
samples of each, drawn by seed, are taught; then the rest of the writer's samples are read, and samples of
the other writers, in the unit of their own tablets. Errors before and after are of the same samples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from .. import ink
from ..characters.hand_size import size_of
from ..characters.recognizer import Recognizer
from ..data import Sample
from ..labels import merge, merged_35
from ..nn import Dense, one_hot, softmax
from ..teaching.hand_size import Population
from ..teaching.last_layer import LastLayer
from ..teaching.personal import WEIGHT
from ..teaching.rehearsal import Rehearsal
from ..training.dataset import collect
from .rehearsal import collection_features

CLASSES, EACH, OTHERS = 10, 5, 1000


class Hands(NamedTuple):
    """Samples of several writers, as the last layer takes them.

    Attributes
    ----------
    features : (N, D) float32
    targets : (N,) int
        Places among `labels`.
    writers : (N,) str
    sizes : (N,) float
        See `characters.hand_size`.
    dense : Dense
        The last layer as it ships.
    """

    features: np.ndarray
    targets: np.ndarray
    writers: np.ndarray
    sizes: np.ndarray
    dense: Dense
    labels: str

    @classmethod
    def of(cls, reader: Recognizer, samples: Iterable[Sample]) -> Hands:
        """From samples of ink, all of which must hold some; those of none of the reader's labels are passed over."""
        samples = [sample for sample in samples if sample.label in reader.labels]
        if not samples:
            raise ValueError(f"there are no samples of the labels {reader.labels}")
        targets = np.array([reader.labels.index(sample.label) for sample in samples])
        writers = np.array([sample.writer for sample in samples])
        sizes = np.array([size_of(ink.validate(sample.ink)) for sample in samples])
        features = collection_features(reader, collect(samples))
        dense = reader.network.layers[-1]
        if not isinstance(dense, Dense):
            raise ValueError(f"the network ends in {dense!r}; what learns a hand is a dense layer")
        return cls(features, targets, writers, sizes, dense, reader.labels)


class Figures(NamedTuple):
    """Errors on the rest of the writers' samples, and accuracies on other writers', all 0 to 1."""

    before: float
    after: float
    others_before: float
    others_after: float

    @property
    def fall(self) -> float:
        """Relative fall of the error."""
        return 1 - self.after / self.before


# places (m,) of samples -> their logits (m, K)
Logits = Callable[[np.ndarray], np.ndarray]
# places (n,) of the samples that are taught -> how the others are read
Method = Callable[[np.ndarray], Logits]


def _unit(rows: np.ndarray) -> np.ndarray:
    """Rows of length 1."""
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def prototypes(hands: Hands, strength: float = 5.0, sharpness: float = 20.0) -> Method:
    """Classes' mean features, blended with the logits: + strength * exp(-sharpness * (1 - cosine))."""

    def method(taught: np.ndarray) -> Logits:
        features, targets = hands.features[taught], hands.targets[taught]
        classes = np.unique(targets)
        centres = _unit(np.stack([_unit(features)[targets == k].mean(axis=0) for k in classes]))

        def logits(places: np.ndarray) -> np.ndarray:
            out = hands.dense.forward(hands.features[places]).copy()
            out[:, classes] += strength * np.exp(-sharpness * (1 - _unit(hands.features[places]) @ centres.T))
            return out

        return logits

    return method


def neighbours(hands: Hands, strength: float = 2.0, sharpness: float = 20.0) -> Method:
    """As `prototypes`, but every taught drawing speaks for itself (Tip-Adapter, Zhang et al. 2022)."""

    def method(taught: np.ndarray) -> Logits:
        votes = one_hot(hands.targets[taught], hands.dense.units)

        def logits(places: np.ndarray) -> np.ndarray:
            near = _unit(hands.features[places]) @ _unit(hands.features[taught]).T
            return hands.dense.forward(hands.features[places]) + strength * np.exp(-sharpness * (1 - near)) @ votes

        return logits

    return method


def last_layer(hands: Hands, rehearsal: Rehearsal, population: Population | None = None, weight: float = WEIGHT) -> Method:
    """What ships: `last_layer.LastLayer`.

    population : with it, how large the hand draws each character is learned too; with `weight` 0 that alone
    """
    learner = LastLayer(hands.dense, rehearsal, hands.labels)

    def method(taught: np.ndarray) -> Logits:
        features, targets = hands.features[taught], hands.targets[taught]
        names = [hands.labels[k] for k in targets]
        hand = population.learn(names, hands.sizes[taught], hands.labels) if population else None
        by_size = hand.logits(hands.sizes[taught]) if hand else None
        layer = hands.dense
        if weight:
            learner.start(features, targets, np.full(len(features), weight), by_size=by_size)
            while learner.learn():
                pass
            layer = learner.layer()

        def logits(places: np.ndarray) -> np.ndarray:
            out = layer.forward(hands.features[places]).copy()
            if hand:
                out[:, : len(hands.labels)] += hand.logits(hands.sizes[places])
            return out

        return logits

    return method


def replay(hands: Hands, method: Method, case_blind: bool, seeds: Sequence[int] = (0, 1, 2)) -> Figures:
    """Every writer by every seed, the samples of all counted together.

    ValueError where nobody has what is to be taught: more than `EACH` drawings of a character, one of them misread.
    """
    folds = np.arange(len(hands.labels))
    if case_blind:
        classes = list(dict.fromkeys(map(merged_35, hands.labels)))
        folds = np.array([classes.index(merged_35(label)) for label in hands.labels])

    def wrong(logits: np.ndarray, index: np.ndarray) -> np.ndarray:
        probabilities = softmax(logits[:, : len(hands.labels)])
        if case_blind:
            probabilities = merge(probabilities, hands.labels, merged_35)[0]
        return probabilities.argmax(axis=1) != folds[hands.targets[index]]

    shipped = hands.dense.forward(hands.features).copy()
    errors = wrong(shipped, np.arange(len(shipped)))
    sums = np.zeros(6)
    for seed in seeds:
        for taught, rest, others in episodes(hands, errors, np.random.default_rng(seed)):
            read = method(taught)
            wrongly = [wrong(read(part), part).sum() for part in (rest, others)]
            sums += errors[rest].sum(), wrongly[0], len(rest), errors[others].sum(), wrongly[1], len(others)
    if not sums[2] or not sums[5]:
        raise ValueError(f"nobody has more than {EACH} drawings of a character that is misread, and others beside them")
    before, after, count, others_before, others_after, others_count = sums.tolist()
    return Figures(before / count, after / count, 1 - others_before / others_count, 1 - others_after / others_count)


def episodes(
    hands: Hands, errors: np.ndarray, rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """For each writer: the samples to teach, the rest, and samples of others."""
    for writer in sorted(set(hands.writers.tolist())):
        own = np.flatnonzero(hands.writers == writer)
        by_class = {k: own[hands.targets[own] == k] for k in np.unique(hands.targets[own])}
        rates = {k: errors[of].mean() for k, of in by_class.items() if len(of) > EACH and errors[of].any()}
        worst = sorted(rates, key=lambda k: (-rates[k], k))[:CLASSES]
        if worst:
            taught = np.concatenate([rng.permutation(by_class[k])[:EACH] for k in worst])
            yield taught, np.setdiff1d(own, taught), rng.permutation(np.flatnonzero(hands.writers != writer))[:OTHERS]


def table(reader: Recognizer, rehearsal: Rehearsal, population: Population, samples: Iterable[Sample]) -> Iterator[str]:
    """Lines of a Markdown table: every way of teaching that was compared, replayed on the writers of `samples`."""
    hands = Hands.of(reader, samples)
    methods = {
        "class prototypes": prototypes(hands),
        "nearest drawings": neighbours(hands),
        "last layer, with rehearsal": last_layer(hands, rehearsal),
        "sizes alone": last_layer(hands, rehearsal, population, weight=0),
        "last layer and sizes (ships)": last_layer(hands, rehearsal, population),
    }
    yield "| classes | method | error before | after | fall | accuracy on others before | after |"
    yield "|---|---|---|---|---|---|---|"
    for case_blind, name in ((False, "62"), (True, "35")):
        for title, method in methods.items():
            f = replay(hands, method, case_blind)
            errors, others = (
                f"{f.before:.4f} | {f.after:.4f} | {f.fall:.1%}",
                f"{f.others_before:.4f} | {f.others_after:.4f}",
            )
            yield f"| {name} | {title} | {errors} | {others} |"
