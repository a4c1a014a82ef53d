"""The small set of real ink that the page's lab trains on, drawn by seed from a large one.

    python -m inkling.tools.excerpt ../shared/data/unipen.jsonl.gz --split weights/split.json --out web/learn/lab/data

writes train.jsonl.gz, of writers that the shipped network learned from, and test.jsonl.gz, of the choosing
writers: nobody is in both, and nobody of the shipped network's test is in either.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from ..data import Sample, read_samples
from ..data.jsonlines import write_samples
from ..labels import LABELS
from .split import Split

# Of each class, for training and for testing.
COUNTS = {"train": 36, "choose": 12}
FILES = {"train": "train.jsonl.gz", "choose": "test.jsonl.gz"}
# Contributors whose characters are cut out of cursive words.
CURSIVE = ("mot", "lav", "sie", "cea", "ceb")


def excerpt(samples: Iterable[Sample], split: Split, part: str, seed: int) -> list[Sample]:
    """So many of each class, of as many writers as possible, in random order."""
    rng = np.random.default_rng(seed)
    by_class: dict[str, dict[str, list[Sample]]] = {label: {} for label in LABELS}
    for place, sample in enumerate(samples):
        if split.part(sample.writer, place) == part and re.split("_w|:", sample.writer)[0] not in CURSIVE:
            by_class[sample.label].setdefault(sample.writer, []).append(sample)
    chosen = []
    for label, by_writer in by_class.items():
        # One of each writer, then a second of each, and so on.
        turns = [(turn, rng.random(), sample) for samples in by_writer.values()
                 for turn, sample in enumerate(rng.permutation(np.array(samples, object)))]  # fmt: skip
        chosen += [sample for *_, sample in sorted(turns, key=lambda each: each[:2])[: COUNTS[part]]]
    return [chosen[i] for i in rng.permutation(len(chosen))]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m inkling.tools.excerpt", description=__doc__.splitlines()[0])
    parser.add_argument("samples")
    parser.add_argument("--split", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    samples, split = list(read_samples(options.samples)), Split.load(options.split)
    Path(options.out).mkdir(parents=True, exist_ok=True)
    for part, name in FILES.items():
        kept = excerpt(samples, split, part, options.seed)
        print(
            f"{name}: {write_samples(Path(options.out) / name, kept):,} samples by {len({s.writer for s in kept})} writers"
        )


if __name__ == "__main__":
    main()
