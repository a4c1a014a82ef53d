"""What arrives when a view opens: which modules that are, and how Python takes them up."""

import json
import sys

import numpy as np
import pytest

from building.later import LATER, later_sources
from building.paths import ROOT, WEIGHTS
from building.sources import sources
from tab.later import Later

VIEW = "class Photographs:\n    def __init__(self, session):\n        self.session = session\n"


@pytest.mark.parametrize("module", LATER)
def test_a_first_visit_has_nothing_of_what_arrives_later(module):
    first = sources()
    later = later_sources(module, first)
    assert f"py/tab/{module}.py" in later
    assert not set(first) & set(later)
    assert all((ROOT / path).read_text(encoding="utf-8") == text for path, text in later.items())
    assert all((WEIGHTS.parent / name).is_file() for name in LATER[module].weights)
    assert LATER["writing"].weights == ("words.npz", "en.txt.gz")
    assert "py/inkling/words/reader.py" in later_sources("writing", first)


@pytest.fixture
def later(tmp_path, monkeypatch):
    """A tab to which photographs.py can arrive, in a folder of its own."""
    import tab

    monkeypatch.setattr(tab, "__path__", [*tab.__path__, str(tmp_path / "py/tab")])
    yield Later("the session", {}, tmp_path)
    sys.modules.pop("tab.photographs", None)
    vars(tab).pop("photographs", None)


def test_what_has_arrived_is_written_and_made_a_view(later, tmp_path):
    assert not later.has("photographs")
    code = np.frombuffer(json.dumps({"py/tab/photographs.py": VIEW}).encode(), np.uint8)
    later.arrive("photographs", memoryview(code), {"grey.npz": memoryview(bytes([1, 2, 3]))})
    assert later.has("photographs")
    assert later._views["photographs"].session == "the session"
    assert (tmp_path / "weights/grey.npz").read_bytes() == bytes([1, 2, 3])


def test_a_view_that_could_not_be_made_is_none(later):
    broken = json.dumps({"py/tab/photographs.py": "raise ValueError('not today')"}).encode()
    with pytest.raises(ValueError, match="not today"):
        later.arrive("photographs", broken, {})
    assert not later.has("photographs")
    later.arrive("photographs", json.dumps({"py/tab/photographs.py": VIEW}).encode(), {})
    assert later.has("photographs")
