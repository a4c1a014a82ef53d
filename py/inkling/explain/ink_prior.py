"""What a dreamt character is kept to: what ink can be (see `prior`)."""

from __future__ import annotations

import numpy as np

from ..nn.layer import Shape


class InkPrior:
    """Ink as `ink.raster` makes it: its cover and its two directions, chosen by eye on R, A, g, S and 4.

    What is seen is a blur, so no detail is finer than a pen; each step removes a little ink everywhere and drives the rest
    towards 0 or 1; no direction is stronger than its ink; the margin stays empty.
    """

    rate, jitter = 0.075, 1
    thinning, sharpening, half = 0.01, 0.025, 0.35
    margin = 3
    least = np.array([-0.2, -1.2, -1.2], np.float32)[:, None, None]  # of each channel, before it is made like ink

    def __init__(self) -> None:
        self._frame = np.zeros(0, np.float32)

    def begin(self, rng: np.random.Generator, shape: Shape) -> np.ndarray:
        """See `Prior`."""
        _, height, width = shape
        self._frame = np.zeros((height, width), np.float32)
        self._frame[self.margin : height - self.margin, self.margin : width - self.margin] = 1
        noise = [0.8 * rng.random((1, height, width)), 0.3 * rng.standard_normal((2, height, width))]
        return np.concatenate(noise).astype(np.float32)

    def seen(self, free: np.ndarray) -> np.ndarray:
        """See `Prior`."""
        x = blurred(free) * self._frame
        x[0] = np.clip(x[0], 0, 1)
        x[1:] *= np.minimum(1, x[0] / np.maximum(np.hypot(x[1], x[2]), 1e-6))
        return x

    def back(self, slope: np.ndarray) -> np.ndarray:
        """See `Prior`."""
        return blurred(slope * self._frame)

    def tidied(self, free: np.ndarray, x: np.ndarray) -> np.ndarray:
        """See `Prior`."""
        free[0] += self.sharpening * (x[0] - self.half) - self.thinning
        return np.clip(free, self.least, np.float32(1.2)).astype(np.float32)


def blurred(maps: np.ndarray) -> np.ndarray:
    """(1, 2, 1) / 4 along both axes; zeros beyond the border."""
    wide = np.pad(maps, ((0, 0), (1, 1), (1, 1)))
    tall = (wide[:, :-2] + 2 * wide[:, 1:-1] + wide[:, 2:]) / 4
    return (tall[:, :, :-2] + 2 * tall[:, :, 1:-1] + tall[:, :, 2:]) / 4
