"""The recogniser with the shipped weights, on real ink: what must not matter does not."""

import math

import numpy as np
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from inkling import Candidate, Lines, Recognizer, nn
from inkling.labels import LABELS


@pytest.fixture(scope="module")
def pictures(reader, real_ink):
    return np.stack([reader.prepare(sample.strokes) for sample in real_ink])


@pytest.fixture(scope="module")
def probabilities(reader, pictures):
    """(248, 62), in the order of the labels: what `read` answers, for all at once (see below)."""
    return reader.probabilities(pictures)


def unit(strokes):
    """Strokes with their longer side 1 and their middle at 0, float64."""
    return oracle.fitted(strokes, 1.0, (0, 0))


SAME_INK = {
    "at 40 px": lambda strokes: [stroke * 40 for stroke in unit(strokes)],
    "at 800 px": lambda strokes: [stroke * 800 for stroke in unit(strokes)],
    "in the top left corner": lambda strokes: [stroke * 40 + 20 for stroke in unit(strokes)],
    "in the bottom right corner": lambda strokes: [stroke * 40 + (1900, 1060) for stroke in unit(strokes)],
    "far from 0": lambda strokes: [stroke * 40 + 1e6 for stroke in unit(strokes)],
    "last stroke first": lambda strokes: strokes[::-1],
    "each stroke backwards": lambda strokes: [stroke[::-1] for stroke in strokes],
    "all of it backwards": lambda strokes: [stroke[::-1] for stroke in strokes[::-1]],
    "with the pen at rest": lambda strokes: [stroke.repeat(3, axis=0) for stroke in strokes],
    "as lists": lambda strokes: [stroke.tolist() for stroke in strokes],
    "with empty strokes": lambda strokes: [[], *strokes, np.zeros((0, 2))],
}


@pytest.mark.parametrize("change", SAME_INK.values(), ids=SAME_INK)
def test_the_same_ink_has_the_same_answer(reader, real_ink, pictures, probabilities, change):
    again = np.stack([reader.prepare(change(sample.strokes)) for sample in real_ink])
    assert np.abs(again - pictures).max() < 0.02
    # Where the network sees the very same there is nothing to ask it.
    some = np.flatnonzero(np.abs(again - pictures).max(axis=(1, 2, 3)) > 1e-6)[:40]
    answers = reader.probabilities(again[some])
    assert np.abs(answers - probabilities[some]).max(initial=0) < 2e-3
    assert np.array_equal(answers.argmax(axis=1), probabilities[some].argmax(axis=1))
    for which in range(3, len(real_ink), 50):
        best = reader.read(change(real_ink[which].strokes))[0]
        assert best.label == reader.labels[probabilities[which].argmax()]


NEARLY_SAME_INK = {
    "in whole pixels at 800 px": lambda strokes: [np.rint(stroke * 800) for stroke in unit(strokes)],
    "in whole pixels at 200 px": lambda strokes: [np.rint(stroke * 200) for stroke in unit(strokes)],
    "with four times the points": lambda strokes: [denser(stroke) for stroke in strokes],
    "with every second point dropped": lambda strokes: [stroke[::2] for stroke in strokes],
}


def denser(stroke):
    share = np.linspace(0, len(stroke) - 1, 4 * len(stroke) - 3)
    return np.stack([np.interp(share, range(len(stroke)), stroke[:, axis]) for axis in (0, 1)], axis=1)


@pytest.mark.parametrize("change", NEARLY_SAME_INK.values(), ids=NEARLY_SAME_INK)
def test_nearly_the_same_ink_has_the_same_answer(reader, real_ink, probabilities, change):
    """All of the ink that is not a toss-up between two characters; little of what is."""
    answers = reader.probabilities(np.stack([reader.prepare(change(sample.strokes)) for sample in real_ink]))
    changed = answers.argmax(axis=1) != probabilities.argmax(axis=1)
    right = [reader.labels[i] == sample.label for i, sample in zip(probabilities.argmax(axis=1), real_ink)]
    clear = np.array(right) & (probabilities.max(axis=1) > 0.8)
    assert clear.sum() > 80
    assert not [real_ink[i].label for i in np.flatnonzero(changed & clear)]
    assert changed.mean() <= 0.06


@settings(max_examples=25)
@given(st.integers(0, 247), st.floats(5, 5000), st.floats(-1e4, 1e4), st.floats(-1e4, 1e4))
def test_any_size_and_place(reader, real_ink, probabilities, which, size, x, y):
    again = reader.read([stroke * size + (x, y) for stroke in unit(real_ink[which].strokes)], top=62)
    expected = dict(zip(reader.labels, probabilities[which]))
    assert again[0].label == max(expected, key=expected.get)
    assert max(abs(probability - expected[label]) for label, probability in again) < 1e-2


