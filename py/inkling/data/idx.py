"""IDX files, plain or gzip'd: the format of MNIST and EMNIST, one file of images, one of labels.

Big-endian: two bytes 0, a byte of type (8 for uint8), a byte with the number of axes, an
int32 for the length of each, then the values (Y. LeCun, C. Cortes, C. Burges, "The MNIST
database"). EMNIST (Cohen et al. 2017) has its images transposed and numbers its classes by
split; the file's name tells which it is.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np

from ..labels import CAPITALS, DIGITS, LABELS, ONE_SHAPE_BOTH_CASES
from .sample import DataError, OnBad, Sample, check_sides, stop
from .streams import DAMAGED, open_bytes

_UINT8 = 0x08
# Images read at a time, so that memory is not allocated on a header's word.
_CHUNK = 1024


class _Layout(NamedTuple):
    """How a collection stores its images, and the characters that its class numbers stand for."""

    classes: str
    first: int = 0
    transposed: bool = True
    merged: str = ""  # letters of which the class holds both cases


# EMNIST's 47 classes: the 62 without the lower case of fifteen letters.
_47 = DIGITS + CAPITALS + "abdefghnqrt"

LAYOUTS = {
    "mnist": _Layout(DIGITS, transposed=False),
    "emnist-mnist": _Layout(DIGITS),
    "emnist-digits": _Layout(DIGITS),
    "emnist-letters": _Layout(CAPITALS, first=1, merged=CAPITALS),
    "emnist-balanced": _Layout(_47, merged=ONE_SHAPE_BOTH_CASES),
    "emnist-bymerge": _Layout(_47, merged=ONE_SHAPE_BOTH_CASES),
    "emnist-byclass": _Layout(LABELS),
}


def read(path: str | Path, on_bad: OnBad = stop, layout: str | None = None) -> Iterator[Sample]:
    """Samples of a pair of files; `path` may be either, the other must lie beside it.

    layout : a key of LAYOUTS; by default what the name says ("emnist-letters-train-images-
        idx3-ubyte.gz"), and "mnist" if it says nothing
    """
    images_path, labels_path = pair(Path(path))
    kind = _layout(layout, images_path)
    with open_bytes(images_path) as images_file, open_bytes(labels_path) as labels_file:
        try:
            count, height, width = _header(images_file, images_path, axes=3)
            (label_count,) = _header(labels_file, labels_path, axes=1)
            check_sides(height, width)
        except DataError as error:
            on_bad(error)
            return
        except ValueError as error:
            on_bad(DataError(images_path, str(error)))
            return
        if count != label_count:
            on_bad(DataError(images_path, f"{count:,} images, but {label_count:,} labels in {labels_path.name}"))
        for start in range(0, min(count, label_count), _CHUNK):
            wanted = min(_CHUNK, count - start, label_count - start)
            images = _read(images_file, images_path, wanted * height * width, on_bad, start)
            labels = _read(labels_file, labels_path, wanted, on_bad, start)
            complete = min(len(images) // (height * width), len(labels))
            images = images[: complete * height * width].reshape(complete, height, width)
            if kind.transposed:
                images = images.transpose(0, 2, 1)
            images = np.ascontiguousarray(images)
            images.flags.writeable = False
            for index in range(complete):
                number = int(labels[index]) - kind.first
                if not 0 <= number < len(kind.classes):
                    on_bad(
                        DataError(
                            labels_path,
                            f"class {labels[index]}, where {kind.first} to {kind.first + len(kind.classes) - 1} stand "
                            f"for {kind.classes}; which collection is it? One of {', '.join(LAYOUTS)}",
                            start + index,
                            unit="picture",
                        )
                    )
                    continue
                label = kind.classes[number]
                yield Sample(label, pixels=images[index], case_known=label not in kind.merged, line=start + index)
            if complete < wanted:
                return
        for file, file_path, total in ((images_file, images_path, count), (labels_file, labels_path, label_count)):
            if total == min(count, label_count):
                _expect_end(file, file_path, total, on_bad)


def pair(path: Path) -> tuple[Path, Path]:
    """Names of the images and of the labels, given either; DataError if the other is not there."""
    for here, there in (("images", "labels"), ("labels", "images")):
        if here in path.name:
            # MNIST is found with a dot before "idx" as well as with a dash; either may be packed.
            name = path.name.replace(here, there).replace("idx3", "idx#").replace("idx1", "idx#")
            name = name.replace("idx#", "idx1" if there == "labels" else "idx3").removesuffix(".gz")
            for other in (path.with_name(name), path.with_name(name + ".gz")):
                if other.is_file():
                    return (path, other) if here == "images" else (other, path)
            raise DataError(path, f"its {there} are not beside it: no file {name} or {name}.gz")
    raise DataError(path, 'an IDX file is named for what it holds, "...images-idx3-ubyte" or "...labels-idx1-ubyte"')


def _layout(name: str | None, path: Path) -> _Layout:
    if name is None:
        match = re.search("emnist-(mnist|digits|letters|balanced|bymerge|byclass)", path.name.lower())
        name = match[0] if match else "mnist"
    if name not in LAYOUTS:
        raise ValueError(f"layout is one of {', '.join(LAYOUTS)}, not {name!r}")
    return LAYOUTS[name]


def _header(file: BinaryIO, path: Path, axes: int) -> tuple[int, ...]:
    size = 4 + 4 * axes
    try:
        head = file.read(size)
    except DAMAGED as error:
        raise DataError(path, f"the file is damaged or cut short ({error})") from None
    if len(head) < size:
        raise DataError(path, "cut short within its header")
    if head[:2] != b"\0\0" or head[2] != _UINT8 or head[3] != axes:
        raise DataError(
            path,
            f"not IDX with bytes along {axes} axes: it begins with {head[:4].hex(' ')}, not 00 00 08 {axes:02x}",
        )
    return struct.unpack(f">{axes}I", head[4:])


def _read(file: BinaryIO, path: Path, size: int, on_bad: OnBad, start: int) -> np.ndarray:
    """`size` bytes, or as many as there are before the file ends or breaks."""
    try:
        data, reason = file.read(size), "the file is cut short"
    except DAMAGED as error:
        data, reason = b"", f"the file is damaged or cut short ({error})"
    if len(data) < size:
        on_bad(DataError(path, f"{reason}, at or after this", start, unit="picture"))
    return np.frombuffer(data, np.uint8)


def _expect_end(file: BinaryIO, path: Path, total: int, on_bad: OnBad) -> None:
    """Also makes gzip compare its checksum."""
    try:
        if file.read(1):
            on_bad(DataError(path, f"holds more than the {total:,} its header says"))
    except DAMAGED as error:
        on_bad(DataError(path, f"the file is damaged or cut short ({error})"))
