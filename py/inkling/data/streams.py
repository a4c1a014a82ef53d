"""What is in a file: its bytes, plain or gzip'd, whichever the first two say; its text; its JSON."""

from __future__ import annotations

import gzip
import json
import zlib
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO, NoReturn, cast

from .sample import DataError

GZIP_MAGIC = b"\x1f\x8b"
# What reading a damaged or cut gzip file may raise.
DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile)


def open_bytes(source: str | Path | BinaryIO) -> AbstractContextManager[BinaryIO]:
    """A binary stream of the unpacked content of a file, or of a seekable file object, which stays open.

    OSError where there is no such file.
    """
    if not isinstance(source, str | Path):
        start = source.read(2)
        source.seek(0)
        return cast(BinaryIO, gzip.GzipFile(fileobj=source)) if start == GZIP_MAGIC else nullcontext(source)
    file = Path(source).open("rb")  # noqa: SIM115 (the caller closes it)
    if file.peek(2)[:2] != GZIP_MAGIC:
        return file
    # GzipFile leaves a file object it was given open; reading by path closes it.
    file.close()
    return cast(BinaryIO, gzip.open(source, "rb"))


def read_whole(path: str | Path, most: int) -> bytes:
    """A file's bytes as they are. DataError where there are more than `most`; OSError where it cannot be opened."""
    with Path(path).open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise DataError(path, f"larger than {most // 2**20} MB")
    return content


def first_bytes(path: str | Path, count: int) -> bytes:
    """Up to `count` bytes of the unpacked content; fewer if it is short or damaged."""
    with open_bytes(path) as file:
        try:
            return file.read(count)
        except DAMAGED:
            return b""


def text_of(content: bytes, errors: str = "strict") -> str:
    """Bytes of a file as text: UTF-8, or UTF-16 where a byte-order mark says so. ValueError for anything else."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding, errors)
    except UnicodeDecodeError as error:
        name = "UTF-16" if encoding == "utf-16" else "UTF-8"
        raise ValueError(f"not {name} text ({error.reason} at byte {error.start})") from None


def decode_json(content: bytes) -> object:
    """What JSON in the bytes of a file says; ValueError, in a few words, for anything else."""
    text = text_of(content)
    if not text.strip():
        raise ValueError("the file is empty")
    try:
        return json.loads(text, parse_constant=_refuse, parse_int=_whole)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            raise ValueError(f"not one JSON value: something follows it in line {error.lineno}") from None
        raise ValueError(f"not JSON: {error.msg} in line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise ValueError("not JSON that can be read: nested too deeply") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"not JSON: {constant} is no number that it can hold")


def _whole(digits: str) -> int | float:
    # Python refuses to read thousands of digits, in words of its own; such a number is beyond all limits.
    return int(digits) if len(digits) < 1000 else float(f"{digits[:2]}e9999")
