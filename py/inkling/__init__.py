"""Inkling reads drawn characters with a convolutional network written in numpy."""

from .characters.recognizer import Candidate, Recognizer

__all__ = ["Candidate", "Recognizer"]
