"""What a network rehearses while it learns a new hand, so that it forgets nobody else's.

A few characters of each class, as the features before the last layer, kept in the weights file itself:

    python -m inkling.teaching.rehearsal weights/inkling.npz --data ../shared/data/unipen.jsonl.gz --split weights/split.json
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..characters.recognizer import Recognizer
from ..ink.raster import rasterize_batch
from ..labels import NOTHING
from ..nn import WeightsError
from ..training.augment import Strength, augment
from ..training.dataset import Collection
from ..training.scribbles import KINDS, scribbles

PER_CLASS = 20
# Share of the mean variance that is added to every direction before whitening.
RIDGE = 0.03


class Rehearsal(NamedTuple):
    """features : (N, D) float32, inputs of the last layer; whitening : (D, D) float32

    (features - mean) @ whitening has about the unit matrix for its covariance.
    """

    features: np.ndarray
    whitening: np.ndarray

    @classmethod
    def load(cls, path: str | Path) -> Rehearsal:
        """From a weights file. WeightsError names the file and the field."""
        with np.load(path, allow_pickle=False) as archive:
            missing = [name for name in _FIELDS if name not in archive.files]
            if missing:
                raise WeightsError(f"{path}: field '{missing[0]}' is missing: this network cannot learn a hand")
            levels, scale, whitening = (archive[name] for name in _FIELDS)
        if levels.dtype != np.uint8 or levels.ndim != 2 or scale.shape != levels.shape[1:]:
            raise WeightsError(f"{path}: field '{_FIELDS[0]}': {levels.dtype} {levels.shape}, not uint8 (N, {scale.size})")
        if whitening.shape != 2 * scale.shape or not np.isfinite(whitening).all():
            raise WeightsError(f"{path}: field '{_FIELDS[2]}': not {2 * scale.shape} finite numbers")
        return cls(levels * scale.astype(np.float32), whitening.astype(np.float32))

    def add_to(self, path: str | Path) -> None:
        """Put it into a weights file, in place of what was there; features in 256 levels."""
        scale = np.maximum(self.features.max(axis=0), 1e-6).astype(np.float32) / 255
        levels = np.rint(self.features / scale).astype(np.uint8)
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        arrays |= dict(zip(_FIELDS, (levels, scale, self.whitening.astype(np.float16))))
        beside = Path(path).with_name(Path(path).name + ".part")
        with open(beside, "wb") as file:
            np.savez_compressed(file, **arrays)
        os.replace(beside, path)


_FIELDS = ("rehearsal.levels", "rehearsal.scale", "rehearsal.whitening")


def features_of(reader: Recognizer, pictures: np.ndarray) -> np.ndarray:
    """(N, 3, 32, 32) -> (N, D): what the last layer sees."""
    for layer in reader.network.layers[:-1]:
        pictures = layer.forward(pictures)
    return pictures


def collection_features(reader: Recognizer, collection: Collection) -> np.ndarray:
    """(len(collection), D) float32."""
    return np.concatenate([features_of(reader, pictures) for pictures in collection.pictures()])


def make(reader: Recognizer, collection: Collection, per_class: int = PER_CLASS, seed: int = 0) -> Rehearsal:
    """`per_class` characters of each class by seed, and as many scribbles of each kind if the network knows them."""
    rng = np.random.default_rng(seed)
    places = [np.flatnonzero(collection.labels == label) for label in reader.labels]
    places = [rng.permutation(p) for p in places]
    features = collection_features(reader, collection.select(np.concatenate([p[: 3 * per_class] for p in places])))
    owners = np.concatenate([np.full(len(p[: 3 * per_class]), k) for k, p in enumerate(places)])

    centred = features - features.mean(axis=0)
    covariance = centred.T @ centred / len(centred)
    covariance += RIDGE * np.trace(covariance) / len(covariance) * np.eye(len(covariance))
    whitening = np.linalg.cholesky(np.linalg.inv(covariance)).astype(np.float32)

    kept = [features[owners == k][:per_class] for k in range(len(places))]
    if reader.outputs[-1] == NOTHING:
        still = Strength(*(0.0,) * len(Strength._fields))
        for kind in KINDS:
            trail, owner = scribbles(kind, collection, per_class, rng)
            trail, owner, radius = augment(trail, owner, per_class, rng, still)
            kept.append(features_of(reader, rasterize_batch(trail, owner, per_class, radius)))
    return Rehearsal(np.concatenate(kept), whitening)


def main() -> None:
    import argparse

    from ..tools.loading import load_collection
    from ..tools.split import Split

    parser = argparse.ArgumentParser(prog="python -m inkling.teaching.rehearsal", description=__doc__.splitlines()[0])
    parser.add_argument("weights")
    parser.add_argument("--data", nargs="+", required=True)
    parser.add_argument("--split", required=True)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    collection = load_collection(options.data, Split.load(options.split), "train")
    make(Recognizer.load(options.weights), collection, seed=options.seed).add_to(options.weights)


if __name__ == "__main__":
    main()
