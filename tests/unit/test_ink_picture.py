"""Pictures to the network's frame: threshold, scale and pen width, against definitions and drawings of known sizes."""

import numpy as np
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from inkling.ink import picture, tracing
from inkling.ink.raster import PEN_RADIUS, rasterize
from inkling.ink.shading import coverage_of, shade, with_directions
from inkling.ink.strokes import resample, validate
from inkling.training.augment import Strength, augment_frames


@given(hnp.arrays(np.uint8, (8, 9), elements=st.integers(0, 255)))
def test_otsu_has_the_least_variance_within(grey):
    """Every threshold tried, both variances written out (Otsu 1979, eq. 13)."""

    def within(threshold):
        low, high = grey[grey <= threshold].astype(float), grey[grey > threshold].astype(float)
        return sum(len(side) * side.var() for side in (low, high) if len(side))

    if np.ptp(grey) == 0:
        return
    best = min(within(threshold) for threshold in range(255))
    assert within(picture.otsu(grey.astype(np.float32))) <= best * (1 + 1e-6) + 1e-6


def test_otsu_between_two_greys_is_in_the_middle():
    grey = np.repeat(np.float32([40, 200]), 50).reshape(10, 10)
    assert 100 < picture.otsu(grey) < 140


@settings(max_examples=20)
@given(st.integers(2, 40), st.integers(2, 40), st.floats(0.2, 5), st.integers(0, 2**32 - 1))
def test_scaling_keeps_the_grey(height, width, scale, seed):
    grey = np.random.default_rng(seed).uniform(0, 255, (height, width)).astype(np.float32)
    result = picture.scaled(grey, scale)
    assert result.shape == (max(1, round(height * scale)), max(1, round(width * scale)))
    assert result.min() >= grey.min() - 1e-3 and result.max() <= grey.max() + 1e-3
    np.testing.assert_allclose(picture.scaled(np.full_like(grey, 77), scale), 77, rtol=1e-5)


@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 3), (5, 7, 4)])
@pytest.mark.parametrize("level", [0, 100, 255])
def test_a_page_of_one_grey_holds_no_ink(shape, level):
    blank = np.full(shape, level, np.uint8)
    assert tracing.trace(blank) == [] and picture.frame(blank) is None


def test_faint_noise_is_no_ink():
    noise = np.random.default_rng(0).integers(200, 200 + picture.LEAST_CONTRAST, (30, 30)).astype(np.uint8)
    assert tracing.trace(noise) == [] and picture.frame(noise) is None


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (2, 2)])
def test_pictures_of_next_to_no_size(shape):
    pixels = np.zeros(shape, np.uint8)
    pixels[0, 0] = 255
    for stroke in tracing.trace(pixels):
        assert stroke.shape[1] == 2
    framed = picture.frame(pixels)
    assert framed is None or framed.levels.shape == (picture.FRAME, picture.FRAME)


def test_grey_of_colours():
    colours = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]], np.uint8)
    # Rec. 601 luma, as in JPEG.
    np.testing.assert_allclose(picture.to_grey(colours), [[76.245, 149.685, 29.07, 255]], rtol=1e-4)


@pytest.mark.parametrize(("ink", "other"), [(0, 255), (255, 0)])
def test_what_is_transparent_is_paper(real_ink, ink, other):
    """A drawing on a clear canvas, whose clear pixels may hold any colour, reads as one on paper."""
    coverage = oracle.drawn(real_ink[100].strokes, box=40, margin=6, paper=0, ink=255)
    for hidden in (0, 255):
        pixels = np.full((*coverage.shape, 4), ink, np.uint8)
        pixels[coverage == 0, :3] = hidden
        pixels[..., 3] = coverage
        blended = np.rint(other + (ink - other) * (coverage / 255.0)).astype(np.uint8)
        np.testing.assert_allclose(picture.to_grey(pixels), blended, atol=1)


