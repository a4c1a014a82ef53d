"""Files written whole or not at all, and files of packages that may have been damaged since they were installed."""

import json
import os
import zipfile
from pathlib import Path
from typing import Any

from .errors import BuildError


def write_whole(path: Path, content: bytes) -> None:
    """Write `path` so that whoever stops the build, or runs another beside it, never leaves or sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def read_json(path: Path) -> Any:
    """What a package's JSON file says. BuildError where it is missing or damaged."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise BuildError(_anew(path)) from None


def open_zip(path: Path) -> zipfile.ZipFile:
    """A package's zip file. BuildError where it is missing or damaged."""
    try:
        return zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile):
        raise BuildError(_anew(path)) from None


def _anew(path: Path) -> str:
    return f"{path} is missing or damaged. Remove the folder {path.parent} and build again: it is installed anew."
