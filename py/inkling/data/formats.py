"""Files of samples in any format: which one it is, its content says.

for sample in read_samples("unipen.jsonl.gz"):
    sample.label, sample.strokes
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from . import fonts, idx, jsonlines, pictures, unipen
from .sample import DataError, Sample
from .streams import first_bytes

_FORMATS = (
    "ink as JSON lines (.jsonl, .jsonl.gz), UNIPEN (.dat, or a folder of them), IDX pairs (MNIST, EMNIST), pictures as .npz,"
    " fonts"
)


# Reads one file; its keywords are the format's own.
Reader = Callable[..., Iterator[Sample]]


class Samples:
    """The samples of one file, as often as they are iterated over.

    After an iteration `skipped` says how many bad lines were left out and `errors` holds the
    first few, as DataError; both stay empty if the first bad line raises.
    """

    MOST_ERRORS = 20

    def __init__(self, path: Path, read: Reader, skip_bad: bool):
        self.path, self.skip_bad, self._read = path, skip_bad, read
        self.skipped = 0
        self.errors: list[DataError] = []

    def __iter__(self) -> Iterator[Sample]:
        self.skipped, self.errors = 0, []
        return self._read(self.path, self._on_bad)

    def _on_bad(self, error: DataError) -> None:
        if not self.skip_bad:
            raise error
        self.skipped += 1
        if len(self.errors) < self.MOST_ERRORS:
            self.errors.append(error)

    def report(self) -> str:
        """What was left out, in a sentence; "" if nothing was."""
        if not self.skipped:
            return ""
        lines = "1 bad line was" if self.skipped == 1 else f"{self.skipped:,} bad lines were"
        return f"{lines} left out, the first: {self.errors[0]}"


def read_samples(path: str | Path, skip_bad: bool = False, **options: str | Path) -> Samples:
    """Samples of a file (or folder) in any of the formats; which one, its content says.

    Parameters
    ----------
    skip_bad : bool
        Leave bad lines out and count them, instead of raising DataError, which names file and line, at the first.
    **options
        Of the format's reader: `include` for UNIPEN, `layout` for IDX.

    OSError if there is no such file; DataError if its format is none of these.
    """
    path = Path(path)
    reader = _reader(path)
    return Samples(path, functools.partial(reader, **options), skip_bad)


def sources(path: str | Path) -> list[Path]:
    """Every file that `read_samples` of this path may look into: what they hold decides what it gives."""
    path = Path(path)
    reader = _reader(path)
    if reader is idx.read:
        return list(idx.pair(path))
    if reader is unipen.read:
        folders = [path] if path.is_dir() else []
        # A file in the folder is named, so that an include/ right in it is found too.
        folders += [include] if (include := unipen.include_folder(path / "any" if path.is_dir() else path)) else []
        found = {file for folder in folders for file in folder.rglob("*") if file.is_file()}
        return sorted(found | ({path} if path.is_file() else set()))
    return [path]


def _reader(path: Path) -> Reader:
    if path.is_dir():
        return unipen.read
    head = first_bytes(path, 4096)
    if head[:4] == b"PK\x03\x04":
        return pictures.read
    if head[:4] in fonts.BEGINNINGS:
        return fonts.read
    if head[:2] == b"\0\0" and len(head) >= 4:
        return idx.read
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] == b"." and path.suffixes[:1] != [".jsonl"]:
        return unipen.read
    # A damaged, empty or foreign .jsonl is one all the same: its reader says what is wrong with it.
    if text[:1] == b"{" or ".jsonl" in path.suffixes:
        return jsonlines.read
    raise DataError(path, f"{_foreign(head)}. Formats that can be read: {_FORMATS}")


def _foreign(head: bytes) -> str:
    """What a file seems to be that is no file of samples."""
    for magic, what in (
        (b"\x89PNG", "a PNG picture, not a file of labelled samples"),
        (b"\xff\xd8\xff", "a JPEG picture, not a file of labelled samples"),
        (b"\x93NUMPY", "a single numpy array; pictures are an .npz with arrays images and labels"),
        (b"\x80", "a Python pickle, which can run code when read and is not accepted"),
        (b"[", "one JSON array; samples are JSON lines, one object a line"),
        (b"\xff\xfe", "UTF-16 text; samples are UTF-8"),
        (b"\xfe\xff", "UTF-16 text; samples are UTF-8"),
    ):
        if head.startswith(magic):
            return what
    return "this file is empty or damaged" if not head.strip() else f"an unknown format, beginning with {head[:16]!r}"


class Converted(NamedTuple):
    """What `convert` did with the samples it read."""

    written: int
    duplicates: int
    skipped: int  # bad lines
    reports: list[str]  # of them, one sentence for each file that has any


def convert(paths: Iterable[str | Path], out: str | Path, skip_bad: bool = False, **options: str | Path) -> Converted:
    """Write the samples of all `paths`, files of any of the formats, to one file.

    Ink goes to JSON lines (`out` ends in .jsonl or .jsonl.gz), pictures to .npz. An exact
    duplicate of ink is written once: the UNIPEN archive holds some characters in two categories.
    """
    out = Path(out)
    writers = {".jsonl": jsonlines.write_samples, ".jsonl.gz": jsonlines.write_samples, ".npz": pictures.write_samples}
    ending = next((ending for ending in writers if out.name.endswith(ending)), None)
    if ending is None:
        raise ValueError(f"{out}: the name ends in {', '.join(writers)}")
    sources = [read_samples(path, skip_bad, **options) for path in paths]
    seen: set[int] = set()
    read = 0

    def unique() -> Iterator[Sample]:
        nonlocal read
        for sample in itertools.chain.from_iterable(sources):
            read += 1
            if sample.strokes is not None:
                key = hash((sample.label, *(stroke.tobytes() for stroke in sample.strokes)))
                if key in seen:
                    continue
                seen.add(key)
            yield sample

    written = writers[ending](out, unique())
    reports = [source.report() for source in sources if source.skipped]
    return Converted(written, read - written, sum(source.skipped for source in sources), reports)
