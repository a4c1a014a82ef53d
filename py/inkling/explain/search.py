"""Inputs found by gradient: the smallest change that makes another answer, and what a class looks like."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, TypedDict, Unpack

import numpy as np

from ..nn import Network, cross_entropy
from .attribution import input_gradient
from .ink_prior import InkPrior

if TYPE_CHECKING:
    from .prior import Prior


class Adversarial(NamedTuple):
    """A change of the input that makes another answer.

    Attributes
    ----------
    change : (C, H, W) float32
        To be added to the input.
    size : float
        Its greatest absolute value.
    reached : bool
        Whether the answer is the class that was asked for.
    """

    change: np.ndarray
    size: float
    reached: bool


class Search(TypedDict, total=False):
    """The keywords of `adversarial_search`."""

    limit: float
    steps: int
    halvings: int
    low: np.ndarray | float
    high: np.ndarray | float


def adversarial(network: Network, x: np.ndarray, target: int, **search: Unpack[Search]) -> Adversarial:
    """The smallest change of x, by its greatest value, found to make `target` the answer.

    Keywords are those of `adversarial_search`, whose last result this is.
    """
    *_, found = adversarial_search(network, x, target, **search)
    return found


def adversarial_search(
    network: Network, x: np.ndarray, target: int, limit: float = 0.5, steps: int = 64, halvings: int = 4,
    low: np.ndarray | float = -1.0, high: np.ndarray | float = 1.0,
) -> Iterator[Adversarial]:  # fmt: skip
    """The iterated fast gradient sign method, in tighter and tighter bounds; yields the best so far after each try.

    Goodfellow, Shlens, Szegedy 2015, equation 1; iterated as by Kurakin, Goodfellow, Bengio 2017. The bound doubles,
    from limit / 16 on, until it suffices; then the smallest that does is found by bisection.

    Parameters
    ----------
    limit : float
        No pixel is changed by more; where even that does not suffice, `reached` stays False.
    steps : int
        Of the gradient's sign in each try. Few large ones end where the network sees no character at all.
    halvings : int
        Of the bound, by bisection.
    low, high : float or array, broadcast over (C, H, W)
        What the input may be.
    """
    best = Adversarial(np.zeros_like(x), 0.0, False)
    fails, bound = 0.0, limit / 16
    while not best.reached and bound <= limit:
        change, reached = _towards(network, x, target, bound, steps, low, high)
        best = Adversarial(change, float(np.abs(change).max()), reached)
        yield best
        if not reached:
            fails, bound = bound, 2 * bound
    for _ in range(halvings if best.reached else 0):
        bound = (fails + best.size) / 2
        change, reached = _towards(network, x, target, bound, steps, low, high)
        if reached:
            best = Adversarial(change, float(np.abs(change).max()), True)
        else:
            fails = bound
        yield best


def _towards(
    network: Network,
    x: np.ndarray,
    target: int,
    bound: float,
    steps: int,
    low: np.ndarray | float,
    high: np.ndarray | float,
) -> tuple[np.ndarray, bool]:
    """A change within `bound` that makes `target` the answer, and whether it does."""
    change = np.zeros_like(x)
    step = np.float32(1.5 * bound / steps)
    for _ in range(steps):
        logits = network.forward((x + change)[None])
        if logits[0].argmax() == target:
            return change, True
        _, by_logits = cross_entropy(logits, np.array([target]))
        change -= step * np.sign(input_gradient(network, by_logits)[0])
        # Within the bound, and within what the input may be.
        np.clip(change, -bound, bound, out=change)
        change = (np.clip(x + change, low, high) - x).astype(np.float32)
    return change, bool(network.forward((x + change)[None])[0].argmax() == target)


# Share of its speed that a dream keeps from step to step.
INERTIA = 0.8


def dream(
    network: Network, label: int, steps: int = 60, seed: int = 0, classes: int | None = None, prior: Prior | None = None
) -> Iterator[np.ndarray]:
    """Gradient ascent on the input, from noise towards a class; yields (C, H, W) after each step.

    Simonyan, Vedaldi, Zisserman 2014, section 2; jitter and blur as by Mordvintsev, Olah, Tyka 2015.

    Parameters
    ----------
    classes : int, optional
        How many outputs compete; by default all. Without the output for "no character" noise is left sooner.
    prior : Prior, optional
        What the dream is kept to; by default `ink_prior.InkPrior`.
    """
    prior = prior or InkPrior()
    rng = np.random.default_rng(seed)
    free = prior.begin(rng, network.input_shape)
    speed: np.ndarray = np.zeros_like(free)
    for turn in range(steps):
        x = prior.seen(free)
        moved = rng.integers(-prior.jitter, prior.jitter + 1, 2)
        logits = network.forward(np.roll(x, moved, (1, 2))[None])
        by_logits = np.zeros_like(logits)
        by_logits[:, :classes] = cross_entropy(logits[:, :classes], np.array([label]))[1]
        by_logits[0, label] -= 0.2  # a gradient that remains when the class is certain already
        slope = prior.back(-np.roll(input_gradient(network, by_logits)[0], -moved, (1, 2)))
        slope /= np.sqrt(np.mean(slope**2)) + 1e-9
        speed = INERTIA * speed + (1 - INERTIA) * slope
        free += prior.rate * (1 - 0.7 * turn / steps) * speed
        free = prior.tidied(free, x)
        yield prior.seen(free)
