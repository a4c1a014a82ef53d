"""How parameters move along their gradients, and how fast over time."""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np


class Optimizer(Protocol):
    """What a training asks of an optimizer."""

    rate: float

    def step(self, gradients: list[np.ndarray]) -> None: ...

    def state(self) -> dict[str, np.ndarray]: ...

    def restore(self, state: dict[str, np.ndarray]) -> None: ...


class SGD:
    """Stochastic gradient descent with momentum: v = m v + g;  p = p - rate v."""

    def __init__(self, parameters: list[np.ndarray], rate: float = 0.1, momentum: float = 0.9, decay: float = 0.0):
        self.parameters, self.rate, self.momentum, self.decay = parameters, rate, momentum, decay
        self.velocities = [np.zeros_like(p) for p in parameters]

    def step(self, gradients: list[np.ndarray]) -> None:
        """Change the parameters in place, by gradients in the same order."""
        for p, v, g in zip(self.parameters, self.velocities, gradients):
            v *= self.momentum
            v += g
            if self.decay and p.ndim > 1:
                v += self.decay * p
            p -= self.rate * v

    def state(self) -> dict[str, np.ndarray]:
        """What `restore` needs to go on as if never stopped."""
        return {f"velocity{i}": v for i, v in enumerate(self.velocities)}

    def restore(self, state: dict[str, np.ndarray]) -> None:
        for i, v in enumerate(self.velocities):
            v[...] = state[f"velocity{i}"]


class AdamW:
    """Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2).

    Biases and the batch norms' scales, arrays of one axis, do not decay.
    """

    def __init__(
        self,
        parameters: list[np.ndarray],
        rate: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        epsilon: float = 1e-8,
        decay: float = 0.01,
    ):
        self.parameters, self.rate, self.betas, self.epsilon, self.decay = parameters, rate, betas, epsilon, decay
        self.means = [np.zeros_like(p) for p in parameters]
        self.squares = [np.zeros_like(p) for p in parameters]
        self.steps = 0

    def step(self, gradients: list[np.ndarray]) -> None:
        """Change the parameters in place, by gradients in the same order."""
        self.steps += 1
        first, second = self.betas
        # The means start at 0; dividing by these undoes their bias towards it.
        mean_bias, square_bias = 1 - first**self.steps, 1 - second**self.steps
        for p, m, s, g in zip(self.parameters, self.means, self.squares, gradients):
            m += (1 - first) * (g - m)
            s += (1 - second) * (g * g - s)
            if self.decay and p.ndim > 1:
                p *= 1 - self.rate * self.decay
            p -= (self.rate / mean_bias) * m / (np.sqrt(s / square_bias) + self.epsilon)

    def state(self) -> dict[str, np.ndarray]:
        """What `restore` needs to go on as if never stopped."""
        arrays = {"steps": np.array(self.steps)}
        for i, (m, s) in enumerate(zip(self.means, self.squares)):
            arrays[f"mean{i}"], arrays[f"square{i}"] = m, s
        return arrays

    def restore(self, state: dict[str, np.ndarray]) -> None:
        self.steps = int(state["steps"])
        for i, (m, s) in enumerate(zip(self.means, self.squares)):
            m[...], s[...] = state[f"mean{i}"], state[f"square{i}"]


def cosine(step: float, steps: float, peak: float, final: float = 0.0) -> float:
    """Half a cosine from `peak` at step 0 to `final` at `steps`."""
    return final + (peak - final) * 0.5 * (1 + math.cos(math.pi * min(step / steps, 1.0)))


def one_cycle(step: int, steps: int, peak: float, warm: float = 0.25, start: float = 0.04, final: float = 1e-4) -> float:
    """Up from `start` * peak to `peak` in the first share `warm` of the steps, then down to `final` * peak.

    Both ways along half a cosine (Smith and Topin 2018).
    """
    rise = max(1.0, warm * steps)
    if step < rise:
        return cosine(step, rise, start * peak, peak)
    return cosine(step - rise, max(steps - rise, 1), peak, final * peak)
