"""A long training of the network that sees photographs: accuracy on validation, weights with names and calibration."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .. import nn
from ..data.cifar import Photos
from ..nn import log_softmax
from ..photos.model import labels_of
from ..photos.reader import PhotoReader
from ..training.photo_trainer import PhotoTrainer
from .calibrate import lowest
from .training_run import Run

# Share of the validation photographs of which the reader will not be sure.
UNSURE = 0.05


class PhotoTrainingRun(Run[PhotoTrainer]):
    """A training on photographs. The weights are written after each epoch, so that a killed run leaves some."""

    measures = ("validation_accuracy",)

    def __init__(self, trainer: PhotoTrainer, folder: str | Path, out: str | Path, validation: Photos):
        super().__init__(trainer, folder, out)
        self.validation = validation

    def measure(self) -> tuple[float]:
        reader = PhotoReader(self.trainer.averaged.folded(), self.validation.names)
        answers = reader.logits(self.validation.pixels).argmax(axis=1)
        accuracy = float(np.mean(answers == self.validation.labels))
        print(
            f"epoch {self.trainer.step / self.trainer.steps_per_epoch:.1f}: validation accuracy {accuracy:.4f}", flush=True
        )
        self.save_weights()
        return (accuracy,)

    def save_weights(self) -> None:
        network = self.trainer.averaged.folded()
        names = self.validation.names
        meta = calibration_of(PhotoReader(network, names), self.validation)
        nn.save(self.out, network, labels_of(names), dtype="float16", names=list(names), **meta)


def calibration_of(reader: PhotoReader, photos: Photos) -> dict[str, float]:
    """What is fitted to photographs that were not learned from.

    "temperature": the one under which the right classes are likeliest (Guo et al. 2017, 4.2); "least": the probability
    that `UNSURE` of the best answers stay below.
    """
    logits = reader.logits(photos.pixels).astype(np.float64) * reader.temperature

    def unlikeliness(log_temperature: float) -> float:
        rows = log_softmax(logits / np.exp(log_temperature))
        return float(-rows[np.arange(len(rows)), photos.labels].mean())

    temperature = float(np.exp(lowest(unlikeliness, np.log(0.2), np.log(5.0))))
    best = nn.softmax(logits / temperature).max(axis=1)
    return {"temperature": round(temperature, 4), "least": round(float(np.quantile(best, UNSURE)), 4)}
