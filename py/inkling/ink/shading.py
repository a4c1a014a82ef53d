"""Shading framed pictures: the channels that `raster.py` makes of strokes, estimated from pixels.

Directions are those of the grey's edges around a pixel, turned by a right angle ("structure tensor", Bigün and
Granlund 1987): where they agree, as along a line, they count in full, and at crossings and blobs they cancel.
"""

from __future__ import annotations

import numpy as np

from .raster import SIDE

# Soft threshold between paper and ink: its level, and the slope of its edge.
LEVEL, GAIN = 0.4, 2.5


def shade(frames: np.ndarray) -> np.ndarray:
    """Frames (N, FRAME, FRAME) uint8 (see `picture.frame`) as the network sees them, (N, 3, 32, 32) float32."""
    return with_directions(coverage_of(frames * np.float32(1 / 255), LEVEL, GAIN))


def coverage_of(levels: np.ndarray, level: np.ndarray | float, gain: np.ndarray | float) -> np.ndarray:
    """Levels (N, FRAME, FRAME) float32, 0 to 1 -> (N, 32, 32) ink, 0 to 1. `level` and `gain` may differ by picture."""
    sharp = (levels - level) * gain + np.float32(0.5)
    np.minimum(np.maximum(sharp, 0, out=sharp), 1, out=sharp)
    return sharp.reshape(len(levels), SIDE, 2, SIDE, 2).mean(axis=(2, 4))


def with_directions(coverage: np.ndarray) -> np.ndarray:
    """Ink (N, 32, 32) -> (N, 3, 32, 32) float32: ink, and cosine and sine of twice its direction, times the ink."""
    x, y = _slope(_smoothed(coverage, 1), 2), _slope(_smoothed(coverage, 2), 1)
    squares = [_blurred(product) for product in (x * x - y * y, 2 * x * y, x * x + y * y)]
    # A line runs perpendicular to its gradient, which negates both components of the doubled angle.
    share = -coverage / (squares[2] + np.float32(1e-3))
    return np.stack([coverage, squares[0] * share, squares[1] * share], axis=1).astype(np.float32, copy=False)


def _smoothed(maps: np.ndarray, axis: int) -> np.ndarray:
    """(1, 2, 1) / 2 along one axis of (N, H, W)."""
    before, here, after = _neighbours(maps, axis)
    return (before + after) * np.float32(0.5) + here


def _slope(maps: np.ndarray, axis: int) -> np.ndarray:
    """(-1, 0, 1) along one axis of (N, H, W)."""
    before, _, after = _neighbours(maps, axis)
    return after - before


def _neighbours(maps: np.ndarray, axis: int) -> list[np.ndarray]:
    """Each pixel's neighbour before it along an axis, itself, and the one after it; nothing lies beyond the border."""
    margin = [(0, 0)] * 3
    margin[axis] = (1, 1)
    padded = np.moveaxis(np.pad(maps, margin), axis, 0)
    return [np.moveaxis(padded[start : len(padded) - 2 + start], 0, axis) for start in range(3)]


def _blurred(maps: np.ndarray) -> np.ndarray:
    """Twice (1, 2, 1) along both axes."""
    for axis in (1, 2, 1, 2):
        maps = _smoothed(maps, axis) * np.float32(0.5)
    return maps
