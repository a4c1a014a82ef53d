"""Pictures to strokes: thinning and following, against definitions and flood fills."""

import numpy as np
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from inkling.ink import tracing


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
    return [tracing.ink_mask(oracle.drawn(sample.strokes, box=40, pen=5, margin=6)) for sample in real_ink[::9]]


def test_thinning_keeps_parts_and_holes(masks):
    for mask in masks:
        (skeleton,) = tracing.thin(mask[None])
        assert not (skeleton & ~mask).any()
        assert topology(skeleton) == topology(mask)


def test_lines_become_one_pixel_wide(masks):
    """No square of 2 x 2 is left but at the few crossings, and thinning again takes nothing."""
    for mask in masks:
        (skeleton,) = tracing.thin(mask[None])
        squares = skeleton[1:, 1:] & skeleton[1:, :-1] & skeleton[:-1, 1:] & skeleton[:-1, :-1]
        assert squares.sum() <= 6
        assert np.array_equal(tracing.thin(skeleton[None])[0], skeleton)


def test_a_batch_is_thinned_as_its_masks(masks):
    height, width = np.max([mask.shape for mask in masks], axis=0)
    batch = np.zeros((len(masks), height, width), bool)
    for page, mask in zip(batch, masks):
        page[: mask.shape[0], : mask.shape[1]] = mask
    for page, mask in zip(tracing.thin(batch), masks):
        assert np.array_equal(page[: mask.shape[0], : mask.shape[1]], tracing.thin(mask[None])[0])


def test_a_bar_is_thinned_to_its_middle():
    mask = np.zeros((13, 40), bool)
    mask[4:9, 4:36] = True
    (skeleton,) = tracing.thin(mask[None])
    rows, columns = np.nonzero(skeleton)
    assert set(rows) == {6} and columns.min() <= 8 and columns.max() >= 31


def test_following_covers_the_skeleton(masks):
    for mask in masks:
        (skeleton,) = tracing.thin(mask[None])
        strokes = tracing.follow(skeleton, width=0)
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
    lengths = lambda width: sorted(len(stroke) for stroke in tracing.follow(skeleton, width))  # noqa: E731
    assert len(lengths(0)) == 3 and min(lengths(0)) <= 4
    assert len(lengths(12)) == 2 and sum(lengths(12)) >= 32


def test_a_ring_is_one_closed_stroke():
    skeleton = np.zeros((12, 12), bool)
    skeleton[2:10, [2, 9]] = skeleton[[2, 9], 2:10] = True
    (stroke,) = tracing.follow(skeleton, width=3)
    assert len(stroke) >= 25 and np.hypot(*(stroke[0] - stroke[-1])) < 2


def test_a_single_pixel_is_a_dot():
    skeleton = np.zeros((5, 5), bool)
    skeleton[2, 3] = True
    (stroke,) = tracing.follow(skeleton, width=1)
    assert stroke.tolist() == [[3, 2]]


@settings(max_examples=20)
@given(
    hnp.arrays(np.float32, hnp.array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.integers(0, 255)),
    st.integers(0, 4),
)
def test_box_mean(grey, reach):
    found = tracing.box_mean(grey, reach)
    padded = np.pad(grey, reach, mode="edge")
    for row in range(grey.shape[0]):
        for column in range(grey.shape[1]):
            window = padded[row : row + 2 * reach + 1, column : column + 2 * reach + 1]
            assert abs(found[row, column] - window.mean(dtype=float)) < 1e-3
