"""The last layer learns drawings of one hand, on features, and rehearses everybody else's.

It minimises the cross-entropy of the taught drawings together with that of characters of other hands, whose targets
are the probabilities that the shipped network gives them (distillation, Hinton et al. 2015; against forgetting, Li and
Hoiem 2016). The features are whitened first, so that some twenty steps of accelerated gradient descent (Nesterov 1983)
are enough. The problem is convex and each set of drawings is learned from the shipped weights, so the result depends on
what was taught and on nothing that went before.
"""

from __future__ import annotations

import numpy as np

from ..labels import LOOK_ALIKE, NOTHING
from ..nn import Dense, one_hot, softmax
from ..nn.convolution import matrix_product
from .rehearsal import Rehearsal

# Weight of the squared change of the last layer, on whitened features.
PENALTY = 1e-4
# Value of the constant feature that stands for the bias, on the scale of the whitened features.
BIAS = 0.3
# Share of a taught drawing's target that goes to its look-alikes, in the shipped network's proportions: an O that was
# taught says little of what this hand's o looks like.
SHARED = 0.9
# A drawing that is still misread after all steps gets INSISTENCE times its weight, up to MOST_WEIGHT.
INSISTENCE = 4
MOST_WEIGHT = 0.016
MOST_STEPS = 40


class LastLayer:
    """The last layer of a classifier, being taught.

    Parameters
    ----------
    dense : Dense
        The layer as it was shipped, (D,) -> (K,).
    rehearsal : Rehearsal
        On the features that the layer takes.
    labels : str
        Of the layer's first outputs.
    """

    _velocity: np.ndarray
    _rate: float

    def __init__(self, dense: Dense, rehearsal: Rehearsal, labels: str) -> None:
        self.alike = _alike(labels, dense.units)
        self.dense, self.mean = dense, rehearsal.features.mean(axis=0)
        self.whitening = rehearsal.whitening / np.float32(np.sqrt(dense.inputs))
        self.rehearsed = self._whiten(rehearsal.features)
        self.rehearsed_logits = dense.forward(rehearsal.features)

    def start(
        self,
        features: np.ndarray,
        targets: np.ndarray,
        weights: np.ndarray,
        extra: int = 0,
        place: int = 0,
        by_size: np.ndarray | None = None,
    ) -> None:
        """Take up a set of drawings, from the shipped weights.

        Parameters
        ----------
        features : (N, D) float32
        targets : (N,) int
            Outputs, among K + extra.
        weights : (N,) float
            What each drawing counts for, against all of the rehearsal together.
        extra, place : int
            How many outputs are added, and where.
        by_size : (N, at most K + extra) float32, optional
            What the drawings' sizes add to their first logits.
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
        self.change = np.zeros((k, self.inputs.shape[1]), np.float32)
        self._restart()

    def learn(self, steps: int = MOST_STEPS) -> bool:
        """Some steps of accelerated gradient descent; whether there is more to gain."""
        for _ in range(min(steps, MOST_STEPS - self.steps)):
            ahead = self.change + np.float32(self.steps / (self.steps + 3)) * self._velocity
            moved = ahead - np.float32(self._rate) * self.gradient(ahead)
            self._velocity, self.change = moved - self.change, moved
            self.steps += 1
        return self.steps < MOST_STEPS or self._insist()

    def gradient(self, change: np.ndarray) -> np.ndarray:
        """Of the loss by the change of the layer, (K + extra, D + 1) both."""
        errors = softmax(self.logits + matrix_product(self.inputs, change)) - self.targets
        errors *= self.weights
        return matrix_product(np.ascontiguousarray(errors.T), self._inputs_across) + np.float32(PENALTY) * change

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

    def _whiten(self, features: np.ndarray) -> np.ndarray:
        """(N, D) -> (N, D + 1), the last column constant."""
        white = (features - self.mean) @ self.whitening
        return np.concatenate([white, np.full((len(white), 1), BIAS, np.float32)], axis=1, dtype=np.float32)

    def _targets(self, targets: np.ndarray, count: int, logits: np.ndarray) -> np.ndarray:
        """(N, count): the taught label, and to a share its look-alikes in the proportions of `logits`."""
        exact = one_hot(targets, count)
        alike = exact.copy()
        # Outputs beyond the shipped labels, symbols of the user's own, look like nothing else.
        shipped = targets < len(self.alike)
        alike[shipped, : len(self.alike)] = self.alike[targets[shipped]]
        shared = softmax(logits) * alike
        shared /= np.maximum(shared.sum(axis=1, keepdims=True), 1e-12)
        return (1 - SHARED) * exact + SHARED * shared

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
        self._restart()
        return True

    def _restart(self) -> None:
        self.steps = 0
        self._velocity = np.zeros_like(self.change)
        # Softmax adds a factor of at most 1/2 to the curvature of its inputs.
        self._rate = 1 / (0.5 * self._largest_curvature() + PENALTY)

    def _largest_curvature(self) -> float:
        """The largest eigenvalue of sum of w x x.T, a little over, by power iteration."""
        v = np.ones(self.inputs.shape[1], np.float32)
        for _ in range(12):
            v = ((self.inputs @ v) * self.weights[:, 0]) @ self.inputs
            size = float(np.sqrt(v @ v))
            v /= size
        return 1.05 * size


def _alike(labels: str, count: int) -> np.ndarray:
    """(len(labels), len(labels)) of 0 and 1: which labels look alike, each like itself."""
    labels = labels[:count].removesuffix(NOTHING)
    table = np.eye(len(labels), dtype=np.float32)
    for group in LOOK_ALIKE:
        places = [labels.index(label) for label in group if label in labels]
        table[np.ix_(places, places)] = 1
    return table
