"""Stands in for numpy.random: Generator and default_rng, without RandomState and the generators nobody asks for."""

from ._generator import Generator, default_rng  # noqa: F401
from ._pcg64 import PCG64  # noqa: F401
from .bit_generator import BitGenerator, SeedSequence  # noqa: F401


class RandomState:
    """What default_rng compares its seed's type with."""
