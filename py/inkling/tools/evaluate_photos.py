"""How well photographs are seen: accuracy by class, confusions, calibration; and how sure it is of what is none."""

from __future__ import annotations

import time
from typing import NamedTuple, TypedDict

import numpy as np

from ..data.cifar import Photos
from ..photos.model import SIDE
from ..photos.reader import PhotoReader
from ..training.dataset import Collection
from .evaluate import calibration, rounded

# Pictures of noise that are looked at, each pixel of any color, and the same made coarse.
NOISE = 1000


class Strange(TypedDict):
    """How pictures are answered that show none of the classes.

    not_sure : share of them
    answers : {name: share of all answers, sure or not}
    """

    samples: int
    not_sure: float
    answers: dict[str, float]


class Figures(TypedDict):
    """What `inkling evaluate --json` prints of photographs.

    top2 : share whose class is among the two best
    ece : expected calibration error
    not_sure : share of the photographs that it is not sure of; accuracy_sure is of the others
    by_class : {name: share of its photographs that are right}
    confusions : row by row, photographs of each class answered as each class
    upside_down : the same photographs turned upside down: its classes, and yet not what was learned
    """

    samples: int
    accuracy: float
    top2: float
    ece: float
    not_sure: float
    accuracy_sure: float
    by_class: dict[str, float]
    confusions: list[list[int]]
    upside_down: dict[str, float]
    noise: Strange
    ms_per_sample: float


class PhotoEvaluation(NamedTuple):
    """probabilities : (N, K) float32, of the photographs in their order."""

    figures: Figures
    probabilities: np.ndarray


def evaluate_photos(reader: PhotoReader, photos: Photos) -> PhotoEvaluation:
    """Look at all photographs. ValueError where their classes are not the reader's."""
    if photos.names != reader.names:
        raise ValueError(f"the photographs show {', '.join(photos.names)}; the network knows {', '.join(reader.names)}")
    started = time.perf_counter()
    probabilities = reader.probabilities(photos.pixels)
    seconds = time.perf_counter() - started
    truth = photos.labels.astype(int)
    order = np.argsort(-probabilities, axis=1, kind="stable")
    right, best = order[:, 0] == truth, probabilities.max(axis=1)
    sure = best >= reader.least
    count = len(reader.names)
    confusions = np.bincount(truth * count + order[:, 0], minlength=count**2).reshape(count, count)
    turned = reader.probabilities(photos.pixels[:, ::-1])
    figures: Figures = {
        "samples": len(photos),
        "accuracy": rounded(right.mean()),
        "top2": rounded((order[:, :2] == truth[:, None]).any(axis=1).mean()),
        "ece": rounded(calibration(best, right)[0]),
        "not_sure": rounded(1 - sure.mean()),
        "accuracy_sure": rounded(right[sure].mean()) if sure.any() else 0.0,
        "by_class": {
            name: rounded(right[truth == place].mean()) for place, name in enumerate(reader.names) if (truth == place).any()
        },
        "confusions": confusions.tolist(),
        "upside_down": {
            "accuracy": rounded(np.mean(turned.argmax(axis=1) == truth)),
            "not_sure": rounded(np.mean(turned.max(axis=1) < reader.least)),
        },
        "noise": strange(reader, noise()),
        "ms_per_sample": round(1000 * seconds / len(photos), 3),
    }
    return PhotoEvaluation(figures, probabilities)


def strange(reader: PhotoReader, pixels: np.ndarray) -> Strange:
    """How pictures (N, 32, 32, 3) uint8 are answered that show none of the classes."""
    probabilities = reader.probabilities(pixels)
    shares = np.bincount(probabilities.argmax(axis=1), minlength=len(reader.names)) / len(pixels)
    return {
        "samples": len(pixels),
        "not_sure": rounded(np.mean(probabilities.max(axis=1) < reader.least)),
        "answers": {name: rounded(share) for name, share in zip(reader.names, shares)},
    }


def noise(count: int = NOISE, seed: int = 0) -> np.ndarray:
    """Pictures (count, 32, 32, 3) uint8 without anything in them: squares of 1, 2, 4 or 8 pixels of any color."""
    rng = np.random.default_rng(seed)
    pictures = np.empty((count, SIDE, SIDE, 3), np.uint8)
    for n in range(count):
        coarse = 2 ** (n % 4)
        squares = rng.integers(0, 256, (SIDE // coarse, SIDE // coarse, 3), np.uint8)
        pictures[n] = squares.repeat(coarse, axis=0).repeat(coarse, axis=1)
    return pictures


def drawn(collection: Collection) -> np.ndarray:
    """Handwriting as photographs of it would be, black on white: (N, 32, 32, 3) uint8."""
    coverage = np.concatenate([pictures[:, 0] for pictures in collection.pictures()])
    return np.repeat(np.rint(255 * (1 - coverage)).astype(np.uint8)[..., None], 3, axis=-1)
