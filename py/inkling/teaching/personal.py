"""A recogniser that learns its user's hand, and symbols of his own, from a few drawings.

Only the last layer learns, by rehearsal: it minimises the cross-entropy of the taught drawings together with
that of characters of other hands, whose targets are the probabilities that the shipped network gives them
(distillation, Hinton et al. 2015; against forgetting, Li and Hoiem 2016). The features are whitened first,
so that some twenty steps of accelerated gradient descent (Nesterov 1983) are enough; the problem is convex,
so the result depends on what was taught, not on the order. How large this hand draws its characters is learned
beside it (`hand_size`), and what size explains the layer need not. What comes out is an ordinary `Recognizer`.

How it was chosen, and what it gains: TEACHING.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from .. import ink
from ..characters.hand_size import HandSize, size_of
from ..characters.recognizer import Recognizer
from ..labels import LOOK_ALIKE, NOTHING
from ..nn import Dense, Network, one_hot, softmax
from ..nn.convolution import matrix_product
from .hand_size import Population
from .rehearsal import Rehearsal, features_of

# What one taught drawing counts for, against all of the rehearsal together.
WEIGHT = 0.003
# A symbol of one's own has no others to speak for it.
SYMBOL_WEIGHT = 0.01
# Of the squared change of the last layer, on whitened features.
PENALTY = 1e-4
BIAS = 0.3
# Of a taught drawing's target, the share that is parted among its look-alikes as the shipped network parts it:
# an O taught says little of what this hand's o looks like.
TWINS = 0.9
# A symbol of one's own is read from so many drawings on.
LEAST_DRAWINGS = 5
# A taught drawing still read as another shape, twins aside, when the learning is done counts for more, up to this.
INSISTENCE = 4
MOST_WEIGHT = 0.016
STEPS_AT_ONCE = 8
MOST_STEPS = 40


class LastLayer:
    """The learning itself, on features.

    dense : the layer as it was shipped, (D,) -> (K,); labels : of its first outputs
    """

    def __init__(self, dense: Dense, rehearsal: Rehearsal, labels: str):
        self.alike = _alike(labels, dense.units)
        self.dense, self.mean = dense, rehearsal.features.mean(axis=0)
        self.whitening = rehearsal.whitening / np.float32(np.sqrt(dense.inputs))
        self.rehearsed = self._whiten(rehearsal.features)
        self.rehearsed_logits = dense.forward(rehearsal.features)

    def _targets(self, targets: np.ndarray, count: int, logits: np.ndarray) -> np.ndarray:
        """(N, count): the taught label, and to a share its look-alikes as `logits` part them."""
        exact = one_hot(targets, count)
        alike = exact.copy()
        # Outputs beyond the shipped labels, symbols of one's own, look like nothing else.
        shipped = targets < len(self.alike)
        alike[shipped, : len(self.alike)] = self.alike[targets[shipped]]
        shared = softmax(logits) * alike
        shared /= np.maximum(shared.sum(axis=1, keepdims=True), 1e-12)
        return (1 - TWINS) * exact + TWINS * shared

    def _whiten(self, features: np.ndarray) -> np.ndarray:
        """(N, D) -> (N, D + 1), the last column constant: it moves the bias."""
        white = (features - self.mean) @ self.whitening
        return np.concatenate([white, np.full((len(white), 1), BIAS, np.float32)], axis=1, dtype=np.float32)

    def start(self, features, targets, weights, extra: int = 0, place: int = 0, change=None, by_size=None):
        """Take up a set of drawings: features (N, D), targets (N,) among K + extra, weights (N,).

        The `extra` outputs stand at `place`. change : where to go on from, (K + extra, D + 1); None: from nothing.
        by_size : (N, at most K + extra), what the drawings' sizes add to their first logits
        """
        logits = np.concatenate([self.rehearsed_logits, self.dense.forward(features)]).astype(np.float32)
        teacher = softmax(self.rehearsed_logits)
        n, k = len(teacher), logits.shape[1] + extra
        self.inputs = np.concatenate([self.rehearsed, self._whiten(features)])
        self._inputs_across = np.ascontiguousarray(self.inputs.T)
        self.logits = np.insert(logits, [place] * extra, 0, axis=1)
        if by_size is not None:
            self.logits[n:, : by_size.shape[1]] += by_size
        self.targets = np.concatenate(
            [np.insert(teacher, [place] * extra, 0, axis=1), self._targets(targets, k, self.logits[n:])]
        )
        self.weights = np.concatenate([np.full(n, 1 / n), weights]).astype(np.float32)[:, None]
        self.extra, self.place = extra, place
        fits = change is not None and change.shape == (k, self.inputs.shape[1])
        self.change = change if fits else np.zeros((k, self.inputs.shape[1]), np.float32)
        self._go_on()

    def _largest_curvature(self) -> float:
        """Of sum of w x x.T, by power iteration; softmax adds a factor of at most 1/2."""
        v = np.ones(self.inputs.shape[1], np.float32)
        for _ in range(12):
            v = ((self.inputs @ v) * self.weights[:, 0]) @ self.inputs
            size = float(np.sqrt(v @ v))
            v /= size
        return 1.05 * size

    def learn(self, steps: int = MOST_STEPS) -> bool:
        """Some steps of accelerated gradient descent; whether there is more to gain."""
        for _ in range(min(steps, MOST_STEPS - self.steps)):
            ahead = self.change + np.float32(self.steps / (self.steps + 3)) * self._speed
            errors = softmax(self.logits + matrix_product(self.inputs, ahead)) - self.targets
            errors *= self.weights
            gradient = matrix_product(np.ascontiguousarray(errors.T), self._inputs_across) + np.float32(PENALTY) * ahead
            moved = ahead - np.float32(self._rate) * gradient
            self._speed, self.change = moved - self.change, moved
            self.steps += 1
        return self.steps < MOST_STEPS or self._insist()

    def _insist(self) -> bool:
        """Give taught drawings that are still misread more weight and begin again; whether there were any."""
        taught = slice(len(self.rehearsed), None)
        logits = self.logits[taught] + matrix_product(self.inputs[taught], self.change)
        # Targets are above 0 for the label taught and its look-alikes only.
        misread = self.targets[taught][np.arange(len(logits)), logits.argmax(axis=1)] == 0
        weights = self.weights[taught, 0]
        raised = np.where(misread, np.minimum(weights * INSISTENCE, np.maximum(weights, MOST_WEIGHT)), weights)
        if np.array_equal(raised, weights):
            return False
        weights[...] = raised
        self._go_on()
        return True

    def _go_on(self) -> None:
        self.steps = 0
        self._speed = np.zeros_like(self.change)
        self._rate = 1 / (0.5 * self._largest_curvature() + PENALTY)

    def layer(self) -> Dense:
        """The learned last layer, on features as the network makes them."""
        weight, bias = self.dense.parameters["weight"], self.dense.parameters["bias"]
        turn = self.change[:, :-1] @ self.whitening.T
        learned = Dense(self.dense.inputs, len(self.change))
        learned.parameters["weight"] = np.insert(weight, [self.place] * self.extra, 0, axis=0) + turn
        learned.parameters["bias"] = (
            np.insert(bias, [self.place] * self.extra, 0) + BIAS * self.change[:, -1] - turn @ self.mean
        )
        return learned


def _alike(labels: str, count: int) -> np.ndarray:
    """(len(labels), len(labels)) of 0 and 1: which labels look alike, each like itself."""
    labels = labels[:count].removesuffix(NOTHING)
    table = np.eye(len(labels), dtype=np.float32)
    for group in LOOK_ALIKE:
        places = [labels.index(label) for label in group if label in labels]
        table[np.ix_(places, places)] = 1
    return table


class Taught(NamedTuple):
    """One drawing that was taught: its label, its features (D,) and its size (see `characters.hand_size.size_of`)."""

    label: str
    features: np.ndarray
    size: float


class Drawing(NamedTuple):
    """What is to be taught: label one character; is_sized : whether it is as large as this hand drew it on its pad."""

    id: str
    label: str
    strokes: Sequence
    is_sized: bool = True


class Personal:
    """What one person taught, and `reader`, the Recognizer that has learned it.

    While nothing is taught `reader` is the shipped one itself.
    """

    def __init__(self, shipped: Recognizer, rehearsal: Rehearsal, population: Population):
        self.shipped = self.reader = shipped
        self._population = population
        self.taught: dict[str, Taught] = {}
        self._method = LastLayer(shipped.network.layers[-1], rehearsal, shipped.labels)
        self._symbols, self._is_settled = "", True
        self._hand_size: HandSize | None = None

    def counts(self) -> dict[str, int]:
        """How many drawings of each label were taught."""
        labels = [taught.label for taught in self.taught.values()]
        return {label: labels.count(label) for label in dict.fromkeys(labels)}

    @property
    def symbols(self) -> str:
        """The labels that are the user's own and are read by now."""
        return self._symbols

    def teach(self, drawings: Iterable[tuple]) -> None:
        """Learn drawings, see `Drawing`; an id that is known is replaced.

        ValueError for ink that is none and for labels that are none; then nothing is learned.
        """
        ids, labels, pictures, sizes = [], [], [], []
        for name, label, strokes, is_sized in (Drawing(*each) for each in drawings):
            if (
                not isinstance(label, str)
                or len(label) != 1
                or label.isspace()
                or label == NOTHING
                or not label.isprintable()
            ):
                raise ValueError(f"the label is one character that can be seen, not {label!r}")
            picture = self.shipped.prepare(strokes)
            if picture is None:
                raise ValueError(f"there is no ink to learn {label} from")
            ids.append(name), labels.append(label), pictures.append(picture)
            sizes.append(size_of(ink.validate(strokes)) if is_sized else float("nan"))
        if not ids:
            return
        features = features_of(self.shipped, np.stack(pictures))
        self.taught |= {name: Taught(*one) for name, *one in zip(ids, labels, features, sizes)}
        self._learn()

    def forget(self, ids: Iterable[str]) -> None:
        """Unlearn drawings; ids that are not known are passed over."""
        known = [name for name in ids if name in self.taught]
        for name in known:
            del self.taught[name]
        if known:
            self._learn()

    def settle(self) -> bool:
        """A little more of the learning that `teach` began; False once there is nothing left to do."""
        if not self._is_settled:
            self._is_settled = not self._method.learn(STEPS_AT_ONCE)
            self._rebuild()
        return not self._is_settled

    def _learn(self) -> None:
        known = set(self.shipped.labels)
        symbols = "".join(sorted(x for x, count in self.counts().items() if x not in known and count >= LEAST_DRAWINGS))
        samples = [taught for taught in self.taught.values() if taught.label in known or taught.label in symbols]
        if not samples:
            self.reader, self._symbols, self._is_settled = self.shipped, "", True
            return
        outputs = self.shipped.labels + symbols
        targets = np.array([outputs.index(taught.label) for taught in samples])
        weights = np.array([SYMBOL_WEIGHT if taught.label in symbols else WEIGHT for taught in samples])
        change = getattr(self._method, "change", None) if symbols == self._symbols else None
        features = np.stack([taught.features for taught in samples])
        sizes = [taught.size for taught in samples]
        self._hand_size = self._population.learn([taught.label for taught in samples], sizes, outputs)
        by_size = self._hand_size.logits(sizes) if self._hand_size else None
        self._method.start(features, targets, weights, len(symbols), len(self.shipped.labels), change, by_size)
        self._symbols, self._is_settled = symbols, not self._method.learn(STEPS_AT_ONCE)
        self._rebuild()

    def _rebuild(self) -> None:
        shipped = self.shipped
        network = Network([*shipped.network.layers[:-1], self._method.layer()], shipped.network.input_shape)
        outputs = shipped.labels + self._symbols + shipped.outputs[len(shipped.labels) :]
        self.reader = Recognizer(
            network, outputs, shipped.temperature, shipped.reject_threshold, shipped.heights, hand_size=self._hand_size
        )
