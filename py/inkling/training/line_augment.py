"""Other people's hands from one person's line: random changes of framed lines, for training only."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..words.frame import MARGIN, STRIDE
from ..words.picture import DENSITY


class Strength(NamedTuple):
    """Standard deviations of the random changes; all 0 leaves the line as it is."""

    slant: float = 0.18
    wide: float = 0.14  # logarithm of the stretch of x
    high: float = 0.10  # logarithm of the stretch of y
    slope: float = 0.03
    warp: float = 0.9  # amplitude of two slow waves, in pixels
    shift: float = 1.6  # of y, in pixels
    stroke: float = 0.35  # shift of each stroke on its own, in pixels
    pen: float = 0.25  # logarithm of the pen's density


def augment(
    nodes: np.ndarray, ends: np.ndarray, owner: np.ndarray, count: int, rng: np.random.Generator, strength: Strength
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Change each of `count` lines at random.

    Returns (nodes, widths, density): the nodes moved, (count,) columns of the pictures that hold them, and (count,)
    float32, see `words.picture.draw_batch`.
    """

    def normal(deviation: float, *shape: int) -> np.ndarray:
        return rng.standard_normal(shape, dtype=np.float32) * np.float32(deviation)

    x, y = np.ascontiguousarray(nodes.T)
    # Mostly one stretch for the whole batch, so that its pictures stay of about one width.
    x = x * np.exp(normal(strength.wide) + normal(strength.wide / 4, count))[owner]
    y = y * np.exp(normal(strength.high, count))[owner]
    for _ in range(2):
        wave = (2 * np.pi / rng.uniform(25, 160, (2, count))).astype(np.float32)[:, owner]
        phase = rng.uniform(0, 2 * np.pi, (2, count)).astype(np.float32)[:, owner]
        size = normal(strength.warp, 2, count)[:, owner]
        x, y = (
            x + size[0] * np.sin(wave[0] * (x + y) + phase[0]),
            y + size[1] * np.sin(wave[1] * x + phase[1]),
        )
    if strength.stroke:
        stroke = np.cumsum(ends) - ends
        shifts = normal(strength.stroke, 2, int(stroke[-1]) + 1)
        x, y = x + shifts[0, stroke], y + shifts[1, stroke]
    starts = np.searchsorted(owner, np.arange(count))
    # A long line slopes by as many pixels as a word does, not by as many degrees.
    span = np.maximum(np.maximum.reduceat(x, starts), 1)
    slope = normal(strength.slope, count) * np.minimum(1, 200 / span)
    x, y = x - normal(strength.slant, count)[owner] * y, y + slope[owner] * (x - span[owner] / 2)
    y = y + normal(strength.shift, count)[owner]
    x = x - np.minimum.reduceat(x, starts)[owner] + MARGIN
    widths = np.ceil((np.maximum.reduceat(x, starts) + MARGIN) / STRIDE).astype(int) * STRIDE
    density = (DENSITY * np.exp(normal(strength.pen, count))).clip(0.5, 3)
    return np.stack([x, y], axis=1), widths, density
