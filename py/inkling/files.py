"""Where the files lie that come with the package, and files written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_PACKAGE = Path(__file__).parent
# Inside the package where it was installed, beside py/ in the checkout.
_FOLDERS = (_PACKAGE / "weights", _PACKAGE.parents[1] / "weights")


def shipped(name: str) -> Path:
    """Path of the file called `name` in weights/; FileNotFoundError says where it was looked for."""
    for folder in _FOLDERS:
        if (folder / name).exists():
            return folder / name
    places = " nor in ".join(map(str, _FOLDERS))
    raise FileNotFoundError(f"{name}, which comes with inkling, is not in {places}; install the package anew")


@contextmanager
def atomic_write(path: str | Path) -> Iterator[BinaryIO]:
    """A binary file to write to, which takes the place of `path` when the block ends.

    It is written beside it first, as `<name>.part`: after an error, or when the program is killed, what was at
    `path` before is still there, whole.
    """
    path = Path(path)
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(path)
    except OSError as error:
        # Named for the file that was asked for, also where the system names none, as it does not for a full disk.
        if error.filename in (None, str(part)):
            error.filename, error.filename2 = str(path), None
        raise
    finally:
        with suppress(OSError):  # there is none where it took its place, or where its folder is no folder
            part.unlink()
