"""Fonts of handwriting, as samples: each character is drawn in print and traced to strokes.

They show letters as schools teach them that are rare in the ink learned from: the printed g, the closed 4, the 1 with a
serif. Opened with Pillow: `pip install 'inkling[pictures]'`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..ink.tracing import trace
from ..labels import LABELS
from .sample import DataError, OnBad, Sample, stop
from .streams import read_whole

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

# Size of the font in which letters are drawn, and white on each side of them, in pixels: tracing makes them smaller.
HEIGHT = 160
MARGIN = 20
LARGEST_FILE = 64 * 2**20
# A traced pixel is a 72nd of the character; strokes are kept to a tenth of it, as whole numbers.
SCALE = 10
# A code point that is no character: what a font draws for it, it draws for all that it has not.
NO_CHARACTER = "\uffff"
# What files begin with: TrueType, OpenType, WOFF, WOFF2.
BEGINNINGS = (b"\0\1\0\0", b"OTTO", b"wOFF", b"wOF2")


def read(path: str | Path, on_bad: OnBad = stop) -> Iterator[Sample]:
    """One sample for each of the 62 characters that a font has; all faces of a family are one writer, "font_<family>"."""
    try:
        font = _open(Path(path))
    except DataError as error:
        on_bad(error)
        return
    family = "-".join((font.getname()[0] or Path(path).stem).lower().split())
    missing = _picture(font, NO_CHARACTER)
    for label in LABELS:
        pixels = _picture(font, label)
        strokes = () if np.array_equal(pixels, missing) else trace(pixels)
        if strokes:
            yield Sample(
                label, tuple(np.round(SCALE * stroke).astype(np.float32) for stroke in strokes), writer=f"font_{family}"
            )


def _open(path: Path) -> FreeTypeFont:
    try:
        from PIL import ImageFont
    except ImportError:
        raise DataError(path, "fonts are opened with Pillow, which is missing: pip install 'inkling[pictures]'") from None
    content = read_whole(path, LARGEST_FILE)
    try:
        return ImageFont.truetype(io.BytesIO(content), HEIGHT)
    except (OSError, ValueError):
        raise DataError(path, "the font is damaged or cut short") from None


def _picture(font: FreeTypeFont, text: str) -> np.ndarray:
    """A text in black on white -> (H, W) uint8."""
    from PIL import Image, ImageDraw

    left, top, right, bottom = font.getbbox(text)
    size = (round(right - left) + 2 * MARGIN, round(bottom - top) + 2 * MARGIN)
    picture = Image.new("L", size, 255)
    ImageDraw.Draw(picture).text((MARGIN - left, MARGIN - top), text, font=font, fill=0)
    return np.asarray(picture)
