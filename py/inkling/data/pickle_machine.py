"""The stack machine that a pickle is a program for, without what could run anything; `pickles` has its instructions."""

from __future__ import annotations

import math
import re
import struct
from typing import NamedTuple

import numpy as np

from .sample import shortly

# The tutorial's file has 2 MB, four times that in protocol 0.
LARGEST_FILE = 64 * 2**20
# Bytes that are made from a file by its instructions: one may ask for the same array again and again.
MOST_MADE = 4 * LARGEST_FILE
_DTYPE = re.compile(r"[<>|=]?(b1|[iu][1248]|f[248]|[US]\d{1,4})")


class PickleError(ValueError):
    """What in a pickle is not plain data, or is damaged."""


class _Function(NamedTuple):
    """A function that a file asks for, by its name; never the function itself."""

    module: str
    name: str


_ALLOWED = {
    *(_Function(f"numpy.{core}.multiarray", name) for core in ("core", "_core") for name in ("_reconstruct", "scalar")),
    _Function("numpy", "ndarray"),
    _Function("numpy", "dtype"),
    _Function("_codecs", "encode"),  # how protocols 0 to 2 write bytes
    _Function("__builtin__", "bytes"),  # and none of them
}


class _Dtype:
    """A dtype whose byte order may yet be told."""

    def __init__(self, dtype: np.dtype) -> None:
        self.dtype = dtype


MARK = object()

# What has no place in the data when all is done.
Unfinished = (_Function, _Dtype)


