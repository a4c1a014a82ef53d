"""Numpy arrays in lists and dicts, from a pickle, without unpickling it.

A pickle is a program for a small stack machine, and one of its instructions calls any function that can be imported. This
reader knows the instructions that plain data needs, of protocols 0 to 4, Python 2's too, and in place of the few
functions that make up an array it has code of its own; it imports nothing and calls nothing that a file names. (What each
instruction means: Python's `pickletools`.)
"""

from __future__ import annotations

import codecs
import re
import struct
import warnings
from collections.abc import Callable
from pathlib import Path

from .pickle_machine import LARGEST_FILE, MARK, Machine, PickleError, Unfinished
from .sample import DataError, shortly
from .streams import read_whole

# Instructions of a file: arrays need few.
MOST_STEPS = 100_000
# Bytes of a whole number; larger ones are nothing that an array's shape or a setting holds.
_LONGEST_NUMBER = 16
# A line of protocol 0 that is no string of data.
_LONGEST_LINE = 4096


def read(path: str | Path) -> object:
    """What a file holds: lists, dicts, text, numbers, True, False, None and arrays. Tuples become lists.

    Raises
    ------
    DataError
        Names the file and what in it is not such data; nothing in it has been run then.
    OSError
        Where it cannot be opened.
    """
    content = read_whole(path, LARGEST_FILE)
    try:
        return loads(content)
    except PickleError as error:
        raise DataError(path, str(error)) from None


def loads(content: bytes) -> object:
    """`read` of a file's bytes. PickleError says what is wrong."""
    machine = Machine(content)
    for _ in range(MOST_STEPS):
        code = machine.take(1)
        if code == b".":
            return _finished(machine)
        step = _STEPS.get(code)
        if step is None:
            raise PickleError(
                f"damaged, or not plain data: instruction {code!r} at byte {machine.at - 1:,} is none of arrays"
            )
        step(machine)
    raise PickleError(f"more than {MOST_STEPS:,} instructions, which arrays do not need")


def _finished(machine: Machine) -> object:
    """The only value that is left, if there is nothing but data in it."""
    if len(machine.stack) != 1 or machine.at != len(machine.content):
        raise PickleError("damaged: something is left over at its end")
    value = machine.pop()
    todo, seen = [value], set()
    while todo:
        part = todo.pop()
        if isinstance(part, Unfinished):
            raise PickleError("damaged: a function or a type where data is to be")
        if isinstance(part, list | dict) and id(part) not in seen:
            seen.add(id(part))
            todo += part.values() if isinstance(part, dict) else part
    return value


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


def _proto(machine: Machine) -> None:
    version = machine.number("B")
    if version > 4:
        raise PickleError(f"pickled by protocol {version}; 0 to 4 are read: write it again with protocol=4")


def _named(machine: Machine) -> None:
    """A function's name on two lines of text."""
    module, name = machine.line(), machine.line()
    if max(len(module), len(name)) > _LONGEST_LINE:
        raise PickleError("damaged: a name of a thousand letters")
    machine.function(_text(module), _text(name))


def _from_stack(machine: Machine) -> None:
    name, module = machine.pop(), machine.pop()
    machine.function(module, name)


def _frame(machine: Machine) -> None:
    """How many bytes to read ahead, which nobody needs to know who has them all."""
    machine.take(8)


def _dict(machine: Machine) -> None:
    values = machine.pop_to_mark()
    machine.push({})
    machine.set_items(values)


def _tuple(count: int) -> Callable[[Machine], None]:
    return lambda m: m.push([m.pop() for _ in range(count)][::-1])


# By the names of `pickletools`. Text of 8 bits, Python 2's strings, becomes text as Latin-1, which keeps every byte.
_STEPS: dict[bytes, Callable[[Machine], None]] = {
    b"\x80": _proto,
    b"\x95": _frame,
    b"(": lambda m: m.push(MARK),
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
