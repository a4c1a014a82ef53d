"""Doors for teaching the recogniser one's own hand. What was taught is kept by the page; here it is learned."""

from io import BytesIO

from inkling.data import jsonlines
from inkling.ink import tracing
from tab.strokes import flat, strokes_of

MOST_ERRORS = 20
# The style, in files, of samples that a picture was traced to: their size is the picture's, not the hand's.
TRACED = "traced"


class Teaching:
    """Teaches the session's reader."""

    def __init__(self, session):
        self._session = session

    def teach(self, samples):
        """Learn drawings, [[id, label, points, lengths, whether they are as large as they were drawn on the pad], ...].

        Returns ``{"symbols": the user's own labels that are read by now, "drawings": how many are learned}``.
        """
        self._session.teach((name, label, strokes_of(*ink), is_sized) for name, label, *ink, is_sized in samples)
        return self._learned()

    def settle(self):
        """Go on with what `teach` began; False once everything is learned."""
        return self._session.settle()

    def forget(self, ids):
        """Unlearn drawings; returns what `teach` returns."""
        self._session.forget(ids)
        return self._learned()

    def _learned(self):
        return {"symbols": self._session.symbols, "drawings": self._session.drawings}

    def trace(self, pixels, height, width):
        """The strokes in a picture, `pixels` uint8 (height * width * 4,) RGBA: ``{"points", "lengths"}``, empty without ink."""
        return flat(tracing.trace(pixels.reshape(height, width, 4)))

    def parse(self, name, content):
        """The samples of a file in the project's own format (JSON lines, plain or gzip'd), each line checked.

        Returns ``{"samples": [{"label", "points", "lengths", "writer", "traced"}, ...], "skipped": int, "errors": [str, ...]}``,
        the first errors only.
        """
        errors, skipped = [], 0

        def note(error):
            nonlocal skipped
            skipped += 1
            if skipped <= MOST_ERRORS:
                errors.append(str(error))

        samples = [
            {"label": each.label, "writer": each.writer, "traced": each.style == TRACED, **flat(each.strokes)}
            for each in jsonlines.read(BytesIO(content), note, name)
        ]
        return {"samples": samples, "skipped": skipped, "errors": errors}