WRONG = {
    "a list": ([[0, 255]], "not list"),
    "a text": ("picture.png", "not str"),
    "none": (None, "not NoneType"),
    "floats": (np.zeros((4, 4)), "not float64 array"),
    "wide integers": (np.zeros((4, 4), np.uint16), "not uint16 array"),
    "one axis": (np.zeros(4, np.uint8), r"not \(4,\)"),
    "two channels": (np.zeros((4, 4, 2), np.uint8), r"not \(4, 4, 2\)"),
    "channels first": (np.zeros((3, 4, 5), np.uint8), r"not \(3, 4, 5\)"),
    "a batch": (np.zeros((2, 4, 4, 3), np.uint8), r"not \(2, 4, 4, 3\)"),
    "no rows": (np.zeros((0, 4), np.uint8), r"not \(0, 4\)"),
    "no columns": (np.zeros((4, 0, 3), np.uint8), r"not \(4, 0, 3\)"),
    "a wall": (np.broadcast_to(np.uint8(0), (9000, 9000)), "at most 8192 pixels a side, not 9000 x 9000"),
}  # fmt: skip


@pytest.mark.parametrize(("pixels", "reason"), WRONG.values(), ids=WRONG)
def test_what_is_no_picture_is_told(pixels, reason):
    for read in (tracing.trace, picture.frame):
        with pytest.raises(ValueError, match=reason):
            read(pixels)


@pytest.mark.parametrize(("box", "pen"), [(24, 2), (60, 5), (200, 16)])
def test_a_frame_holds_the_whole_character_in_its_middle(real_ink, box, pen):
    for sample in real_ink[4::40]:
        pixels = np.pad(oracle.drawn(sample.strokes, box, pen, margin=8), ((30, 0), (0, 17)), constant_values=255)
        framed = picture.frame(pixels)
        rows, columns = np.nonzero(framed.levels > 127)
        assert abs(max(np.ptp(rows), np.ptp(columns)) + 1 - picture.LONGER_SIDE) <= 3
        for axis in (rows, columns):
            assert abs((axis.min() + axis.max() + 1) / 2 - picture.FRAME / 2) <= 2
        # The middle and the scale lead back to the picture: from the leftmost ink of the one to that of the other.
        leftmost = (columns.min() + 0.5 - picture.FRAME / 2) / framed.scale + framed.middle[0]
        assert abs(leftmost - np.nonzero(pixels < 127)[1].min()) <= 2 / framed.scale + 1


@pytest.mark.parametrize("width", [3, 7, 14, 20])
def test_the_width_of_a_bar(width):
    bar = np.zeros((picture.FRAME, picture.FRAME))
    bar[22 : 22 + width, 4:60] = 1
    assert picture.pen_width(bar) == pytest.approx(2 * 56 * width / (2 * (56 + width)), rel=0.25)


@pytest.mark.parametrize("pen", [1, 2, 4, 8, 12, 16])
def test_pens_are_evened_out(real_ink, pen):
    """From a hair to a brush: between the widths that are left as they are, a pixel of the frame's around."""
    for sample in real_ink[20::30]:
        framed = picture.frame(oracle.drawn(sample.strokes, box=80, pen=pen, margin=10))
        assert picture.THINNEST - 1 <= picture.pen_width(framed.levels / 255) <= picture.THICKEST + 1


def test_thinning_a_pen_loses_no_thin_line():
    page = np.zeros((picture.FRAME, picture.FRAME))
    page[4:60, 5:35] = page[4:60, 45] = 1
    thinner = picture.evened(page)
    assert np.array_equal(thinner[4:60, 45], np.ones(56))
    assert thinner.sum() < 0.7 * page.sum() and picture.pen_width(thinner) <= picture.THICKEST


def bar_at(angle):
    """A bar through the middle of the network's view, at an angle from the x axis towards y (down)."""
    y, x = np.mgrid[-15.5:16, -15.5:16]
    return np.clip(2 - np.abs(y * np.cos(angle) - x * np.sin(angle)), 0, 1)[None].astype(np.float32)


