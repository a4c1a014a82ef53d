"""Stub of the module that copies generators, for the one kind that the stub of numpy.random has."""

from ._generator import Generator


def __bit_generator_ctor(bit_generator):
    return bit_generator()


def __generator_ctor(bit_generator, _=None):
    return Generator(bit_generator)