def test_answers_are_candidates_best_first(reader, real_ink):
    for sample in real_ink[::25]:
        answer = reader.read(sample.strokes, top=62)
        assert all(type(candidate) is Candidate for candidate in answer)
        shares = [candidate.probability for candidate in answer]
        assert shares == sorted(shares, reverse=True) and all(type(p) is float for p in shares)
        assert abs(math.fsum(shares) - 1) < 1e-5
        assert sorted(candidate.label for candidate in answer) == sorted(LABELS)
        assert reader.read(sample.strokes) == answer[:5] and reader.read(sample.strokes, top=1) == answer[:1]


def test_most_real_ink_is_read_right(reader, probabilities, real_ink):
    """Far below what `evaluate` reports: this only tells a network from a broken one."""
    truth = np.array([reader.labels.index(sample.label) for sample in real_ink])
    rank = (probabilities > probabilities[np.arange(len(truth)), truth][:, None]).sum(axis=1)
    assert (rank == 0).mean() > 0.7 and (rank < 3).mean() > 0.9


@pytest.mark.parametrize("nothing", [[], [[]], [np.zeros((0, 2))]])
def test_no_ink_no_guess(reader, nothing):
    assert reader.read(nothing) == [] and reader.prepare(nothing) is None and not reader.is_confident(nothing)
    assert reader.read(nothing, allowed="ab") == []
    assert reader.read_image(np.full((30, 30), 255, np.uint8)) == []


def test_a_dot_is_ink(reader):
    assert len(reader.read([[[7, 7]]])) == 5


@pytest.mark.parametrize(
    ("ink", "reason"),
    [([[[0, np.nan]]], "not finite"), ([[[np.inf, 0]]], "not finite"), ([[1, 2, 3]], r"shape \(3,\)"), ("A", "not str")],
)
def test_what_is_no_ink_is_told(reader, ink, reason):
    for method in (reader.read, reader.prepare, reader.is_confident):
        with pytest.raises(ValueError, match=reason):
            method(ink)


@settings(max_examples=25)
@given(st.integers(0, 247), st.sets(st.sampled_from(LABELS), min_size=1), st.integers(1, 70), st.randoms())
def test_allowed_labels_share_the_rest(reader, real_ink, probabilities, which, chosen, top, random):
    whole = dict(zip(reader.labels, probabilities[which].tolist()))
    total = math.fsum(whole[label] for label in chosen)
    allowed = random.choices(sorted(chosen), k=3) + sorted(chosen)  # any order, some twice
    random.shuffle(allowed)
    found = reader.read(real_ink[which].strokes, "".join(allowed), top)
    assert len(found) == min(top, len(chosen)) and {c.label for c in found} <= chosen
    for label, probability in found:
        assert math.isclose(probability, whole[label] / total, rel_tol=1e-3, abs_tol=1e-6)
    assert whole[found[0].label] >= max(whole[label] for label in chosen) * (1 - 1e-3)


@pytest.mark.parametrize("allowed", ["", "ab!", "é", "\N{EMPTY SET}"])
def test_labels_that_are_not_known(reader, real_ink, allowed):
    with pytest.raises(ValueError, match="allowed is some of 0123456789"):
        reader.read(real_ink[0].strokes, allowed)
    with pytest.raises(ValueError, match="allowed is some of 0123456789"):
        reader.read([], allowed)


@pytest.mark.parametrize("top", [0, -1])
def test_top_is_at_least_one(reader, real_ink, top):
    with pytest.raises(ValueError, match=f"top is at least 1, not {top}"):
        reader.read(real_ink[0].strokes, top=top)


def test_reading_leaves_the_ink_alone(reader, real_ink):
    before = [stroke.copy() for stroke in real_ink[5].strokes]
    reader.read(real_ink[5].strokes), reader.is_confident(real_ink[5].strokes)
    assert all(np.array_equal(a, b) for a, b in zip(real_ink[5].strokes, before))


def test_what_the_network_sees(reader, real_ink, probabilities):
    """`prepare`, the network and a softmax are what `read` does, one at a time or all at once."""
    for which in range(0, len(real_ink), 20):
        x = reader.prepare(real_ink[which].strokes)
        assert x.shape == reader.network.input_shape and x.dtype == np.float32
        answer = dict(reader.read(real_ink[which].strokes, top=62))
        logits = reader.network.forward(x[None])[0, : len(reader.labels)] / reader.temperature
        for place, (label, probability) in enumerate(zip(reader.labels, oracle.softmax(logits.tolist()))):
            assert math.isclose(answer[label], probability, rel_tol=1e-3, abs_tol=1e-6)
            assert math.isclose(probabilities[which, place], probability, rel_tol=1e-3, abs_tol=1e-6)


