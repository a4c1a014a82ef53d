"""Loads files of samples as collections, with a progress bar, on all processors."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import TypeVar

import numpy as np

from ..data import DataError, Sample
from ..data import sample as limits
from ..data.formats import read_samples, sources
from ..ink import picture, strokes, tracing
from ..training.dataset import Collection, Prepared, collect, join, prepare
from .split import Split, contributor

Item = TypeVar("Item")


def load_parts(
    paths: Sequence[str | Path],
    split: Split | None,
    parts: Sequence[str],
    skip_bad: bool = False,
    cache: Path | None = None,
) -> dict[str, list[Collection]]:
    """For each part of the split its samples, one collection a file; without a split all are in every part.

    Files without samples of a part give none. What was left out is told on the error output.
    With a folder `cache`, what was prepared is kept there and used again while files, split and
    the code that prepares are the same: a resumed training starts at once.
    """
    found: dict[str, list[Collection]] = {part: [] for part in parts}
    for path in paths:
        kept = {part: cache / _cache_name(path, split, part, skip_bad) for part in parts} if cache else {}
        by_part = _cached(kept) or _read_parts(path, split, parts, skip_bad)
        for part, collection in by_part.items():
            found[part] += [collection] if len(collection) else []
            if cache and not kept[part].exists():
                collection.save(kept[part])
    return found


def _cached(kept: dict[str, Path]) -> dict[str, Collection]:
    """What was prepared before, of all parts; nothing where one is missing or damaged."""
    if not kept or not all(file.exists() for file in kept.values()):
        return {}
    try:
        return {part: Collection.load(file) for part, file in kept.items()}
    except ValueError as error:
        print(f"{error}; it is prepared anew", file=sys.stderr)
        for file in kept.values():
            file.unlink()
        return {}


def _read_parts(path: str | Path, split: Split | None, parts: Sequence[str], skip_bad: bool) -> dict[str, Collection]:
    source = read_samples(path, skip_bad)
    by_part: dict[str, list[Sample]] = {part: [] for part in parts}
    for place, sample in enumerate(progress(source, f"reading {Path(path).name}")):
        for part in parts:
            if split is None or split.part(sample.writer, place) == part:
                by_part[part].append(sample)
    if source.skipped:
        print(source.report(), file=sys.stderr)
    return {part: _collect(samples, path, part, skip_bad) for part, samples in by_part.items()}


def _cache_name(path: str | Path, split: Split | None, part: str, skip_bad: bool) -> str:
    """A name that changes with all that shapes a collection: files, who is in the part, the code that prepares it."""
    files = [(str(file), stat.st_size, stat.st_mtime_ns) for file in sources(path) for stat in [file.stat()]]
    members = (
        [] if split is None else [sorted(split.test), sorted(split.validation), sorted(split.contributors), *split[2:5]]
    )
    key = repr((files, members, skip_bad, np.__version__, _preparation())).encode()
    return f"prepared-{hashlib.sha256(key).hexdigest()[:16]}-{part}.npz"


def _preparation() -> list[object]:
    """The code and the constants, as they are now, of what turns samples into a collection."""
    constants = [
        (module.__name__, name, repr(value))
        for module in (limits, picture, strokes, tracing)
        for name, value in sorted(vars(module).items())
        if name.isupper()
    ]
    return [code_of("labels.py", "training/dataset.py", "data/*.py", "ink/*.py"), constants]


def code_of(*patterns: str) -> str:
    """A digest of the package's files that match: another one whenever what they do may be another."""
    package = Path(__file__).parents[1]
    files = sorted(file for pattern in patterns for file in package.glob(pattern))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def load_collection(
    paths: Sequence[str | Path], split: Split | None = None, part: str | None = None, skip_bad: bool = False
) -> Collection:
    """All samples of some files, or those of one part of a split, as one collection."""
    part = part or "all"
    collections = load_parts(paths, split, [part], skip_bad)[part]
    if not collections:
        raise ValueError(f"{', '.join(map(str, paths))}: no samples" + (f" of the part {part!r}" if split else ""))
    return join(collections)


def _collect(samples: list[Sample], path: str | Path, part: str, skip_bad: bool) -> Collection:
    """Samples of one part of a file, prepared; those that cannot be are told like lines that cannot be read."""
    with ProcessPoolExecutor(os.cpu_count()) if len(samples) >= 2000 else nullcontext() as processes:
        results = processes.map(_prepared, samples, chunksize=256) if processes else map(_prepared, samples)
        prepared = list(progress(results, f"preparing {Path(path).name}, {part}", len(samples)))
    bad = [DataError(path, made, sample.line) for sample, made in zip(samples, prepared) if isinstance(made, str)]
    if bad and not skip_bad:
        raise bad[0]
    if bad:
        print(f"samples that cannot be prepared were left out: {len(bad):,}, the first: {bad[0]}", file=sys.stderr)
    return collect(samples, (None if isinstance(made, str) else made for made in prepared))


def _prepared(sample: Sample) -> Prepared | str | None:
    """What `prepare` makes of a sample, or says of it: an error in another process has lost its place."""
    try:
        return prepare(sample)
    except ValueError as error:
        return str(error)


def progress(items: Iterable[Item], what: str, total: int | None = None) -> Iterable[Item]:
    """`items` with a progress bar on a terminal's error output; silent elsewhere."""
    try:
        from tqdm import tqdm
    except ImportError:
        return items
    return tqdm(items, what, total, unit=" samples", unit_scale=True, leave=False, disable=None)


def mixture(
    collections: Sequence[Collection], shares: Sequence[float], balance: float = 0.0
) -> tuple[Collection, np.ndarray]:
    """Collections joined, and for each sample how often to draw it so that files get their shares of a batch.

    balance : 0 to 1; at 1 each contributor to a file is drawn from equally often, however much ink is theirs
    """
    if len(shares) != len(collections) or not all(0 < share < float("inf") for share in shares):
        raise ValueError(f"one share above 0 for each of {len(collections)} files, not {list(shares)}")
    weights = [_by_contributor(c.writers, balance) * share for c, share in zip(collections, shares)]
    return join(collections), np.concatenate(weights)


def _by_contributor(writers: np.ndarray, balance: float) -> np.ndarray:
    """(N,) chances, of sum 1, of one file's samples: a contributor of n of them has n ** (1 - balance) in proportion."""
    _, which = np.unique([contributor(writer) for writer in writers.tolist()], return_inverse=True)
    chances = np.bincount(which)[which] ** -float(balance)
    return chances / chances.sum()
