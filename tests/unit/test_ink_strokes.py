"""Ink without size, place and speed: what `ink` makes of strokes, drawn and real."""

import math
import tracemalloc
from itertools import pairwise

import numpy as np
import oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from inkling.ink import strokes as ink

coordinates = st.floats(-1000, 1000, width=32)
strokes = st.lists(
    st.integers(1, 12).flatmap(lambda n: hnp.arrays(np.float64, (n, 2), elements=coordinates)), min_size=1, max_size=4
)


def walked(stroke, step, count):
    """Points every `step` along a polyline, by walking it: the resampling without its arithmetic."""
    points = [stroke[0]]
    left = step
    for a, b in pairwise(stroke):
        length = math.dist(a, b)
        done = 0.0
        if length == 0:
            continue
        while length - done >= left - 1e-9 and len(points) < count:
            done += left
            points.append(a + (b - a) * (done / length))
            left = step
        left -= length - done
    while len(points) < count:
        points.append(stroke[-1])
    return np.array(points)


@given(strokes)
def test_nodes_lie_at_equal_steps_along_the_way(drawn):
    checked = ink.validate(drawn)
    before = ink.SMOOTHING
    ink.SMOOTHING = 0
    try:
        trail = ink.resample(checked)
    finally:
        ink.SMOOTHING = before
    points = checked.points
    low, high = points.min(axis=0), points.max(axis=0)
    side = (high - low).max() or 1.0
    ends = np.flatnonzero(trail.ends)
    assert len(ends) == len(drawn) and ends[-1] == len(trail.nodes) - 1
    for stroke, nodes in zip(checked, np.split(trail.nodes, ends[:-1] + 1)):
        unit = (stroke - (low + high) / 2) / side
        length = sum(math.dist(a, b) for a, b in pairwise(unit))
        pieces = len(nodes) - 1
        assert pieces == max(1, math.ceil(length * ink.STEPS - 1e-9))
        np.testing.assert_allclose(nodes, walked(unit, length / pieces, len(nodes)), atol=2e-4)


def test_a_straight_line_stays_where_it_is():
    trail = ink.resample(ink.validate([np.array([[0.0, 0.0], [10.0, 5.0]])]))
    share = np.linspace(-0.5, 0.5, len(trail.nodes))
    np.testing.assert_allclose(trail.nodes, np.stack([share, share / 2], axis=1), atol=1e-6)


@given(strokes)
def test_the_frame(drawn):
    """The longer side is 1 about 0; smoothing may only draw the ink inwards."""
    nodes = ink.resample(ink.validate(drawn)).nodes
    assert nodes.dtype == np.float32 and np.isfinite(nodes).all()
    assert np.abs(nodes).max() <= 0.5 + 1e-5


@given(strokes, st.floats(1e-3, 1e3), st.floats(-1e4, 1e4), st.floats(-1e4, 1e4))
def test_size_and_place_do_not_matter(drawn, scale, x, y):
    moved = [stroke * scale + (x, y) for stroke in drawn]
    # What float64 itself rounds away in moving is no fault of the resampling.
    points = np.concatenate(drawn)
    side = (points.max(axis=0) - points.min(axis=0)).max() * scale
    if side < 1e-3:
        return
    a, b = ink.resample(ink.validate(drawn)), ink.resample(ink.validate(moved))
    if len(a.nodes) == len(b.nodes):  # a length of a whole number of steps may round either way
        np.testing.assert_allclose(a.nodes, b.nodes, atol=1e-4)
    assert abs(len(a.nodes) - len(b.nodes)) <= len(drawn)


@given(strokes)
def test_more_points_on_the_same_way_do_not_matter(drawn):
    """Points repeated (a pen at rest) and points in between (a faster tablet)."""

    def denser(stroke):
        if len(stroke) == 1:
            return np.repeat(stroke, 3, axis=0)
        share = np.linspace(0, len(stroke) - 1, 4 * (len(stroke) - 1) + 1)
        return np.stack([np.interp(share, range(len(stroke)), stroke[:, axis]) for axis in (0, 1)], axis=1).repeat(2, axis=0)

    a, b = ink.resample(ink.validate(drawn)), ink.resample(ink.validate([denser(s) for s in drawn]))
    if len(a.nodes) == len(b.nodes):
        np.testing.assert_allclose(a.nodes, b.nodes, atol=1e-3)
    assert abs(len(a.nodes) - len(b.nodes)) <= len(drawn)


