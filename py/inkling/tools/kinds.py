"""What a weights file's network reads."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from .. import nn
from ..words.alphabet import ALPHABET, BLANK

Kind = Literal["characters", "text", "photos", "ancestor"]


def kind_of(weights: str | Path) -> Kind:
    """Characters, texts, photographs, or characters in the way of the tutorial's network. WeightsError as `nn.load`."""
    header = nn.load(weights)[1]
    if header["labels"] == ALPHABET + BLANK:
        return "text"
    if "names" in header["meta"]:
        return "photos"
    return "ancestor" if header["input_shape"][:1] == [1] else "characters"
