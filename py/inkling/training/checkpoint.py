"""What a training run leaves to go on from: a file of arrays (`Trainer.save`)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..arrays import ArraysError, open_arrays

LARGEST_FIELD = 2**30


def read(path: str | Path) -> dict[str, np.ndarray]:
    """All arrays of a checkpoint, or of a weights file. ValueError names a file that is neither, and a damaged field."""
    try:
        with open_arrays(path) as archive:
            return {name: archive.read(name, LARGEST_FIELD) for name in archive.names}
    except ArraysError as error:
        if error.field:
            raise ValueError(f"{path}: field {error}") from None
        raise ValueError(f"{path}: neither a checkpoint nor weights, or cut short ({error})") from None


def is_weights(path: str | Path) -> bool:
    """Whether a file holds weights (`nn.save`), and not a checkpoint."""
    return "header" in read(path)
