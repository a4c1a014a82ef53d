"""Inkling reads handwriting, characters and lines of text, with convolutional networks written in numpy."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from .characters.reading import Candidate
from .characters.recognizer import Recognizer
from .characters.size import Lines

if TYPE_CHECKING:
    from .words.places import Character
    from .words.reader import TextReader
    from .words.readings import Reading, Text, Word

__version__ = "1.0.0"

__all__ = ["Candidate", "Character", "Lines", "Reading", "Recognizer", "Text", "TextReader", "Word"]


def __getattr__(name: str) -> object:
    """The names of `words`, when they are asked for: the page reads characters long before it reads text."""
    if name in __all__:
        return getattr(importlib.import_module(".words", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
