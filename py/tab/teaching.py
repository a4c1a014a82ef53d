"""What the page calls to teach the recogniser a hand. What was taught is kept by the page; here it is learned."""

from collections.abc import Sequence
from io import BytesIO

import numpy as np

from inkling.data import DataError, jsonlines
from inkling.ink import Ink, tracing, validate
from inkling.teaching.personal import Drawing
from tab.record import Record
from tab.session import Session

MOST_ERRORS = 20
# The style, in files, of samples that a picture was traced to: their size is the picture's, not the hand's.
TRACED = "traced"


class Teaching:
    """Teaches the session's reader."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def teach(self, samples: Sequence[tuple[str, str, np.ndarray, np.ndarray, bool]]) -> Record:
        """Learn drawings, [[id, label, points, lengths, whether they are as large as they were drawn on the pad], ...].

        Returns ``{"symbols": the user's own labels that are read by now, "drawings": how many are learned}``.
        """
        self._session.teach(
            Drawing(name, label, Ink(points, lengths), is_sized) for name, label, points, lengths, is_sized in samples
        )
        return self._learned()

    def settle(self) -> bool:
        """Go on with what `teach` began; False once everything is learned."""
        return self._session.settle()

    def forget(self, ids: Sequence[str]) -> Record:
        """Unlearn drawings; returns what `teach` returns."""
        self._session.forget(ids)
        return self._learned()

    def _learned(self) -> Record:
        return {"symbols": self._session.symbols, "drawings": self._session.drawings}

    def trace(self, pixels: np.ndarray, height: int, width: int) -> Record:
        """The strokes in a picture: ``{"points", "lengths"}``, empty without ink.

        pixels : uint8 (height * width * 4,) RGBA
        """
        return _flat(validate(tracing.trace(pixels.reshape(height, width, 4))))

    def parse(self, name: str, content: np.ndarray) -> Record:
        """The samples of a file in the project's own format (JSON lines, plain or gzip'd), each line checked.

        Returns ``{"samples": [{"label", "points", "lengths", "writer", "traced"}, ...], "skipped": int,
        "errors": [str, ...]}``, the first errors only.
        """
        errors: list[str] = []
        skipped = 0

        def note(error: DataError) -> None:
            nonlocal skipped
            skipped += 1
            if skipped <= MOST_ERRORS:
                errors.append(str(error))

        samples = [
            {"label": each.label, "writer": each.writer, "traced": each.style == TRACED, **_flat(validate(each.ink))}
            for each in jsonlines.read(BytesIO(content.tobytes()), note, name)
        ]
        return {"samples": samples, "skipped": skipped, "errors": errors}


def _flat(ink: Ink) -> Record:
    """Ink as it crosses to the page: ``{"points": float32 (2n,), "lengths": uint32 (strokes,)}``."""
    return {"points": ink.points.astype(np.float32).ravel(), "lengths": ink.lengths.astype(np.uint32)}
