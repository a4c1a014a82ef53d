"""Stands in for the module that copies generators: of those that the stand-in for numpy.random knows."""

from ._generator import Generator


def __bit_generator_ctor(bit_generator):
    return bit_generator()


def __generator_ctor(bit_generator, _=None):
    return Generator(bit_generator)
