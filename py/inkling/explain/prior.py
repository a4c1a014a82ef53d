"""What `dream` asks of a prior: what a dream is kept to, since gradients alone find dust that no pen and no lens makes."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from ..nn.layer import Shape


class Prior(Protocol):
    """What can be dreamt. `free`, of the input's shape, is what is learned; the network sees what is made of it.

    Attributes
    ----------
    rate : float
        Of the first steps.
    jitter : int
        Pixels by which what is seen is moved at most, so that no single pixel matters (Mordvintsev, Olah, Tyka 2015).
    """

    rate: float
    jitter: int

    def begin(self, rng: np.random.Generator, shape: Shape) -> np.ndarray:
        """Noise, (C, H, W) float32."""

    def seen(self, free: np.ndarray) -> np.ndarray:
        """What the network sees."""

    def back(self, slope: np.ndarray) -> np.ndarray:
        """A gradient by what is seen, as one by `free`."""

    def tidied(self, free: np.ndarray, x: np.ndarray) -> np.ndarray:
        """`free` after a step, given what was seen before it: regularised."""
