"""A network in a file: one `.npz`, no pickle, checked field by field when read."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TypedDict

import numpy as np
from numpy.typing import DTypeLike

from ..arrays import Arrays, ArraysError, open_arrays
from ..files import atomic_write
from .network import Network

FORMAT_VERSION = 1
# Beside an array of bytes, under its name with this behind it: what they are multiplied by.
STEP = ".step"
# Far beyond any network that this package runs; a larger field is a zip bomb or a mistake.
LARGEST_FIELD = 64 * 2**20


class Header(TypedDict):
    """What a weights file says of its network, checked but for what `meta` holds.

    labels : one character for each of the network's outputs
    architecture : of each layer its kind, as "layer", and its constructor's arguments
    meta : what `save` was given, as JSON keeps it
    """

    format: str
    version: int
    labels: str
    input_shape: list[int]
    architecture: list[dict[str, Any]]
    meta: dict[str, Any]


class WeightsError(ValueError):
    """A weights file that cannot be used; the message names the file and the field."""


def save(path: str | Path | BinaryIO, network: Network, labels: str, dtype: DTypeLike = np.float32, **meta: Any) -> None:
    """Write a network.

    The file is a zip of `.npy` arrays: "header", a JSON text with format version, labels,
    input shape, architecture and meta; and "<layer index>.<name>" for each parameter and buffer.

    Parameters
    ----------
    path : str, Path or binary file object
        A path is written whole or not at all: a crash leaves the old file.
    labels : str
        One character for each of the network's outputs, in their order.
    dtype
        Of the parameters; float16 halves the file. int8 halves it once more: arrays of two axes and more are rounded to
        multiples of a step, see `rounded`, the others are float16.
    **meta
        Kept in the header; what JSON can hold.
    """
    header = {
        "format": "inkling",
        "version": FORMAT_VERSION,
        "labels": labels,
        "input_shape": list(network.input_shape),
        "architecture": network.architecture(),
        "meta": meta,
    }
    arrays = {"header": np.array(json.dumps(header, ensure_ascii=False))}
    in_bytes = np.dtype(dtype) == np.int8
    for name, array in _fields(network):
        if in_bytes and array.ndim > 1:
            arrays[name], arrays[name + STEP] = rounded(array)
        else:
            arrays[name] = np.ascontiguousarray(array, dtype=np.float16 if in_bytes else dtype)
    if hasattr(path, "write"):
        np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
    else:
        with atomic_write(path) as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


def rounded(array: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Numbers as bytes: array (F, ...) -> int8 (F, ...), -127 to 127, and float32 (F,), what they are to be multiplied by.

    Each filter has a step of its own, a 127th of its largest weight (Krishnamoorthi 2018, "Quantizing deep convolutional
    networks for efficient inference", 3.1): no weight moves by more than half of it.
    """
    rows = array.reshape(len(array), -1)
    steps = (np.abs(rows).max(axis=1, initial=0) / 127).astype(np.float32)
    whole = np.round(rows / np.where(steps > 0, steps, 1)[:, None])
    return np.clip(whole, -127, 127).astype(np.int8).reshape(array.shape), steps


def update(path: str | Path, fields: Mapping[str, np.ndarray] | None = None, **meta: Any) -> None:
    """Change a weights file in place, whole or not at all.

    Parameters
    ----------
    fields : mapping of str to ndarray
        Arrays to stand beside the network, in place of those of the same names.
    **meta
        Values for the header, in place of those of the same names.

    All other fields stay as they are, to the byte.
    """
    with _opened(path) as (where, archive):
        header = _read_header(where, archive)
        arrays = {name: archive.read(name, LARGEST_FIELD) for name in archive.names}
    header["meta"] |= meta
    arrays |= {"header": np.array(json.dumps(header, ensure_ascii=False)), **(fields or {})}
    with atomic_write(path) as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


def load(source: str | Path | BinaryIO, name: str | None = None) -> tuple[Network, Header]:
    """Read a network.

    Parameters
    ----------
    source : str, Path or seekable binary file object
    name : str, optional
        What errors call the file; by default its path.

    Returns
    -------
    network : Network
        In float32, batch norms as they were saved.
    header : Header

    Raises
    ------
    WeightsError
        Names the file and the field that cannot be used.
    """
    with _opened(source, name) as (where, archive):
        header = _read_header(where, archive)
        _refuse_huge(where, header["architecture"])
        try:
            network = Network.from_architecture(header["architecture"], tuple(header["input_shape"]))
        except (ValueError, TypeError, KeyError) as error:
            raise WeightsError(f"{where}: field 'header.architecture': {error}") from None
        if network.shapes[-1][0] != len(header["labels"]):
            raise WeightsError(
                f"{where}: field 'header.labels': {len(header['labels'])} labels for an output of {network.shapes[-1]}"
            )
        for field, array in _fields(network):
            array[...] = _floats(where, archive, field, array.shape)
    return network, header


