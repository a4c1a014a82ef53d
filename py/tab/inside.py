"""What the Inside view calls: what the network does with the ink that is on the pad."""

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import ClassVar

import numpy as np

from inkling import Lines
from inkling.explain.ink_prior import InkPrior
from inkling.explain.search import Search
from inkling.ink import Ink, picture, tracing, validate
from inkling.ink.raster import BOX, SIDE
from inkling.ink.shading import shade
from tab.explained import Explained, Subject
from tab.record import Record
from tab.session import Session

# What a hand might do to the same strokes: tilt them by 4 degrees and slant them by a tenth.
TILT, SLANT = np.radians(4), 0.1


class Inside(Explained):
    """Shows what the session's reader does with the newest ink.

    The reader is taken up with each look: while it is asked about that look, it stays, whatever is taught meanwhile.
    """

    # Cover is 0 to 1, directions are -1 to 1.
    search: ClassVar[Search] = {"low": np.array([0, -1, -1], np.float32)[:, None, None], "high": 1.0}

    def __init__(self, session: Session) -> None:
        self._session = session
        self._reader = session.reader
        self._ink: Callable[[], Ink] = lambda: validate(())  # that of a picture has to be traced
        super().__init__()

    def look(self, points: np.ndarray, lengths: np.ndarray, wanted: Sequence[int], lines: Sequence[float] = ()) -> Record:
        """Trace ink (see `reading.read`) and show some of the steps.

        wanted : indices of the steps whose maps are to be seen
        lines : that the ink was drawn on, as in `reading.read`

        Returns ``{"empty": True}`` when there is no ink, else ``{"maps": float32 of all that is wanted, one step
        after the other, "frame": [x, y, pixels per unit], "best": [[label, probability], ...] of the network,
        "answer": {"label", "probability", "confident"} of the reader, which goes by the lines too, and by size where that
        was taught, "outputs": the labels of the network's outputs, "milliseconds"}``; pad point (x, y) is the picture's
        middle.
        """
        started = perf_counter()
        ink = Ink(points, lengths)
        x = self._session.reader.prepare(ink)
        return self._look_at(x, ink, lambda: ink, None if x is None else _frame(ink.points), wanted, lines, started)

    def look_at_picture(self, pixels: np.ndarray, height: int, width: int, wanted: Sequence[int]) -> Record:
        """`look` for a picture, uint8 RGBA row by row; the frame is in its pixels."""
        started = perf_counter()
        pixels = pixels.reshape(height, width, 4)
        framed = picture.frame(pixels)
        x = shade(framed.levels[None])[0] if framed else None
        frame = [*framed.middle, framed.scale * SIDE / picture.FRAME] if framed else None
        return self._look_at(x, validate(()), lambda: validate(tracing.trace(pixels)), frame, wanted, (), started)

    def _look_at(
        self,
        x: np.ndarray | None,
        drawn: Ink,
        ink: Callable[[], Ink],
        frame: list[float] | None,
        wanted: Sequence[int],
        lines: Sequence[float],
        started: float,
    ) -> Record:
        if x is None:
            self._trace = None
            return {"empty": True}
        self._reader, self._ink = self._session.reader, ink
        seen = self._look(x, wanted)
        answer = self._reader.decide(self._logits, drawn, lines=Lines(*lines) if lines else None)
        return {
            **seen,
            "frame": frame,
            "answer": {**answer.candidates[0]._asdict(), "confident": answer.confident},
            "milliseconds": 1000 * (perf_counter() - started),
        }

    def _newest(self) -> Subject:
        reader = self._session.reader
        return Subject(
            reader.network, reader.temperature, reader.labels, reader.outputs, lambda logits: reader.decide(logits).confident
        )

    def _again(self) -> np.ndarray:
        """The strokes tilted and slanted, as a hand might draw them next."""
        turn = np.array([[np.cos(TILT), np.sin(TILT)], [-np.sin(TILT), np.cos(TILT)]]) @ np.array([[1, 0], [-SLANT, 1]])
        ink = self._ink()
        x = self._reader.prepare(Ink(ink.points.astype(np.float64) @ turn, ink.lengths))
        return self._steps()[0].output if x is None else x  # a picture's ink may leave no line

    def _slopes(self, gradient: np.ndarray) -> np.ndarray:
        """By the cover."""
        return gradient[0]

    def _prior(self) -> InkPrior:
        return InkPrior()


def _frame(pairs: np.ndarray) -> list[float]:
    """Where the network's picture lies on the pad: its middle, and its pixels per pad unit.

    See `ink.resample` and `ink.raster`.
    """
    low, high = pairs.min(axis=0), pairs.max(axis=0)
    side = float((high - low).max())
    return [*((low + high) / 2).tolist(), BOX / side if side > 0 else BOX]
