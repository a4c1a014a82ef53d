"""What was drawn, and what a network sees of it: strokes, rasters, and the ink found in pictures."""

from .strokes import Ink, Strokes, Trail, resample, validate

__all__ = ["Ink", "Strokes", "Trail", "resample", "validate"]
