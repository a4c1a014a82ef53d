"""Pictures in one `.npz` of numpy: arrays images, labels and, if need be, case_known and writers.

images : (N, H, W) uint8, dark on light or light on dark
labels : (N,) text, one character each
case_known : (N,) bool; False where the label says which letter it is but not in which case
writers : (N,) text
"""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

import numpy as np
from numpy.lib.npyio import NpzFile

from ..files import atomic_write
from .sample import DataError, OnBad, Sample, check_label, check_pixels, check_sides, stop
from .streams import DAMAGED

# Unpacked size of one array: 5 million pictures of 28 x 28.
LARGEST_ARRAY = 4 * 2**30


def read(path: str | Path, on_bad: OnBad = stop) -> Iterator[Sample]:
    """Samples of a file, in its order."""
    try:
        images, labels, case_known, writers = _load(Path(path))
    except DataError as error:
        on_bad(error)
        return
    for index, (image, label, known, writer) in enumerate(zip(images, labels, case_known, writers)):
        try:
            label = check_label(label)
        except ValueError as error:
            on_bad(DataError(path, str(error), index, unit="picture"))
            continue
        yield Sample(label, pixels=image, writer=writer, case_known=known, line=index)


def _load(path: Path) -> tuple[np.ndarray, list[str], list[bool], list[str]]:
    try:
        archive = np.load(path, allow_pickle=False)
    except (ValueError, EOFError, zipfile.BadZipFile, *DAMAGED) as error:
        raise DataError(path, f"not an .npz file, or cut short ({error})") from None
    if not isinstance(archive, NpzFile):
        raise DataError(path, "a single array; pictures are an .npz with arrays images and labels")
    with archive:
        images = _array(path, archive, "images", "u", 3)
        if images.dtype != np.uint8:
            raise DataError(path, f"array images: {images.dtype}, not uint8")
        try:
            check_sides(*images.shape[1:])
        except ValueError as error:
            raise DataError(path, f"array images: {error}") from None
        images.flags.writeable = False
        count = len(images)
        labels = _array(path, archive, "labels", "U", 1, count).tolist()
        case_known = (
            _array(path, archive, "case_known", "b", 1, count).tolist() if "case_known" in archive.files else [True] * count
        )
        writers = _array(path, archive, "writers", "U", 1, count).tolist() if "writers" in archive.files else [""] * count
    return images, labels, case_known, writers


def _array(path: Path, archive: NpzFile, name: str, kind: str, axes: int, length: int | None = None) -> np.ndarray:
    """One array, its header checked before its content is read."""
    if name not in archive.files:
        raise DataError(path, f"array {name} is missing; there are {', '.join(archive.files[:8]) or 'none'}")
    try:
        assert archive.zip is not None, "it has just been opened"
        with archive.zip.open(name + ".npy") as file:
            shape, dtype = _npy_header(file)
        if dtype.kind != kind or len(shape) != axes:
            expected = {"u": "uint8", "U": "text", "b": "bool"}[kind]
            raise DataError(path, f"array {name}: {dtype} of shape {shape}, not {expected} along {axes} axes")
        if length is not None and shape != (length,):
            raise DataError(path, f"array {name}: {shape[0]:,} of them for {length:,} images")
        if math.prod(shape) * dtype.itemsize > LARGEST_ARRAY:
            raise DataError(path, f"array {name}: shape {shape} is more than {LARGEST_ARRAY // 2**30} GB")
        return archive[name]
    except (ValueError, EOFError, KeyError, NotImplementedError, OSError, zipfile.BadZipFile, *DAMAGED) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(path, f"array {name} cannot be read, the file is damaged ({error})") from None


def _npy_header(file: IO[bytes]) -> tuple[tuple[int, ...], np.dtype]:
    version = np.lib.format.read_magic(file)
    header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = header(file)
    return shape, dtype


def write_samples(path: str | Path, samples: Iterable[Sample]) -> int:
    """Write pictures, all of one size; returns how many. A failure half way leaves what was there before."""
    samples = list(samples)
    images: list[np.ndarray] = []
    for index, sample in enumerate(samples):
        if sample.pixels is None:
            raise ValueError(f"sample {index}, {sample.label!r}, is ink; .npz holds pictures")
        images.append(check_pixels(sample.pixels))
        if images[-1].shape != images[0].shape:
            raise ValueError(
                f"picture {index} is {images[-1].shape}, those before it {images[0].shape}; "
                "one .npz holds pictures of one size"
            )
    shape = images[0].shape if images else (1, 1)
    with atomic_write(path) as file:
        np.savez_compressed(
            file,
            images=np.array(images, np.uint8).reshape(len(samples), *shape),
            labels=np.array([check_label(sample.label) for sample in samples], "U1"),
            case_known=np.array([sample.case_known for sample in samples], bool),
            writers=np.array([sample.writer for sample in samples], str),
        )
    return len(samples)
