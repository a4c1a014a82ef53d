"""What unit tests share. Hypothesis draws the same examples each time, few, without a clock."""

import os
from pathlib import Path

# Before numpy is loaded: on a busy machine threads that wait for one another cost ten times the work.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
from hypothesis import HealthCheck, settings

from inkling import Recognizer
from inkling.data.formats import read_samples

settings.register_profile(
    "inkling", derandomize=True, deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("inkling")


@pytest.fixture(scope="session")
def real_ink():
    """Four samples of each of the 62 characters by writers that training never sees (draw_ink.py).

    From the International UNIPEN Foundation's train_r01_v07 (doi 10.5281/zenodo.1195803), CC BY 4.0.
    """
    return list(read_samples(Path(__file__).with_name("ink.jsonl.gz")))


@pytest.fixture(scope="session")
def reader():
    """The recogniser with the shipped weights."""
    return Recognizer.load()


@pytest.fixture(scope="session")
def written():
    """Forty words and eight lines by test writers, by lot, from the same release under the same licence."""
    return list(read_samples(Path(__file__).with_name("lines.jsonl.gz")))
