"""Small networks of any shape, trained and tested in turns, for the page's lab."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ..ink.raster import CHANNELS, SIDE
from ..nn import AveragePool2D, Conv2D, Dense, Dropout, Flatten, Layer, MaxPool2D, Network, ReLU, cross_entropy, softmax
from .dataset import Collection
from .loop import Progress
from .trainer import Settings, Trainer

POOLINGS = {"max": MaxPool2D, "average": AveragePool2D}
# Test characters read at a time, since training waits meanwhile.
CHUNK = 24
# Training steps between two tests.
TEST_EVERY = 12
# Guessing costs log(K), 4.1 for 62 classes; from a loss like this no training comes back.
LARGEST_LOSS = 1e4


def build(
    classes: int, filters: Sequence[int] = (8, 16), kernel: int = 3, pooling: str = "max", window: int = 2,
    dropout: float = 0.2, seed: int = 0,
) -> Network:  # fmt: skip
    """Convolution, ReLU and pooling once for each entry of `filters`, then dropout and one dense layer.

    Parameters
    ----------
    kernel : int
        Side of the kernels.
    pooling : "max", "average" or "none"
    window : int
        Side and stride of the pooling.

    Raises
    ------
    ValueError
        Names the convolution after which the pooling window does not fit.
    """
    if pooling not in (*POOLINGS, "none"):
        raise ValueError(f"pooling is {', '.join(POOLINGS)} or none, not {pooling!r}")
    if classes < 2:
        raise ValueError(f"a network chooses among at least 2 classes, not {classes}")
    rng = np.random.default_rng(seed)
    layers: list[Layer] = []
    shape: tuple[int, ...] = (CHANNELS, SIDE, SIDE)
    for count in filters:
        added: list[Layer] = [Conv2D(shape[0], count, kernel, rng=rng), ReLU()]
        added += [POOLINGS[pooling](window)] if pooling != "none" else []
        if pooling != "none" and window > shape[1]:
            raise ValueError(
                f"A pooling window of {window} does not fit into maps of {shape[1]} x {shape[2]}, which is what convolution "
                f"{len(layers) // len(added) + 1} makes here. Choose a smaller window or fewer convolutions."
            )
        layers += added
        shape = Network(layers, (CHANNELS, SIDE, SIDE)).shapes[-1]
    layers += [Flatten(), Dropout(dropout), Dense(int(np.prod(shape)), classes, rng=rng)]
    return Network(layers, (CHANNELS, SIDE, SIDE))


class Measurement(NamedTuple):
    """How the network did on all N test characters after `step` steps.

    Attributes
    ----------
    accuracy : float
        0 to 1.
    answers : (N,) uint8
        Classes.
    probabilities : (N,) float32
        Of those answers.
    """

    step: int
    loss: float
    accuracy: float
    answers: np.ndarray
    probabilities: np.ndarray


class Diverged(ArithmeticError):
    """The loss grew beyond all bounds; the weights of the last good test are back in place."""


def constant(step: int, steps: int, rate: float) -> float:
    """A schedule for training without an end: linear warm-up over 20 steps, then `rate`."""
    return rate * min(1.0, (step + 1) / 20)


class Lab:
    """A network, what it learns from and what it is tested on.

    `network` is the one to read with: the trainer's moving average. While training goes on it
    changes with every step.
    """

    def __init__(self, network: Network, labels: str, train: Collection, test: Collection, settings: Settings):
        """ValueError where a collection has no sample of these labels."""
        self.labels = labels
        self.train, self.test = (part.select(np.isin(part.labels, list(labels))) for part in (train, test))
        for name, part in (("train on", self.train), ("test on", self.test)):
            if not len(part):
                raise ValueError(f"there is no sample of {' '.join(labels)} to {name}")
        self.trainer = Trainer(network, self.train, labels, settings, schedule=constant)
        self.network = self.trainer.averaged
        self.pictures = np.concatenate(list(self.test.pictures()))
        self.targets = np.array([labels.index(label) for label in self.test.labels.tolist()])
        self._good = self._weights()

    def run(self) -> Iterator[Progress | Measurement | None]:
        """Train and test in turns for ever; None where only a part of a test was done.

        Diverged once the loss is not finite any more, or on its way there.
        """
        with np.errstate(all="ignore"):
            for progress in self.trainer.run():
                if not progress.loss < LARGEST_LOSS:
                    self._restore(progress.step)
                yield progress
                if progress.step % TEST_EVERY == 0 or progress.step == 1:
                    yield from self.measure()

    def measure(self) -> Iterator[Measurement | None]:
        """Test the network as it is now, in pieces: None, None, ..., a Measurement."""
        step = self.trainer.step
        tested = copy.deepcopy(self.network)  # the averaged weights move on with the next step
        parts = []
        for start in range(0, len(self.pictures), CHUNK):
            parts.append(tested.forward(self.pictures[start : start + CHUNK]))
            yield None
        logits = np.concatenate(parts)
        if not np.isfinite(logits).all():
            self._restore(step)
        self._good = self._weights()
        probabilities = softmax(logits)
        answers = logits.argmax(axis=1)
        loss, _ = cross_entropy(logits, self.targets)
        right = float((answers == self.targets).mean())
        yield Measurement(step, loss, right, answers.astype(np.uint8), probabilities.max(axis=1).astype(np.float32))

    def _weights(self) -> list[np.ndarray]:
        return [array.copy() for array in self.network.parameters()]

    def _restore(self, step: int) -> None:
        for array, good in zip(self.network.parameters(), self._good):
            array[...] = good
        raise Diverged(
            f"At step {step} the loss grew beyond all bounds: the steps were so large that they overshot, "
            f"each further than the one before. The weights of the last good test are kept. A smaller learning rate helps."
        )
