"""Calibration: temperature and reject threshold, fitted on validation writers."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from ..characters.recognizer import Recognizer
from ..ink.raster import PEN_RADIUS, rasterize_batch
from ..ink.strokes import Trail
from ..labels import other_case
from ..nn import softmax
from ..training.augment import fit
from ..training.dataset import Collection
from ..training.scribbles import KINDS, scribbles

# Share of true characters that is rejected.
FALSE_REJECTS = 0.03


def fit_temperature(reader: Recognizer, collection: Collection) -> float:
    """The temperature under which the true labels are likeliest (Guo et al. 2017, 4.2).

    ValueError for samples of characters that are none of the network's labels.
    """
    unknown = sorted(set(collection.labels.tolist()) - set(reader.labels))
    if unknown:
        raise ValueError(f"samples of {' '.join(unknown)}: the network's labels are {reader.labels}")
    logits = np.concatenate([reader.network.forward(x)[:, : len(reader.labels)] for x in collection.pictures()])
    allowed = np.zeros(logits.shape, bool)
    for n, (label, known) in enumerate(zip(collection.labels.tolist(), collection.case_known.tolist())):
        for one in {label} | (set() if known else {other_case(label)}):
            if one in reader.labels:
                allowed[n, reader.labels.index(one)] = True

    def unlikeliness(log_temperature: float) -> float:
        probabilities = softmax(logits.astype(np.float64) / np.exp(log_temperature))
        return -np.log((probabilities * allowed).sum(axis=1) + 1e-12).mean()

    return float(np.exp(lowest(unlikeliness, np.log(0.2), np.log(5.0))))


def fit_reject_threshold(reader: Recognizer, collection: Collection) -> float:
    """The threshold above which `FALSE_REJECTS` of the characters lie."""
    nothing = np.concatenate([reader.no_character(x) for x in collection.pictures()])
    return float(np.quantile(nothing, 1 - FALSE_REJECTS))


def flagged(reader: Recognizer, collection: Collection, each: int, seed: int = 0) -> dict[str, float]:
    """Share of ink that is rejected: of the characters, and of `each` scribbles of every kind made from them."""
    shares = {"characters": _rejected(reader, collection.pictures())}
    for kind in KINDS:
        rng = np.random.default_rng([seed, KINDS.index(kind)])
        trail, owner = scribbles(kind, collection, each, rng)
        fitted = Trail(fit(trail.nodes, owner, each), trail.ends)
        radius = np.full(each, PEN_RADIUS, np.float32)
        shares[kind] = _rejected(reader, [rasterize_batch(fitted, owner, each, radius)])
    return shares


def _rejected(reader: Recognizer, batches: Iterable[np.ndarray]) -> float:
    return float(np.concatenate([reader.no_character(x) >= reader.reject_threshold for x in batches]).mean())


def lowest(function: Callable[[float], float], low: float, high: float, rounds: int = 40) -> float:
    """The minimum of a unimodal function, by golden-section search."""
    ratio = (np.sqrt(5) - 1) / 2
    a, b = high - ratio * (high - low), low + ratio * (high - low)
    fa, fb = function(a), function(b)
    for _ in range(rounds):
        if fa < fb:
            high, b, fb = b, a, fa
            a = high - ratio * (high - low)
            fa = function(a)
        else:
            low, a, fa = a, b, fb
            b = low + ratio * (high - low)
            fb = function(b)
    return (low + high) / 2
