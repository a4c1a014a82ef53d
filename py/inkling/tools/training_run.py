"""A long training on the command line: progress bar, metrics, checkpoints, weights at the end."""

from __future__ import annotations

import csv
import time
from pathlib import Path
from typing import TYPE_CHECKING, Generic, NoReturn, TextIO, TypeVar

from threadpoolctl import threadpool_limits

from .. import nn
from ..characters.recognizer import Recognizer
from ..training.dataset import Collection, join
from ..training.photo_trainer import PhotoTrainer
from ..training.trainer import Trainer
from .evaluate import evaluate

if TYPE_CHECKING:
    from _csv import Writer

    from tqdm import tqdm

# Seconds between checkpoints, which are lost at most when the run is killed.
CHECKPOINT_EVERY = 120
COLUMNS = ("step", "epoch", "loss", "accuracy", "rate", "samples_per_second")

AnyTrainer = TypeVar("AnyTrainer", bound="Trainer | PhotoTrainer")


class Run(Generic[AnyTrainer]):
    """Drives a trainer to its end and leaves in `folder` a checkpoint and metrics.csv, at `out` the weights.

    `measures` names what `measure` says of the averaged weights after each epoch.
    """

    measures: tuple[str, ...] = ()

    def __init__(self, trainer: AnyTrainer, folder: str | Path, out: str | Path):
        self.trainer, self.out = trainer, Path(out)
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.out.parent.mkdir(parents=True, exist_ok=True)
        self.checkpoint = self.folder / "checkpoint.npz"

    def go(self, resume: bool = False) -> None:
        """Train; with `resume` from the checkpoint, if there is one."""
        if resume and self.checkpoint.exists():
            self.trainer.restore(self.checkpoint)
        elif self.checkpoint.exists():
            raise ValueError(f"{self.checkpoint} is of an earlier run: --resume goes on with it, or remove it first")
        # BLAS on one thread: the trainer's own workers use the processors.
        with threadpool_limits(1):
            self._train()
        self.save_weights()

    def _train(self) -> None:
        metrics = self.folder / "metrics.csv"
        fresh = self.trainer.step == 0
        with metrics.open("w" if fresh else "a", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            if fresh:
                table.writerow((*COLUMNS, *self.measures))
            self._loop(table, file)

    def _loop(self, table: Writer, file: TextIO) -> None:
        """Train to the end; rows of metrics go into `table`, a csv.writer, which writes to `file`."""
        trainer, saved, loss, right, seconds, steps = self.trainer, time.monotonic(), 0.0, 0.0, 0.0, 0
        with _bar(trainer) as bar:
            for progress in trainer.run():
                loss, right, seconds, steps = (
                    loss + progress.loss,
                    right + progress.accuracy,
                    seconds + progress.seconds,
                    steps + 1,
                )
                bar.set_postfix_str(f"loss {loss / steps:.3f}, accuracy {right / steps:.3f}", refresh=False)
                bar.update()
                if progress.step % trainer.steps_per_epoch == 0 or progress.step == progress.steps:
                    figures = self.measure()
                    speed = steps * trainer.settings.batch / seconds
                    row = (progress.step, progress.epoch, loss / steps, right / steps, progress.rate, speed, *figures)
                    table.writerow([f"{value:.6g}" for value in row])
                    file.flush()
                    loss = right = seconds = 0.0
                    steps = 0
                if time.monotonic() - saved > CHECKPOINT_EVERY or progress.step == progress.steps:
                    trainer.save(self.checkpoint)
                    saved = time.monotonic()

    def measure(self) -> tuple[float, ...]:
        """How good the averaged weights are, a number for each of `measures`."""
        raise NotImplementedError

    def save_weights(self) -> None:
        """Write the averaged weights, as they ship, to `out`."""
        raise NotImplementedError


class TrainingRun(Run[Trainer]):
    """A training of characters; `validation` may be empty."""

    measures = ("validation_accuracy", "validation_accuracy_35")

    def __init__(self, trainer: Trainer, folder: str | Path, out: str | Path, validation: list[Collection]):
        super().__init__(trainer, folder, out)
        self.validation = join(validation) if validation else None

    def measure(self) -> tuple[float, float]:
        if self.validation is None:
            return float("nan"), float("nan")
        figures = evaluate(self.reader(), self.validation).figures
        return figures["accuracy"], figures["accuracy_35"]

    def reader(self) -> Recognizer:
        """The averaged weights, ready to read."""
        return Recognizer(self.trainer.averaged.folded(), self.trainer.labels)

    def save_weights(self) -> None:
        nn.save(self.out, self.trainer.averaged.folded(), self.trainer.labels, dtype="float16")


def started(path: str | Path, labels: str, dropout: float) -> nn.Network:
    """The network of a weights file, to be trained on, with another dropout. Its batch norms are folded away for good."""
    network, header = nn.load(path)
    if header["labels"] != labels:
        raise ValueError(f"{path}: field 'header.labels': {header['labels']}, the samples need {labels}")
    for layer in network.layers:
        if isinstance(layer, nn.Dropout):
            layer.rate = dropout
    return network


def _bar(trainer: Trainer | PhotoTrainer) -> tqdm[NoReturn]:
    from tqdm import tqdm

    return tqdm(total=trainer.steps, initial=trainer.step, unit=" steps", smoothing=0.05, disable=None)
