"""Trails to pictures, against the exact distance of each pixel to the trail."""

import numpy as np
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkling.ink import raster
from inkling.ink import strokes as ink
from inkling.ink.strokes import Trail

S, BOX, R = raster.SIDE, raster.BOX, raster.PEN_RADIUS


def picture(strokes):
    return raster.rasterize(ink.resample(ink.validate(strokes)))


def line(angle, length=1.0, shift=(0.0, 0.0)):
    """A straight trail through the middle, `shift` in pixels."""
    along = np.array([np.cos(angle), np.sin(angle)]) * length
    nodes = np.linspace(-0.5, 0.5, int(ink.STEPS * length) + 1)[:, None] * along + np.array(shift) / BOX
    ends = np.zeros(len(nodes), bool)
    ends[-1] = True
    return Trail(nodes.astype(np.float32), ends)


def curve(seed):
    """A smooth random trail in two strokes, at the steps that resampling makes."""
    rng = np.random.default_rng(seed)
    strokes = []
    for _ in range(2):
        t = np.linspace(0, 1, 200)[:, None]
        wave = sum(rng.normal(size=2) / k * np.sin(np.pi * k * t + rng.uniform(0, 7, 2)) for k in (1, 2, 3))
        strokes.append(wave)
    return ink.resample(ink.validate(strokes))


def strokes_of(trail):
    """The trail's strokes in pixels."""
    pixels = trail.nodes.astype(float) * BOX + (S - 1) / 2
    return np.split(pixels, np.flatnonzero(trail.ends)[:-1] + 1)


@settings(max_examples=6)
@given(st.integers(0, 2**32 - 1))
def test_ink_is_how_near_the_trail_runs(seed):
    """Coverage falls from 1 to 0 over one pixel about the pen's edge."""
    expect_coverage_by_distance(curve(seed))


def test_real_ink_is_covered_by_distance(real_ink):
    for sample in real_ink[::8]:
        expect_coverage_by_distance(ink.resample(ink.validate(sample.strokes)))


def expect_coverage_by_distance(trail):
    found = raster.rasterize(trail)[0]

    def exact(strokes):
        return np.clip(R + 0.5 - oracle.distance_to_ink(strokes, range(S), range(S)), 0, 1)

    # The raster measures from the middle of each piece, half a pixel long, of the trail: next
    # to nothing along a line, a quarter of a pixel where a stroke ends.
    middles = [(stroke[:-1] + stroke[1:]) / 2 for stroke in strokes_of(trail)]
    assert np.abs(found - exact(middles)).max() < 0.08
    assert np.abs(found - exact(strokes_of(trail))).max() < 0.26


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1))
def test_ranges(seed):
    planes = raster.rasterize(curve(seed))
    assert planes.shape == (3, S, S) and planes.dtype == np.float32
    covered, cosine, sine = planes
    assert covered.min() >= 0 and covered.max() <= 1
    # A direction is a unit vector times the coverage, shorter where directions meet.
    assert (np.hypot(cosine, sine) <= covered + 1e-5).all()


@pytest.mark.parametrize("degrees", [0, 15, 30, 45, 60, 90, 135, 170])
def test_directions_are_of_twice_the_angle(degrees):
    angle = np.radians(degrees)
    covered, cosine, sine = raster.rasterize(line(angle))
    np.testing.assert_allclose(cosine, covered * np.cos(2 * angle), atol=1e-4)
    np.testing.assert_allclose(sine, covered * np.sin(2 * angle), atol=1e-4)
    # The same both ways.
    np.testing.assert_allclose(raster.rasterize(line(angle + np.pi)), raster.rasterize(line(angle)), atol=1e-4)


