"""Arrays in an `.npz`, read one by one, each checked before it takes memory; what goes wrong is said in our words."""

from __future__ import annotations

import math
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO

import numpy as np

# What a file seems to be that is no .npz, by how it begins.
_FOREIGN = (
    (b"", "an empty file"),
    (b"PK", "damaged, or cut short"),
    (b"\x93NUMPY", "a single array"),
    (b"\x80", "a Python pickle, which can run code when it is read and is not accepted"),
    (b"\x1f\x8b", "a gzip'd file"),
)


class ArraysError(ValueError):
    """What is wrong with an .npz.

    field : the array's name; "" where it is the file as a whole
    reason : "is missing", "is damaged" ... of a field; of a file what it is instead
    """

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(f"'{field}' {reason}" if field else reason)
        self.reason, self.field = reason, field


class Arrays:
    """The arrays of an open .npz. `names` are theirs, in the file's order."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.names = [name.removesuffix(".npy") for name in archive.namelist() if name.endswith(".npy")]

    def header(self, name: str) -> tuple[tuple[int, ...], np.dtype[Any]]:
        """Shape and dtype of an array, without reading it. ArraysError as with `read`."""
        with self._member(name) as file:
            shape, _, dtype = _header(file)
        return shape, dtype

    def read(self, name: str, most_bytes: int) -> np.ndarray:
        """An array, read-only. ArraysError where it is missing, damaged, of Python objects or larger than `most_bytes`."""
        with self._member(name) as file:
            shape, is_fortran, dtype = _header(file)
            if dtype.hasobject:
                raise ArraysError("holds Python objects, which can run code when they are read and are not accepted", name)
            size = math.prod(shape) * dtype.itemsize
            if size > most_bytes:
                raise ArraysError(f"is larger than {_in_units(most_bytes)}", name)
            # The header's promise is believed where so many bytes are there.
            if size > self._archive.getinfo(f"{name}.npy").file_size:
                raise ArraysError(f"is cut short: it is to hold {shape} numbers of {dtype}", name)
            data = file.read(size)
            # Reading on to the end compares the checksum.
            if len(data) < size or file.read(1):
                raise ArraysError("is damaged", name)
            return np.ndarray(shape, dtype, buffer=data, order="F" if is_fortran else "C")

    @contextmanager
    def _member(self, name: str) -> Iterator[IO[bytes]]:
        if name not in self.names:
            raise ArraysError("is missing", name)
        try:
            with warnings.catch_warnings(), self._archive.open(f"{name}.npy") as file:
                warnings.simplefilter("ignore")  # of headers that older numpys wrote, and of damaged ones
                yield file
        except (ArraysError, MemoryError):
            raise
        except Exception as error:  # whatever zipfile, zlib and numpy stumbled over
            raise ArraysError("is damaged", name) from error


@contextmanager
def open_arrays(source: str | Path | BinaryIO) -> Iterator[Arrays]:
    """The arrays of an .npz, as `numpy.savez` writes it.

    source : a path, or a seekable binary file, which is left open

    OSError where it cannot be opened; ArraysError says what it is instead.
    """
    if isinstance(source, (str, Path)):
        with Path(source).open("rb") as file, open_arrays(file) as arrays:
            yield arrays
        return
    try:
        archive = zipfile.ZipFile(source)
    except Exception as error:  # as above
        source.seek(0)
        head = source.read(16)
        what = next(
            (what for magic, what in _FOREIGN if head.startswith(magic) and (magic or not head)), "of another format"
        )
        raise ArraysError(what) from error
    with archive:
        yield Arrays(archive)


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    version = np.lib.format.read_magic(file)
    readers = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    shape, is_fortran, dtype = readers[version](file)
    return shape, is_fortran, dtype


def _in_units(size: int) -> str:
    return f"{size // 2**30} GB" if size >= 2**30 else f"{size // 2**20} MB"
