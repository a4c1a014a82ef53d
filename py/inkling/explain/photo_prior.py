"""What a dreamt photograph is kept to (see `prior`)."""

from __future__ import annotations

import numpy as np

from ..nn.layer import Shape
from .ink_prior import blurred


class PhotoPrior:
    """A photograph: three planes of -1 to 1. What is seen is a blur, and each step fades a little towards grey.

    The fading is the L2 term of Simonyan, Vedaldi, Zisserman 2014, section 2.
    """

    rate, jitter = 0.1, 2
    fading = 0.02

    def begin(self, rng: np.random.Generator, shape: Shape) -> np.ndarray:
        """See `Prior`."""
        return (0.3 * rng.standard_normal(shape)).astype(np.float32)

    def seen(self, free: np.ndarray) -> np.ndarray:
        """See `Prior`."""
        return np.clip(blurred(free), -1, 1)

    def back(self, slope: np.ndarray) -> np.ndarray:
        """See `Prior`."""
        return blurred(slope)

    def tidied(self, free: np.ndarray, x: np.ndarray) -> np.ndarray:
        """See `Prior`; no more than what is seen as black or white."""
        return np.clip(free * np.float32(1 - self.fading), -1.5, 1.5).astype(np.float32)
