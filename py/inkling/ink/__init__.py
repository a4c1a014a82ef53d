"""What was drawn, and what a network sees of it: strokes, rasters, and the ink found in pictures."""

from .strokes import Trail, resample, validate

__all__ = ["Trail", "resample", "validate"]
