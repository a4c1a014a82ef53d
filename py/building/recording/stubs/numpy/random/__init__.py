"""Stub of numpy.random: Generator and default_rng, without RandomState and the generators that nothing here uses."""

from ._generator import Generator, default_rng  # noqa: F401
from ._pcg64 import PCG64  # noqa: F401
from .bit_generator import BitGenerator, SeedSequence  # noqa: F401


class RandomState:
    """Only here since default_rng asks whether its seed is one."""