@pytest.mark.parametrize("degrees", [0, 30, 45, 80, 90, 135, 170])
def test_the_direction_of_a_bar(degrees):
    angle = np.radians(degrees)
    ink, cosine, sine = with_directions(bar_at(angle))[0]
    middle = ink[8:24, 8:24] > 0.9
    for channel, expected in ((cosine, np.cos(2 * angle)), (sine, np.sin(2 * angle))):
        np.testing.assert_allclose(channel[8:24, 8:24][middle], expected, atol=0.12)


@settings(max_examples=20)
@given(hnp.arrays(np.float32, (2, 32, 32), elements=st.floats(0, 1, width=32)))
def test_directions_never_count_more_than_the_ink(coverage):
    x = with_directions(coverage)
    assert np.array_equal(x[:, 0], coverage) and x.dtype == np.float32
    assert (np.hypot(x[:, 1], x[:, 2]) <= coverage + 1e-5).all()


def test_what_is_seen_of_ink_is_seen_of_its_picture(real_ink):
    """Directions estimated from pixels are those of the strokes where the ink is thick, crossings apart."""
    for sample in real_ink[3::25]:
        drawn = rasterize(resample(validate(sample.strokes)), PEN_RADIUS)
        shaded = with_directions(drawn[None, 0])[0]
        agreement = (drawn[1:] * shaded[1:]).sum() / np.sqrt((drawn[1:] ** 2).sum() * (shaded[1:] ** 2).sum())
        assert agreement > 0.85, sample.label


def test_frames_are_changed_as_trails_are(real_ink):
    frames = np.stack([picture.frame(oracle.drawn(sample.strokes, 40, 4)).levels for sample in real_ink[::31]])
    still = augment_frames(frames, np.random.default_rng(0), Strength(*(0.0,) * len(Strength._fields)))
    np.testing.assert_allclose(still, shade(frames)[:, 0], atol=2e-3)
    changed = augment_frames(frames, np.random.default_rng(0))
    assert changed.shape == still.shape and changed.dtype == np.float32
    assert changed.min() >= 0 and changed.max() <= 1
    assert all(np.abs(a - b).max() > 0.2 for a, b in zip(changed, still))
    ratios = changed.sum(axis=(1, 2)) / still.sum(axis=(1, 2))
    assert ratios.min() > 0.5 and ratios.max() < 2
    again = augment_frames(frames, np.random.default_rng(0))
    assert np.array_equal(changed, again)


def test_turning_a_frame_turns_what_is_seen():
    """One change alone, by scipy-free geometry: a level bar turned by the angle that was drawn."""
    frame = np.zeros((1, picture.FRAME, picture.FRAME), np.uint8)
    frame[0, 29:35, 6:58] = 255
    strength = Strength(*(0.0,) * len(Strength._fields))._replace(rotation=0.5)
    rng = np.random.default_rng(3)
    angle = np.random.default_rng(3).standard_normal(1, dtype=np.float32)[0] * 0.5
    _, cosine, sine = with_directions(augment_frames(frame, rng, strength))[0]
    found = np.arctan2(sine.sum(), cosine.sum()) / 2
    assert abs(abs(found) - abs(angle)) < 0.05


def test_half_covered_pixels_are_half_ink():
    levels = np.zeros((1, picture.FRAME, picture.FRAME), np.float32)
    levels[0, 1::2] = 1
    np.testing.assert_allclose(coverage_of(levels, 0.5, 10.0), 0.5)


@pytest.mark.parametrize("width", [2, 3, 4, 5, 30])
@pytest.mark.parametrize("column", [0, 1])
@pytest.mark.filterwarnings("error")
def test_a_hairline_is_a_line(reader, width, column):
    """One pixel wide and 2,000 high: it must not fall between two columns of the frame."""
    for height in (1999, 2000, 2033):
        pixels = np.full((height, width), 255, np.uint8)
        pixels[:, column] = 0
        assert reader.read_image(pixels, top=1)[0].label in "1Il"
