"""Makes what teaching rehearses: features of some characters of each class, and of scribbles."""

from __future__ import annotations

import numpy as np

from ..characters.recognizer import Recognizer
from ..ink.raster import rasterize_batch
from ..labels import NOTHING
from ..teaching.rehearsal import Rehearsal, features_of
from ..training.augment import Strength, augment
from ..training.dataset import Collection
from ..training.scribbles import KINDS, scribbles

PER_CLASS = 20
# Share of the mean variance that is added to every direction before whitening.
RIDGE = 0.03


def collection_features(reader: Recognizer, collection: Collection) -> np.ndarray:
    """(len(collection), D) float32."""
    return np.concatenate([features_of(reader, pictures) for pictures in collection.pictures()])


def make(reader: Recognizer, collection: Collection, per_class: int = PER_CLASS, seed: int = 0) -> Rehearsal:
    """`per_class` characters of each class by seed, and as many scribbles of each kind if the network knows them.

    ValueError where no sample is of a label of the network.
    """
    if not np.isin(collection.labels, list(reader.labels)).any():
        raise ValueError(f"no sample is of the network's labels, {reader.labels}")
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
