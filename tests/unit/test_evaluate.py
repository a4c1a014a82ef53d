"""Scores against numbers worked out by hand, and calibration against known miscalibration."""

import numpy as np
import pytest

from inkling.data import Sample
from inkling.labels import LABELS, LOOK_ALIKE, look_alikes, merge, merged_35, merged_47, shape_of
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


def test_groups_of_look_alikes_hold_no_label_twice_and_leave_44_shapes():
    grouped = "".join(LOOK_ALIKE)
    assert len(set(grouped)) == len(grouped) and set(grouped) <= set(LABELS)
    assert len({look_alikes(label) for label in LABELS}) == len(LABELS) - len(grouped) + len(LOOK_ALIKE) == 44
    # Letters whose cases are drawn in two ways are one shape with their other case only where case does not count.
    assert look_alikes("A") != look_alikes("a") and shape_of("A") == shape_of("a")
    assert look_alikes("I") == look_alikes("l") == shape_of("1") != shape_of("i")


@pytest.mark.parametrize("labels", [LABELS, "0123456789", "1Ilix", "aAbB"])
def test_accuracy_of_shapes_against_loops(labels):
    """By hand: for each group of look-alikes the sum of what its members have, and the largest sum is the answer."""
    rng = np.random.default_rng(len(labels))
    truth = rng.choice(list(labels), 300)
    logits = rng.normal(size=(300, len(labels)))
    logits[np.arange(300), [labels.index(label) for label in truth]] += 1.5
    probabilities = softmax(logits)
    right = {}
    for name, is_blind in (("accuracy_shapes", False), ("accuracy_shapes_35", True)):
        keys = {}
        for label in labels:
            groups = [group for group in LOOK_ALIKE if label in group]
            keys[label] = groups[0] if groups else label.lower() if is_blind else label
        right[name] = 0
        for row, drawn in zip(probabilities, truth):
            sums = dict.fromkeys(keys.values(), 0.0)
            for label, probability in zip(labels, row):
                sums[keys[label]] += probability
            right[name] += max(sums, key=sums.get) == keys[drawn]
    figures, _ = score(probabilities, labels, truth, np.ones(300, bool))
    assert {name: figures[name] for name in right} == {
        name: pytest.approx(count / 300, abs=1e-5) for name, count in right.items()
    }
    assert figures["accuracy_shapes"] >= figures["accuracy"]


def test_merging_keeps_the_sum():
    rng = np.random.default_rng(0)
    probabilities = softmax(rng.normal(size=(20, len(LABELS))))
    for merged in (merged_47, merged_35, look_alikes, shape_of):
        assert np.allclose(merge(probabilities, LABELS, merged)[0].sum(axis=1), 1)


def test_calibration_of_a_known_liar():
    confidence = np.full(1000, 0.9)
    right = np.arange(1000) < 600
    assert calibration(confidence, right)[0] == pytest.approx(0.3)


def test_the_lowest_point_of_a_valley_is_found():
    assert calibrate.lowest(lambda x: (x - 1.234) ** 2, -5, 5) == pytest.approx(1.234, abs=1e-6)


def test_heights_come_from_writers_whose_capitals_measure():
    def drawn(label, height, writer):
        return Sample(label=label, strokes=(np.array([[0, 0], [1, height]], np.float32),), writer=writer)

    samples = [drawn(label, 50, "w") for label in "ABCDEFGHIK"] + [drawn("c", 25, "w"), drawn("x", 7, "few")]
    heights = fit_heights(samples)
    assert heights["c"][0] == pytest.approx(np.log(0.5), abs=1e-3)
    assert "x" not in heights
