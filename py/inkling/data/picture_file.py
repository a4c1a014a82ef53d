"""A picture in a file of its own, PNG, JPEG and the like, as pixels that `Recognizer.read_image` takes.

Opened with Pillow, which is asked for only here: `pip install 'inkling[pictures]'`.
"""

from __future__ import annotations

import io
import math
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .sample import DataError
from .streams import read_whole

if TYPE_CHECKING:
    from PIL import Image

# Pillow's names of what is opened. It knows more, some of which start other programs (EPS).
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP", "AVIF", "JPEG2000", "PPM", "ICO")
# What a file may unpack to: a scan of 8,192 x 8,192, which takes up to 0.8 GB while it is unpacked.
MOST_PIXELS = 2**26
# A character needs fewer; larger pictures are made smaller, so that all that follows is quick.
LONGEST_SIDE = 2048
LARGEST_FILE = 256 * 2**20

# Pillow's modes whose numbers go beyond 255, and which it would cut off there.
_WIDE = ("I", "F", "I;16", "I;16L", "I;16B", "I;16N")
_WITH_ALPHA = ("LA", "PA", "La", "RGBA", "RGBa")
# How to turn what an EXIF orientation says was stored turned (Exif 2.32, tag 274): flips first, then quarter turns.
_ORIENTATIONS = {2: (1, 0), 3: (0, 2), 4: (1, 2), 5: (1, 1), 6: (0, 3), 7: (1, 3), 8: (0, 1)}
_FOREIGN = (
    (b"%PDF", "a PDF"),
    (b"%!PS", "PostScript"),
    (b"<svg", "an SVG drawing"),
    (b"<?xml", "XML"),
    (b"PK\x03\x04", "a zip archive or an .npz"),
    (b"\x1f\x8b", "a gzip'd file"),
    (b"\x93NUMPY", "a numpy array"),
)


def read_picture(path: str | Path) -> np.ndarray:
    """The pixels of a picture, upright, the first frame of several.

    Returns uint8 (H, W), (H, W, 3) RGB or (H, W, 4) RGBA, the longer side at most `LONGEST_SIDE`. Greys of 16
    or 32 bits and of floating point are scaled to 0 ... 255 (see `_to_bytes`).

    OSError where the file cannot be opened; DataError, in one line, where it is no picture, is damaged, or
    has more than `MOST_PIXELS`.
    """
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError:
        raise DataError(path, "pictures are opened with Pillow, which is missing: pip install 'inkling[pictures]'") from None
    content = read_whole(path, LARGEST_FILE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of damaged EXIF and the like, in lines of their own
        try:
            Image.init()
            known = [name for name in FORMATS if name in Image.OPEN]  # Pillow may have been built without some
            with Image.open(io.BytesIO(content), formats=known) as picture:
                return _pixels(path, picture)
        except DataError:
            raise
        except UnidentifiedImageError:
            raise DataError(path, _what_it_is(content)) from None
        except Image.DecompressionBombError:
            raise DataError(path, f"more than {MOST_PIXELS:,} pixels; make it smaller") from None
        except Exception as error:  # what a decoder raises at damaged bytes is whatever it stumbled over
            raise DataError(path, "the picture is damaged or cut short, or of a kind that cannot be read") from error


def _pixels(path: str | Path, picture: Image.Image) -> np.ndarray:
    from PIL import Image

    width, height = picture.size
    # A photograph is unpacked at a half, a quarter or an eighth of its size, which costs as much less.
    picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    if math.prod(picture.size) > MOST_PIXELS:
        raise DataError(path, f"a picture of {width:,} x {height:,} pixels; {MOST_PIXELS:,} are the most, make it smaller")
    with _silence() if picture.format == "TIFF" else nullcontext():
        picture.load()
    flip, quarters = _ORIENTATIONS.get(_orientation(picture), (0, 0))
    if picture.mode in _WIDE:
        picture = Image.fromarray(_to_bytes(path, np.asarray(picture)))
    elif picture.mode in _WITH_ALPHA or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    elif picture.mode in ("1", "L"):
        picture = picture.convert("L")
    else:
        picture = picture.getchannel(0) if picture.mode == "LAB" else picture.convert("RGB")
    times = math.ceil(max(picture.size) / LONGEST_SIDE)
    pixels = np.asarray(picture.reduce(times) if times > 1 else picture)
    return np.ascontiguousarray(np.rot90(pixels[:, ::-1] if flip else pixels, quarters))


@contextmanager
def _silence() -> Iterator[None]:
    """Nothing on the error output: libtiff writes there what it thinks of a file, past Python and line by line."""
    try:
        kept = os.dup(2)
    except OSError:  # there is none
        yield
        return
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _orientation(picture: Image.Image) -> int:
    """1 to 8; 1, upright, where the picture does not say or its EXIF is damaged."""
    try:
        return int(picture.getexif().get(0x0112, 1))
    except Exception:  # noqa: BLE001 - as above; the pixels are whole
        return 1


def _to_bytes(path: str | Path, values: np.ndarray) -> np.ndarray:
    """Greys of any numbers (H, W) -> uint8, in proportion, so that the lightest and the darkest stay apart.

    Black is 0, or the least number where that is below 0. White is 1, or the greatest number where that is little
    above, for fractions; else the largest number of the fewest bits, 8 or more, that hold them all: a scanner's
    12 bits come in files of 16.
    """
    low, high = float(values.min()), float(values.max())
    if not math.isfinite(high - low):
        raise DataError(path, "the picture has greys that are infinite or no numbers")
    low = min(low, 0.0)
    if high - low <= (4 if values.dtype.kind == "f" else 1):
        white = max(high, 1.0) - low
    else:
        white = 2.0 ** max(8, math.ceil(math.log2(high - low + 1))) - 1
    grey = np.empty(values.shape, np.uint8)
    for start in range(0, len(values), 256):  # some rows at a time: in float64 they take eight times the room
        rows = slice(start, start + 256)
        grey[rows] = np.rint((values[rows].astype(np.float64) - low) * (255 / white))
    return grey


def _what_it_is(content: bytes) -> str:
    start = content[:64].lstrip()
    what = next((what for magic, what in _FOREIGN if start.startswith(magic)), None)
    if not start:
        what = "an empty file"
    elif content[4:8] == b"ftyp":
        what = "HEIC or a film"
    return f"{what or 'not a picture'}; pictures are {', '.join(FORMATS[:-1])} and {FORMATS[-1]}"
