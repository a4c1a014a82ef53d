"""Files of samples to collections, with progress, on all processors: for the command line."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np

from ..data import Sample
from ..data.formats import read_samples
from ..training.dataset import Collection, collect, join, prepare
from .split import Split

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
    With a folder `cache`, what was prepared is kept there and used again while file and
    split are the same: a resumed training starts at once.
    """
    found: dict[str, list[Collection]] = {part: [] for part in parts}
    for path in paths:
        kept = {part: cache / _cache_name(path, split, part) for part in parts} if cache else {}
        if kept and all(file.exists() for file in kept.values()):
            for part, file in kept.items():
                collection = Collection.load(file)
                found[part] += [collection] if len(collection) else []
            continue
        source = read_samples(path, skip_bad)
        by_part: dict[str, list[Sample]] = {part: [] for part in parts}
        for place, sample in enumerate(progress(source, f"reading {Path(path).name}")):
            for part in parts:
                if split is None or split.part(sample.writer, place) == part:
                    by_part[part].append(sample)
        if source.skipped:
            print(source.report(), file=sys.stderr)
        for part, samples in by_part.items():
            collection = _collect(samples, f"{Path(path).name}, {part}")
            found[part] += [collection] if len(collection) else []
            if cache:
                collection.save(kept[part])
    return found


def _cache_name(path: str | Path, split: Split | None, part: str) -> str:
    """A name that changes with the file, with who is in the part and with what a collection holds."""
    stat = Path(path).stat()
    members = [] if split is None else [sorted(split.test), sorted(split.choose), *split[2:]]
    key = repr((str(path), stat.st_size, stat.st_mtime_ns, members, Collection._fields)).encode()
    return f"prepared-{hashlib.sha256(key).hexdigest()[:16]}-{part}.npz"


def load_collection(
    paths: Sequence[str | Path], split: Split | None = None, part: str | None = None, skip_bad: bool = False
) -> Collection:
    """All samples of some files, or those of one part of a split, as one collection."""
    part = part or "all"
    collections = load_parts(paths, split, [part], skip_bad)[part]
    if not collections:
        raise ValueError(f"{', '.join(map(str, paths))}: no samples" + (f" of the part {part!r}" if split else ""))
    return join(collections)


def _collect(samples: list[Sample], what: str) -> Collection:
    if len(samples) < 2000:
        return collect(samples)
    with ProcessPoolExecutor(os.cpu_count()) as processes:
        prepared = processes.map(prepare, samples, chunksize=256)
        return collect(samples, progress(prepared, f"preparing {what}", len(samples)))


def progress(items: Iterable[Item], what: str, total: int | None = None) -> Iterable[Item]:
    """`items` with a progress bar on a terminal's error output; silent elsewhere."""
    try:
        from tqdm import tqdm
    except ImportError:
        return items
    return tqdm(items, what, total, unit=" samples", unit_scale=True, leave=False, disable=None)


def mixture(collections: Sequence[Collection], shares: Sequence[float]) -> tuple[Collection, np.ndarray]:
    """Collections joined, and for each sample how often to draw it so that files get their shares of a batch."""
    if len(shares) != len(collections) or min(shares) <= 0:
        raise ValueError(f"one share above 0 for each of {len(collections)} files, not {list(shares)}")
    weights = [np.full(len(c), share / len(c)) for c, share in zip(collections, shares)]
    return join(collections), np.concatenate(weights)
