"""Rasterising trails: the picture that the network sees.

Three channels of `SIDE` x `SIDE` pixels: how much ink covers the pixel, and in which
direction it runs there, as cosine and sine of twice its angle (twice, because a line has
the same direction both ways), each times the coverage. Of a picture without strokes
`picture.py` and `shading.py` make the same channels in the same frame.
"""

from __future__ import annotations

import numpy as np

from .strokes import Trail

SIDE = 32
CHANNELS = 3
# The character's longer side, and half the pen's width, in pixels.
BOX = 26.0
PEN_RADIUS = 0.9

# Each segment of a trail colours pixels in a window around its middle, which holds every
# pixel that a pen of radius up to REACH - 1 can touch.
REACH = 2
# Padding while drawing, for windows at the border.
MARGIN = REACH
# Segments handled at a time, which bounds memory.
CHUNK = 1 << 15

_OFFSETS = np.arange(-REACH, REACH + 1, dtype=np.float32)
_AROUND = (np.arange(-REACH, REACH + 1)[:, None] * (SIDE + 2 * MARGIN) + np.arange(-REACH, REACH + 1)).ravel()


def rasterize(trail: Trail, radius: float = PEN_RADIUS) -> np.ndarray:
    """One trail as (CHANNELS, SIDE, SIDE) float32: ink 0 to 1, directions -1 to 1."""
    return rasterize_batch(trail, np.zeros(len(trail.nodes), int), 1, np.array([radius], np.float32))[0]


def rasterize_batch(trail: Trail, owner: np.ndarray, count: int, radius: np.ndarray) -> np.ndarray:
    """Many trails, one after another in `trail`, as pictures.

    Parameters
    ----------
    owner : (n,) int
        To which picture, 0 to count - 1, each node belongs.
    radius : (count,) float32
        Half the pen's width of each picture, in pixels, at most `REACH` - 0.5.

    Returns
    -------
    (count, CHANNELS, SIDE, SIDE) float32
    """
    wide = SIDE + 2 * MARGIN
    pixels = count * wide * wide
    ink = np.zeros(pixels, np.float32)
    weight, cosine, sine = np.zeros((3, pixels))
    pieces = (~trail.ends).nonzero()[0]
    for start in range(0, len(pieces), CHUNK):
        at = pieces[start : start + CHUNK]
        a, b = trail.nodes.take(at, axis=0), trail.nodes.take(at + 1, axis=0)
        middle = (a + b) * np.float32(BOX / 2) + np.float32((SIDE - 1) / 2 + MARGIN)
        # Windows are kept inside; what is drawn beyond the border is too far from any pixel to colour it.
        nearest = np.rint(middle)
        np.maximum(nearest, REACH, out=nearest)
        np.minimum(nearest, wide - 1 - REACH, out=nearest)
        squares = (nearest - middle)[:, :, None] + _OFFSETS
        squares *= squares
        distance = np.sqrt(squares[:, 1, :, None] + squares[:, 0, None, :]).reshape(len(at), -1)
        picture = owner[at]
        coverage = np.subtract((radius + np.float32(0.5))[picture][:, None], distance, out=distance)

        coverage = coverage.ravel()
        covered = (coverage > 0).nonzero()[0]
        coverage = coverage[covered]
        np.minimum(coverage, 1, out=coverage)
        piece = covered // len(_AROUND)
        column, row = nearest.astype(np.intp).T
        corner = (picture * wide + row) * wide + column
        index = corner[piece] + _AROUND[covered - piece * len(_AROUND)]
        np.maximum.at(ink, index, coverage)

        dx, dy = (b - a).T
        length = np.maximum(dx * dx + dy * dy, np.float32(1e-12))
        weight += np.bincount(index, coverage, pixels)
        cosine += np.bincount(index, coverage * ((dx * dx - dy * dy) / length)[piece], pixels)
        sine += np.bincount(index, coverage * ((2 * dx * dy) / length)[piece], pixels)
    # Where several pieces cover a pixel the directions average, so opposed ones cancel.
    share = ink / np.maximum(weight, 1e-6)
    planes = np.empty((count, SIDE, SIDE, CHANNELS), np.float32)
    inside = (slice(None), slice(MARGIN, MARGIN + SIDE), slice(MARGIN, MARGIN + SIDE))
    channels: list[np.ndarray] = [ink, cosine * share, sine * share]
    for channel, plane in enumerate(channels):
        planes[..., channel] = plane.reshape(count, wide, wide)[inside]
    return planes.transpose(0, 3, 1, 2)