def test_real_ink_keeps_its_shape(real_ink):
    """No node strays from what was drawn further than smoothing is meant to move it."""
    for sample in real_ink[::4]:
        nodes = ink.resample(ink.validate(sample.strokes)).nodes
        strokes = oracle.fitted(sample.strokes, 1.0, (0, 0))
        # A grid of as many rows as columns; only its diagonal, the nodes themselves, counts.
        strays = np.diag(oracle.distance_to_ink(strokes, *nodes[::7].T)).max()
        assert strays < 2.5 / ink.STEPS, sample.label


@pytest.mark.parametrize("nothing", [[], (), [[]], [np.zeros((0, 2))], [[], np.zeros((0, 2)), ()]])
def test_no_ink(nothing):
    assert not ink.validate(nothing)


@pytest.mark.parametrize("dot", [[[[3, 4]]], [[[3, 4], [3, 4]]], [[(3.5, -1e9)]]])
def test_a_dot_is_ink(dot):
    trail = ink.resample(ink.validate(dot))
    assert trail.nodes.shape == (2, 2) and (trail.nodes == 0).all() and trail.ends.tolist() == [False, True]


def test_kinds_of_arrays_that_are_ink():
    expected = [[0.0, 1.0], [2.0, 3.0]]
    for stroke in (expected, tuple(map(tuple, expected)), np.array(expected, np.float32), np.array(expected, np.int16)):
        (checked,) = ink.validate([stroke])
        assert checked.dtype in (np.float32, np.float64) and checked.tolist() == expected
    assert len(ink.validate(iter([expected, expected]))) == 2


WRONG = {
    "a text": ("ink", "not str"),
    "bytes": (b"ink", "not bytes"),
    "a number": (5, "not int"),
    "nothing at all": (None, "not NoneType"),
    "an object of JSON": ({"strokes": []}, "not dict"),
    "a stroke of text": ([[[0, 0]], "ab"], "stroke 1 is not .* but 'ab'"),
    "a stroke of none": ([None], "stroke 0"),
    "a flat list": ([[0, 0, 1, 1]], r"stroke 0 has shape \(4,\)"),
    "three columns": ([np.zeros((5, 3))], r"stroke 0 has shape \(5, 3\)"),
    "one column": ([np.zeros((5, 1))], r"stroke 0 has shape \(5, 1\)"),
    "a level too many": ([[[[0, 0]]]], r"stroke 0 has shape \(1, 1, 2\)"),
    "ragged points": ([[[0, 0], [1]]], r"stroke 0 is not an \(n, 2\) array"),
    "points of text": ([[["a", "b"]]], "stroke 0 is not"),
    "NaN": ([[[0, 0]], [[1, 2], [math.nan, 3]]], r"stroke 1 .*not finite: \(nan, 3.0\)"),
    "infinity": ([[[0, -math.inf]]], r"stroke 0 .*not finite: \(0.0, -inf\)"),
    "a coordinate beyond all paper": ([[[0, 1e300]]], "stroke 0 reaches 1e[+]300"),
}  # fmt: skip


@pytest.mark.parametrize("given_ink, reason", WRONG.values(), ids=WRONG)
@pytest.mark.filterwarnings("error")
def test_what_is_no_ink_is_told(given_ink, reason):
    with pytest.raises(ValueError, match=reason) as caught:
        ink.validate(given_ink)
    assert len(str(caught.value)) < 200


def test_endless_ink_is_refused(monkeypatch):
    monkeypatch.setattr(ink, "MOST_POINTS", 1000)
    with pytest.raises(ValueError, match="more than 1,000 points is not one character"):
        ink.validate([np.zeros((600, 2)), np.zeros((600, 2))])


def zigzag(points):
    """Corner to corner of the unit square, there and back."""
    turns = np.arange(points) % 2
    return np.stack([turns, turns], axis=1).astype(float)


