"""Inkling reads handwriting, characters and lines of text, with convolutional networks written in numpy."""

from .characters.recognizer import Candidate, Recognizer
from .words.reader import Character, Text, TextReader

__version__ = "1.0.0"

__all__ = ["Candidate", "Character", "Recognizer", "Text", "TextReader"]
