"""Learning: one loop, a generator of progress, that the command line and the page both drive."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ..ink.raster import rasterize_batch
from ..ink.shading import with_directions
from ..ink.strokes import Trail
from ..labels import NOTHING, other_case
from ..nn import SGD, AdamW, Network, cross_entropy, one_cycle, one_hot, softmax
from .augment import Strength, augment, augment_frames
from .dataset import Collection
from .loop import Classifying, Part, Schedule
from .scribbles import KINDS, join_trails, scribbles

OPTIMIZERS: dict[str, type[AdamW | SGD]] = {"adamw": AdamW, "sgd": SGD}
# Upper limit of settings, so that a count of steps does not overflow.
MANY = 1e12


@dataclass(frozen=True)
class Settings:
    """How to train.

    Attributes
    ----------
    epochs : float
        Passes over the samples, by their number.
    batch : int
        Characters a step, scribbles not counted.
    rate : float
        Peak learning rate.
    optimizer : "adamw" or "sgd"
    decay : float
        Weight decay.
    smoothing : float
        Label smoothing, 0 to 1.
    balance : float
        0 draws samples as they come, 1 every class equally often.
    average : float
        How much of the moving average of the weights each step keeps, 0 to 1.
    workers : int
        Threads that share a batch; the result depends on their number.
    scribbles : float
        Share of each batch that is no character, for networks with an output for that.
    traced : float
        Share of the pictures that are shown as the strokes they were traced to, as if drawn.
    shaded : float
        Share of the ink whose directions are estimated from its pixels, as those of a picture are.
    distilled : float
        Share of each character's target that is what its teachers say of it, 0 to 1; needs teachers.
    augmentation : Strength or None
    restructure : callable or None
        (trail, owner, rng) -> (trail, owner): changes drawn characters before they are augmented, as
        `structure.Structure` does.
    """

    epochs: float = 10
    batch: int = 128
    rate: float = 4e-3
    optimizer: str = "adamw"
    decay: float = 0.02
    smoothing: float = 0.05
    balance: float = 0.5
    average: float = 0.999
    seed: int = 0
    workers: int = 1
    scribbles: float = 0.12
    traced: float = 0.2
    shaded: float = 0.1
    distilled: float = 0.0
    augmentation: Strength | None = field(default_factory=Strength)
    restructure: Callable[[Trail, np.ndarray, np.random.Generator], tuple[Trail, np.ndarray]] | None = None

    def __post_init__(self) -> None:
        """ValueError names the setting that is out of its range."""
        ranges = {
            **dict.fromkeys(("batch", "workers"), (1, MANY, "a whole number from 1 on")),
            "seed": (0, math.inf, "a whole number from 0 on"),
            **dict.fromkeys(("epochs", "rate"), (math.ulp(0), MANY, "a number above 0")),
            "decay": (0, MANY, "a number from 0 on"),
            **dict.fromkeys(
                ("smoothing", "balance", "average", "scribbles", "traced", "shaded", "distilled"), (0, 1, "from 0 to 1")
            ),
        }
        for name, (low, high, words) in ranges.items():
            value = getattr(self, name)
            if not low <= value <= high or ("whole" in words and value != int(value)):
                raise ValueError(f"{name} is {words}, not {value!r}")
        if self.optimizer not in OPTIMIZERS:
            raise ValueError(f"optimizer is {' or '.join(OPTIMIZERS)}, not {self.optimizer!r}")
        if not all(0 <= deviation <= MANY for deviation in self.augmentation or ()):
            raise ValueError(f"augmentation has deviations from 0 on, not {self.augmentation!r}")


class Trainer(Classifying):
    """Training on characters."""

    settings: Settings

    def __init__(
        self,
        network: Network,
        collection: Collection,
        labels: str,
        settings: Settings,
        weights: np.ndarray | None = None,
        teachers: np.ndarray | None = None,
        schedule: Schedule = one_cycle,
    ):
        """Begin at step 0.

        Parameters
        ----------
        network : Network
            Trained in place; its outputs are `labels`.
        weights : (N,) float, optional
            How often to draw each character, relative to the others; by default equally.
        teachers : (N, K) float, optional
            What other networks say of each character, which takes a share of its target (Hinton et al. 2015, "Distilling
            the knowledge in a neural network"): an O tells the network that it may be a 0, and a wrong label tells less.
        schedule : callable
            (step, steps, settings.rate) -> the rate of that step.

        Raises
        ------
        ValueError
            For samples of a label that the network has no output for, and for teachers of another shape.
        """
        unknown = sorted(set(collection.labels.tolist()) - set(labels))
        if unknown:
            raise ValueError(f"samples of {' '.join(unknown)} cannot be learned: the network's labels are {labels}")
        if settings.distilled and (teachers is None or teachers.shape != (len(collection), len(labels))):
            found = "there are none" if teachers is None else f"they are {teachers.shape}"
            raise ValueError(f"teachers of {len(collection)} samples and {len(labels)} labels are needed: {found}")
        optimizer = OPTIMIZERS[settings.optimizer](network.parameters(), settings.rate, decay=settings.decay)
        super().__init__(network, optimizer, settings)
        self.collection, self.labels, self.schedule = collection, labels, schedule
        self.teachers = teachers if settings.distilled else None
        self.targets = np.array([labels.index(label) for label in collection.labels.tolist()])
        self.loose = ~collection.case_known
        self.other_cases = np.array([labels.find(other_case(label)) for label in labels])
        counts = np.bincount(self.targets, minlength=len(labels))
        chance = np.ones(len(collection)) if weights is None else np.asarray(weights, float)
        chance = chance * counts[self.targets] ** -float(settings.balance)
        # Drawing is looking a random number up in it.
        self.cdf = np.cumsum(chance / chance.sum())
        self.steps_per_epoch = max(1, len(collection) // settings.batch)
        self.steps = max(1, round(settings.epochs * self.steps_per_epoch))

    def _draw(self) -> np.ndarray:
        """The step's characters, by a generator of its own, so that a resumed run draws the same."""
        rng = np.random.default_rng([self.settings.seed, self.step, 0])
        picked = np.searchsorted(self.cdf, rng.random(self.settings.batch) * self.cdf[-1])
        return np.minimum(picked, len(self.collection) - 1)

    def _gradients(self, replica: Network, index: np.ndarray, shard: int) -> Part:
        rng = self._chance(replica, shard)
        logits = replica.forward(self.pictures(index, rng), training=True)
        targets = self._soft_targets(logits, index)
        right = int(np.count_nonzero(targets[np.arange(len(logits)), logits.argmax(axis=1)] > 0))
        if self.teachers is not None:
            share = np.float32(self.settings.distilled)
            targets[: len(index)] += share * (self.teachers[index] - targets[: len(index)])
        loss, by_logits = cross_entropy(logits, targets, self.settings.smoothing)
        replica.backward_parameters(by_logits)
        return loss, right, replica.gradients(), len(logits)

    def pictures(self, index: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Network inputs: some characters of the collection, augmented if the settings say so, then scribbles."""
        strength = self.settings.augmentation or Strength(*(0.0,) * len(Strength._fields))
        framed = self.collection.framed[index]
        is_framed = (framed >= 0) & (rng.random(len(index)) >= self.settings.traced)
        drawn = self._drawn(index[~is_framed], self._scribble_counts(len(index)), rng, strength)
        if not is_framed.any():
            return drawn
        x = np.empty((len(drawn) + np.count_nonzero(is_framed), *drawn.shape[1:]), np.float32)
        x[: len(index)][is_framed] = with_directions(
            augment_frames(self.collection.frames[framed[is_framed]], rng, strength)
        )
        x[: len(index)][~is_framed], x[len(index) :] = np.split(drawn, [np.count_nonzero(~is_framed)])
        return x

    def _drawn(
        self, index: np.ndarray, scribble_counts: list[int], rng: np.random.Generator, strength: Strength
    ) -> np.ndarray:
        """The characters by their trails, then so many scribbles of each kind."""
        trail, owner = self.collection.batch(index)
        if self.settings.restructure and len(index):
            trail, owner = self.settings.restructure(trail, owner, rng)
        parts = [(trail, owner, len(index))]
        for kind, count in zip(KINDS, scribble_counts):
            if count:
                parts.append((*scribbles(kind, self.collection, count, rng), count))
        trail, owner, count = join_trails(parts)
        if not count:
            return np.empty((0, *self.network.input_shape), np.float32)
        trail, owner, radius = augment(trail, owner, count, rng, strength)
        x = rasterize_batch(trail, owner, count, radius)
        shaded = rng.random(count) < self.settings.shaded
        if shaded.any():
            x[shaded] = with_directions(x[shaded, 0])
        return x

    def _scribble_counts(self, characters: int) -> list[int]:
        """How many of each kind go with that many characters."""
        total = round(characters * self.settings.scribbles) if self.labels[-1] == NOTHING else 0
        return [(total + k) // len(KINDS) for k in range(len(KINDS))]

    def _soft_targets(self, logits: np.ndarray, index: np.ndarray) -> np.ndarray:
        """One-hot rows; where the case is unknown, both cases as the network itself shares them out.

        That makes the gradient the one of -log(p(upper) + p(lower)).
        """
        classes = np.full(len(logits), len(self.labels) - 1)  # scribbles, after the characters
        classes[: len(index)] = self.targets[index]
        targets = one_hot(classes, len(self.labels), logits.dtype)
        loose = np.flatnonzero(self.loose[index] & (self.other_cases[self.targets[index]] >= 0))
        if len(loose):
            allowed = targets[loose]
            allowed[np.arange(len(loose)), self.other_cases[self.targets[index[loose]]]] = 1
            shared = softmax(logits[loose]) * allowed
            targets[loose] = shared / np.maximum(shared.sum(axis=1, keepdims=True), 1e-12)
        return targets