@pytest.mark.parametrize("scale", [1e-9, 1, 1e9])
def test_ink_is_bounded_by_the_nodes_that_it_makes_before_they_are_made(scale):
    """20,000 points from corner to corner are few points and 1.5 million nodes."""
    strokes = ink.validate([zigzag(20_000) * scale])
    tracemalloc.start()
    try:
        with pytest.raises(
            ValueError,
            match=r"28,283 times as long as it is wide or high, which makes 1,4\d\d,\d+ nodes, and 100,000 are the most",
        ):
            ink.resample(strokes)
        assert tracemalloc.get_traced_memory()[1] < 4 * 2**20
    finally:
        tracemalloc.stop()


def test_the_longest_ink_is_read_in_bounded_memory():
    points = zigzag(1_360)  # 1,359 diagonals of 73.5 steps each
    tracemalloc.start()
    try:
        nodes = ink.resample(ink.validate([points])).nodes
        assert 0.99 * ink.MOST_NODES < len(nodes) <= ink.MOST_NODES
        assert tracemalloc.get_traced_memory()[1] < 24 * 2**20
    finally:
        tracemalloc.stop()


def test_many_dots_are_bounded_too():
    """Every stroke has two nodes at least."""
    half = ink.MOST_NODES // 2
    assert len(ink.resample(ink.validate([np.zeros((1, 2))] * half)).nodes) == ink.MOST_NODES
    with pytest.raises(ValueError, match=f"which makes {ink.MOST_NODES + 2:,} nodes"):
        ink.resample(ink.validate([np.zeros((1, 2))] * (half + 1)))


def test_endless_ink_is_refused_before_it_is_copied():
    stroke = np.zeros((20_000_000, 2), np.int8)
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="more than 100,000 points"):
            ink.validate([stroke])
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_a_file_of_samples_and_a_drawing_have_one_limit():
    from inkling.data import sample

    assert sample.MOST_POINTS == ink.MOST_POINTS


@given(strokes, st.sampled_from([np.float32, np.float64]))
def test_flat_ink_is_the_same_ink_and_is_not_copied(drawn, kind):
    """As it comes from the page: points one after the other, and how many each stroke has, some of them none."""
    listed = [np.array(stroke, kind).reshape(-1, 2) for stroke in drawn]
    points = np.concatenate(listed).ravel()
    flat = ink.Ink(points, np.array([0, *(len(stroke) for stroke in listed), 0], np.uint32))
    assert np.shares_memory(flat.points, points) and ink.validate(flat) is flat
    before = points.copy()
    assert all(np.array_equal(a, b) for a, b in zip(flat, ink.validate(listed), strict=True))
    a, b = ink.resample(flat), ink.resample(ink.validate(listed))
    assert np.array_equal(a.nodes, b.nodes) and np.array_equal(a.ends, b.ends) and np.array_equal(points, before)


@pytest.mark.parametrize(
    ("points", "lengths", "reason"),
    [
        (np.zeros(5, np.float32), [2], r"points are an array \(n, 2\) or \(2n,\), not one of shape \(5,\)"),
        (np.zeros((4, 3)), [4], r"not one of shape \(4, 3\)"),
        (np.zeros(8), [1, 2], r"lengths \[1, 2\] do not add up to 4 points"),
        (np.zeros(8), [5, -1], r"lengths \[5, -1\] do not add up"),
        (np.zeros(8), [2.0, 2.0], "lengths are whole numbers"),
        (np.float32([0, 0, 1, 1, np.nan, 2]), [1, 2], r"stroke 1 holds a point that is not finite: \(nan, 2.0\)"),
        (np.float32([0, 0, 1, np.inf]), [2], "stroke 0 .*not finite"),
        ([0, 0, 0, -1e13], [1, 1], r"stroke 1 reaches 1e[+]13"),
    ],
)
def test_flat_ink_that_is_none(points, lengths, reason):
    with pytest.raises(ValueError, match=reason):
        ink.Ink(points, lengths)


def test_flat_ink_without_end(monkeypatch):
    monkeypatch.setattr(ink, "MOST_POINTS", 1000)
    with pytest.raises(ValueError, match="more than 1,000 points"):
        ink.Ink(np.zeros(2002, np.float32), [1001])
