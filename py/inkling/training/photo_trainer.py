"""Learning what photographs show: every one once an epoch, the rate along one cycle."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from ..nn import SGD, Network, cross_entropy
from ..nn.muon import Muon
from ..photos.reader import prepare
from .loop import Classifying, Part
from .photo_augment import Strength, augment

OPTIMIZERS: dict[str, type[Muon | SGD]] = {"muon": Muon, "sgd": SGD}


@dataclass(frozen=True)
class Settings:
    """How to train.

    Attributes
    ----------
    epochs : float
        Passes over the photographs.
    batch : int
        Photographs a step.
    optimizer : "muon" or "sgd"
    rate : float
        Peak learning rate: Muon's about 0.02, SGD's about 0.1.
    decay : float
        Weight decay: Muon's about 0.05, of the rate; SGD's about 0.0005, added to the gradient.
    smoothing : float
        Label smoothing, 0 to 1.
    average : float
        How much of the moving average of the weights each step keeps, 0 to 1.
    workers : int
        Threads that share a batch; the result depends on their number.
    augmentation : Strength
    """

    epochs: float = 40
    batch: int = 128
    optimizer: str = "muon"
    rate: float = 0.02
    decay: float = 0.05
    smoothing: float = 0.05
    average: float = 0.998
    seed: int = 0
    workers: int = 1
    augmentation: Strength = field(default_factory=Strength)

    def __post_init__(self) -> None:
        """ValueError names the setting that is out of its range."""
        wrong = {
            "epochs": not 0 < self.epochs < math.inf,
            "batch": self.batch < 1,
            "rate": not 0 < self.rate < math.inf,
            "optimizer": self.optimizer not in OPTIMIZERS,
            "decay": not 0 <= self.decay < math.inf,
            "smoothing": not 0 <= self.smoothing <= 1,
            "average": not 0 <= self.average <= 1,
            "workers": self.workers < 1,
            "augmentation": min(self.augmentation) < 0 or self.augmentation.flip > 1,
        }
        for name, is_wrong in wrong.items():
            if is_wrong:
                raise ValueError(f"{name} is out of its range: {getattr(self, name)!r}")


class PhotoTrainer(Classifying):
    """Training on photographs: each worker normalises by the statistics of its own part of a batch."""

    settings: Settings

    def __init__(self, network: Network, pixels: np.ndarray, classes: np.ndarray, settings: Settings):
        """Begin at step 0.

        Parameters
        ----------
        network : Network
            Trained in place.
        pixels : (N, 32, 32, 3) uint8
        classes : (N,) int
            Which of the network's outputs each photograph is.
        """
        optimizer = OPTIMIZERS[settings.optimizer](network.parameters(), settings.rate, decay=settings.decay)
        super().__init__(network, optimizer, settings)
        self.pixels, self.classes = pixels, classes.astype(np.intp)
        self.steps_per_epoch = max(1, len(pixels) // settings.batch)
        self.steps = max(1, round(settings.epochs * self.steps_per_epoch))
        self._order: tuple[int, np.ndarray] = (-1, np.empty(0, int))

    def _draw(self) -> np.ndarray:
        """The step's photographs: an epoch is a permutation of its own, so that a resumed run draws the same."""
        epoch, place = divmod(self.step, self.steps_per_epoch)
        if self._order[0] != epoch:
            self._order = epoch, np.random.default_rng([self.settings.seed, epoch]).permutation(len(self.pixels))
        return self._order[1][place * self.settings.batch :][: self.settings.batch]

    def _gradients(self, replica: Network, index: np.ndarray, shard: int) -> Part:
        rng = self._chance(replica, shard)
        logits = replica.forward(prepare(augment(self.pixels[index], rng, self.settings.augmentation)), training=True)
        loss, by_logits = cross_entropy(logits, self.classes[index], self.settings.smoothing)
        replica.backward_parameters(by_logits)
        right = int(np.count_nonzero(logits.argmax(axis=1) == self.classes[index]))
        return loss, right, replica.gradients(), len(index)
