"""CIFAR-10: 60,000 photographs of 32 x 32 pixels.

A. Krizhevsky, "Learning multiple layers of features from tiny images", 2009. Two forms of it are read:

- The published binary version: `cifar-10-binary.tar.gz`, its folder, or one of its files. A photograph is a byte for the
  class, then 1,024 bytes each of red, green and blue, row by row. Files whose name begins with "test" are for testing.
- An `.npz` of JPEGs: `jpeg`, their bytes one after the other (uint8); `offsets`, where each begins, and the end (int64);
  `labels` (uint8); `split`, 0 to learn from and 1 for testing (uint8); `names` of the classes. JPEGs are opened with
  Pillow, which is asked for only here.

The version of pickles is not read: a pickle can run code when it is read.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np

from ..arrays import Arrays, ArraysError, open_arrays
from .sample import DataError, shortly
from .streams import DAMAGED, first_bytes

SIDE = 32
NAMES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
PARTS = ("train", "validation", "test")
# Of the photographs to learn from, one in so many of each class is for validation, drawn by this seed.
ONE_IN, SEED = 10, 2026

_RECORD = 1 + 3 * SIDE * SIDE
# One file of the binary version holds 10,000 photographs; far larger ones are something else.
_LARGEST_BATCH = 100_000 * _RECORD
_LARGEST_ARCHIVE = 2**30
_LARGEST_FIELD = 2**29
_MOST_CLASSES = 256
_MOST_JPEG = 2**16
_BINARY = "the binary version holds the same photographs: cifar-10-binary.tar.gz, with data_batch_1.bin and so on"
_FIELDS = {"jpeg": ("u1", 1), "offsets": ("i8", 1), "labels": ("u1", 1), "split": ("u1", 1), "names": ("U", 1)}


class Photos(NamedTuple):
    """N photographs.

    Attributes
    ----------
    pixels : (N, 32, 32, 3) uint8
        Red, green and blue.
    labels : (N,) uint8
        Classes, places in `names`.
    names : tuple of str
        Of the classes.
    """

    pixels: np.ndarray
    labels: np.ndarray
    names: tuple[str, ...]

    def __len__(self) -> int:  # the number of photographs, not of fields
        return len(self.labels)

    def select(self, index: np.ndarray) -> Photos:
        """Only the photographs of `index` (int or bool)."""
        return Photos(self.pixels[index], self.labels[index], self.names)


def is_cifar(path: str | Path) -> bool:
    """Whether a file or folder is one that `read` is for; True also for the version of pickles, which it refuses."""
    path = Path(path)
    if path.is_dir():
        return any(_is_batch(file.name) for file in path.iterdir())
    if _is_batch(path.name) or _is_archive(path):
        return True
    if first_bytes(path, 4) != b"PK\x03\x04":
        return False
    try:
        with open_arrays(path) as archive:
            return {"jpeg", "offsets", "split"} <= set(archive.names)
    except ArraysError:
        return False


def read(path: str | Path, part: str | None = None) -> Photos:
    """The photographs of a file or folder, or those of one part of it.

    Parameters
    ----------
    part : "train", "validation", "test" or None
        Test photographs are those that were published as such; a tenth of the others, of each class, is for validation.

    Raises
    ------
    DataError
        Names the file and what is wrong with it.
    OSError
        Where there is no such file.
    """
    if part not in (None, *PARTS):
        raise ValueError(f"part is one of {', '.join(PARTS)}, not {part!r}")
    path = Path(path)
    if path.is_dir() or _is_archive(path) or _is_batch(path.name):
        photos, is_test = _read_binary(path)
        found = photos.select(_chosen(photos.labels, is_test, part))
    else:
        found = _read_npz(path, part)
    if not len(found):
        raise DataError(path, f"no photographs of the part {part!r}" if part else "no photographs")
    return found


def _chosen(labels: np.ndarray, is_test: np.ndarray, part: str | None) -> np.ndarray:
    """The places of the photographs of a part, or of all; the same whenever they are asked for."""
    if part is None:
        return np.arange(len(labels))
    parts = np.where(is_test, "test", "train").astype("U10")
    rng = np.random.default_rng(SEED)
    for label in range(int(labels.max(initial=0)) + 1):
        places = rng.permutation(np.flatnonzero((labels == label) & ~is_test))
        parts[places[: len(places) // ONE_IN]] = "validation"
    return np.flatnonzero(parts == part)


def _is_batch(name: str) -> bool:
    return name.startswith(("data_batch", "test_batch"))


def _is_archive(path: Path) -> bool:
    return path.name.endswith((".tar.gz", ".tgz", ".tar"))


def _read_binary(path: Path) -> tuple[Photos, np.ndarray]:
    """All photographs, and which of them are for testing."""
    batches: list[tuple[str, np.ndarray]] = []
    names: tuple[str, ...] = NAMES
    for name, file in _files(path):
        where = path if path.is_file() and not _is_archive(path) else path / name
        if name == "batches.meta.txt":
            names = _names(where, file.read(4096))
        else:
            batches.append((name, _batch(where, file.read(_LARGEST_BATCH + 1))))
    if not batches:
        raise DataError(path, f"no photographs: {_BINARY}")
    batches.sort(key=lambda batch: batch[0])
    records = np.concatenate([batch for _, batch in batches])
    labels = records[:, 0]
    if labels.max() >= len(names):
        raise DataError(
            path, f"photograph {int(labels.argmax())} is of class {labels.max()}; there are {len(names)} classes"
        )
    pixels = np.ascontiguousarray(records[:, 1:].reshape(-1, 3, SIDE, SIDE).transpose(0, 2, 3, 1))
    is_test = np.concatenate([np.full(len(batch), name.startswith("test")) for name, batch in batches])
    return Photos(pixels, labels.copy(), names), is_test


def _files(path: Path) -> Iterator[tuple[str, BinaryIO]]:
    """Name and content of every batch, and of the classes' names, in a folder, an archive, or alone."""
    if path.is_dir():
        for file in sorted(path.iterdir()):
            if file.is_file() and (_is_batch(file.name) or file.name == "batches.meta.txt"):
                with file.open("rb") as opened:
                    yield file.name, opened
    elif _is_archive(path):
        try:
            with tarfile.open(path) as archive:
                for member in archive:
                    if member.offset_data + member.size > _LARGEST_ARCHIVE:
                        raise DataError(
                            path, f"unpacks to more than {_LARGEST_ARCHIVE // 2**20} MB, which CIFAR-10 does not"
                        )
                    name = member.name.rpartition("/")[2]
                    # Links are no files: they may lead out of the archive.
                    if member.isreg() and (_is_batch(name) or name == "batches.meta.txt"):
                        content = archive.extractfile(member)
                        assert content is not None, "a regular file has content"
                        yield name, io.BytesIO(content.read(_LARGEST_BATCH + 1))
        except (tarfile.TarError, *DAMAGED) as error:
            raise DataError(path, f"the archive is damaged or cut short ({error})") from None
    else:
        with path.open("rb") as opened:
            yield path.name, opened


