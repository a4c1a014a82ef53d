"""Samples in published formats and in this project's own: a reader for each, and `formats.read_samples` for all of them."""

from .sample import DataError, Sample

__all__ = ["DataError", "Sample"]
