"""What a weights file's network reads."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from .. import nn
from ..characters.ancestor import load_ancestor
from ..characters.recognizer import Recognizer
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


def character_reader(weights: str | Path | None) -> tuple[Recognizer, dict[str, str]]:
    """A reader of characters, the shipped one for None, and names for those of its labels that are not read as they are."""
    if weights is not None and kind_of(weights) == "ancestor":
        return load_ancestor(weights)
    return Recognizer.load(weights), {}
