"""The small set of real ink that the page's lab trains on, drawn by seed from a large one.

    inkling excerpt ../shared/data/unipen.jsonl.gz --split weights/split.json --out web/learn/lab/data

writes train.jsonl.gz, of writers that the shipped network learned from, and test.jsonl.gz, of the validation
writers: nobody is in both, and nobody of the shipped network's test is in either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from ..data import Sample
from ..data.jsonlines import write_samples
from ..labels import LABELS
from .split import Split

# Characters of each class, for training and for testing.
COUNTS = {"train": 36, "validation": 12}
FILES = {"train": "train.jsonl.gz", "validation": "test.jsonl.gz"}
# Contributors whose characters are cut out of cursive words.
CURSIVE = ("mot", "lav", "sie", "cea", "ceb")


def excerpt(samples: Iterable[Sample], split: Split, part: str, seed: int) -> list[Sample]:
    """So many of each class, of as many writers as possible, in random order."""
    rng = np.random.default_rng(seed)
    by_class: dict[str, dict[str, list[Sample]]] = {label: {} for label in LABELS}
    for place, sample in enumerate(samples):
        is_cursive = re.split("_w|:", sample.writer)[0] in CURSIVE
        if split.part(sample.writer, place) == part and not is_cursive and sample.label in by_class:
            by_class[sample.label].setdefault(sample.writer, []).append(sample)
    chosen = []
    for by_writer in by_class.values():
        # One of each writer, then a second of each, and so on.
        turns = [(turn, rng.random(), sample) for samples in by_writer.values()
                 for turn, sample in enumerate(rng.permutation(np.array(samples, object)))]  # fmt: skip
        chosen += [sample for *_, sample in sorted(turns, key=lambda each: each[:2])[: COUNTS[part]]]
    return [chosen[i] for i in rng.permutation(len(chosen))]


def write_excerpts(samples: Iterable[Sample], split: Split, folder: Path, seed: int = 0) -> Iterator[str]:
    """Write the files; yields a line about each. ValueError where there is nothing to write."""
    samples = list(samples)
    folder.mkdir(parents=True, exist_ok=True)
    for part, name in FILES.items():
        kept = excerpt(samples, split, part, seed)
        if not kept:
            raise ValueError(f"there are no samples of {LABELS} by writers of the part {part!r}")
        count = write_samples(folder / name, kept)
        yield f"{name}: {count:,} samples by {len({sample.writer for sample in kept})} writers"
