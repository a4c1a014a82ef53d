"""CTC against the sum over every single path, and against central differences."""

import itertools

import numpy as np
import pytest

from inkling import nn
from inkling.nn.ctc import columns_needed, ctc


def by_enumeration(logits, text):
    """-log of the sum of the probabilities of all paths (T, K + 1) that spell `text`."""
    probabilities = nn.softmax(logits)
    blank, total = logits.shape[1] - 1, 0.0
    for path in itertools.product(range(blank + 1), repeat=len(logits)):
        if [label for label, _ in itertools.groupby(path) if label != blank] == list(text):
            total += np.prod([row[label] for row, label in zip(probabilities, path)])
    return -np.log(total)


TEXTS = [[], [0], [1, 1], [0, 1], [2, 0, 2], [1, 1, 1]]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("columns", [1, 3, 5])
def test_the_loss_is_that_of_all_paths_together(text, columns):
    text = np.array(text, int)
    logits = np.random.default_rng(columns).normal(size=(1, columns, 4))
    if columns_needed(text) > columns:
        with pytest.raises(ValueError, match=f"needs {columns_needed(text)} columns, not {columns}"):
            ctc(logits, np.array([columns]), [text])
        return
    losses, _ = ctc(logits, np.array([columns]), [text])
    assert losses[0] == pytest.approx(by_enumeration(logits[0], text), abs=1e-9)


def test_the_gradient_is_the_slope_and_nothing_beyond_the_width():
    rng = np.random.default_rng(5)
    texts = [np.array(text, int) for text in TEXTS]
    widths = np.array([4, 5, 6, 3, 6, 5])
    logits = rng.normal(size=(len(texts), 6, 4))
    _, gradient = ctc(logits, widths, texts)
    step = 1e-5
    for place in np.ndindex(logits.shape):
        moved = np.zeros_like(logits)
        moved[place] = step
        slope = (ctc(logits + moved, widths, texts)[0] - ctc(logits - moved, widths, texts)[0])[place[0]] / (2 * step)
        assert gradient[place] == pytest.approx(slope, abs=1e-6)
    assert all((row[width:] == 0).all() for row, width in zip(gradient, widths))


def test_what_a_line_loses_does_not_depend_on_its_batch():
    rng = np.random.default_rng(2)
    logits, texts, widths = (
        rng.normal(size=(3, 9, 5)),
        [np.array([1, 2, 3]), np.array([0]), np.array([3, 3, 3, 3])],
        [5, 9, 8],
    )
    together, _ = ctc(logits, np.array(widths), texts)
    alone = [ctc(logits[n : n + 1, : widths[n]], np.array([widths[n]]), [texts[n]])[0][0] for n in range(3)]
    assert together == pytest.approx(alone, abs=1e-9)


def test_long_lines_neither_overflow_nor_vanish():
    logits = np.random.default_rng(0).normal(size=(1, 2000, 84)) * 30
    losses, gradient = ctc(logits.astype(np.float32), np.array([2000]), [np.arange(300) % 83])
    assert np.isfinite(losses).all() and np.isfinite(gradient).all()
    # Softmax and occupancy both sum to 1 in each column.
    assert np.abs(gradient.sum(axis=2)).max() < 1e-3
