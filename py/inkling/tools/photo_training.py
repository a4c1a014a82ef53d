"""A long training of the network that sees photographs: accuracy on validation, weights with names and calibration."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

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
        logits = self._save_and_look()
        accuracy = float(np.mean(logits.argmax(axis=1) == self.validation.labels))
        print(
            f"epoch {self.trainer.step / self.trainer.steps_per_epoch:.1f}: validation accuracy {accuracy:.4f}", flush=True
        )
        return (accuracy,)

    def save_weights(self) -> None:
        self._save_and_look()

    def _save_and_look(self) -> np.ndarray:
        """Write the weights; returns their logits of the validation photographs, which calibrate them."""
        network, names = self.trainer.averaged.folded(), self.validation.names
        # The workers rest meanwhile, and the processors are left to the products.
        with threadpool_limits(self.trainer.settings.workers):
            logits = PhotoReader(network, names).logits(self.validation.pixels)
        meta = calibration_of(logits, self.validation.labels)
        nn.save(self.out, network, labels_of(names), dtype="float16", names=list(names), **meta)
        return logits


def calibration_of(logits: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """What is fitted to photographs that were not learned from.

    "temperature": the one under which the right classes are likeliest (Guo et al. 2017, 4.2); "least": the probability
    that `UNSURE` of the best answers stay below.

    logits : (N, K) float32, labels : (N,) int
    """
    logits = logits.astype(np.float64)

    def unlikeliness(log_temperature: float) -> float:
        rows = log_softmax(logits / np.exp(log_temperature))
        return float(-rows[np.arange(len(rows)), labels].mean())

    temperature = float(np.exp(lowest(unlikeliness, np.log(0.2), np.log(5.0))))
    best = nn.softmax(logits / temperature).max(axis=1)
    return {"temperature": round(temperature, 4), "least": round(float(np.quantile(best, UNSURE)), 4)}