def read_fields(source: str | Path | BinaryIO, *fields: str) -> list[np.ndarray]:
    """Arrays that stand beside the network in its file. WeightsError names the file and a field that is missing."""
    with _opened(source) as (_, archive):
        return [archive.read(field, LARGEST_FIELD) for field in fields]


@contextmanager
def _opened(source: str | Path | BinaryIO, name: str | None = None) -> Iterator[tuple[str, Arrays]]:
    where = name or str(source if isinstance(source, (str, Path)) else getattr(source, "name", "weights"))
    try:
        with open_arrays(source) as archive:
            yield where, archive
    except FileNotFoundError:
        raise WeightsError(f"{where}: there is no such file") from None
    except OSError as error:
        raise WeightsError(f"{where}: not a weights file, or one that cannot be read ({error.strerror or error})") from None
    except ArraysError as error:
        if error.field:
            raise WeightsError(f"{where}: field {error}") from None
        raise WeightsError(f"{where}: not a weights file, or cut short ({error})") from None


def _fields(network: Network) -> Iterator[tuple[str, np.ndarray]]:
    """("3.weight", array) for every parameter and buffer."""
    for index, layer in enumerate(network.layers):
        for name, array in (*layer.parameters.items(), *layer.buffers.items()):
            yield f"{index}.{name}", array


def _read_header(where: str, archive: Arrays) -> Header:
    text = archive.read("header", LARGEST_FIELD)
    try:
        header = json.loads(str(text[()]))
    except (ValueError, IndexError):
        raise WeightsError(f"{where}: field 'header': not JSON") from None
    if not isinstance(header, dict) or header.get("format") != "inkling":
        raise WeightsError(f"{where}: field 'header.format': not the weights of an Inkling network")
    if header.get("version") != FORMAT_VERSION:
        raise WeightsError(
            f"{where}: field 'header.version': {header.get('version')!r}, this program reads version {FORMAT_VERSION}"
        )
    labels, shape = header.get("labels"), header.get("input_shape")
    if not isinstance(labels, str) or not labels or len(set(labels)) != len(labels):
        raise WeightsError(f"{where}: field 'header.labels': {labels!r} is not a text of different characters")
    if not isinstance(shape, list) or not all(type(size) is int and 0 < size <= 4096 for size in shape):
        raise WeightsError(f"{where}: field 'header.input_shape': {shape!r} is not a list of sizes")
    layers = header.get("architecture")
    if not isinstance(layers, list) or not all(isinstance(layer, dict) for layer in layers):
        raise WeightsError(f"{where}: field 'header.architecture': not a list of layers")
    meta = header.get("meta")
    return {
        "format": header["format"],
        "version": FORMAT_VERSION,
        "labels": labels,
        "input_shape": shape,
        "architecture": layers,
        "meta": meta if isinstance(meta, dict) else {},
    }


def _floats(where: str, archive: Arrays, field: str, shape: tuple[int, ...]) -> np.ndarray:
    """A parameter or a buffer, in float32."""
    array = archive.read(field, LARGEST_FIELD)
    if array.shape != shape:
        raise WeightsError(f"{where}: field '{field}': shape {array.shape}, the architecture needs {shape}")
    if array.dtype == np.int8 and array.ndim > 1:
        steps = _floats(where, archive, field + STEP, shape[:1])
        array = array * steps.reshape(-1, *[1] * (array.ndim - 1)).astype(np.float64)
    if array.dtype.kind != "f":
        raise WeightsError(f"{where}: field '{field}': {array.dtype} numbers, not floating point")
    with np.errstate(over="ignore"):
        array = array.astype(np.float32)  # where 1e300 becomes infinite
    if not np.isfinite(array).all():
        raise WeightsError(f"{where}: field '{field}': holds NaN or infinite numbers")
    if field.endswith(".variance") and (array < 0).any():
        raise WeightsError(f"{where}: field '{field}': a variance below 0")
    return array


def _refuse_huge(where: str, architecture: Sequence[Mapping[str, Any]]) -> None:
    """Before any layer is made: its sizes, multiplied, bound the numbers that it will allocate."""
    for index, layer in enumerate(architecture):
        within = layer.get("layers")
        if isinstance(within, list) and all(isinstance(inner, dict) for inner in within):
            _refuse_huge(where, within)
        kernel = layer.get("kernel_size")
        twice = [] if isinstance(kernel, (list, tuple)) else [kernel]  # its second side
        sizes = [*layer.values(), *(kernel if isinstance(kernel, (list, tuple)) else []), *twice]
        if math.prod(max(size, 1) for size in sizes if type(size) is int) * 4 > LARGEST_FIELD:
            raise WeightsError(
                f"{where}: field 'header.architecture': layer {index + 1}, {layer.get('layer')}: "
                f"more than {LARGEST_FIELD // 2**20} MB of parameters"
            )
