"""UNIPEN's native files: pen trajectories of the 1990s, as the published archive holds them.

Source of the format: I. Guyon, "UNIPEN 1.0 format definition" (1994), unipen.def, and the
files of train_r01_v07 themselves (doi 10.5281/zenodo.1195803). What matters here:

    .INCLUDE apb/data/apb02/app0237.dat      another file, from the archive's include/ folder
    .X_POINTS_PER_INCH 145                   resolution of the tablet, also _PER_MM, and for Y
    .COORD X Y T P                           meaning of the columns of numbers
    .WRITER_ID, .STYLE                       of what follows
    .PEN_DOWN / .PEN_UP                      then lines of numbers: one component
    .SEGMENT CHARACTER 3:5-4:2 OK "a"        which components make up a character, and which
    .START_SET                               components are numbered from 0 anew

Components are numbered from 0 through all included files, pen-down and pen-up alike, but only
those that hold points (a bare .PEN_UP is none). After each .START_SET they are numbered from 0
anew, and a segment means those of its own set. "12-14" is components 12 to 14, "4:2" point 2,
from 0, of component 4; both ends count; "12,15-16" is a list. Pen-up movements inside a range
leave no ink. y points up; samples have it down.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .sample import LARGEST_COORDINATE, DataError, OnBad, Sample, check_label, check_strokes, shortly, stop
from .streams import DAMAGED, open_bytes

# Files of the archive nest at most three levels; more is a cycle.
DEEPEST_INCLUDE = 8
LARGEST_FILE = 256 * 2**20
MM_PER_INCH = 25.4
# Samples come in hundredths of a millimetre where the tablet's resolution is known.
UNITS_PER_MM = 100.0

# What the level of single characters is called in a file's .HIERARCHY.
CHARACTER_LEVELS = ("CHARACTER", "CHAR")

_RANGE = re.compile(r"(\d{1,12})(?::(\d{1,12}))?(?:-(\d{1,12})(?::(\d{1,12}))?)?\Z")
_LABEL = re.compile(r'"((?:[^"\\]|\\.)*)"')


class _Segment(NamedTuple):
    path: Path
    line: int
    text: str
    components: list[_Component]  # of its set, some of which may still be to come


@dataclass
class _Component:
    """Lines between one .PEN_DOWN or .PEN_UP and the next, and what held when it began.

    Parsed only when a character needs them: most of the archive's ink belongs to none.
    """

    down: bool
    writer: str
    style: str
    scale: tuple[float, float]
    columns: tuple[int, int, int]
    path: Path
    lines: list[tuple[int, str]] = field(default_factory=list)

    def points(self) -> np.ndarray:
        """(n, 2) float64 in the sample's units, y down."""
        x, y, width = self.columns
        rows = []
        for line, text in self.lines:
            try:
                row = [float(value) for value in text.split()]
            except ValueError:
                raise ValueError(f"{self.path}, line {line}: {shortly(text)} are not numbers") from None
            if len(row) % width:
                raise ValueError(f"{self.path}, line {line}: {len(row)} numbers where .COORD names {width} columns")
            if not all(abs(value) <= LARGEST_COORDINATE for value in row):
                raise ValueError(
                    f"{self.path}, line {line}: {shortly(text)} is not finite, or beyond {LARGEST_COORDINATE:g}"
                )
            rows.extend(row)
        return np.array(rows).reshape(-1, width)[:, [x, y]] * (self.scale[0], -self.scale[1])


def read(path: str | Path, on_bad: OnBad = stop, include: str | Path | None = None) -> Iterator[Sample]:
    """Characters of one UNIPEN file, or of every `.dat` or `.DAT` below a folder, in order of their names.

    A file or folder without a single character is an error that says what it holds instead.

    include : the archive's include/ folder. By default the nearest folder of that name beside
        one of the file's own folders.
    """
    path = Path(path)
    files = sorted(p for p in path.rglob("*") if p.suffix.lower() == ".dat" and p.is_file()) if path.is_dir() else [path]
    if not files:
        on_bad(DataError(path, "no .dat file in this folder or below it"))
        return
    levels: Counter[str] = Counter()
    told = False

    def tell(error: DataError) -> None:
        nonlocal told
        told = True
        on_bad(error)

    for each in files:
        file = _File(each, tell, include)
        yield from file.samples()
        levels += file.levels
    if not told and not any(level in levels for level in CHARACTER_LEVELS):
        on_bad(DataError(path, _no_characters(levels)))