def test_opposed_directions_cancel():
    cross = Trail(np.concatenate([line(0).nodes, line(np.pi / 2).nodes]), np.tile(line(0).ends, 2))
    covered, cosine, _ = raster.rasterize(cross)
    middle = slice(S // 2 - 1, S // 2 + 1)
    assert covered[middle, middle].min() > 0.5 and np.abs(cosine[middle, middle]).max() < 0.2
    assert cosine[S // 2, 5] > 0.5 and cosine[5, S // 2] < -0.5


@given(st.floats(0, np.pi), st.floats(-1, 1), st.floats(-1, 1))
def test_a_line_moves_by_fractions_of_a_pixel(angle, x, y):
    """Anti-aliasing: amount of ink and its centre follow the line smoothly, without steps."""
    still, moved = raster.rasterize(line(angle, 0.6))[0], raster.rasterize(line(angle, 0.6, (x, y)))[0]
    assert abs(moved.sum() / still.sum() - 1) < 0.08
    grid = np.arange(S)
    for axis, shift in ((0, x), (1, y)):
        centre = (moved.sum(axis=axis) * grid).sum() / moved.sum() - (S - 1) / 2
        assert abs(centre - shift) < 0.1


def test_a_line_has_the_ink_of_its_length_and_width():
    for length in (0.4, 0.7, 1.0):
        area = raster.rasterize(line(0.3, length))[0].sum()
        # A sausage of radius R: the blurred edge adds outside what it takes away inside.
        assert abs(area - (2 * R * length * BOX + np.pi * R**2)) < 0.06 * area


@given(st.integers(0, 2**32 - 1), st.integers(1, 3))
def test_quarter_turns(seed, turns):
    """Ink turned by 90 degrees is the picture turned, with directions of twice the angle negated."""
    trail = curve(seed)
    nodes = trail.nodes
    for _ in range(turns):
        nodes = np.stack([-nodes[:, 1], nodes[:, 0]], axis=1)
    turned = raster.rasterize(Trail(nodes, trail.ends))
    expected = (
        np.rot90(raster.rasterize(trail), -turns, axes=(1, 2)) * np.float32([1, (-1) ** turns, (-1) ** turns])[:, None, None]
    )
    # Exact ties of rounding to the nearest pixel aside.
    assert np.abs(turned - expected).max() < 0.02


@given(st.integers(0, 2**32 - 1))
def test_a_mirror(seed):
    trail = curve(seed)
    mirrored = raster.rasterize(Trail(trail.nodes * np.float32([-1, 1]), trail.ends))
    expected = raster.rasterize(trail)[:, :, ::-1] * np.float32([1, 1, -1])[:, None, None]
    assert np.abs(mirrored - expected).max() < 0.02


def test_real_ink_drawn_otherwise_is_the_same_picture(real_ink):
    """Larger, elsewhere, last stroke first and each stroke backwards."""
    for sample in real_ink:
        expected = picture(sample.strokes)
        for strokes in (
            [stroke * 17.5 + (300, -40) for stroke in sample.strokes],
            [stroke * 0.01 for stroke in sample.strokes],
            sample.strokes[::-1],
            [stroke[::-1] for stroke in sample.strokes],
        ):
            assert np.abs(picture(strokes) - expected).max() < 0.01, sample.label


def test_a_dot_and_a_flat_line_fit_the_frame():
    dot = picture([[[5, 5]]])
    assert dot[0].sum() > 1 and np.allclose(dot[0], dot[0][::-1]) and np.allclose(dot[0], dot[0].T)
    assert (dot[1:] == 0).all()
    flat = picture([[[0, 7], [100, 7]]])
    assert abs(flat[0].sum(axis=1).argmax() - (S - 1) / 2) <= 0.5 and (flat[0, 15] > 0.3).sum() > 20


def test_the_frame_is_never_left():
    """The outermost pixels a character reaches lie within the picture, whatever its shape."""
    for strokes in ([[[0, 0], [1, 1]]], [[[0, 0], [1, 0]], [[0, 9], [1, 9]]], [[[0, 0], [0, 1]]]):
        covered = picture(strokes)[0]
        border = np.concatenate([covered[0], covered[-1], covered[:, 0], covered[:, -1]])
        assert border.max() == 0


def test_a_batch_is_its_pictures():
    trails = [curve(seed) for seed in range(5)]
    joined = Trail(np.concatenate([t.nodes for t in trails]), np.concatenate([t.ends for t in trails]))
    owner = np.repeat(np.arange(5), [len(t.nodes) for t in trails])
    radii = np.float32([0.6, 0.9, 1.2, 1.5, 0.9])
    batch = raster.rasterize_batch(joined, owner, 6, radii[[0, 1, 2, 3, 4, 0]])
    assert batch.shape == (6, 3, S, S) and (batch[5] == 0).all()
    for index, trail in enumerate(trails):
        np.testing.assert_allclose(batch[index], raster.rasterize(trail, radii[index]), atol=1e-5)


def test_pieces_of_work_do_not_show(monkeypatch):
    trail = curve(3)
    whole = raster.rasterize(trail)
    monkeypatch.setattr(raster, "CHUNK", 7)
    np.testing.assert_allclose(raster.rasterize(trail), whole, atol=1e-5)


def test_nodes_far_outside_leave_the_rest_alone():
    """A warp gone wild reaches beyond the frame: nothing wraps round, nothing fails."""
    trail = line(0.0, 0.5)
    wild = Trail(np.concatenate([trail.nodes, np.float32([[50, 50], [90, -70]])]), np.append(trail.ends, [False, True]))
    found = raster.rasterize(wild)
    assert np.isfinite(found).all() and np.abs(found - raster.rasterize(trail)).max() < 1e-6
