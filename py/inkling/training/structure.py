"""Augmentation of how strokes hang together: what one school draws apart another draws in one, with a loop or without.

A network that sees ink and directions without sense (`ink.raster`) cannot tell in which order strokes were drawn, nor from
which end: neither is changed here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..ink.strokes import STEPS, Trail

# In units of the character's size. A stroke that is shorter is a dot, which stays by itself;
DOT = 0.2
# over so wide a gap strokes are joined: an F's hat and stem are, an H's stems are not;
REACH = 0.3
# a stroke whose ends are nearer than this is, but for them, a loop;
NEARLY_CLOSED = 0.3
# at most so much of one is taken off to open it.
OPENING = 0.2


@dataclass(frozen=True)
class Structure:
    """Random changes of how the strokes of characters hang together; shares from 0 to 1.

    Attributes
    ----------
    joins : float
        Of the moves between two strokes that are short enough, so many are drawn: straight, or back along the first
        stroke as far as it comes nearest to the second, and then straight.
    loops : float
        Of the strokes that are nearly closed so many are closed, or opened, by lot.
    """

    joins: float = 0.0
    loops: float = 0.0

    def __post_init__(self) -> None:
        """ValueError names the share that is out of its range."""
        for name, share in vars(self).items():
            if not 0 <= share <= 1:
                raise ValueError(f"{name} is a share from 0 to 1, not {share!r}")

    def __call__(self, trail: Trail, owner: np.ndarray, rng: np.random.Generator) -> tuple[Trail, np.ndarray]:
        """Change some characters.

        Parameters
        ----------
        trail : Trail
            Of all characters, one after another, each in its frame.
        owner : (n,) int
            Which character each node belongs to, ascending.

        Returns
        -------
        trail, owner : Trail, (m,) int
            In no frame any more: an opened loop is narrower.
        """
        last = np.flatnonzero(trail.ends)
        first = np.concatenate(([0], last[:-1] + 1))
        strokes = [trail.nodes[start : end + 1] for start, end in zip(first, last)]
        owners = owner[first]
        looped = rng.random(len(strokes)) < self.loops
        joined = rng.random(len(strokes)) < self.joins
        back = rng.random(len(strokes)) < 0.5
        # The draws that are made do not depend on the ink, nor on the other share.
        opened = rng.random((len(strokes), 2))
        for n in np.flatnonzero(looped):
            if _length(strokes[n]) > 1 and np.hypot(*(strokes[n][0] - strokes[n][-1])) < NEARLY_CLOSED:
                strokes[n] = _opened(strokes[n], opened[n, 1]) if opened[n, 0] < 0.5 else _closed(strokes[n])
        ends = np.ones(len(strokes), bool)
        for n in np.flatnonzero(joined[1:] & (owners[1:] == owners[:-1])):
            way = _way(strokes[n], strokes[n + 1], back[n + 1])
            if way is not None:
                strokes[n], ends[n] = np.concatenate([strokes[n], way]), False
        lengths = np.array([len(stroke) for stroke in strokes])
        is_end = np.zeros(lengths.sum(), bool)
        is_end[np.cumsum(lengths)[ends] - 1] = True
        return Trail(np.concatenate(strokes), is_end), np.repeat(owners, lengths)


def _way(stroke: np.ndarray, following: np.ndarray, back: bool) -> np.ndarray | None:
    """(k, 2) float32 nodes between a stroke's end and the next one's beginning; None where they are not to be joined."""
    if min(_length(stroke), _length(following)) < DOT:
        return None
    from_here = np.hypot(*(stroke - following[0]).T)
    nearest = int(from_here.argmin()) if back else len(stroke) - 1
    if from_here[nearest] > REACH:
        return None
    return np.concatenate([stroke[nearest:-1][::-1], _straight(stroke[nearest], following[0])])


def _straight(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Nodes between two, at the usual steps."""
    pieces = max(int(np.ceil(np.hypot(*(end - start)) * STEPS)), 1)
    share = (np.arange(1, pieces, dtype=np.float32) / np.float32(pieces))[:, None]
    return start * (1 - share) + end * share


def _closed(stroke: np.ndarray) -> np.ndarray:
    return np.concatenate([stroke, _straight(stroke[-1], stroke[0]), stroke[:1]])


def _opened(stroke: np.ndarray, share: float) -> np.ndarray:
    """Without a piece at its end."""
    return stroke[: len(stroke) - int(len(stroke) * OPENING * share)]


def _length(stroke: np.ndarray) -> float:
    return float(np.hypot(*np.diff(stroke, axis=0).T).sum())
