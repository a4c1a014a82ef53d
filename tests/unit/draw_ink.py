"""Draws the real ink of the tests: `python tests/unit/draw_ink.py .../unipen.jsonl.gz`.

Four samples of each of the 62 characters, by seed, from the writers that training never sees
(weights/split.json), to ink.jsonl.gz beside this file.
"""

import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

from inkling.data.formats import read_samples
from inkling.data.jsonlines import write_samples
from inkling.labels import LABELS
from inkling.tools.split import Split

HERE = Path(__file__).parent
EACH = 4


def main(source):
    split = Split.load(HERE.parents[1] / "weights" / "split.json")
    by_label = defaultdict(list)
    for place, sample in enumerate(read_samples(source)):
        if split.part(sample.writer, place) == "test":
            by_label[sample.label].append(sample)
    rng = np.random.default_rng(62)
    chosen = [by_label[c][i] for c in LABELS for i in sorted(rng.choice(len(by_label[c]), EACH, replace=False))]
    print(write_samples(HERE / "ink.jsonl.gz", chosen), "samples")


if __name__ == "__main__":
    main(sys.argv[1])