def _no_characters(levels: Counter[str]) -> str:
    if not levels:
        return "no .SEGMENT says which ink is which character"
    held = ", ".join(f"{count:,} of the level {level}" for level, count in levels.most_common(8))
    return f"no segments of the level {' or '.join(CHARACTER_LEVELS)}, which alone are read; there are {held}"


class _File:
    """The state of one file while its lines, and those of the files it includes, go by."""

    def __init__(self, path: Path, on_bad: OnBad, include: str | Path | None):
        self.path, self.on_bad = path, on_bad
        self.include = Path(include) if include is not None else include_folder(path)
        self.components: list[_Component] = []
        self.segments: list[_Segment] = []
        self.levels: Counter[str] = Counter()  # of all segments, characters or not
        self.columns = (0, 1, 2)
        self.points_per_mm: dict[str, float] = {}
        self.contributor, self.writer, self.style = "", "", "?"
        self.open: _Component | None = None

    def samples(self) -> Iterator[Sample]:
        self._read_lines(self.path, depth=0)
        for segment in self.segments:
            try:
                sample = self._sample(segment)
            except ValueError as error:
                self.on_bad(DataError(segment.path, str(error), segment.line))
            else:
                yield sample

    def _read_lines(self, path: Path, depth: int) -> None:
        numbers = True  # whether lines of numbers may follow: not inside .COMMENT and the like
        for line, text in _lines(path, self.on_bad):
            try:
                if text.startswith(".") and not text[1:2].isdigit():
                    keyword, *rest = text.split(None, 1)
                    numbers = self._keyword(keyword.upper(), "".join(rest), path, line, depth)
                elif numbers and text and self.open is not None:
                    self.open.lines.append((line, text))
            except ValueError as error:
                self.on_bad(DataError(path, str(error), line))
        self._close()

    def _keyword(self, keyword: str, rest: str, path: Path, line: int, depth: int) -> bool:
        """Take note of one keyword; returns whether lines of coordinates may follow it."""
        if keyword in (".PEN_DOWN", ".PEN_UP"):
            component = self._begin(keyword == ".PEN_DOWN", path)
            if rest:
                component.lines.append((line, rest))
        elif keyword == ".DT":
            pass  # milliseconds since the component before; it may go on afterwards
        elif keyword == ".SEGMENT":
            level, *text = rest.split(None, 1)[:2] or ["?"]
            self.levels[shortly(level.upper()).strip("'")] += 1
            if level.upper() in CHARACTER_LEVELS:
                self.segments.append(_Segment(path, line, "".join(text).strip(), self.components))
        elif keyword == ".START_SET":
            self._close()
            # Segments may stand before their ink: those that wait for it go on waiting.
            if self.components:
                self.components = []
        elif keyword == ".INCLUDE":
            self._close()
            self._include(rest, depth)
        elif keyword == ".COORD":
            names = rest.upper().split()
            if names.count("X") != 1 or names.count("Y") != 1:
                raise ValueError(f".COORD names X and Y once each, not {shortly(rest)}")
            self.columns = (names.index("X"), names.index("Y"), len(names))
        elif match := re.fullmatch(r"\.([XY])_POINTS_PER_(INCH|MM)", keyword):
            try:
                resolution = float(rest.split()[0])
            except (ValueError, IndexError):
                resolution = 0.0
            if not 0 < resolution <= 1e6:
                raise ValueError(f"{keyword} is a number above 0, not {shortly(rest)}")
            self.points_per_mm[match[1]] = resolution / (MM_PER_INCH if match[2] == "INCH" else 1)
        elif keyword == ".WRITER_ID":
            self.writer = "_".join(rest.split())[:100]
        elif keyword == ".STYLE":
            self.style = rest.split()[0].lower()[:20] if rest else "?"
        else:
            return False
        return True

    def _begin(self, down: bool, path: Path) -> _Component:
        self._close()
        scale = (1.0, 1.0)
        if known := self.points_per_mm:  # what is told of one axis alone holds for both
            scale = (UNITS_PER_MM / known.get("X", known.get("Y", 1)), UNITS_PER_MM / known.get("Y", known.get("X", 1)))
        writer = f"{self.contributor}:{self.writer or self.path.stem}" if self.contributor else self.writer
        self.open = _Component(down, writer, self.style, scale, self.columns, path)
        return self.open

    def _close(self) -> None:
        if self.open is not None and self.open.lines:
            self.components.append(self.open)
        self.open = None

    def _include(self, name: str, depth: int) -> None:
        name = name.strip('"').replace("\\", "/")
        if depth >= DEEPEST_INCLUDE:
            raise ValueError(f"more than {DEEPEST_INCLUDE} files include one another: {shortly(name)}")
        if not name or name.startswith("/") or ".." in name.split("/"):
            raise ValueError(f".INCLUDE names a file inside the include folder, not {shortly(name)}")
        shown = "".join(c if c.isprintable() else "?" for c in name[:100])
        if self.include is None:
            raise ValueError(f".INCLUDE {shown}: no include folder beside any folder of this file; give one")
        target = _below(self.include, name)
        if target is None or not target.is_file():
            raise ValueError(f".INCLUDE {shown}: there is no such file in {self.include}")
        if "/" in name:
            self.contributor = name.split("/")[0]
        self._read_lines(target, depth + 1)

    def _sample(self, segment: _Segment) -> Sample:
        match = _LABEL.search(segment.text)
        if not match:
            raise ValueError("this segment has no label in double quotes")
        label = check_label(re.sub(r"\\(.)", r"\1", match[1]))
        fields = segment.text[: match.start()].replace(",", " ").split()
        # Ranges hold digits; the quality is a word or "?" after them.
        quality = fields.pop().lower() if fields and not fields[-1][0].isdigit() else "?"
        strokes, first = _strokes(fields, segment.components)
        low = np.min([stroke.min(axis=0) for stroke in strokes], axis=0)
        shifted = [stroke - low for stroke in strokes]
        if self.points_per_mm:
            # Whole hundredths of a millimetre: finer than any tablet, and short to write.
            shifted = [np.rint(stroke) for stroke in shifted]
        return Sample(
            label, check_strokes(shifted), writer=first.writer, style=first.style, quality=quality, line=segment.line
        )


