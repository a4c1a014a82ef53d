"""Photographs changed as chance would have it, in ways that do not change what they show."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

# What a cut-out is filled with: the network's zero (see `photos.reader.prepare`).
GREY = 128


class Strength(NamedTuple):
    """How much is changed.

    Attributes
    ----------
    flip : float
        Share of the photographs that are mirrored, left for right.
    shift : int
        Pixels by which they move at most, along both axes; what comes in at the border is the picture, mirrored.
    cut : int
        Side of a square that is blanked, in pixels ("cutout", DeVries and Taylor 2017); 0 for none. Its middle is
        anywhere in the picture, so that it may reach over the border.
    """

    flip: float = 0.5
    shift: int = 4
    cut: int = 8


STILL = Strength(0.0, 0, 0)


def augment(pixels: np.ndarray, rng: np.random.Generator, strength: Strength) -> np.ndarray:
    """Photographs (N, H, W, 3) uint8 -> the same shape, each changed by chance of its own; the input is left alone."""
    n, height, width, _ = pixels.shape
    if strength.shift:
        margin = (strength.shift, strength.shift)
        padded = np.pad(pixels, ((0, 0), margin, margin, (0, 0)), mode="reflect")
        down, along = rng.integers(0, 2 * strength.shift + 1, (2, n))
        windows = sliding_window_view(padded, (height, width), axis=(1, 2))  # type: ignore[call-overload]
        pixels = windows[np.arange(n), down, along].transpose(0, 2, 3, 1)
    mirrored = np.less(rng.random(n), strength.flip)[:, None, None, None]
    changed = np.where(mirrored, pixels[:, :, ::-1], pixels)
    if strength.cut:
        corners = rng.integers(0, (height, width), (n, 2)) - strength.cut // 2
        for photo, (top, left) in zip(changed, corners.tolist()):
            photo[max(top, 0) : top + strength.cut, max(left, 0) : left + strength.cut] = GREY
    return changed
