"""Numpy arrays in lists and dicts, from a pickle, without unpickling it.

A pickle is a program for a small stack machine, and one of its instructions calls any function that can be imported. This
reader knows the instructions that plain data needs, of protocols 0 to 4, Python 2's too, and in place of the few
functions that make up an array it has code of its own; it imports nothing and calls nothing that a file names. (What each
instruction means: Python's `pickletools`.)
"""

from __future__ import annotations

import codecs
import math
import re
import struct
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .sample import DataError, shortly

# The tutorial's file has 2 MB, four times that in protocol 0.
LARGEST_FILE = 64 * 2**20
# Instructions of a file: arrays need few.
MOST_STEPS = 100_000
# Bytes that are made from a file by its instructions: one may ask for the same array again and again.
MOST_MADE = 4 * LARGEST_FILE
# Bytes of a whole number; larger ones are nothing that an array's shape or a setting holds.
_LONGEST_NUMBER = 16
# A line of protocol 0 that is no string of data.
_LONGEST_LINE = 4096
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


_MARK = object()


def read(path: str | Path) -> object:
    """What a file holds: lists, dicts, text, numbers, True, False, None and arrays. Tuples become lists.

    Raises
    ------
    DataError
        Names the file and what in it is not such data; nothing in it has been run then.
    OSError
        Where it cannot be opened.
    """
    with Path(path).open("rb") as file:
        content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise DataError(path, f"larger than {LARGEST_FILE // 2**20} MB")
    try:
        return loads(content)
    except PickleError as error:
        raise DataError(path, str(error)) from None


def loads(content: bytes) -> object:
    """`read` of a file's bytes. PickleError says what is wrong."""
    return _Machine(content).run()


class _Machine:
    """The stack machine: `stack` of values and marks, `memo` of values to come back to."""

    def __init__(self, content: bytes) -> None:
        self.content, self.at = content, 0
        self.stack: list[object] = []
        self.memo: dict[int, object] = {}
        self.made = 0

    def run(self) -> object:
        for _ in range(MOST_STEPS):
            code = self.take(1)
            if code == b".":
                if len(self.stack) != 1 or self.at != len(self.content):
                    raise PickleError("damaged: something is left over at its end")
                return self.pop()
            step = _STEPS.get(code)
            if step is None:
                raise PickleError(
                    f"damaged, or not plain data: instruction {code!r} at byte {self.at - 1:,} is none of arrays"
                )
            step(self)
        raise PickleError(f"more than {MOST_STEPS:,} instructions, which arrays do not need")

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
        if not self.stack or self.stack[-1] is _MARK:
            raise PickleError("damaged: it takes what is not there")
        return self.stack.pop()

    def pop_to_mark(self) -> list[object]:
        for place in range(len(self.stack) - 1, -1, -1):
            if self.stack[place] is _MARK:
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


def _whole(digits: bytes) -> int | bool:
    """A number of protocol 0; 00 and 01 are False and True."""
    if digits in (b"00", b"01"):
        return digits == b"01"
    if not re.fullmatch(rb"[+-]?\d{1,38}L?", digits):
        raise PickleError(f"damaged: {shortly(digits)} is no whole number")
    return int(digits.removesuffix(b"L"))


def _long(data: bytes) -> int:
    if len(data) > _LONGEST_NUMBER:
        raise PickleError("a whole number of more digits than any setting has")
    return int.from_bytes(data, "little", signed=True)


def _float(digits: bytes) -> float:
    try:
        return float(digits)
    except ValueError:
        raise PickleError(f"damaged: {shortly(digits)} is no number") from None


def _quoted(line: bytes) -> str:
    """A string of protocol 0: in quotes, with escapes."""
    if len(line) < 2 or line[:1] not in (b"'", b'"') or line[-1:] != line[:1]:
        raise PickleError("damaged: a string without quotes")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes that are none
            return codecs.escape_decode(line[1:-1])[0].decode("latin-1")
    except ValueError:
        raise PickleError("damaged: a string with an escape that is none") from None


def _text(data: bytes, encoding: str = "utf-8") -> str:
    try:
        return data.decode(encoding, "surrogatepass" if encoding == "utf-8" else "strict")
    except UnicodeDecodeError:
        raise PickleError("damaged: text that is not Unicode") from None