class Machine:
    """The stack machine: `stack` of values and marks, `memo` of values to come back to."""

    def __init__(self, content: bytes) -> None:
        self.content, self.at = content, 0
        self.stack: list[object] = []
        self.memo: dict[int, object] = {}
        self.made = 0

    # What the instructions are made of.

    def take(self, count: int) -> bytes:
        """The next bytes of the file."""
        piece = self.content[self.at : self.at + count]
        if count < 0 or len(piece) < count:
            raise PickleError("damaged or cut short")
        self.at += count
        return piece

    def line(self) -> bytes:
        end = self.content.find(b"\n", self.at)
        if end < 0:
            raise PickleError("damaged or cut short")
        return self.take(end + 1 - self.at)[:-1]

    def number(self, format_: str) -> int:
        """A whole number of fixed size, as `struct` names it."""
        (value,) = struct.unpack(f"<{format_}", self.take(struct.calcsize(format_)))
        return int(value)

    def push(self, value: object) -> None:
        self.stack.append(value)

    def pop(self) -> object:
        if not self.stack or self.stack[-1] is MARK:
            raise PickleError("damaged: it takes what is not there")
        return self.stack.pop()

    def pop_to_mark(self) -> list[object]:
        for place in range(len(self.stack) - 1, -1, -1):
            if self.stack[place] is MARK:
                values = self.stack[place + 1 :]
                del self.stack[place:]
                return values
        raise PickleError("damaged: a beginning is missing")

    def top(self) -> object:
        value = self.pop()
        self.push(value)
        return value

    def remember(self, place: int) -> None:
        self.memo[place] = self.top()

    def recall(self, place: int) -> None:
        if place not in self.memo:
            raise PickleError("damaged: it comes back to what never was")
        self.push(self.memo[place])

    def make(self, size: int) -> None:
        """Note that so many bytes are about to be made."""
        self.made += size
        if self.made > MOST_MADE:
            raise PickleError(f"more than {MOST_MADE // 2**20} MB once unpacked")

    # The instructions that are more than a line.

    def append(self, values: list[object]) -> None:
        target = self.top()
        if not isinstance(target, list):
            raise PickleError("damaged: it adds to what is no list")
        target += values

    def set_items(self, values: list[object]) -> None:
        target = self.top()
        if not isinstance(target, dict) or len(values) % 2:
            raise PickleError("damaged: it sets items of what is no dict")
        for key, value in zip(values[::2], values[1::2]):
            if not isinstance(key, str | int):
                raise PickleError(f"a dict with a key that is neither text nor a whole number: {shortly(key)}")
            target[key] = value

    def function(self, module: object, name: object) -> None:
        """Every function but those that an array is made with is refused here, by its name."""
        if not isinstance(module, str) or not isinstance(name, str):
            raise PickleError("damaged: a function without a name")
        function = _Function(module, name)
        if function not in _ALLOWED:
            raise PickleError(
                f"not plain data: it asks for {shortly(f'{module}.{name}')}, and a file of arrays has no need of that; "
                "nothing in it was run"
            )
        self.push(function)

    def call(self) -> None:
        arguments, function = self.pop(), self.pop()
        if not isinstance(function, _Function) or not isinstance(arguments, list):
            raise PickleError("damaged: it calls what is no function")
        if function.name == "_reconstruct":
            self.push(np.empty(0, np.uint8))  # what it is, `build` tells
        elif function.name == "dtype":
            self.push(_Dtype(_dtype(arguments)))
        elif function.name == "bytes" and not arguments:
            self.push(b"")
        elif function.name == "encode":
            self.push(self.encoded(arguments))
        elif function.name == "scalar" and len(arguments) == 2 and isinstance(arguments[0], _Dtype):
            self.push(self.array((), arguments[0].dtype, arguments[1])[()].item())
        else:
            raise PickleError(f"damaged: {function.module}.{function.name} is called in a way in which no array is made")

    def encoded(self, arguments: list[object]) -> bytes:
        if len(arguments) != 2 or not isinstance(arguments[0], str) or arguments[1] not in ("latin1", "latin-1"):
            raise PickleError("damaged: bytes are written as text, and not in Latin-1")
        self.make(len(arguments[0]))
        return _bytes(arguments[0])

    def build(self) -> None:
        """The byte order of a dtype, or shape and numbers of an array: into what is on the stack."""
        state, target = self.pop(), self.top()
        if isinstance(target, _Dtype) and isinstance(state, list) and len(state) >= 5 and state[0] in (3, 4):
            if state[1] not in ("<", ">", "|", "=") or any(part is not None for part in state[2:5]):
                raise PickleError("an array of records, not of numbers")
            target.dtype = target.dtype.newbyteorder(state[1])
        elif isinstance(target, np.ndarray) and isinstance(state, list) and len(state) == 5:
            _, shape, dtype, is_fortran, data = state
            if not isinstance(dtype, _Dtype) or not isinstance(shape, list):
                raise PickleError("damaged: an array without a shape")
            made = self.array(tuple(shape), dtype.dtype, data)
            # In place, for other parts of the file may have the array already.
            state = (1, made.shape, made.dtype, bool(is_fortran), made.tobytes())
            target.__setstate__(state)  # type: ignore[arg-type]
        else:
            raise PickleError("not plain data: it sets the state of something that is no array")

    def array(self, shape: tuple[object, ...], dtype: np.dtype, data: object) -> np.ndarray:
        """Read-only; of no more numbers than there are bytes for."""
        sizes = [size for size in shape if isinstance(size, int) and 0 <= size <= LARGEST_FILE]
        if len(sizes) != len(shape) or len(sizes) > 8:
            raise PickleError(f"damaged: an array of the shape {shortly(list(shape))}")
        if isinstance(data, str):
            data = _bytes(data)
        if not isinstance(data, bytes):
            raise PickleError("an array of Python objects, not of numbers")
        if math.prod(sizes) * dtype.itemsize != len(data):
            raise PickleError(f"damaged: {len(data):,} bytes for an array of {shortly(sizes)} of {dtype}")
        self.make(2 * len(data))
        return np.frombuffer(data, dtype).reshape(sizes) if data else np.empty(sizes, dtype)


def _bytes(text: str) -> bytes:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        raise PickleError("damaged: bytes that are none") from None


def _dtype(arguments: list[object]) -> np.dtype:
    """numpy.dtype("f4", ...): of numbers, and of text of fixed length."""
    name = arguments[0] if arguments else None
    if not isinstance(name, str) or not _DTYPE.fullmatch(name):
        raise PickleError(f"arrays of {shortly(name)}; arrays of numbers and of text are read")
    return np.dtype(name)
