"""What ruled lines say: case by height and place, the less the further the ink is off, and nothing to hands that pay no heed."""

import math

import numpy as np
import oracle
import pytest

from inkling.characters import size
from inkling.characters.size import Lines, OnLines
from inkling.ink import validate
from inkling.labels import LABELS, merged_35

# Those of the page's pad, which is 1000 wide; on the screen it is 560 pixels.
LINES = Lines(base=760, cap_height=600)
PIXEL = 1000 / 560
HEIGHTS = {
    "c": (math.log(0.6), 0.15),
    "C": (0.0, 0.2),
    "p": (math.log(0.9), 0.18),
    "P": (0.0, 0.17),
    "x": (math.log(0.6), 0.4),
}


def dash(top, bottom):
    return validate([np.array([[0, top], [10, bottom]])])


def placed(strokes, top, bottom):
    """Ink of that extent from top to bottom."""
    strokes = oracle.fitted(strokes, 1.0, (0, 0))
    y = np.concatenate(strokes)[:, 1]
    scale = (bottom - top) / np.ptp(y)
    return [stroke * scale + (500, top - y.min() * scale) for stroke in strokes]


def naive(probabilities, labels, top, bottom, lines):
    """The same, label by label, in plain Python."""

    def normal(x, mean, deviation):
        return math.exp(-0.5 * ((x - mean) / deviation) ** 2) / (math.sqrt(2 * math.pi) * deviation)

    low, height = (bottom - lines.base) / lines.cap_height, math.log((bottom - top) / lines.cap_height)
    heeded, weighed = {}, {}
    for label, probability in zip(labels, probabilities):
        if label in HEIGHTS:
            place = (0.45, 0.2) if label == "p" else (0.0, 0.11)
            mean, deviation = HEIGHTS[label][0], min(HEIGHTS[label][1], 0.2)
            density = normal(low, place[0], 1.25 * place[1]) * normal(height, mean, 1.25 * deviation)
            heeded[label] = probability * 0.6 * density
            weighed[label] = heeded[label] + probability * 0.4 / 3.4
    shared = []
    for label, probability in zip(labels, probabilities):
        group = [each for each in labels if each in HEIGHTS and label in HEIGHTS and merged_35(each) == merged_35(label)]
        whole = sum(probabilities[labels.index(each)] for each in group)
        shared.append(whole * weighed[label] / sum(weighed[each] for each in group) if group else probability)
    on = sum(heeded.values())
    return shared, on / (on + 0.4 / 3.4)


@pytest.mark.parametrize("top, bottom", [(160, 760), (400, 760), (400, 940), (200, 800), (20, 500), (700, 990), (420, 421)])
@pytest.mark.parametrize("labels", ["cCpPxq", "PqpC", "x", "q"])
def test_shares_are_those_of_bayes_rule_label_by_label(top, bottom, labels):
    rng = np.random.default_rng(1)
    probabilities = rng.dirichlet(np.ones(6))
    everything = "cCpPxq"
    model = OnLines(everything, HEIGHTS)
    chosen = np.array([everything.index(label) for label in labels])
    some = probabilities[chosen] / probabilities[chosen].sum()
    shared, on = model.share(some, chosen, model.densities(dash(top, bottom), LINES))
    expected, expected_on = naive(some.tolist(), labels, top, bottom, LINES)
    assert shared == pytest.approx(expected) and on == pytest.approx(expected_on)
    assert shared.sum() == pytest.approx(1)


def test_case_is_told_by_height_and_by_place():
    model, all_of = OnLines("cCpP", HEIGHTS), np.arange(4)
    even = np.full(4, 0.25)
    for (top, bottom), winner, loser in (((400, 760), 0, 1), ((160, 760), 1, 0), ((400, 940), 2, 3), ((160, 760), 3, 2)):
        shared, _ = model.share(even, all_of, model.densities(dash(top, bottom), LINES))
        assert shared[winner] > 3.5 * shared[loser]


@pytest.mark.parametrize("drawn", [dash(500, 500), dash(-1e12, 1e12), dash(0, 5e-324)])
def test_what_has_no_height_or_no_end_changes_nothing(drawn):
    model, even = OnLines("cCx", HEIGHTS), np.array([0.35, 0.35, 0.3])
    shared, on = model.share(even, np.arange(3), model.densities(drawn, LINES))
    assert shared == pytest.approx(even) and on == pytest.approx(0, abs=1e-9)


def test_without_heights_nothing_changes():
    model, even = OnLines("cC", {}), np.array([0.7, 0.3])
    shared, on = model.share(even, np.arange(2), model.densities(dash(160, 760), LINES))
    assert np.array_equal(shared, even) and on == 0


def odds(reader, strokes, lines=LINES):
    """Log odds of C against c."""
    found = dict(reader.read(strokes, "cC", lines=lines))
    return math.log(found["C"] / found["c"])


@pytest.mark.parametrize("how", ["lower", "higher", "longer", "shorter"])
def test_a_capital_off_the_lines_is_one_still_and_less_surely_the_further_it_is_off(reader, real_ink, how):
    """0, 10, 22 and 40 pixels, moved as a whole or at one end; no step on the way is a cliff."""
    for sample in [sample for sample in real_ink if sample.label == "C"]:
        gains = []
        for pixels in [*range(0, 41, 2), 220]:
            off = pixels * PIXEL
            top = 160 + {"lower": off, "higher": -off, "longer": -off}.get(how, 0)
            bottom = 760 + {"lower": off, "higher": -off, "shorter": -off}.get(how, 0)
            strokes = placed(sample.strokes, top, bottom)
            gains.append(odds(reader, strokes) - odds(reader, strokes, None))
        assert gains[0] > 2 and gains[5] > 0.9 * gains[0] and gains[11] > 0.7 * gains[0] and gains[20] > 0.4 * gains[0], (
            gains
        )
        assert np.abs(np.diff(gains[:21])).max() < 0.15
        if how in ("lower", "higher"):
            assert abs(gains[-1]) < 0.2, "so far off, the lines say next to nothing"


def test_small_and_low_letters_are_told_too(reader, real_ink):
    right = []
    for sample in real_ink:
        if sample.label in "cosvwxzpy":
            top, bottom = (400, 940) if sample.label in "py" else (400, 760)
            pair = sample.label + sample.label.upper()
            reading = reader.examine(placed(sample.strokes, top, bottom), pair, lines=LINES)
            right.append(reading.candidates[0].label == sample.label)
    assert np.mean(right) > 0.95


def test_the_reading_says_what_decided(reader, real_ink):
    ink = {sample.label: sample.strokes for sample in real_ink}
    for top, label in ((160, "C"), (400, "c")):
        reading = reader.examine(placed(ink["c"], top, 760), lines=LINES)
        assert reading.candidates[0].label == label and reading.decided_by == "lines"
    assert reader.examine(ink["c"]).decided_by == "shape"
    assert reader.examine(placed(ink["R"], 160, 760), lines=LINES).decided_by == "shape", "R is told by its shape"
    far = reader.examine(placed(ink["c"], 20, 500), lines=LINES)
    assert far.decided_by == "shape" and far.look_alikes


def test_the_fitted_deviations_are_widened_by_one_number():
    model = OnLines(LABELS, {label: (0.0, 0.1 if label == "a" else 0.3) for label in LABELS})
    assert model.deviations[LABELS.index("a"), 1] == pytest.approx(0.1 * size.WIDENED)
    assert model.deviations[LABELS.index("b"), 1] == pytest.approx(size.ONE_HAND * size.WIDENED)
    assert model.deviations[LABELS.index("a"), 0] == pytest.approx(0.11 * size.WIDENED)
