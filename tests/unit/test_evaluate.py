"""Scores against numbers worked out by hand, and calibration against known miscalibration."""

import numpy as np
import pytest

from inkling.data import Sample
from inkling.labels import LABELS, merge, merged_35, merged_47
from inkling.nn import softmax
from inkling.tools import calibrate
from inkling.tools.evaluate import calibration, score
from inkling.tools.sizes import fit_heights


def test_the_merged_classes_are_the_published_counts():
    assert len({merged_47(label) for label in LABELS}) == 47
    assert len({merged_35(label) for label in LABELS}) == 35


def test_scores_by_hand():
    labels = "0Oocx"
    probabilities = np.array(
        [
            [0.30, 0.25, 0.05, 0.40, 0.00],  # an o: of 62 it is read as c; 0, O and o together beat c
            [0.00, 0.00, 0.90, 0.05, 0.05],  # an o: right
            [0.10, 0.20, 0.00, 0.00, 0.70],  # a c: wrong everywhere, fourth at best
            [0.00, 0.60, 0.00, 0.40, 0.00],  # an O
        ]
    )
    truth = np.array(["o", "o", "c", "O"])
    figures, confusions = score(probabilities, labels, truth, np.ones(4, bool))
    assert figures["samples"] == 4
    assert figures["accuracy"] == 0.5
    # O and o are one of the 47 classes, 0 is another: 0.30 + 0.05 of O and o lose against c's 0.40.
    assert figures["accuracy_47"] == 0.5
    assert figures["accuracy_35"] == 0.75
    assert figures["top3"] == 0.5
    assert dict(confusions) == {("o", "c"): 1, ("c", "x"): 1}
    # Bins of a fifteenth: 0.40 (wrong), 0.60, 0.70 (wrong), 0.90 alone in theirs.
    assert figures["ece"] == pytest.approx((0.4 + 0.4 + 0.7 + 0.1) / 4)


def test_an_unknown_case_counts_both():
    labels = "cCx"
    probabilities = np.array([[0.3, 0.3, 0.4]])
    truth = np.array(["C"])
    assert score(probabilities, labels, truth, np.array([False]))[0]["accuracy"] == 1
    assert score(probabilities, labels, truth, np.array([True]))[0]["accuracy"] == 0


def test_merging_keeps_the_sum():
    rng = np.random.default_rng(0)
    probabilities = softmax(rng.normal(size=(20, len(LABELS))))
    for merged in (merged_47, merged_35):
        assert np.allclose(merge(probabilities, LABELS, merged)[0].sum(axis=1), 1)


def test_calibration_of_a_known_liar():
    confidence = np.full(1000, 0.9)
    right = np.arange(1000) < 600
    assert calibration(confidence, right)[0] == pytest.approx(0.3)


def test_the_lowest_point_of_a_valley_is_found():
    assert calibrate._lowest(lambda x: (x - 1.234) ** 2, -5, 5) == pytest.approx(1.234, abs=1e-6)


def test_heights_come_from_writers_whose_capitals_measure():
    def drawn(label, height, writer):
        return Sample(label=label, strokes=(np.array([[0, 0], [1, height]], np.float32),), writer=writer)

    samples = [drawn(label, 50, "w") for label in "ABCDEFGHIK"] + [drawn("c", 25, "w"), drawn("x", 7, "few")]
    heights = fit_heights(samples)
    assert heights["c"][0] == pytest.approx(np.log(0.5), abs=1e-3)
    assert "x" not in heights