def _batch(where: Path, content: bytes) -> np.ndarray:
    """(N, 1 + 3,072) uint8."""
    if content[:1] == b"\x80" and not where.name.endswith(".bin"):
        raise DataError(where, f"a Python pickle, which can run code when it is read and is not accepted; {_BINARY}")
    if len(content) > _LARGEST_BATCH:
        raise DataError(where, f"larger than {_LARGEST_BATCH // 2**20} MB, not a file of CIFAR-10's binary version")
    if not content or len(content) % _RECORD:
        raise DataError(
            where,
            f"{len(content):,} bytes are not whole photographs of {_RECORD:,}: cut short, or another format",
        )
    return np.frombuffer(content, np.uint8).reshape(-1, _RECORD)


def _names(where: Path, content: bytes) -> tuple[str, ...]:
    try:
        names = tuple(line.strip() for line in content.decode("ascii").splitlines() if line.strip())
    except UnicodeDecodeError:
        names = ()
    if not names or len(set(names)) < len(names) or not all(name.isprintable() for name in names):
        raise DataError(where, "not the names of the classes, one a line")
    return names


def _read_npz(path: Path, part: str | None) -> Photos:
    try:
        with open_arrays(path) as archive:
            arrays = {name: _field(path, archive, name) for name in _FIELDS}
    except ArraysError as error:
        what = f"array {error.field} {error.reason}" if error.field else f"not CIFAR-10 as an .npz of JPEGs ({error})"
        raise DataError(path, what) from None
    jpeg, offsets, labels, split = (arrays[name] for name in ("jpeg", "offsets", "labels", "split"))
    names = tuple(str(name) for name in arrays["names"])
    if not 1 <= len(names) <= _MOST_CLASSES or len(set(names)) < len(names) or not all(map(str.isprintable, names)):
        raise DataError(path, f"array names: not 1 to {_MOST_CLASSES} different names, but {shortly(list(names))}")
    if len(offsets) != len(labels) + 1 or len(split) != len(labels):
        raise DataError(
            path, f"{len(labels):,} labels, {len(split):,} of split and {len(offsets):,} offsets, which are to be one more"
        )
    if offsets[0] != 0 or offsets[-1] != len(jpeg) or (np.diff(offsets) <= 0).any():
        raise DataError(path, f"array offsets: not places of photographs in {len(jpeg):,} bytes, one after the other")
    if labels.max(initial=0) >= len(names) or split.max(initial=0) > 1:
        raise DataError(
            path, f"a label of {labels.max(initial=0)} or a split of {split.max(initial=0)}, beyond what there is"
        )
    chosen = _chosen(labels, split == 1, part)
    content = jpeg.tobytes()
    pixels = np.empty((len(chosen), SIDE, SIDE, 3), np.uint8)
    for place, n in enumerate(chosen.tolist()):
        pixels[place] = _decoded(path, n, content[offsets[n] : offsets[n + 1]])
    return Photos(pixels, labels[chosen], names)


def _field(path: Path, archive: Arrays, name: str) -> np.ndarray:
    kind, axes = _FIELDS[name]
    shape, dtype = archive.header(name)
    if len(shape) != axes or kind not in (dtype.kind, dtype.str[1:]):
        raise DataError(path, f"array {name}: {dtype} of shape {shape}, not {kind} along one axis")
    return archive.read(name, _LARGEST_FIELD)


def _decoded(path: Path, n: int, content: bytes) -> np.ndarray:
    try:
        from PIL import Image
    except ImportError:
        raise DataError(path, "JPEGs are opened with Pillow, which is missing: pip install 'inkling[pictures]'") from None
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG"]) as picture:
            if picture.size != (SIDE, SIDE) or picture.mode != "RGB" or len(content) > _MOST_JPEG:
                raise DataError(path, f"not of {SIDE} x {SIDE} pixels in color, but {picture.size}", n, unit="photograph")
            return np.asarray(picture)
    except DataError:
        raise
    except Exception as error:  # what a decoder raises at damaged bytes is whatever it stumbled over
        raise DataError(path, "the JPEG is damaged", n, unit="photograph") from error
