"""What the Read view calls."""

from collections.abc import Sequence
from time import perf_counter

import numpy as np

from inkling import Lines
from inkling.characters.reading import Reading as Outcome
from inkling.ink import Ink
from tab.record import Record
from tab.session import Session


class Reading:
    """Reads ink and pictures with the session's reader."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def about(self) -> Record:
        """What reads: ``{"parameters": int}``, all weights and biases of the network."""
        return {"parameters": self._session.reader.network.parameter_count}

    def read(self, points: np.ndarray, lengths: np.ndarray, allowed: str = "", lines: Sequence[float] = ()) -> Record:
        """Read ink.

        points : float32 (2n,), x0, y0, x1, y1, ... of all strokes one after the other, y down
        lengths : uint32 (strokes,), number of points of each stroke
        allowed : the labels that may be answered; "" is all of them
        lines : of those on the pad, y of the base line and the height of a capital, in the unit of `points`; or nothing

        Returns ``{"candidates": [[label, probability], ...] best first, "look_alikes": [label, ...] that look like the best
        and are about as probable, "decided_by": "shape", "lines" or "hand size", "confident": bool,
        "milliseconds": float}``, without candidates when there is no ink.
        """
        started = perf_counter()
        ink = Ink(points, lengths)
        return _told(self._session.reader.examine(ink, allowed or None, lines=Lines(*lines) if lines else None), started)

    def read_image(self, pixels: np.ndarray, height: int, width: int, allowed: str = "") -> Record:
        """Read a picture: `pixels` is uint8 (height * width * 4,), RGBA row by row. Returns what `read` returns."""
        started = perf_counter()
        return _told(self._session.reader.examine_image(pixels.reshape(height, width, 4), allowed or None), started)


def _told(reading: Outcome, started: float) -> Record:
    return {
        "candidates": [[label, probability] for label, probability in reading.candidates],
        "look_alikes": reading.look_alikes,
        "decided_by": reading.decided_by,
        "confident": reading.confident,
        "milliseconds": 1000 * (perf_counter() - started),
    }
