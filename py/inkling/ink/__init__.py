"""What was drawn, and what a network sees of it: strokes, rasters, and the ink found in pictures."""

from .strokes import Ink, Trail, resample, validate

__all__ = ["Ink", "Trail", "resample", "validate"]
