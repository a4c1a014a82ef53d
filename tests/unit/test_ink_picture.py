"""Pictures to ink: threshold, thinning and following, against definitions and flood fills."""

import numpy as np
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from inkling import picture


def parts(mask, diagonal):
    """Number of connected parts of a mask, by flood fill."""
    steps = [(-1, 0), (1, 0), (0, -1), (0, 1)] + ([(-1, -1), (-1, 1), (1, -1), (1, 1)] if diagonal else [])
    left = set(zip(*(axis.tolist() for axis in np.nonzero(mask))))
    count = 0
    while left:
        count += 1
        front = [left.pop()]
        while front:
            row, column = front.pop()
            for dr, dc in steps:
                if (row + dr, column + dc) in left:
                    left.remove((row + dr, column + dc))
                    front.append((row + dr, column + dc))
    return count


def topology(mask):
    """(parts of ink, holes): what thinning must keep."""
    return parts(mask, diagonal=True), parts(~np.pad(mask, 1), diagonal=False) - 1


@pytest.fixture(scope="module")
def masks(real_ink):
    return [picture.ink_mask(oracle.drawn(sample.strokes, box=40, pen=5, margin=6)) for sample in real_ink[::9]]


def test_thinning_keeps_parts_and_holes(masks):
    for mask in masks:
        (skeleton,) = picture.thin(mask[None])
        assert not (skeleton & ~mask).any()
        assert topology(skeleton) == topology(mask)


def test_lines_become_one_pixel_wide(masks):
    """No square of 2 x 2 is left but at the few crossings, and thinning again takes nothing."""
    for mask in masks:
        (skeleton,) = picture.thin(mask[None])
        squares = skeleton[1:, 1:] & skeleton[1:, :-1] & skeleton[:-1, 1:] & skeleton[:-1, :-1]
        assert squares.sum() <= 6
        assert np.array_equal(picture.thin(skeleton[None])[0], skeleton)


def test_a_batch_is_thinned_as_its_masks(masks):
    height, width = np.max([mask.shape for mask in masks], axis=0)
    batch = np.zeros((len(masks), height, width), bool)
    for page, mask in zip(batch, masks):
        page[: mask.shape[0], : mask.shape[1]] = mask
    for page, mask in zip(picture.thin(batch), masks):
        assert np.array_equal(page[: mask.shape[0], : mask.shape[1]], picture.thin(mask[None])[0])


def test_a_bar_is_thinned_to_its_middle():
    mask = np.zeros((13, 40), bool)
    mask[4:9, 4:36] = True
    (skeleton,) = picture.thin(mask[None])
    rows, columns = np.nonzero(skeleton)
    assert set(rows) == {6} and columns.min() <= 8 and columns.max() >= 31


def test_following_covers_the_skeleton(masks):
    for mask in masks:
        (skeleton,) = picture.thin(mask[None])
        strokes = picture.follow(skeleton, width=0)
        rows, columns = np.nonzero(skeleton)
        distance = oracle.distance_to_ink(strokes, range(mask.shape[1]), range(mask.shape[0]))
        # Smoothing rounds corners by a pixel or so.
        assert distance[rows, columns].max() < 2.0
        for x, y in np.concatenate(strokes):
            assert np.hypot(columns - x, rows - y).min() < 1.5


def test_a_spur_is_left_out():
    skeleton = np.zeros((20, 40), bool)
    skeleton[10, 4:36] = True
    skeleton[7:10, 20] = True
    lengths = lambda width: sorted(len(stroke) for stroke in picture.follow(skeleton, width))  # noqa: E731
    assert len(lengths(0)) == 3 and min(lengths(0)) <= 4
    assert len(lengths(12)) == 2 and sum(lengths(12)) >= 32


def test_a_ring_is_one_closed_stroke():
    skeleton = np.zeros((12, 12), bool)
    skeleton[2:10, [2, 9]] = skeleton[[2, 9], 2:10] = True
    (stroke,) = picture.follow(skeleton, width=3)
    assert len(stroke) >= 25 and np.hypot(*(stroke[0] - stroke[-1])) < 2


def test_a_single_pixel_is_a_dot():
    skeleton = np.zeros((5, 5), bool)
    skeleton[2, 3] = True
    (stroke,) = picture.follow(skeleton, width=1)
    assert stroke.tolist() == [[3, 2]]


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


@settings(max_examples=20)
@given(hnp.arrays(np.float32, hnp.array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.integers(0, 255)), st.integers(0, 4))
def test_box_mean(grey, reach):
    found = picture.box_mean(grey, reach)
    padded = np.pad(grey, reach, mode="edge")
    for row in range(grey.shape[0]):
        for column in range(grey.shape[1]):
            window = padded[row : row + 2 * reach + 1, column : column + 2 * reach + 1]
            assert abs(found[row, column] - window.mean(dtype=float)) < 1e-3


@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 3), (5, 7, 4)])
@pytest.mark.parametrize("level", [0, 100, 255])
def test_a_page_of_one_grey_holds_no_ink(shape, level):
    assert picture.trace(np.full(shape, level, np.uint8)) == []


def test_faint_noise_is_no_ink():
    noise = np.random.default_rng(0).integers(200, 200 + picture.LEAST_CONTRAST, (30, 30)).astype(np.uint8)
    assert picture.trace(noise) == []


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (2, 2)])
def test_pictures_of_next_to_no_size(shape):
    pixels = np.zeros(shape, np.uint8)
    pixels[0, 0] = 255
    for stroke in picture.trace(pixels):
        assert stroke.shape[1] == 2


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
    with pytest.raises(ValueError, match=reason):
        picture.trace(pixels)
