"""Learning to read text: batches of lines of about one width, CTC, the same moving average of weights as for characters."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..nn import AdamW, Network, Residual, one_cycle
from ..nn.ctc import columns_needed, ctc
from ..words.alphabet import encode
from ..words.frame import STRIDE
from ..words.picture import draw_batch
from . import checkpoint
from .averaging import average
from .line_augment import Strength, augment
from .line_dataset import Lines
from .loop import Loop, Step

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

# Lines are put into batches from so many batches' worth of them at a time, sorted by width.
SORTED_TOGETHER = 40
# The batch norms' scale in a block that is added to a trained network: small, so that it changes little of what that knows.
# At 0 its ReLU would let no gradient through.
NEARLY_NOTHING = 0.1


@dataclass(frozen=True)
class Settings:
    """How to train.

    columns : of the pictures in one batch, all together
    longest : characters of the longest texts learned from
    clip : largest norm of all gradients together
    average : how much of the moving average of the weights each step keeps
    """

    epochs: float = 8
    columns: int = 8000
    longest: int = 100
    rate: float = 4e-3
    decay: float = 0.02
    clip: float = 5.0
    average: float = 0.999
    seed: int = 0
    workers: int = 1
    augmentation: Strength = field(default_factory=Strength)


@dataclass(frozen=True)
class Progress(Step):
    """What a step of a training on lines did; `loss` is -log p a character, `lines` those of its batch."""

    lines: int


class LineTrainer(Loop[Progress]):
    """Training on lines of text."""

    settings: Settings

    def __init__(self, network: Network, lines: Lines, settings: Settings, weights: np.ndarray | None = None):
        """weights : (N,) how often to draw each line, relative to the others; None: equally."""
        super().__init__(network, AdamW(network.parameters(), settings.rate, decay=settings.decay), settings)
        texts = [encode(text) for text in lines.texts.tolist()]
        # A line that is drawn narrower than augmentation makes it must still have columns for its text.
        fits = [
            0 < len(text) <= settings.longest and columns_needed(text) * STRIDE < width * 0.6
            for text, width in zip(texts, lines.widths.tolist())
        ]
        kept = np.flatnonzero(fits)
        self.lines = lines
        self.texts = texts
        chance = np.zeros(len(lines))
        chance[kept] = 1.0 if weights is None else np.asarray(weights, float)[kept]
        self.distribution = np.cumsum(chance / chance.sum())
        self.per_epoch = len(kept)
        self._epochs: dict[int, list[np.ndarray]] = {}
        self.steps_per_epoch = len(self._batches(0))
        self.steps = max(1, round(settings.epochs * self.steps_per_epoch))

    def start_from(self, path: str | Path) -> None:
        """Begin with the averaged weights of a checkpoint of a network like this one, or of one with fewer residual blocks.

        The last blocks, which that one has not, begin as almost nothing.
        """
        layers = self.averaged.layers
        blocks = [layer for layer in layers if isinstance(layer, Residual)]
        there = sum(name.startswith("averaged.") for name in checkpoint.read(path))
        more = len(self.averaged.parameters()) - there
        added: list[Residual] = []
        while blocks and more > 0:
            added.append(blocks.pop())
            more -= len(added[-1].parameters)
        average(Network([layer for layer in layers if layer not in added], self.averaged.input_shape), [path], [1.0])
        for block in added:
            for name, array in block.parameters.items():
                if name.endswith(".scale"):
                    array[...] = NEARLY_NOTHING
        self._begin_from_average()

    def _batches(self, epoch: int) -> list[np.ndarray]:
        """The epoch's batches, each of lines of about one width; the same whenever they are asked for."""
        if epoch not in self._epochs:
            settings = self.settings
            rng = np.random.default_rng([settings.seed, epoch, 7])
            picked = np.searchsorted(self.distribution, rng.random(self.per_epoch) * self.distribution[-1])
            picked = np.minimum(picked, len(self.lines) - 1)
            at_once = max(1, SORTED_TOGETHER * settings.columns // int(self.lines.widths[picked].mean()))
            batches = []
            for start in range(0, len(picked), at_once):
                pool = picked[start : start + at_once]
                pool = pool[np.argsort(self.lines.widths[pool], kind="stable")]
                while len(pool):
                    together = self.lines.widths[pool] * np.arange(1, len(pool) + 1)  # as wide as the last of them
                    size = max(int(np.searchsorted(together, settings.columns, "right")), settings.workers)
                    batches.append(pool[:size])
                    pool = pool[size:]
            self._epochs = {epoch: [batches[i] for i in rng.permutation(len(batches))]}
        return self._epochs[epoch]

    def _one_step(self, threads: ThreadPoolExecutor | None) -> Progress:
        started = time.perf_counter()
        settings = self.settings
        index = self._draw()
        work = self.shared_out(index)
        results = list((threads.map if threads else map)(lambda job: self._gradients(*job), work))
        characters = sum(result[1] for result in results)
        gradients = [
            np.asarray(sum(several) / np.float32(characters)) for several in zip(*(result[2] for result in results))
        ]
        norm = float(np.sqrt(sum(float(np.vdot(g, g)) for g in gradients)))
        if norm > settings.clip:
            gradients = [np.asarray(g * np.float32(settings.clip / norm)) for g in gradients]
        self.optimizer.rate = one_cycle(self.step, self.steps, settings.rate)
        self.optimizer.step(gradients)
        self.follow()
        loss = sum(result[0] for result in results) / characters
        seconds = time.perf_counter() - started
        return Progress(
            self.step, self.steps, self.step / self.steps_per_epoch, self.optimizer.rate, seconds, loss, len(index)
        )

    def _draw(self) -> np.ndarray:
        """The step's lines. Epochs differ by a batch or two; all count as many steps as the first."""
        epoch, place = divmod(self.step, self.steps_per_epoch)
        batches = self._batches(epoch)
        return batches[place % len(batches)]

    def _gradients(self, replica: Network, index: np.ndarray, shard: int) -> tuple[float, int, list[np.ndarray]]:
        """(loss, characters, gradients), sums over the lines."""
        rng = self._chance(replica, shard)
        x, widths = self.pictures(index, rng)
        texts = [self.texts[i] for i in index]
        maps = replica.forward(x, True, widths)
        logits = np.ascontiguousarray(maps[:, :, 0].transpose(0, 2, 1))
        losses, by_logits = ctc(logits, replica.output_widths(widths), texts)
        replica.backward_parameters(by_logits.transpose(0, 2, 1)[:, :, None])
        return float(losses.sum()), sum(map(len, texts)), replica.gradients()

    def pictures(self, index: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Augmented pictures (N, 3, H, W) of some lines, and the columns of each that count."""
        nodes, ends, owner = self.lines.gather(index)
        nodes, widths, density = augment(nodes, ends, owner, len(index), rng, self.settings.augmentation)
        return draw_batch(nodes, ends, owner, len(index), int(widths.max()), density), widths
