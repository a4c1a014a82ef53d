"""The loop of a training, whatever is learned: steps, threads, and the step of those that learn classes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from ..nn import Dropout, Network, one_cycle
from .state import TrainingState

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

Done = TypeVar("Done")


class Loop(TrainingState, Generic[Done]):
    """A training that takes one step after another.

    With `workers` above 1 each step's batch is shared out to threads (numpy releases the lock); the result depends on the
    seed and on the number of workers, not on timing.

    Attributes
    ----------
    steps : int
        In all, set by who derives from this.
    """

    steps: int

    def run(self) -> Iterator[Done]:
        """Train to the end, one yield a step."""
        with self._threads() as threads:
            while self.step < self.steps:
                yield self._one_step(threads)

    def _threads(self) -> AbstractContextManager[ThreadPoolExecutor | None]:
        # One worker needs no threads, and in a browser there are none: the page does not even import them.
        if self.settings.workers == 1:
            return nullcontext()
        from concurrent.futures import ThreadPoolExecutor

        return ThreadPoolExecutor(self.settings.workers)

    def _one_step(self, threads: ThreadPoolExecutor | None) -> Done:
        raise NotImplementedError

    def _chance(self, replica: Network, shard: int) -> np.random.Generator:
        """The step's generator for one worker's part of the batch, which its dropouts use from now on."""
        rng = np.random.default_rng([self.settings.seed, self.step, 1 + shard])
        for layer in replica.layers:
            if isinstance(layer, Dropout):
                layer.rng = rng
        return rng


@dataclass(frozen=True)
class Step:
    """What one step did; `loss` is of its own batch, before the step."""

    step: int
    steps: int
    epoch: float
    rate: float
    seconds: float
    loss: float


@dataclass(frozen=True)
class Progress(Step):
    """What a step of a training on classes did; `accuracy`, 0 to 1, is of its own batch, too."""

    accuracy: float


# (step, steps, peak rate) -> the rate of that step
Schedule = Callable[[int, int, float], float]
# Loss, samples read right, gradients, and samples in all, of one worker's part of a batch.
Part = tuple[float, int, list[np.ndarray], int]


class Classifying(Loop[Progress]):
    """A training whose batches have a class for each sample.

    Attributes
    ----------
    steps_per_epoch : int
        Set by who derives from this.
    schedule : callable
        (step, steps, settings.rate) -> the rate of that step.
    """

    steps_per_epoch: int
    schedule: Schedule = staticmethod(one_cycle)

    def _one_step(self, threads: ThreadPoolExecutor | None) -> Progress:
        started = time.perf_counter()
        index = self._draw()
        work = self.shared_out(index)
        results = list((threads.map if threads else map)(lambda job: self._gradients(*job), work))

        shares = [len(shard) / len(index) for _, shard, _ in work]
        gradients = [sum(share * g for share, g in zip(shares, several)) for several in zip(*(r[2] for r in results))]
        self.optimizer.rate = self.schedule(self.step, self.steps, self.settings.rate)
        self.optimizer.step(gradients)
        self.follow()
        loss = sum(share * result[0] for share, result in zip(shares, results))
        right = sum(result[1] for result in results) / sum(result[3] for result in results)
        seconds = time.perf_counter() - started
        return Progress(self.step, self.steps, self.step / self.steps_per_epoch, self.optimizer.rate, seconds, loss, right)

    def _draw(self) -> np.ndarray:
        """The step's samples, so that a resumed run draws the same."""
        raise NotImplementedError

    def _gradients(self, replica: Network, index: np.ndarray, shard: int) -> Part:
        raise NotImplementedError
