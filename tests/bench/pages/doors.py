"""Runs in Pyodide after classic.py, in one namespace: what the worker is asked for."""

import numpy as np

import tab

reader = tab.session.reader
network = reader.network


def call(name, arguments):
    """One of the functions below, on arrays."""
    return DOORS[name](*map(np.asarray, arguments.to_py()))


def forward(x):
    """x float32 (3 * 32 * 32,) -> logits (K,)."""
    return reader.logits_of(as_maps(x)[0]) * np.float32(reader.temperature)


def classic(x):
    """The same by `classic_forward`."""
    return classic_forward(network.layers, as_maps(x)[0])  # noqa: F821 - from classic.py


def read(points, lengths):
    """What the page calls for each stroke of the pen."""
    return tab.VIEWS["reading"].read(points, lengths)


def as_maps(x):
    return x.reshape(1, *network.input_shape)


DOORS = {"forward": forward, "classic": classic, "read": read}
