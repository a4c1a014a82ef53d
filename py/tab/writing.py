"""What the Write view calls: rows of ink read as text. It arrives with the network and the language (tab/later.py)."""

from collections.abc import Mapping
from time import perf_counter

import numpy as np

from inkling.ink import Ink
from inkling.words.reader import TextReader
from inkling.words.readings import Word
from tab.record import Record
from tab.session import Session

# Readings of a word that are told.
TOP = 5


class Writing:
    """Reads rows of ink with the network for text and the language that it came with."""

    def __init__(self, _session: Session) -> None:
        self._reader = TextReader.load()

    def read(self, points: np.ndarray, lengths: np.ndarray, options: Mapping[str, object]) -> Record:
        """Read the ink of one row.

        points : float32 (2n,), x0, y0, x1, y1, ... of all strokes one after the other, y down
        lengths : int (strokes,), number of points of each stroke
        options : {"allowed": the characters that may be read, or nothing for all; "language": "en", or nothing for none}

        Returns ``{"text", "probability", "milliseconds", "words": [{"text", "probability", "start" (its place in the text),
        "strokes": [number, ...], "readings": [{"text", "probability", "literal"}, ...] best first, "characters": [{"label",
        "probability", "spans": [[stroke, first point, last point], ...], "alternatives": [label, ...]}, ...]}, ...]}``, no
        words where nothing was read.
        """
        started = perf_counter()
        text, words = self._reader.read_words(
            Ink(points, lengths), _text(options, "allowed"), _text(options, "language"), top=TOP
        )
        numbers = np.flatnonzero(lengths).tolist()  # strokes without points are not counted by the reader
        return {
            "text": text.text,
            "probability": text.probability,
            "words": [_told(word, numbers) for word in words],
            "milliseconds": 1000 * (perf_counter() - started),
        }


def _text(options: Mapping[str, object], name: str) -> str | None:
    """An option that is a text; None where it is not given, empty, or null in JavaScript."""
    found = options.get(name)
    return found if isinstance(found, str) and found else None


def _told(word: Word, numbers: list[int]) -> Record:
    return {
        "text": word.text,
        "probability": word.readings[0].probability,
        "start": word.start,
        "strokes": [numbers[stroke] for stroke in word.strokes],
        "readings": [
            {"text": each.text, "probability": each.probability, "literal": each.is_literal} for each in word.readings
        ],
        "characters": [
            {
                "label": each.label,
                "probability": each.probability,
                "spans": [[numbers[span.stroke], span.first, span.last] for span in each.spans],
                "alternatives": alternatives,
            }
            for each, alternatives in zip(word.characters, word.alternatives)
        ],
    }
