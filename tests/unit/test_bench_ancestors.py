"""The bench of the steps from the tutorial's network to this one: each step is what it says, results are kept, it goes on."""

import json

import ancestors
import numpy as np
import pytest

from inkling import nn
from inkling.data import Sample, jsonlines
from inkling.labels import LABELS
from inkling.tools.split import Split

X = np.random.default_rng(0).uniform(0, 1, (2, 3, 32, 32)).astype(np.float32)


@pytest.mark.parametrize("key", ancestors.ROWS)
def test_each_step_adds_what_its_name_says(key):
    network = ancestors.ROWS[key].network()
    y = network.forward(X)
    kinds = [type(layer).__name__ for layer in network.layers]
    assert kinds.count("Conv2D") == (2 if key == "tutorial" else 7) and y.shape == (2, len(LABELS))
    assert ("BatchNorm2D" in kinds) == (key not in ("tutorial", "deeper"))
    turned = X.copy()
    turned[:, 1:] *= -1
    assert np.array_equal(network.forward(turned), y) == (key not in ("directions", "writers"))
    assert all(layer.has_bias for layer in network.layers if isinstance(layer, nn.Conv2D)) == ("BatchNorm2D" not in kinds)
    assert [row.augmented for row in ancestors.ROWS.values()] == [False] * 3 + [True] * 3
    assert [row.all_writers for row in ancestors.ROWS.values()] == [False] * 5 + [True]


def test_it_trains_measures_keeps_and_goes_on(tmp_path, real_ink, monkeypatch, capsys):
    monkeypatch.setattr(ancestors, "BATCH", 8)
    monkeypatch.setattr(ancestors, "FEW_WRITERS", 2)
    monkeypatch.setattr(ancestors, "SAVE_EVERY", 1)
    rows = {key: ancestors.ROWS[key] for key in ("tutorial", "writers")}
    monkeypatch.setattr(ancestors, "ROWS", rows)
    people = ["ann", "bob", "cid", "dan"]
    samples = [Sample(s.label, s.strokes, writer=people[n % 4]) for n, s in enumerate(real_ink[:80])]
    jsonlines.write_samples(tmp_path / "ink.jsonl", samples)
    split = Split(frozenset({"dan"}), frozenset(), 1)

    train, stopped = ancestors.train, []

    def stop(row, *args):
        if row.all_writers and not stopped:
            stopped.append(row)
            raise KeyboardInterrupt
        return train(row, *args)

    monkeypatch.setattr(ancestors, "train", stop)
    with pytest.raises(KeyboardInterrupt):
        ancestors.measured(tmp_path / "ink.jsonl", split, 3, tmp_path / "run", 1)
    before = (tmp_path / "run" / "tutorial" / "measured.json").read_text()
    found = ancestors.measured(tmp_path / "ink.jsonl", split, 3, tmp_path / "run", 1)
    assert json.loads(before) == found["tutorial"] and stopped
    assert found["tutorial"]["samples"] == 20 and found["tutorial"]["steps"] == 3
    assert (found["tutorial"]["writers"], found["writers"]["writers"]) == (2, 3)
    for key, each in found.items():
        network, header = nn.load(tmp_path / "run" / key / "weights.npz")
        assert network.parameter_count == each["parameters"] and header["labels"] == LABELS
        assert 0 <= each["accuracy"] <= each["accuracy_35"] <= 1 and each["ms"] > 0
        assert each["bytes"] == (tmp_path / "run" / key / "weights.npz").stat().st_size
    assert ancestors.report(found).count("\n") == 3
    assert "step 3 of 3" in capsys.readouterr().err


def test_without_samples_it_says_what_it_needs(monkeypatch, capsys):
    monkeypatch.delenv("INKLING_SAMPLES", raising=False)
    ancestors.main()
    assert "INKLING_SAMPLES, a file of ink" in capsys.readouterr().out
