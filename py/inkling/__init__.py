"""Inkling reads drawn characters with a convolutional network written in numpy."""

from .characters.recognizer import Candidate, Recognizer

__version__ = "1.0.0"

__all__ = ["Candidate", "Recognizer"]
