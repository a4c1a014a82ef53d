"""What the Write view calls: rows of ink read as text. It arrives with the network and the language (tab/later.py)."""

from collections.abc import Mapping, Sequence
from time import perf_counter

import numpy as np

from inkling.ink import Ink, validate
from inkling.words import TextReader, Word
from inkling.words.live import LiveRow
from inkling.words.own import check
from inkling.words.rows import rows_of
from tab.record import Record
from tab.session import Session

# Readings of a word that are told.
TOP = 5
# Rows that are followed at a time, some 5 MB each: the hand goes back and forth between few.
ROWS = 2


class Writing:
    """Reads rows of ink with the network for text and the language that it came with."""

    def __init__(self, _session: Session) -> None:
        self._reader = TextReader.load()
        # What may be read and the language of each row, and the row; the one that was read last stands last.
        self._rows: list[tuple[tuple[str | None, str | None], LiveRow]] = []

    def read(self, points: np.ndarray, lengths: np.ndarray, options: Mapping[str, object]) -> Record:
        """Read the ink of one row, or of a part of one.

        points : float32 (2n,), x0, y0, x1, y1, ... of all strokes one after the other, y down
        lengths : int (strokes,), number of points of each stroke
        options : {"allowed": the characters that may be read, or nothing for all; "language": "en", or nothing for none;
            "settled": whether to compute it anew, as the package reads it. Else, where the ink begins with ink that has
            been read, what was computed of that stands, which is faster}

        Returns ``{"text", "probability", "milliseconds", "words": [{"text", "probability", "start" (its place in the text),
        "strokes": [number, ...], "readings": [{"text", "probability", "literal"}, ...] best first, "characters": [{"label",
        "probability", "spans": [[stroke, first point, last point], ...], "alternatives": [label, ...]}, ...]}, ...]}``, no
        words where nothing was read.
        """
        started = perf_counter()
        ink = Ink(points, lengths)
        how = _text(options, "allowed"), _text(options, "language")
        if options.get("settled") is True:
            text, words = self._reader.read_words(ink, *how, top=TOP)
        else:
            text, words = self._row(ink, how).read(ink, top=TOP)
        numbers = np.flatnonzero(lengths).tolist()  # strokes without points are not counted by the reader
        return {
            "text": text.text,
            "probability": text.probability,
            "words": [_told(word, numbers) for word in words],
            "milliseconds": 1000 * (perf_counter() - started),
        }

    def explain(self, points: np.ndarray, lengths: np.ndarray, options: Mapping[str, object]) -> Record:
        """How a row is read; takes what `read` takes.

        Returns ``{"text", "literal": what the ink alone says, "columns": float32 (T,), x of each column's middle, "best": of
        each column [[label, probability], ...], "" for the blank, "path": [[column, label], ...] of those that show a
        character, "gain": [[word, nats that the language gave for it], ...]}``.
        """
        found = self._reader.explain(Ink(points, lengths), _text(options, "allowed"), _text(options, "language"))
        if not found:
            return {"text": "", "literal": "", "columns": np.empty(0, np.float32), "best": [], "path": [], "gain": []}
        return {
            "text": found.text,
            "literal": found.literal,
            "columns": found.columns.astype(np.float32),
            "best": [[list(each) for each in column] for column in found.best],
            "path": [list(each) for each in found.path],
            "gain": [list(each) for each in found.gain],
        }

    def learn_words(self, words: Sequence[tuple[str, int]]) -> Record:
        """Count words of the user's own, ``[[word, how often it was used], ...]``, in place of those counted before.

        None are counted after an empty list.

        Returns ``{"words": how many are counted, "skipped": those that cannot be read, as they hold spaces or other
        characters than the alphabet}``.
        """
        counts: dict[str, int] = {}
        skipped: list[str] = []
        for word, count in words:
            try:
                check(word, int(count))
            except ValueError:
                skipped.append(word)
            else:
                counts[word] = counts.get(word, 0) + int(count)
        self._reader.learn_words(counts)
        self._rows.clear()
        return {"words": len(counts), "skipped": skipped}

    def _row(self, ink: Ink, how: tuple[str | None, str | None]) -> LiveRow:
        """The row that goes on with this ink, or a new one."""
        held = [(row.holds(ink), place) for place, (asked, row) in enumerate(self._rows) if asked == how]
        most, place = max(held, default=(0, 0))
        asked = self._rows.pop(place) if most else (how, self._reader.follow(*how))
        self._rows = [*self._rows[1 - ROWS :], asked]
        return asked[1]

    def rows(self, points: np.ndarray, lengths: np.ndarray) -> list[list[int]]:
        """The numbers of the strokes of each row of a page, from the upper to the lower; takes ink as `read` does."""
        return rows_of([stroke.astype(float) for stroke in validate(Ink(points, lengths))])


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
