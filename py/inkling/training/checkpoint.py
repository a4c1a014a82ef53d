"""What a course of training leaves to go on from: a file of arrays (`Trainer.save`)."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

import numpy as np


def read(path: str | Path) -> dict[str, np.ndarray]:
    """All arrays of a checkpoint, or of a weights file. ValueError names a file that is neither, or cut short."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (ValueError, EOFError, TypeError, NotImplementedError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(f"{path}: neither a checkpoint nor weights, or cut short ({error})") from None


def is_weights(path: str | Path) -> bool:
    """Whether a file holds weights (`nn.save`), and not a checkpoint."""
    return "header" in read(path)
