"""One drawing in a file: ink as JSON, as the page saves it and as one writes it by hand.

    {"strokes": [[[x, y], ...], ...]}        other keys do not matter
    [[[x, y], ...], ...]                     the strokes alone

The page's reader keeps to the same rules, and both to tests/cases/ink.json:

- UTF-8, or UTF-16 with a byte-order mark, as PowerShell writes it; a mark in UTF-8 is passed over.
- A point is [x, y], two finite numbers up to 1e12, x to the right and y down, in any unit.
- A point with null in it, which is how JSON writes what is not finite, is left out, and that is told.
- A stroke without points is left out. No strokes at all is no ink, not an error.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ..ink.strokes import MOST_POINTS, Ink, validate
from .sample import DataError, shortly
from .streams import decode_json, text_of

# Of a file, in bytes: MOST_POINTS points with two numbers a line are fewer.
LARGEST_FILE = 16 * 2**20


class InkFile(NamedTuple):
    """strokes : what was drawn; left_out : how many points had no place."""

    strokes: Ink
    left_out: int = 0


def read_ink(path: str | Path) -> InkFile:
    """The drawing in a file. OSError where it cannot be opened; DataError, in one line, where it holds no ink."""
    with Path(path).open("rb") as file:
        content = file.read(LARGEST_FILE + 1)
    try:
        if len(content) > LARGEST_FILE:
            raise ValueError(f"larger than {LARGEST_FILE // 2**20} MB, which no drawing is")
        return parse(content)
    except ValueError as error:
        raise DataError(path, str(error)) from None


def looks_like_ink(start: bytes) -> bool:
    """Whether a file that begins so is JSON, by its first character."""
    # An even number of bytes: half a character of UTF-16 is none.
    return text_of(start[: len(start) // 2 * 2], errors="ignore").lstrip()[:1] in ("[", "{")


def parse(content: bytes) -> InkFile:
    """The drawing in the bytes of a file; ValueError says what is wrong with them."""
    strokes = decode_json(content)
    if isinstance(strokes, dict):
        if "strokes" not in strokes:
            raise ValueError('"strokes" is missing')
        strokes = strokes["strokes"]
    if not isinstance(strokes, list):
        raise ValueError(f"ink is a list of strokes, not {shortly(strokes)}")
    kept, left_out, points = [], 0, 0
    for index, stroke in enumerate(strokes):
        if not isinstance(stroke, list):
            raise ValueError(f"stroke {index} is a list of points [x, y], not {shortly(stroke)}")
        points += len(stroke)
        if points > MOST_POINTS:
            raise ValueError(f"more than {MOST_POINTS:,} points, which no drawing has")
        for point in stroke:
            if not _is_point(point):
                raise ValueError(f"stroke {index} holds {shortly(point)}, not a point [x, y]")
        whole = [point for point in stroke if None not in point]
        left_out += len(stroke) - len(whole)
        if whole:
            kept.append(whole)
    return InkFile(validate(kept), left_out)


def _is_point(point: object) -> bool:
    return isinstance(point, list) and len(point) == 2 and all(n is None or type(n) in (int, float) for n in point)
