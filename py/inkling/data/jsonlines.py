"""The project's own format: ink as JSON lines, plain or gzip'd.

One character a line, in UTF-8:

    {"label": "A", "writer": "apa_w003", "strokes": [[[x, y], ...], ...], "style": "printed", "quality": "ok"}

x to the right, y down, any unit; a stroke of one point is a dot. Only label and strokes must
be there; other keys are ignored. Words and lines have "text" instead of "label". Lines that begin with {"own" hold what
else a person of the page keeps, such as words of one's own, and are passed over.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO, NoReturn

import numpy as np

from ..files import atomic_write
from .sample import DataError, OnBad, Sample, check_label, check_strokes, check_text, shortly, stop
from .streams import DAMAGED, open_bytes

# A line of MOST_POINTS points is shorter; a longer one is no sample and is never held in memory.
LONGEST_LINE = 8 * 2**20


class _NoNumberError(ValueError):
    """NaN and the like."""


def _refuse(constant: str) -> NoReturn:
    raise _NoNumberError(f"{constant} is not a number that JSON or ink can hold")


_decode = json.JSONDecoder(parse_constant=_refuse).decode


def read(source: str | Path | BinaryIO, on_bad: OnBad = stop, name: str | None = None) -> Iterator[Sample]:
    """Samples of a file, in its order; empty lines are passed over.

    Parameters
    ----------
    source : str, Path or seekable binary file object
    on_bad : callable
        Told of each line that is no sample; it may raise.
    name : str, optional
        What errors call the file; by default its path.
    """
    where = name or (source if isinstance(source, str | Path) else "samples")
    with open_bytes(source) as file:
        number = 0
        while True:
            number += 1
            try:
                line = file.readline(LONGEST_LINE)
                if not line:
                    return
                if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                    while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                        pass
                    raise ValueError(f"longer than {LONGEST_LINE // 2**20} MB")
            except DAMAGED as error:
                on_bad(DataError(where, f"the file is damaged or cut short here ({error})", number))
                return
            except ValueError as error:
                on_bad(DataError(where, str(error), number))
                continue
            # Files that were joined have the second one's mark in the middle, and DOS's Ctrl-Z at the end.
            line = line.removeprefix(b"\xef\xbb\xbf")
            if number == 1 and line[:2] in (b"\xff\xfe", b"\xfe\xff"):
                # Its lines end elsewhere: none of the others can be read either.
                on_bad(DataError(where, "this is UTF-16 text; save it as UTF-8", number))
                return
            if not line.strip(b"\x1a \t\r\n") or line.startswith(b'{"own"'):
                continue
            try:
                sample = parse(line, number)
            except ValueError as error:
                on_bad(DataError(where, str(error), number))
            else:
                yield sample


def parse(line: str | bytes, number: int = 0) -> Sample:
    """One line as a sample; ValueError says what is wrong with it."""
    try:
        text = line.decode() if isinstance(line, bytes) else line
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 text ({error.reason} at byte {error.start})") from None
    try:
        entry = _decode(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise ValueError("not JSON that a sample could be: nested too deeply") from None
    except _NoNumberError:
        raise
    except ValueError:  # Python's own, of thousands of digits
        raise ValueError("a number of too many digits") from None
    if not isinstance(entry, dict):
        raise ValueError(f'a sample is an object {{"label": ..., "strokes": ...}}, not {shortly(entry)}')
    is_text = "text" in entry and "label" not in entry
    for key in ("label", "strokes"):
        if key not in entry and not (is_text and key == "label"):
            raise ValueError(f'"{key}" is missing')
    case_known = entry.get("case_known", True)
    if not isinstance(case_known, bool):
        raise ValueError(f'"case_known" is true or false, not {shortly(case_known)}')
    return Sample(
        label=check_text(entry["text"]) if is_text else check_label(entry["label"]),
        strokes=check_strokes(entry["strokes"]),
        writer=_text(entry, "writer", ""),
        case_known=case_known,
        style=_text(entry, "style", "?"),
        quality=_text(entry, "quality", "?"),
        line=number,
        is_text=is_text,
    )


def _text(entry: Mapping[str, object], key: str, default: str) -> str:
    value = entry.get(key, default)
    if not isinstance(value, str) or len(value) > 200:
        raise ValueError(f'"{key}" is a short text, not {shortly(value)}')
    return value


def format_line(sample: Sample) -> str:
    """The line, without its end, that `parse` reads back to the same sample. ValueError for a picture."""
    if sample.strokes is None:
        raise ValueError(f"sample {sample.label!r} is a picture; JSON lines hold ink")
    strokes = check_strokes([np.asarray(stroke) for stroke in sample.strokes])
    entry: dict[str, object] = {
        **({"text": check_text(sample.label)} if sample.is_text else {"label": check_label(sample.label)}),
        "writer": sample.writer,
        "strokes": [_shortest(stroke) for stroke in strokes],
        "style": sample.style,
        "quality": sample.quality,
    }
    if not sample.case_known:
        entry["case_known"] = False
    for key, default in (("writer", ""), ("style", "?"), ("quality", "?")):
        _text(entry, key, default)
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":"))


def _shortest(stroke: np.ndarray) -> list[list[float]]:
    """Nested lists of the shortest numbers that are the same float32 again."""
    whole = stroke.astype(np.int64)
    if np.array_equal(whole, stroke):
        return whole.tolist()
    return [[float(x), float(y)] for x, y in stroke.astype(str)]


def write_samples(path: str | Path, samples: Iterable[Sample]) -> int:
    """Write ink samples, gzip'd if the name ends in .gz; returns how many.

    A failure half way leaves what was there before. The same samples make the same bytes.
    """
    count = 0
    with atomic_write(path) as file, _packed(file) if str(path).endswith(".gz") else nullcontext(file) as lines:
        for sample in samples:
            lines.write(format_line(sample).encode() + b"\n")
            count += 1
    return count


def _packed(file: BinaryIO) -> gzip.GzipFile:
    # Neither name nor time of writing in the header, so that equal content is equal bytes.
    return gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=9, mtime=0)
