"""The frame of a line: nothing of size, place or sampling is left in it; rows; pictures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkling.words.frame import DEVIATION, HEIGHT, MARGIN, STRIDE, frame
from inkling.words.picture import draw, draw_batch
from inkling.words.rows import rows_of

RNG = np.random.default_rng(11)
WAVE = np.stack([np.linspace(0, 300, 400), 20 * np.sin(np.linspace(0, 40, 400))], axis=1)
INK = [WAVE[:150], WAVE[170:], np.array([[100.0, -45.0]])]


def framed(strokes):
    return frame(np.concatenate(strokes), [len(stroke) for stroke in strokes])


def densely(stroke, times):
    """The same polyline with `times` points to each of its steps."""
    if len(stroke) == 1:
        return stroke
    shares = np.linspace(0, 1, times, endpoint=False)[None, :, None]
    between = stroke[:-1, None] * (1 - shares) + stroke[1:, None] * shares
    return np.concatenate([between.reshape(-1, 2), stroke[-1:]])


@given(st.floats(1e-3, 1e4), st.floats(-1e5, 1e5), st.floats(-1e5, 1e5), st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_size_place_and_sampling_do_not_show(scale, x, y, times):
    picture = draw(framed(INK))
    moved = draw(framed([densely(stroke, times) * scale + (x, y) for stroke in INK]))
    assert moved.shape == picture.shape
    assert np.abs(moved - picture).max() < 0.02


def test_the_ink_spreads_by_the_deviation_around_the_middle():
    line = framed(INK[:2])
    steps = np.diff(line.nodes, axis=0)[~line.ends[:-1]]
    y = ((line.nodes[1:, 1] + line.nodes[:-1, 1]) / 2)[~line.ends[:-1]]
    weights = np.hypot(steps[:, 0] / 1.2, steps[:, 1])  # as long as before letters were widened
    mean = np.average(y, weights=weights)
    assert mean == pytest.approx(0, abs=0.1)
    assert np.sqrt(np.average((y - mean) ** 2, weights=weights)) == pytest.approx(DEVIATION, rel=0.02)


def test_letters_that_stand_far_apart_are_as_large_as_close_ones():
    letter = np.array([[0, 0], [2, 10], [4, 0], [5, 10], [7, 0]], float)
    close, apart = ([letter + np.array([place * gap, 0]) for place in range(8)] for gap in (10, 60))
    assert framed(apart).fit.scale == pytest.approx(framed(close).fit.scale, rel=0.02)


@pytest.mark.parametrize("slope", [-0.3, 0.1, 0.3])
def test_a_long_row_that_rises_or_falls_is_made_level(slope, written):
    ink = [stroke.astype(float) for stroke in next(one.ink for one in written if len(one.label) > 20)]
    sloping = [stroke + np.outer(stroke[:, 0], (0, slope)) for stroke in ink]
    assert framed(sloping).fit.slope - framed(ink).fit.slope == pytest.approx(slope, abs=0.02)
    assert framed(sloping).fit.scale == pytest.approx(framed(ink).fit.scale, rel=0.1)


def test_what_a_short_word_or_a_stick_does_is_hardly_a_slope():
    """A slash stays one; a dash says what it can."""
    stick, slash = ([np.array([[0, 0], end], float)] for end in ([5, -40], [30, -40]))
    assert abs(framed(stick).fit.slope) < 0.1 and abs(framed(slash).fit.slope) < 0.1
    assert framed([np.array([[0, 0], [60, 6]], float)]).fit.slope == pytest.approx(0.1, abs=0.05)


@pytest.mark.parametrize("dash", [[[0, 0], [30, 1], [60, 0]], [[0, 0], [60, 0]]], ids=["bent", "straight"])
def test_a_dash_is_no_tall_letter(dash):
    line = framed([np.array(dash, float)])
    assert np.ptp(line.nodes[:, 1]) < DEVIATION and line.width < 3 * HEIGHT


def test_where_nodes_come_from_is_where_they_are():
    line = framed(INK)
    points = np.concatenate(INK)
    at = line.source
    left = at.astype(int)
    share = (at - left)[:, None]
    back = points[left] * (1 - share) + points[np.minimum(left + 1, len(points) - 1)] * share
    # One scale for x, one for y and a slope: what is left after the best fit is nothing.
    for axis, seen in ((0, back[:, :1]), (1, back)):
        seen = np.column_stack([seen, np.ones(len(back))])
        best, *_ = np.linalg.lstsq(seen, line.nodes[:, axis], rcond=None)
        assert seen @ best == pytest.approx(line.nodes[:, axis], abs=1e-2)
    assert line.ends.sum() == len(INK)


@pytest.mark.parametrize(
    "strokes",
    [
        [[[5, 5]]],
        [[[5, 5]], [[9, 5]]],
        [[[0, 0], [50, 0]]],
        [[[0, 0], [0, 50]]],
        [[[0, 0], [0, 0]]],
        [[[0, 0], [1e-9, 0], [0, 1e-9]]],
        [[[1e9, 1e9], [1e9 + 1, 1e9 + 3]]],
    ],
    ids=["dot", "colon on its side", "dash", "stick", "dot twice", "tiny", "far"],
)
def test_little_ink_has_a_frame_too(strokes):
    line = framed([np.array(stroke, float) for stroke in strokes])
    picture = draw(line)
    assert picture.shape == (3, HEIGHT, line.width)
    assert line.width % STRIDE == 0
    assert line.width <= 100
    assert np.isfinite(picture).all()
    assert picture[0].max() > 0.2


def test_more_ink_than_a_row_holds_is_refused_in_words():
    with pytest.raises(ValueError, match="more ink than one row holds|wide in the network's frame"):
        framed([np.stack([np.arange(200_000), np.arange(200_000) % 2 * 5], axis=1).astype(float)])


def test_pictures_of_a_batch_are_those_of_its_lines():
    lines = [framed(INK), framed(INK[:1]), framed([INK[1] * (1, 2)])]
    owner = np.repeat(np.arange(3), [len(line.nodes) for line in lines])
    wide = max(line.width for line in lines)
    nodes, ends = np.concatenate([line.nodes for line in lines]), np.concatenate([line.ends for line in lines])
    batch = draw_batch(nodes, ends, owner, 3, wide)
    for picture, line in zip(batch, lines):
        assert picture[:, :, : line.width] == pytest.approx(draw(line), abs=1e-6)
        assert (picture[:, :, line.width :] == 0).all()


@pytest.mark.parametrize(
    ("direction", "cosine", "sine"), [((1, 0), 1, 0), ((0, 1), -1, 0), ((1, 1), 0, 1), ((-1, -1), 0, 1)]
)
def test_directions_are_those_of_the_pen(direction, cosine, sine):
    nodes = (np.arange(20)[:, None] * np.array(direction) * 0.7 + (30, -5)).astype(np.float32)
    picture = draw_batch(nodes, np.arange(20) == 19, np.zeros(20, int), 1, 64)[0]
    place = np.unravel_index(picture[0].argmax(), picture[0].shape)
    assert picture[1][place] == pytest.approx(cosine * picture[0][place], abs=1e-3)
    assert picture[2][place] == pytest.approx(sine * picture[0][place], abs=1e-3)


def test_the_margin_is_left_free():
    picture = draw(framed(INK))
    assert (picture[0][:, : MARGIN - 2] == 0).all()
    assert (picture[0][:, -(MARGIN - 2) :] == 0).all()
    assert (picture[0].sum(axis=0) > 0)[MARGIN + 2 : -MARGIN - STRIDE].mean() > 0.9


def word(x, y, letters, size=20.0):
    """Something like a word: bows on a line at y, some with tall strokes, some that reach below."""
    strokes = []
    for letter in letters:
        angle = np.linspace(0, 6.28, 20)
        strokes.append(np.stack([x + size / 2 * np.cos(angle), y - size / 2 + size / 2 * np.sin(angle)], axis=1))
        if letter in "dbl":
            strokes.append(np.array([[x + size / 2, y - 1.8 * size], [x + size / 2, y]]))
        if letter in "gpq":
            strokes.append(np.array([[x + size / 2, y - size], [x + size / 2, y + 0.8 * size]]))
        if letter in "iä":
            strokes.append(np.array([[x, y - 1.5 * size], [x + 1, y - 1.5 * size]]))
        x += 1.3 * size
    return strokes


@pytest.mark.parametrize("slope", [0.0, 0.06, -0.06])
@pytest.mark.parametrize("pitch", [50.0, 65.0, 90.0])
def test_rows_are_found_on_a_page(slope, pitch):
    texts = ["aogdaibp", "lbdao", "gpqaiaä", "oa", "dblia"]
    strokes, row = [], []
    for number, text in enumerate(texts):
        drawn = [
            stroke + np.stack([np.zeros(len(stroke)), slope * stroke[:, 0]], axis=1)
            for stroke in word(0, pitch * number, text)
        ]
        strokes += drawn
        row += [number] * len(drawn)
    # The dots of all i's, written at the end.
    late = [n for n, stroke in enumerate(strokes) if len(stroke) == 2 and np.ptp(stroke[:, 1]) < 1]
    order = [n for n in range(len(strokes)) if n not in late] + late
    strokes, row = [strokes[n] for n in order], [row[n] for n in order]
    found = rows_of(strokes)
    assert [sorted({row[n] for n in numbers}) for numbers in found] == [[0], [1], [2], [3], [4]]
    assert sorted(n for numbers in found for n in numbers) == list(range(len(strokes)))


def test_no_ink_has_no_rows_and_a_dot_has_one():
    assert rows_of([]) == []
    assert rows_of([np.array([[3.0, 4.0]])]) == [[0]]
