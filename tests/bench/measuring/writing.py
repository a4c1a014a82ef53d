"""How long the Write view's Python takes where this runs: rows as a whole, and stroke by stroke while they grow."""

import json
import time

import numpy as np

import tab
from inkling.data.formats import read_samples

ROUNDS = 5
# Rows by their number of characters, with at least so many strokes.
ROWS = {"word": ((8, 12), 4), "line": ((24, 60), 8)}


def measured(samples_path):
    """JSON: milliseconds by kind of row, medians: of the whole row, of each further stroke, and the last quarter of those."""
    began = time.perf_counter()
    tab.call("later.arrive", ["writing", b"{}", {}])
    found = {"ready": 1000 * (time.perf_counter() - began)}
    samples = list(read_samples(samples_path))
    for name, ((least, most), strokes) in ROWS.items():
        some = [s for s in samples if least <= len(s.label) <= most and len(s.ink) >= strokes]
        whole, further = [], []
        for sample in some:
            whole += [_timed(sample.ink, settled=True) for _ in range(ROUNDS)]
            for moved in range(ROUNDS):  # elsewhere each time, so that nothing is known of it
                ink = [stroke + 100 * moved for stroke in sample.ink]
                further += [_timed(ink[:count]) for count in range(1, len(ink) + 1)][1:]
        found[name] = {
            "rows": len(some),
            "characters": float(np.median([len(sample.label) for sample in some])),
            "strokes": len(further) // ROUNDS,
            "whole": float(np.median(whole)),
            "stroke": float(np.median(further)),
            "slow stroke": float(np.quantile(further, 0.95)),
        }
    return json.dumps(found)


def _timed(ink, settled=False):
    points = np.concatenate(ink).astype(np.float32).ravel()
    lengths = np.array([len(stroke) for stroke in ink], np.int32)
    began = time.perf_counter()
    tab.call("writing.read", [points, lengths, {"language": "en", "settled": settled}])
    return 1000 * (time.perf_counter() - began)