def _proto(machine: _Machine) -> None:
    version = machine.number("B")
    if version > 4:
        raise PickleError(f"pickled by protocol {version}; 0 to 4 are read: write it again with protocol=4")


def _named(machine: _Machine) -> None:
    """A function's name on two lines of text."""
    module, name = machine.line(), machine.line()
    if max(len(module), len(name)) > _LONGEST_LINE:
        raise PickleError("damaged: a name of a thousand letters")
    machine.function(_text(module), _text(name))


def _from_stack(machine: _Machine) -> None:
    name, module = machine.pop(), machine.pop()
    machine.function(module, name)


def _frame(machine: _Machine) -> None:
    """How many bytes to read ahead, which nobody needs to know who has them all."""
    machine.take(8)


def _dict(machine: _Machine) -> None:
    values = machine.pop_to_mark()
    machine.push({})
    machine.set_items(values)


def _tuple(count: int) -> Callable[[_Machine], None]:
    return lambda m: m.push([m.pop() for _ in range(count)][::-1])


# By the names of `pickletools`. Text of 8 bits, Python 2's strings, becomes text as Latin-1, which keeps every byte.
_STEPS: dict[bytes, Callable[[_Machine], None]] = {
    b"\x80": _proto,
    b"\x95": _frame,
    b"(": lambda m: m.push(_MARK),
    # constants, numbers
    b"N": lambda m: m.push(None),
    b"\x88": lambda m: m.push(True),
    b"\x89": lambda m: m.push(False),
    b"I": lambda m: m.push(_whole(m.line())),
    b"L": lambda m: m.push(_whole(m.line())),
    b"F": lambda m: m.push(_float(m.line())),
    b"J": lambda m: m.push(m.number("i")),
    b"K": lambda m: m.push(m.number("B")),
    b"M": lambda m: m.push(m.number("H")),
    b"\x8a": lambda m: m.push(_long(m.take(m.number("B")))),
    b"\x8b": lambda m: m.push(_long(m.take(m.number("i")))),
    b"G": lambda m: m.push(struct.unpack(">d", m.take(8))[0]),
    # text and bytes
    b"S": lambda m: m.push(_quoted(m.line())),
    b"T": lambda m: m.push(_text(m.take(m.number("i")), "latin-1")),
    b"U": lambda m: m.push(_text(m.take(m.number("B")), "latin-1")),
    b"V": lambda m: m.push(_text(m.line(), "raw-unicode-escape")),
    b"X": lambda m: m.push(_text(m.take(m.number("I")))),
    b"\x8c": lambda m: m.push(_text(m.take(m.number("B")))),
    b"\x8d": lambda m: m.push(_text(m.take(m.number("Q")))),
    b"B": lambda m: m.push(m.take(m.number("I"))),
    b"C": lambda m: m.push(m.take(m.number("B"))),
    b"\x8e": lambda m: m.push(m.take(m.number("Q"))),
    # lists, tuples, dicts
    b"]": lambda m: m.push([]),
    b"l": lambda m: m.push(m.pop_to_mark()),
    b"a": lambda m: m.append([m.pop()]),
    b"e": lambda m: m.append(m.pop_to_mark()),
    b")": lambda m: m.push([]),
    b"t": lambda m: m.push(m.pop_to_mark()),
    b"\x85": _tuple(1),
    b"\x86": _tuple(2),
    b"\x87": _tuple(3),
    b"}": lambda m: m.push({}),
    b"d": _dict,
    b"s": lambda m: m.set_items([m.pop() for _ in range(2)][::-1]),
    b"u": lambda m: m.set_items(m.pop_to_mark()),
    # what was there before
    b"p": lambda m: m.remember(_whole(m.line())),
    b"q": lambda m: m.remember(m.number("B")),
    b"r": lambda m: m.remember(m.number("I")),
    b"\x94": lambda m: m.remember(len(m.memo)),
    b"g": lambda m: m.recall(_whole(m.line())),
    b"h": lambda m: m.recall(m.number("B")),
    b"j": lambda m: m.recall(m.number("I")),
    # arrays
    b"c": _named,
    b"i": _named,  # INST, which an array does not need: its name is told
    b"\x93": _from_stack,
    b"R": lambda m: m.call(),
    b"b": lambda m: m.build(),
}
