"""The tutorial's network from its pickle: what `inkling import-pickle` does.

The file is `[weights, meta]`: `meta["vocab"]`, the labels; `meta["img_side"]`, cells along a side of its pictures; and
`weights["layer_K"]["param_0" | "param_1"]`, weights and biases, for K of 0 (a convolution that sees beyond the border), 2
(one that does not), and 7, 10 or both (dense). Three things are done otherwise there:

- Kernels are convolved, which is to correlate with them turned by 180 degrees.
- A dense layer's weights are (inputs, units), here (units, inputs).
- Where dropout was while it learned (0.25 after the pooling, 0.5 between the dense layers), what comes through is multiplied
  by 0.75 and by 0.5; here the next layer's weights are.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .. import nn
from ..data import DataError, pickles
from ..data.sample import shortly
from ..labels import NOTHING
from ..nn import Conv2D, Dense, Flatten, Layer, MaxPool2D, Network, ReLU

# What stands for labels of several letters, of which a weights file has none: those of the tutorial's 40 labels.
STAND_INS = {":)": "\N{WHITE SMILING FACE}", ":(": "\N{WHITE FROWNING FACE}", "triangle": "\N{WHITE UP-POINTING TRIANGLE}"}
STAND_INS |= {"5star": "\N{WHITE STAR}", "scribble": NOTHING}
MOST_LABELS, LARGEST_SIDE = 256, 256
# What is left of values where dropout was: after the pooling, between two dense layers.
KEPT, KEPT_BETWEEN = 0.75, 0.5
POOL = 2


def import_pickle(path: str | Path, out: str | Path) -> tuple[Network, list[str]]:
    """Write the network of a pickle as a weights file, in float32; returns it and its labels.

    DataError names the file and what in it is not the tutorial's network.
    """
    try:
        network, vocabulary = network_of(pickles.read(path))
    except ValueError as error:
        raise error if isinstance(error, DataError) else DataError(path, str(error)) from None
    nn.save(out, network, labels_of(vocabulary), vocabulary=vocabulary)
    return network, vocabulary


def labels_of(vocabulary: list[str]) -> str:
    """One character for each label; a Braille pattern for a name that has no stand-in."""
    return "".join(
        name if len(name) == 1 else STAND_INS.get(name, chr(0x2800 + place)) for place, name in enumerate(vocabulary)
    )


def network_of(content: object) -> tuple[Network, list[str]]:
    """The network, for prepared pictures (see `characters.ancestor`), and its labels. ValueError says what is missing."""
    if not isinstance(content, list) or len(content) != 2 or not all(isinstance(part, dict) for part in content):
        raise ValueError("not a list of two dicts, weights and what belongs to them, as the tutorial's program writes it")
    weights, meta = content
    side, vocabulary = meta.get("img_side"), _vocabulary(meta.get("vocab"))
    if not isinstance(side, int) or not 4 <= side <= LARGEST_SIDE:
        raise ValueError(f"meta img_side: {shortly(side)} is not a number of cells from 4 to {LARGEST_SIDE}")
    places = [number for number in (0, 2, 7, 10) if weights.get(f"layer_{number}")]
    unknown = [str(name) for name, layer in weights.items() if layer and name not in [f"layer_{n}" for n in (0, 2, 7, 10)]]
    if unknown or places[:2] != [0, 2] or len(places) < 3:
        named = ", ".join(shortly(name) for name in unknown) or ", ".join(f"layer_{n}" for n in places) or "none"
        raise ValueError(f"layers 0 and 2, and 7 or 10 or both, have parameters in the tutorial's network; here {named}")
    arrays = {number: _parameters(weights, number) for number in places}

    first, second = (_convolution(arrays[n], n, channels) for n, channels in ((0, 1), (2, len(arrays[0][1]))))
    layers: list[Layer] = [first, ReLU(), second, ReLU(), MaxPool2D(POOL), Flatten()]
    inputs = Network(layers, (1, side, side)).shapes[-1][0]
    for number, kept in zip(places[2:], (KEPT, KEPT_BETWEEN)):
        if kept == KEPT_BETWEEN:
            layers.append(ReLU())
        layers.append(_dense(arrays[number], number, inputs, kept))
        inputs = len(arrays[number][1])
    if inputs != len(vocabulary):
        raise ValueError(f"layer_{places[-1]} has {inputs} outputs, and meta vocab {len(vocabulary)} labels")
    return Network(layers, (1, side, side)), vocabulary


def _vocabulary(vocabulary: object) -> list[str]:
    names = vocabulary.tolist() if isinstance(vocabulary, np.ndarray) else vocabulary
    if not isinstance(names, list) or not 2 <= len(names) <= MOST_LABELS:
        raise ValueError(f"meta vocab: not a list of 2 to {MOST_LABELS} labels, but {shortly(vocabulary)}")
    names = [name.decode("latin-1") if isinstance(name, bytes) else name for name in names]
    if not all(isinstance(name, str) and 0 < len(name) <= 64 and name.isprintable() for name in names):
        raise ValueError("meta vocab: not all labels are text")
    if len(set(labels_of(names))) < len(names):
        raise ValueError("meta vocab: a label is there twice")
    return names


def _parameters(weights: dict[str, object], number: int) -> tuple[np.ndarray, np.ndarray]:
    """Weights and biases of a layer, float32."""
    found = []
    for name in ("param_0", "param_1"):
        layer = weights[f"layer_{number}"]
        array = layer.get(name) if isinstance(layer, dict) else None
        if not isinstance(array, np.ndarray) or array.dtype.kind not in "fiu":
            raise ValueError(f"layer_{number} {name}: not an array of numbers, but {shortly(type(array).__name__)}")
        with np.errstate(over="ignore"):
            array = array.astype(np.float32)  # where 1e300 becomes infinite
        if not np.isfinite(array).all():
            raise ValueError(f"layer_{number} {name}: holds NaN or infinite numbers")
        found.append(array)
    if found[1].shape != (found[0].shape[0 if number < 7 else -1] if found[0].ndim else 0,):
        raise ValueError(f"layer_{number}: biases {found[1].shape} for weights {found[0].shape}")
    return found[0], found[1]


def _convolution(arrays: tuple[np.ndarray, np.ndarray], number: int, channels: int) -> Conv2D:
    kernels, biases = arrays
    if kernels.ndim != 4 or kernels.shape[1] != channels or kernels.shape[2] != kernels.shape[3] or 0 in kernels.shape:
        raise ValueError(f"layer_{number} param_0: {kernels.shape} are not square kernels of {channels} channels")
    layer = Conv2D(channels, len(kernels), kernels.shape[2], padding="valid" if number else "full")
    layer.parameters["weight"][...] = kernels[:, :, ::-1, ::-1]
    layer.parameters["bias"][...] = biases
    return layer


def _dense(arrays: tuple[np.ndarray, np.ndarray], number: int, inputs: int, kept: float) -> Dense:
    weights, biases = arrays
    if weights.ndim != 2 or len(weights) != inputs or not weights.shape[1]:
        raise ValueError(f"layer_{number} param_0: {weights.shape}, where the layer before gives {inputs} values")
    layer = Dense(inputs, weights.shape[1])
    layer.parameters["weight"][...] = weights.T * np.float32(kept)
    layer.parameters["bias"][...] = biases
    return layer
