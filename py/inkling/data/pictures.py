"""Pictures in one `.npz` of numpy: arrays images, labels and, if need be, case_known and writers.

images : (N, H, W) uint8, dark on light or light on dark
labels : (N,) text, one character each
case_known : (N,) bool; False where the label says which letter it is but not in which case
writers : (N,) text
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from ..arrays import Arrays, ArraysError, open_arrays
from ..files import atomic_write
from .sample import DataError, OnBad, Sample, check_label, check_pixels, check_sides, shortly, stop

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
        with open_arrays(path) as archive:
            images = _array(path, archive, "images", "u", 3)
            count = len(images)
            labels = _array(path, archive, "labels", "U", 1, count).tolist()
            case_known, writers = [True] * count, [""] * count
            if "case_known" in archive.names:
                case_known = _array(path, archive, "case_known", "b", 1, count).tolist()
            if "writers" in archive.names:
                writers = _array(path, archive, "writers", "U", 1, count).tolist()
    except ArraysError as error:
        if not error.field:
            raise DataError(path, f"not an .npz file, or cut short ({error})") from None
        names = ", ".join(name if name.isidentifier() else shortly(name) for name in archive.names[:8])
        there = f"; there are {names or 'none'}" if error.reason == "is missing" else ""
        raise DataError(path, f"array {error.field} {error.reason}{there}") from None
    return images, labels, case_known, writers


def _array(path: Path, archive: Arrays, name: str, kind: str, axes: int, length: int | None = None) -> np.ndarray:
    """One array, its header checked before its content is read."""
    shape, dtype = archive.header(name)
    if dtype.kind != kind or len(shape) != axes or (kind == "u" and dtype != np.uint8):
        expected = {"u": "uint8", "U": "text", "b": "bool"}[kind]
        raise DataError(path, f"array {name}: {dtype} of shape {shape}, not {expected} along {axes} axes")
    if length is not None and shape != (length,):
        raise DataError(path, f"array {name}: {shape[0]:,} of them for {length:,} images")
    if kind == "u":
        try:
            check_sides(*shape[1:])
        except ValueError as error:
            raise DataError(path, f"array {name}: {error}") from None
    return archive.read(name, LARGEST_ARRAY)


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