def _strokes(ranges: list[str], components: list[_Component]) -> tuple[list[np.ndarray], _Component]:
    """Ink of a list of ranges, and the first component that has any of it."""
    strokes: list[np.ndarray] = []
    first = None
    if not ranges:
        raise ValueError("this segment does not say which components it is made of")
    for text in ranges:
        match = _RANGE.match(text)
        if not match:
            raise ValueError(f'{shortly(text)} is not a range of components, like "3", "3-4" or "3:5-4:2"')
        start, start_point = int(match[1]), _number(match[2])
        # "4:2" alone is that one point.
        end, end_point = (start, start_point) if match[3] is None else (int(match[3]), _number(match[4]))
        if not start <= end < len(components):
            raise ValueError(f"components {text} of {len(components):,}, which are numbered from 0")
        for index in range(start, end + 1):
            component = components[index]
            if not component.down:
                continue
            points = component.points()
            last = len(points) - 1 if index < end or end_point is None else end_point
            begin = start_point or 0 if index == start else 0
            if not begin <= last < len(points):
                raise ValueError(f"points {begin} to {last} of component {index}, which has {len(points)}")
            strokes.append(points[begin : last + 1])
            first = first or component
    if first is None:
        raise ValueError(f"components {shortly(', '.join(ranges))[1:-1]} are movements of the lifted pen, no ink")
    return strokes, first


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)


def _lines(path: Path, on_bad: OnBad) -> Iterator[tuple[int, str]]:
    """(number from 1, text without surrounding space) of each line."""
    with open_bytes(path) as file:
        try:
            content = file.read(LARGEST_FILE + 1)
        except DAMAGED as error:
            on_bad(DataError(path, f"the file is damaged or cut short ({error})"))
            return
    if len(content) > LARGEST_FILE:
        on_bad(DataError(path, f"larger than {LARGEST_FILE // 2**20} MB"))
        return
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        on_bad(DataError(path, "this is UTF-16 text; save it as ASCII or UTF-8"))
        return
    # DOS ends a text with Ctrl-Z, a sector's rest may be filled with more; some editors begin one with a mark.
    content = content.rstrip(b"\x1a\0 \t\r\n").removeprefix(b"\xef\xbb\xbf")
    # Names of writers and towns come in Latin-1; every byte is a character there.
    for number, text in enumerate(re.split("\r\n?|\n", content.decode("latin-1")), 1):
        yield number, text.strip()


def include_folder(path: Path) -> Path | None:
    """The nearest folder of that name beside one of a file's own folders."""
    return next(
        (folder for above in path.resolve().parents if (folder := _below(above, "include")) and folder.is_dir()), None
    )


def _below(folder: Path, name: str) -> Path | None:
    """What lies at `name` below a folder, in capitals too, as a CD-ROM names it; None where nothing does."""
    try:
        if (folder / name).exists():
            return folder / name
    except OSError:  # too long for a name
        return None
    for part in name.split("/"):
        alike = [each for each in folder.iterdir() if each.name.lower() == part.lower()] if folder.is_dir() else []
        if not alike:
            return None
        folder = min(alike)
    return folder
