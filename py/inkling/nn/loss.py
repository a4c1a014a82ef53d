"""Softmax and the cross-entropy it is trained with."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike


def softmax(logits: np.ndarray) -> np.ndarray:
    """exp(z) / sum(exp(z)) along the last axis; shifted by the maximum, so it cannot overflow."""
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """log(softmax) along the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def cross_entropy(logits: np.ndarray, targets: np.ndarray, smoothing: float = 0.0) -> tuple[float, np.ndarray]:
    """Mean of -sum(t log softmax(z)) over a batch, and its gradient by the logits.

    Parameters
    ----------
    logits : (N, K) float
    targets : (N,) int classes, or (N, K) float probabilities
    smoothing : 0 to 1; that share of each target is spread evenly over the K classes
        (label smoothing, Szegedy et al. 2016)

    Returns
    -------
    loss : float; gradient : (N, K), (softmax(z) - t) / N
    """
    n, k = logits.shape
    if targets.ndim == 1:
        targets = one_hot(targets, k, logits.dtype)
    if smoothing:
        targets = targets * (1 - smoothing) + smoothing / k
    log_probabilities = log_softmax(logits)
    loss = -np.sum(targets * log_probabilities) / n
    weight = targets.sum(axis=1, keepdims=True)
    return float(loss), (np.exp(log_probabilities) * weight - targets) / n


def one_hot(classes: np.ndarray, count: int, dtype: DTypeLike = np.float32) -> np.ndarray:
    """(N,) int -> (N, count): 1 at the class, 0 elsewhere."""
    rows = np.zeros((len(classes), count), dtype)
    rows[np.arange(len(classes)), classes] = 1
    return rows
