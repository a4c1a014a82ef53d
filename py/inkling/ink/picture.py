"""Pictures of one character: the ink found, framed and its pen evened out.

The ink is told from the paper (Otsu 1979), cropped and scaled, and its pen made neither much thicker nor much thinner
than those of the scans that the network learned from. Takes scans, photographs and screenshots alike.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from .raster import SIDE

# Frames have twice the network's resolution, so that augmentation can rotate and warp them.
FRAME = 2 * SIDE
# The character's longer side in a frame, pen included, and the range of pen widths left unchanged, in pixels.
LONGER_SIDE = 56
THINNEST, THICKEST = 4.0, 10.0
# Least difference of grey between ink and paper, of 255.
LEAST_CONTRAST = 24
LARGEST_SIDE = 8192


class Found(NamedTuple):
    """Ink in a picture.

    Attributes
    ----------
    grey : (H, W) float32
        0 to 255, ink brighter than `threshold`.
    box : (top, bottom, left, right)
        Of the ink, half open, in pixels.
    """

    grey: np.ndarray
    threshold: float
    box: tuple[int, int, int, int]


class Framed(NamedTuple):
    """A character in its frame.

    Attributes
    ----------
    levels : (FRAME, FRAME) uint8
        Ink bright.
    middle : (x, y)
        What is in the frame's middle, in the picture's pixels.
    scale : float
        Pixels of the frame for one of the picture.
    """

    levels: np.ndarray
    middle: tuple[float, float]
    scale: float


def frame(pixels: np.ndarray) -> Framed | None:
    """The character in a picture, or None where there is no ink.

    Parameters
    ----------
    pixels : uint8 (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA
        Dark on light or light on dark.

    Raises
    ------
    ValueError
        Says what was received, for anything else.
    """
    found = find_ink(pixels)
    if found is None:
        return None
    grey, threshold, (top, bottom, left, right) = found
    inked = grey > threshold
    paper, ink = _quantile(grey[~inked], 0.5), _quantile(grey[inked], 0.75)
    coverage = np.clip((grey - paper) / max(ink - paper, 1), 0, 1)
    scale = LONGER_SIDE / max(bottom - top, right - left)
    x, y = (left + right) / 2, (top + bottom) / 2
    framed = _framed(coverage, (y, x), scale)
    if not framed.any():
        # A hairline fell between two rows of the frame: with paper around it, its grey reaches both.
        margin = math.ceil(1 / scale)
        framed = _framed(np.pad(coverage, margin), (y + margin, x + margin), scale)
    # Normalised again: thin lines lose contrast when the picture shrinks.
    levels = np.rint(255 * evened(framed / framed.max())).astype(np.uint8)
    return Framed(levels, (x, y), scale)


def _framed(coverage: np.ndarray, middle: tuple[float, float], scale: float) -> np.ndarray:
    """(FRAME, FRAME) around `middle`, which is y and x."""
    window = (np.arange(FRAME) - (FRAME - 1) / 2) / scale - 0.5
    rows, columns = (_window(size, window + at, scale) for size, at in zip(coverage.shape, middle))
    return rows @ coverage @ columns.T


def find_ink(pixels: np.ndarray) -> Found | None:
    """Where a picture's ink is, or None."""
    grey = to_grey(pixels)
    if min(grey.shape) < 2 or np.ptp(grey) < LEAST_CONTRAST:
        return None
    threshold = otsu(grey)
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    # The picture's edge is mostly paper.
    if np.mean(edge > threshold) > 0.5:
        grey, threshold = 255 - grey, 255 - threshold
    inked = grey > threshold
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if not len(rows):
        return None
    return Found(grey, threshold, (int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1))


def evened(coverage: np.ndarray) -> np.ndarray:
    """Coverage (FRAME, FRAME), 0 to 1, with the pen's width brought between `THINNEST` and `THICKEST`."""
    for _ in range(FRAME // 4):
        if (width := pen_width(coverage)) > THICKEST:
            thinner = _spread(coverage, np.minimum)
            # Lines that erosion would delete stay (the top-hat of the opening).
            coverage = np.maximum(thinner, coverage - _spread(thinner, np.maximum))
        elif 0 < width < THINNEST:
            coverage = _spread(coverage, np.maximum)
        else:
            break
    return coverage


def pen_width(coverage: np.ndarray) -> float:
    """Twice the area over the length of the edge, which is a long line's width, in pixels; 0 where there is no ink."""
    y, x = np.gradient(coverage)
    edge = np.hypot(x, y).sum()
    return float(2 * coverage.sum() / edge) if edge else 0.0


def _quantile(values: np.ndarray, share: float) -> float:
    """The value above which the rest lies. (numpy's own needs numpy.ma, which the page leaves out.)"""
    place = int(share * (len(values) - 1))
    return float(np.partition(values, place)[place])


def _spread(coverage: np.ndarray, choose: np.ufunc) -> np.ndarray:
    """Erosion (choose = np.minimum) or dilation (np.maximum) by the four neighbours."""
    padded = np.pad(coverage, 1, mode="edge")
    beside = (padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:])
    for neighbour in beside:
        coverage = choose(coverage, neighbour)
    return coverage


def to_grey(pixels: np.ndarray) -> np.ndarray:
    """uint8 (H, W[, 3 | 4]) -> float32 (H, W), 0 to 255. What is transparent is paper."""
    if not isinstance(pixels, np.ndarray) or pixels.dtype != np.uint8:
        received = f"{pixels.dtype} array" if isinstance(pixels, np.ndarray) else type(pixels).__name__
        raise ValueError(f"a picture is a uint8 array of shape (H, W), (H, W, 3) or (H, W, 4), not {received}")
    if pixels.ndim not in (2, 3) or (pixels.ndim == 3 and pixels.shape[2] not in (3, 4)) or 0 in pixels.shape:
        raise ValueError(f"a picture has shape (H, W), (H, W, 3) or (H, W, 4), not {pixels.shape}")
    if max(pixels.shape) > LARGEST_SIDE:
        raise ValueError(f"a picture of at most {LARGEST_SIDE} pixels a side, not {pixels.shape[0]} x {pixels.shape[1]}")
    if pixels.ndim == 2:
        return pixels.astype(np.float32)
    grey = pixels[..., :3] @ np.array([0.299, 0.587, 0.114], np.float32)
    if pixels.shape[2] == 4:
        opacity = pixels[..., 3] / np.float32(255)
        total = opacity.sum()
        # Light ink on a transparent background is taken to lie on dark paper, and dark ink on light.
        paper = 255.0 if total == 0 or (grey * opacity).sum() / total < 128 else 0.0
        grey = grey * opacity + np.float32(paper) * (1 - opacity)
    return grey


def otsu(grey: np.ndarray) -> float:
    """The level that splits grey values (0 to 255) into two classes of least variance within (Otsu 1979)."""
    counts = np.bincount(np.clip(np.rint(grey), 0, 255).astype(np.uint8).ravel(), minlength=256).astype(float)
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * np.arange(256))
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    between = np.nan_to_num(between)
    # Between two separated classes all levels are equally good: take the middle.
    best = np.flatnonzero(between >= between.max() * (1 - 1e-9))
    return float(best.mean()) + 0.5


def scaled(grey: np.ndarray, scale: float) -> np.ndarray:
    """`grey` resized by `scale`: linear between pixels when larger, averages of areas when smaller."""
    rows, columns = (
        _resampling(size, (np.arange(target) + 0.5) * (size / target) - 0.5, max(1.0, size / target))
        for size in grey.shape
        for target in [max(1, round(size * scale))]
    )
    return rows @ grey @ columns.T


def _window(size: int, middles: np.ndarray, scale: float) -> np.ndarray:
    """`_resampling` that finds nothing, no ink, beyond the border."""
    weights = _resampling(size, middles, max(1.0, 1 / scale))
    return weights * ((middles > -1) & (middles < size))[:, None]


def _resampling(size: int, middles: np.ndarray, reach: float) -> np.ndarray:
    """(len(middles), size): what each of `size` pixels counts at each place; beyond the border the border goes on."""
    distance = np.abs(np.arange(size) - np.clip(middles, 0, size - 1)[:, None])
    triangle = np.maximum(1 - distance / reach, 0)
    return (triangle / triangle.sum(axis=1, keepdims=True)).astype(np.float32)
