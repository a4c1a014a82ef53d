"""The forward pass does not become slower: its speed in Pyodide against a fixed reference, beside what was recorded.

In Pyodide only, where it counts and where the ratio is the network's own: its numpy is the same scalar code on every
processor. On the desktop the ratio says which of its kernels OpenBLAS took for the processor (0.7 to 1.5 on one machine).

Run as a program it records anew, which is right after a change that made it faster:

    PYTHONPATH=py:tests/bench .venv/bin/python tests/unit/test_speed_ratio.py
"""

import functools
import json
from pathlib import Path

from measuring import in_pyodide

RECORD = Path(__file__).with_suffix(".json")
ATTEMPTS = 5
ALLOWED = 0.9  # of what was recorded


@functools.cache
def ratios(passes=1):
    """How many times as fast as the reference `passes` forward passes are, in several attempts."""
    return in_pyodide.evaluate(f"""
import json
from inkling import Recognizer
from measuring.forward import speed_ratio
reader = Recognizer.load()
json.dumps([speed_ratio(lambda x: [reader.logits_of(x) for _ in range({passes})]) for _ in range({ATTEMPTS})])
""")


def test_forward_is_as_fast_as_recorded():
    """Of several attempts the best counts: other work on the machine can only spoil some, a slower network spoils all."""
    recorded, found = json.loads(RECORD.read_text()), ratios()
    assert max(found) >= ALLOWED * recorded, f"{found} times as fast as the reference, recorded {recorded}"


def test_the_measure_sees_a_slower_network():
    assert max(ratios(passes=2)) < ALLOWED * max(ratios())


if __name__ == "__main__":
    # The least of twice the attempts, against the best of the test's: a margin for noise and for other processors.
    RECORD.write_text(f"{min(ratios() + ratios.__wrapped__()):.3f}\n")
    print(f"recorded {RECORD.read_text()}")
