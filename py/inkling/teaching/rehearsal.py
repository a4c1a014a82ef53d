"""What a network rehearses while it learns a new hand, so that it forgets nobody else's.

A few characters of each class, as the features before the last layer, kept in the weights file itself; made by
`inkling rehearsal`.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..characters.recognizer import Recognizer
from ..nn import WeightsError
from ..nn.files import read_fields

_FIELDS = ("rehearsal.levels", "rehearsal.scale", "rehearsal.whitening")


class Rehearsal(NamedTuple):
    """Characters of many hands, as the inputs of the last layer.

    Attributes
    ----------
    features : (N, D) float32
    whitening : (D, D) float32
        (features - mean) @ whitening has about the unit matrix for its covariance.
    """

    features: np.ndarray
    whitening: np.ndarray

    @classmethod
    def load(cls, path: str | Path) -> Rehearsal:
        """From a weights file. WeightsError names the file and the field."""
        try:
            levels, scale, whitening = read_fields(path, *_FIELDS)
        except WeightsError as error:
            raise WeightsError(f"{error}: this network cannot learn a hand") from None
        if levels.dtype != np.uint8 or levels.ndim != 2 or scale.shape != levels.shape[1:]:
            raise WeightsError(f"{path}: field '{_FIELDS[0]}': {levels.dtype} {levels.shape}, not uint8 (N, {scale.size})")
        if whitening.shape != 2 * scale.shape or not np.isfinite(whitening).all():
            raise WeightsError(f"{path}: field '{_FIELDS[2]}': not {2 * scale.shape} finite numbers")
        return cls(levels * scale.astype(np.float32), whitening.astype(np.float32))

    def fields(self) -> dict[str, np.ndarray]:
        """What `nn.update` puts into a weights file; features in 256 levels."""
        scale = np.maximum(self.features.max(axis=0), 1e-6).astype(np.float32) / 255
        levels = np.rint(self.features / scale).astype(np.uint8)
        return dict(zip(_FIELDS, (levels, scale, self.whitening.astype(np.float16))))


def features_of(reader: Recognizer, pictures: np.ndarray) -> np.ndarray:
    """(N, 3, 32, 32) -> (N, D): what the last layer sees."""
    for layer in reader.network.layers[:-1]:
        pictures = layer.forward(pictures)
    return pictures
