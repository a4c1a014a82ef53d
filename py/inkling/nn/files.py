"""A network in a file: one `.npz`, no pickle, checked field by field when read."""

from __future__ import annotations

import json
import math
import os
import zipfile
from pathlib import Path

import numpy as np

from .network import Network

FORMAT_VERSION = 1
# No field of a network that this package runs comes near; a larger one is a bomb or a mistake.
LARGEST_FIELD = 64 * 2**20


class WeightsError(ValueError):
    """A weights file that cannot be used; the message names the file and the field."""


def save(path: str | Path, network: Network, labels: str, dtype=np.float32, **meta) -> None:
    """Write a network.

    The file is a zip of `.npy` arrays: "header", a JSON text with format version, labels,
    input shape, architecture and meta; and "<layer index>.<name>" for each parameter and
    buffer, in `dtype` (float16 halves the file). Written beside and moved into place, so a
    crash leaves the old file.
    """
    header = {
        "format": "inkling",
        "version": FORMAT_VERSION,
        "labels": labels,
        "input_shape": list(network.input_shape),
        "architecture": network.architecture(),
        "meta": meta,
    }
    arrays = {name: np.ascontiguousarray(array, dtype=dtype) for name, array in _fields(network)}
    path = Path(path)
    beside = path.with_name(path.name + ".part")
    try:
        with open(beside, "wb") as file:
            np.savez_compressed(file, header=np.array(json.dumps(header, ensure_ascii=False)), **arrays)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def load(path: str | Path) -> tuple[Network, dict]:
    """Read a network -> (network, header). WeightsError names the file and the field."""
    path = Path(path)
    try:
        archive = np.load(path, allow_pickle=False)
    except FileNotFoundError:
        raise WeightsError(f"{path}: there is no such file") from None
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise WeightsError(f"{path}: not a weights file, or cut short ({error})") from None
    if not isinstance(archive, np.lib.npyio.NpzFile):
        raise WeightsError(f"{path}: a single array, not a weights file (.npz)")
    with archive:
        header = _read_header(path, archive)
        _refuse_huge(path, header["architecture"])
        try:
            network = Network.from_architecture(header["architecture"], tuple(header["input_shape"]))
        except (ValueError, TypeError, KeyError) as error:
            raise WeightsError(f"{path}: field 'header.architecture': {error}") from None
        if network.shapes[-1] != (len(header["labels"]),):
            raise WeightsError(
                f"{path}: field 'header.labels': {len(header['labels'])} labels for an output of {network.shapes[-1]}"
            )
        for name, array in _fields(network):
            array[...] = _read_field(path, archive, name, array.shape)
    return network, header


def _fields(network: Network):
    """("3.weight", array) for every parameter and buffer."""
    for index, layer in enumerate(network.layers):
        for name, array in (*layer.parameters.items(), *layer.buffers.items()):
            yield f"{index}.{name}", array


def _read_header(path: Path, archive) -> dict:
    text = _read_array(path, archive, "header")
    try:
        header = json.loads(str(text[()]))
    except (ValueError, IndexError):
        raise WeightsError(f"{path}: field 'header': not JSON") from None
    if not isinstance(header, dict) or header.get("format") != "inkling":
        raise WeightsError(f"{path}: field 'header.format': not the weights of an Inkling network")
    if header.get("version") != FORMAT_VERSION:
        raise WeightsError(
            f"{path}: field 'header.version': {header.get('version')!r}, this program reads version {FORMAT_VERSION}"
        )
    labels, shape = header.get("labels"), header.get("input_shape")
    if not isinstance(labels, str) or not labels or len(set(labels)) != len(labels):
        raise WeightsError(f"{path}: field 'header.labels': {labels!r} is not a text of different characters")
    if not isinstance(shape, list) or not all(type(size) is int and 0 < size <= 4096 for size in shape):
        raise WeightsError(f"{path}: field 'header.input_shape': {shape!r} is not a list of sizes")
    layers = header.get("architecture")
    if not isinstance(layers, list) or not all(isinstance(layer, dict) for layer in layers):
        raise WeightsError(f"{path}: field 'header.architecture': not a list of layers")
    header["meta"] = header.get("meta") if isinstance(header.get("meta"), dict) else {}
    return header


def _read_field(path: Path, archive, name: str, shape: tuple[int, ...]) -> np.ndarray:
    array = _read_array(path, archive, name)
    if array.shape != shape:
        raise WeightsError(f"{path}: field '{name}': shape {array.shape}, the architecture needs {shape}")
    if array.dtype.kind != "f":
        raise WeightsError(f"{path}: field '{name}': {array.dtype} numbers, not floating point")
    with np.errstate(over="ignore"):
        array = array.astype(np.float32)  # where 1e300 becomes infinite
    if not np.isfinite(array).all():
        raise WeightsError(f"{path}: field '{name}': holds NaN or infinite numbers")
    if name.endswith(".variance") and (array < 0).any():
        raise WeightsError(f"{path}: field '{name}': a variance below 0")
    return array


def _read_array(path: Path, archive, name: str) -> np.ndarray:
    if name not in archive.files:
        raise WeightsError(f"{path}: field '{name}' is missing")
    if archive.zip.getinfo(name + ".npy").file_size > LARGEST_FIELD:
        raise WeightsError(f"{path}: field '{name}': larger than {LARGEST_FIELD // 2**20} MB")
    try:
        array = archive[name]
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, NotImplementedError, zipfile.zlib.error) as error:
        raise WeightsError(f"{path}: field '{name}': cannot be read, the file is damaged ({error})") from None
    if not isinstance(array, np.ndarray):
        raise WeightsError(f"{path}: field '{name}': not a numpy array")
    return array


def _refuse_huge(path: Path, architecture: list[dict]) -> None:
    """Before any layer is made: its sizes, multiplied, bound the numbers that it will allocate."""
    for index, layer in enumerate(architecture):
        sizes = [size for size in (*layer.values(), layer.get("kernel_size")) if type(size) is int]
        if math.prod(max(size, 1) for size in sizes) * 4 > LARGEST_FIELD:
            raise WeightsError(
                f"{path}: field 'header.architecture': layer {index + 1}, {layer.get('layer')}: "
                f"more than {LARGEST_FIELD // 2**20} MB of parameters"
            )
