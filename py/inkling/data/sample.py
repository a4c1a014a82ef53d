"""A sample: one character as somebody wrote it, and what to do with a bad one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..ink.strokes import MOST_POINTS

# One character holds no more: strokes of ten points each, a scan at 600 points an inch.
MOST_STROKES = 10_000
LARGEST_COORDINATE = 1e9
LARGEST_SIDE = 4096
LONGEST_TEXT = 1000
# They say of the character before that it is shown as text or as an emoji: ❤ and ❤️ are one label.
VARIATION_SELECTORS = re.compile("[\ufe0e\ufe0f]")


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One written character; of `strokes` and `pixels` exactly one is there.

    Attributes
    ----------
    label : str
        One Unicode character; or the text of a line, where `is_text`.
    strokes : tuple of (n, 2) float32 arrays, or None
        n at least 1; x to the right, y down, in any unit.
    pixels : (H, W) uint8, or None
        Dark on light or light on dark.
    writer : str
        "" if not known; "contributor:writer" or "contributor_writer" where several collections are in one file.
    case_known : bool
        False where the label says which letter it is but not in which case.
    style : str
        "printed", "mixed", "cursive" or "?".
    quality : str
        What the source says of it: "ok", "good", "bad" ... or "?".
    line : int
        Number of the line (from 1), or of the picture (from 0), in its file.
    is_text : bool
        Whether the label is the text of a word or a line, however long, and not a character.
    """

    label: str
    strokes: tuple[np.ndarray, ...] | None = None
    pixels: np.ndarray | None = None
    writer: str = ""
    case_known: bool = True
    style: str = "?"
    quality: str = "?"
    line: int = 0
    is_text: bool = False

    @property
    def ink(self) -> tuple[np.ndarray, ...]:
        """The strokes; ValueError for a picture."""
        if self.strokes is None:
            raise ValueError(f"sample {self.line}, {self.label!r}, is a picture, not ink")
        return self.strokes


class DataError(ValueError):
    """A place in a file of samples that cannot be read; the message names file, line and reason."""

    def __init__(self, path: str | Path, reason: str, line: int | None = None, unit: str = "line"):
        super().__init__(f"{path}: {reason}" if line is None else f"{path}, {unit} {line}: {reason}")
        self.path, self.line, self.reason = str(path), line, reason


# Called by a reader with each bad line; either raises it or takes note and returns.
OnBad = Callable[[DataError], None]


def stop(error: DataError) -> None:
    """The strict `OnBad`: the first bad line ends the reading."""
    raise error


def check_label(label: object) -> str:
    """`label` as one composed character (NFC), without a variation selector; ValueError for anything else."""
    if isinstance(label, str) and len(label) != 1:
        label = VARIATION_SELECTORS.sub("", unicodedata.normalize("NFC", label[:16]))
    if not isinstance(label, str) or len(label) != 1 or not label.isprintable() or label.isspace():
        raise ValueError(f"the label is one character, not {shortly(label)}")
    return label


def check_text(text: object) -> str:
    """`text`, composed (NFC), without white space at its ends; ValueError for anything that is not one line of text."""
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_TEXT:
        raise ValueError(f"the text is one line of 1 to {LONGEST_TEXT:,} characters, not {shortly(text)}")
    text = unicodedata.normalize("NFC", text.strip())
    if not text.isprintable():
        raise ValueError(f"the text holds characters that cannot be written: {shortly(text)}")
    return text


def check_strokes(strokes: object) -> tuple[np.ndarray, ...]:
    """Lists of [x, y] as (n, 2) float32 arrays; ValueError says which stroke is wrong and how.

    The arrays are views of one, made by a single conversion: a file of 94,000 samples has
    200,000 strokes.
    """
    if not isinstance(strokes, (list, tuple)) or not strokes:
        raise ValueError(f"strokes are a list of at least one stroke, not {shortly(strokes)}")
    if len(strokes) > MOST_STROKES:
        raise ValueError(f"{len(strokes):,} strokes; one character has at most {MOST_STROKES:,}")
    ends: list[int] = []
    points: list[object] = []
    for index, stroke in enumerate(strokes):
        if not isinstance(stroke, (list, tuple, np.ndarray)):
            raise ValueError(f"stroke {index} is a list of points [x, y], not {shortly(stroke)}")
        if len(stroke) == 0:
            raise ValueError(f"stroke {index} is empty")
        points.extend(stroke.tolist() if isinstance(stroke, np.ndarray) else stroke)
        ends.append(len(points))
    if len(points) > MOST_POINTS:
        raise ValueError(f"{len(points):,} points; one character has at most {MOST_POINTS:,}")
    try:
        array = np.array(points)
    except (ValueError, OverflowError):
        array = None
    if array is None or array.dtype.kind not in "iuf" or array.shape != (len(points), 2):
        index, point = next((i, p) for i, p in enumerate(points) if not _is_point(p))
        raise ValueError(f"stroke {np.searchsorted(ends, index, 'right')} holds {shortly(point)}, not a point [x, y]")
    # max and min rather than abs: a comparison with NaN is False, so this catches it too.
    if not (array.max() <= LARGEST_COORDINATE and array.min() >= -LARGEST_COORDINATE):
        index = np.flatnonzero(~(np.abs(array) <= LARGEST_COORDINATE).all(axis=1))[0]
        x, y = array[index]
        raise ValueError(
            f"stroke {np.searchsorted(ends, index, 'right')} holds the point ({x:g}, {y:g}); "
            f"coordinates are finite and at most {LARGEST_COORDINATE:g}"
        )
    array = array.astype(np.float32)
    if len(ends) == 1:
        return (array,)
    return tuple(array[start:end] for start, end in zip([0, *ends], ends))


def _is_point(point: object) -> bool:
    try:
        array = np.array(point)
    except (ValueError, OverflowError):
        return False
    return array.shape == (2,) and array.dtype.kind in "iuf"


def check_pixels(pixels: object) -> np.ndarray:
    """`pixels`, if they are a picture: uint8 (H, W), neither empty nor huge."""
    if not isinstance(pixels, np.ndarray) or pixels.ndim != 2 or pixels.dtype != np.uint8:
        shape = getattr(pixels, "shape", type(pixels).__name__)
        raise ValueError(f"pixels are a uint8 array (H, W), not {getattr(pixels, 'dtype', '')} {shape}")
    check_sides(*pixels.shape)
    return pixels


def check_sides(height: int, width: int) -> None:
    """ValueError unless a picture of this size can be one character."""
    if not (1 <= height <= LARGEST_SIDE and 1 <= width <= LARGEST_SIDE):
        raise ValueError(f"pictures of {height} x {width} pixels; sides go from 1 to {LARGEST_SIDE}")


def shortly(value: object) -> str:
    """repr of `value`, cut to a length that fits into a message."""
    if isinstance(value, (list, tuple)) and len(value) > 8:
        return f"a list of {len(value):,}"
    if isinstance(value, (str, bytes)):
        value = value[:60]
    text = repr(value) if not isinstance(value, int) or abs(value) < 10**40 else "a huge integer"
    return text if len(text) <= 60 else text[:57] + "..."
