"""Bytes of a file, plain or gzip'd, whichever its first two bytes say it is."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

GZIP_MAGIC = b"\x1f\x8b"
# What reading a damaged or cut gzip file may raise.
DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile)


def open_bytes(path: str | Path) -> io.BufferedIOBase:
    """A binary stream of the unpacked content. OSError where there is no such file."""
    file = open(path, "rb")  # noqa: SIM115 (the caller closes it)
    if file.peek(2)[:2] != GZIP_MAGIC:
        return file
    # GzipFile leaves a file object it was given open; reading by path closes it.
    file.close()
    return gzip.open(path, "rb")


def first_bytes(path: str | Path, count: int) -> bytes:
    """Up to `count` bytes of the unpacked content; fewer if it is short or damaged."""
    with open_bytes(path) as file:
        try:
            return file.read(count)
        except DAMAGED:
            return b""