# (longer side of the character, width of the pen, paper, ink)
PICTURES = {
    "a drawing": (50, 3, 255, 0),
    "chalk": (50, 3, 0, 255),
    "a felt pen": (50, 6, 255, 40),
    "grey on grey": (50, 3, 190, 100),
    "small print": (24, 2, 255, 0),
}


@pytest.mark.parametrize(("box", "pen", "paper", "ink"), PICTURES.values(), ids=PICTURES)
def test_a_picture_reads_as_the_ink_it_shows(reader, real_ink, probabilities, box, pen, paper, ink):
    """The pen's way is lost in a picture, so toss-ups may fall otherwise; clear ink may not."""
    chosen = range(1, len(real_ink), 5)
    same = clear = same_clear = 0
    for which in chosen:
        sample, label = real_ink[which], reader.labels[probabilities[which].argmax()]
        best = reader.read_image(oracle.drawn(sample.strokes, box, pen, box // 5, paper, ink))[0].label
        same += best == label
        if label == sample.label and probabilities[which].max() > 0.8:
            clear += 1
            same_clear += best == label
    assert clear >= 15 and same_clear >= 0.93 * clear
    assert same >= 0.84 * len(chosen)


def test_shapes_and_colours_of_pictures(reader, real_ink):
    """Grey, RGB and RGBA, dark on light and light on dark, wide margins: one answer."""
    for sample in real_ink[10::62]:
        grey = oracle.drawn(sample.strokes, 40, 3, 10)
        expected = reader.read_image(grey)
        alpha = np.full((*grey.shape, 1), 255, np.uint8)
        rgb = np.repeat(grey[..., None], 3, axis=2)
        clear = np.concatenate([np.zeros_like(rgb), 255 - grey[..., None]], axis=2)
        variants = {
            "RGB": rgb,
            "RGBA": np.concatenate([rgb, alpha], axis=2),
            "ink on nothing": clear,
            "light on dark": 255 - grey,
            "light on dark, RGB": 255 - rgb,
            "wide margins": np.pad(grey, ((60, 5), (0, 90)), constant_values=255),
            "read-only and reversed in memory": grey[::-1][::-1],
        }
        for name, pixels in variants.items():
            again = reader.read_image(pixels)
            assert again[0].label == expected[0].label, (sample.label, name)
            assert abs(again[0].probability - expected[0].probability) < 0.05, (sample.label, name)


def test_noise_and_uneven_light_do_not_hide_the_ink(reader, real_ink):
    rng = np.random.default_rng(0)
    same = 0
    samples = real_ink[::12]
    for sample in samples:
        clean = oracle.drawn(sample.strokes, 50, 4, 10)
        grey = clean.astype(float)
        shade = np.linspace(0, 50, grey.shape[1])
        spoilt = np.clip(grey * 0.8 + 10 - shade * (grey / 255) + rng.normal(0, 6, grey.shape), 0, 255).astype(np.uint8)
        same += reader.read_image(spoilt)[0].label == reader.read_image(clean)[0].label
    assert same >= 0.8 * len(samples)


def test_allowed_and_top_hold_for_pictures(reader, real_ink):
    pixels = oracle.drawn(real_ink[0].strokes, 40, 3, 10)
    found = reader.read_image(pixels, allowed="0123456789", top=3)
    assert len(found) == 3 and all(c.label.isdigit() for c in found)
    assert abs(sum(c.probability for c in reader.read_image(pixels, "abc")) - 1) < 1e-5


def test_weights_of_a_network_for_other_input(tmp_path):
    network = nn.Network([nn.Flatten(), nn.Dense(9, 2)], (1, 3, 3))
    nn.save(tmp_path / "w.npz", network, "ab")
    with pytest.raises(nn.WeightsError, match=r"w.npz: field 'header.input_shape': the network takes \(1, 3, 3\)"):
        Recognizer.load(tmp_path / "w.npz")


def small_network(outputs):
    return nn.Network([nn.AveragePool2D(8), nn.Flatten(), nn.Dense(48, outputs)], (3, 32, 32))


@pytest.mark.parametrize(
    ("meta", "field"),
    [({"temperature": 0}, "temperature"), ({"temperature": "hot"}, "temperature"), ({"temperature": math.nan}, "temperature"),
     ({"reject_threshold": -1}, "reject_threshold"), ({"reject_threshold": 2}, "reject_threshold"),
     ({"reject_threshold": [1]}, "reject_threshold")],
)  # fmt: skip
def test_settings_that_cannot_be(tmp_path, meta, field):
    nn.save(tmp_path / "w.npz", small_network(3), "abc", **meta)
    with pytest.raises(nn.WeightsError, match=f"w.npz: field 'header.meta.{field}'"):
        Recognizer.load(tmp_path / "w.npz")


def test_temperature_evens_out_and_keeps_the_order(tmp_path, real_ink):
    answers = []
    for temperature in (1.0, 4.0):
        nn.save(tmp_path / "w.npz", small_network(3), "xyz", temperature=temperature)
        answers.append(Recognizer.load(tmp_path / "w.npz").read(real_ink[0].strokes))
    sharp, even = answers
    assert [c.label for c in sharp] == [c.label for c in even] and even[0].probability < sharp[0].probability


def test_other_alphabets(tmp_path, real_ink):
    nn.save(tmp_path / "w.npz", small_network(4), "→ñ√字")
    reader = Recognizer.load(tmp_path / "w.npz")
    assert reader.labels == "→ñ√字" and len(reader.read(real_ink[0].strokes, allowed="ñ字")) == 2


@pytest.mark.parametrize(
    ("probabilities", "look_alikes", "likely"),
    [
        ({"O": 0.6, "0": 0.3, "D": 0.06, "o": 0.04}, ["0"], True),
        ({"1": 0.4, "l": 0.3, "I": 0.2, "7": 0.1}, ["l", "I"], True),
        ({"O": 0.97, "0": 0.02, "D": 0.01}, [], True),
        ({"A": 0.45, "a": 0.4, "h": 0.15}, [], True),
        ({"a": 0.45, "A": 0.4, "h": 0.15}, [], True),
        ({"R": 0.45, "K": 0.4, "h": 0.15}, [], False),
    ],
)
def test_sure_of_a_shape_though_not_of_the_one_among_its_look_alikes(reader, probabilities, look_alikes, likely):
    logits = np.full(len(reader.outputs), -30, np.float32)
    for label, probability in probabilities.items():
        logits[reader.outputs.index(label)] = np.log(probability)
    reading = reader.decide(logits)
    assert reading.look_alikes == look_alikes and reading.confident == likely
    assert dict(reading.candidates[: len(probabilities)]) == pytest.approx(probabilities)


def test_what_is_no_character_is_not_sure_however_clear_the_best_label_is(reader):
    logits = np.full(len(reader.outputs), -30, np.float32)
    logits[reader.outputs.index("R")] = 0
    for nothing in (0.9, 1.1):  # of the threshold
        share = nothing * reader.reject_threshold
        logits[-1] = np.log(share / (1 - share))
        reading = reader.decide(logits)
        assert reading.candidates[0].probability > 0.99 and reading.confident == (nothing < 1)


@pytest.mark.parametrize(("outputs", "labels"), [(63, "ab"), (2, "abc"), (3, "")])
def test_a_network_has_as_many_outputs_as_there_are_labels(outputs, labels):
    with pytest.raises(ValueError, match=f"the network has {outputs} outputs, and there are {len(labels)} labels"):
        Recognizer(small_network(outputs), labels)


@pytest.mark.filterwarnings("error")
@settings(max_examples=150)
@given(
    st.lists(
        st.integers(1, 6).flatmap(
            lambda n: hnp.arrays(
                np.float64, (n, 2), elements=st.floats(-1e12, 1e12) | st.sampled_from([0.0, 5e-324, 1e-300, 1.0, 1e12])
            )
        ),
        min_size=1,
        max_size=4,
    ),
    st.none() | st.builds(Lines, st.floats(-1e12, 1e12), st.floats(5e-324, 1e12)),
)
def test_ink_of_any_size_is_read_without_a_warning(reader, drawn, lines):
    """From the smallest numbers that there are to the largest that are allowed, on lines and without."""
    candidates = reader.read(drawn, top=len(reader.labels), lines=lines)
    assert sum(each.probability for each in candidates) == pytest.approx(1, abs=1e-3)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("height, cap_height", [(5e-324, 2.0), (1e12, 5e-324)])
def test_heights_beyond_all_measure_decide_nothing(reader, height, cap_height):
    dash = [np.array([[0, 0], [height, height]])]
    assert reader.read(dash, lines=Lines(height, cap_height)) == reader.read(dash)
