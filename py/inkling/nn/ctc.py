"""Connectionist temporal classification (Graves et al. 2006): the loss of a text that nobody has cut into characters.

A network gives, for each of T columns, logits of K labels and of a blank, the last class. A path takes one class
a column; it spells the text that is left when repeats are merged and blanks taken out. The probability of a text
is the sum over all paths that spell it; `ctc` computes its logarithm and the gradient by dynamic programming over
the text with a blank before, between and after its characters ("extended", 2 L + 1 states).
"""

from __future__ import annotations

import numpy as np

from .loss import log_softmax, one_hot

IMPOSSIBLE = -1e30


def columns_needed(text: np.ndarray) -> int:
    """Columns of the shortest path that spells `text`, (L,) classes: a blank parts equal neighbours."""
    return len(text) + int(np.count_nonzero(text[1:] == text[:-1]))


def ctc(logits: np.ndarray, widths: np.ndarray, texts: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Losses of a batch and their gradients by the logits.

    Parameters
    ----------
    logits : (N, T, K + 1) float; the last class is the blank
    widths : (N,) int, at most T; columns of each sample that count
    texts : N int arrays (L,) of classes below K

    Returns
    -------
    losses : (N,) float64, -log p(text)
    gradient : (N, T, K + 1), of each loss by its own logits; 0 beyond `widths`. ValueError where a text does not
        fit into its columns.
    """
    count, columns, classes = logits.shape
    for n, (text, width) in enumerate(zip(texts, widths)):
        if columns_needed(text) > width:
            raise ValueError(
                f"sample {n}: a text of {len(text)} characters needs {columns_needed(text)} columns, not {width}"
            )
    extended, can_skip, states = _extended(texts, classes - 1)
    log_probabilities = log_softmax(logits.astype(np.float64))
    # (T, N, S): of each column the log probability of each state's class.
    emitted = np.take_along_axis(
        log_probabilities, np.broadcast_to(extended[:, None], (count, columns, extended.shape[1])), 2
    )
    emitted = np.ascontiguousarray(emitted.transpose(1, 0, 2))
    beyond = np.arange(extended.shape[1]) >= states[:, None]
    emitted[:, beyond] = IMPOSSIBLE

    forward = _forward(emitted, can_skip)
    last = forward[widths - 1, np.arange(count)]
    at_end = np.take_along_axis(last, np.stack([states - 1, np.maximum(states - 2, 0)], axis=1), 1)
    at_end[states == 1, 1] = IMPOSSIBLE
    log_likelihood = np.logaddexp(at_end[:, 0], at_end[:, 1])

    backward = _backward(emitted, can_skip, widths, states)
    with np.errstate(under="ignore"):
        occupied = np.exp(np.minimum(forward + backward - emitted - log_likelihood[:, None], 0.0))
        occupied[:, beyond] = 0
        gradient = np.exp(log_probabilities)
    for n, text in enumerate(extended):
        gradient[n] -= occupied[:, n] @ one_hot(text, classes, np.float64)
        gradient[n, widths[n] :] = 0
    return -log_likelihood, gradient.astype(logits.dtype)


def _extended(texts: list[np.ndarray], blank: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Classes of all states (N, S), which of them may be entered past a blank (N, S), and their numbers (N,)."""
    states = np.array([2 * len(text) + 1 for text in texts])
    extended = np.full((len(texts), states.max()), blank)
    for row, text in zip(extended, texts):
        row[1 : 2 * len(text) : 2] = text
    can_skip = np.zeros(extended.shape, bool)
    can_skip[:, 2:] = (extended[:, 2:] != blank) & (extended[:, 2:] != extended[:, :-2])
    return extended, can_skip, states


def _forward(emitted: np.ndarray, can_skip: np.ndarray) -> np.ndarray:
    """(T, N, S): log probability of all paths that end in each state at each column, its emission included."""
    reached = np.full(emitted.shape, IMPOSSIBLE)
    reached[0, :, :2] = emitted[0, :, :2]
    skipping = np.where(can_skip, 0.0, IMPOSSIBLE)[:, 2:]
    for before, now, emission in zip(reached, reached[1:], emitted[1:]):
        now[...] = before
        np.logaddexp(now[:, 1:], before[:, :-1], out=now[:, 1:])
        np.logaddexp(now[:, 2:], before[:, :-2] + skipping, out=now[:, 2:])
        now += emission
    return reached


def _backward(emitted: np.ndarray, can_skip: np.ndarray, widths: np.ndarray, states: np.ndarray) -> np.ndarray:
    """(T, N, S): log probability of all ways on from each state at each column, its own emission included."""
    onward = np.full(emitted.shape, IMPOSSIBLE)
    skipping = np.where(can_skip, 0.0, IMPOSSIBLE)[:, 2:]
    everyone = np.arange(len(widths))
    ending = np.full(can_skip.shape, IMPOSSIBLE)
    ending[everyone, states - 1] = 0
    ending[everyone, np.maximum(states - 2, 0)] = 0
    after = np.full(can_skip.shape, IMPOSSIBLE)
    for column in range(len(emitted) - 1, -1, -1):
        now = onward[column]
        now[...] = after
        np.logaddexp(now[:, :-1], after[:, 1:], out=now[:, :-1])
        np.logaddexp(now[:, :-2], after[:, 2:] + skipping, out=now[:, :-2])
        is_last = widths - 1 == column
        now[is_last] = ending[is_last]
        now += emitted[column]
        after = now
    return onward
