"""What is fitted goes into the weights file at once, beside what was there; a new network has none of it."""

import json
import zipfile

import numpy as np
import pytest

from inkling import Recognizer, nn
from inkling.characters import model
from inkling.data import Sample, jsonlines
from inkling.files import shipped
from inkling.labels import LABELS, NOTHING
from inkling.teaching.hand_size import Population
from inkling.teaching.rehearsal import Rehearsal
from inkling.tools.cli import main
from inkling.tools.split import Split

FITTED = {"hand_size.labels", "hand_size.groups", "rehearsal.levels", "rehearsal.scale", "rehearsal.whitening"}


def drawings(real_ink):
    """Every writer draws all of the real samples, four of each character, each in a size of his own."""
    for writer in range(6):
        for sample in real_ink:
            yield Sample(sample.label, tuple(stroke * (1 + writer) for stroke in sample.strokes), writer=f"w{writer}")


@pytest.fixture(scope="module")
def material(tmp_path_factory, real_ink):
    """A folder with samples, a split and the weights of a small network that was never calibrated."""
    folder = tmp_path_factory.mktemp("material")
    jsonlines.write_samples(folder / "ink.jsonl", drawings(real_ink))
    Split(frozenset({"w0"}), frozenset({"w1", "w2"}), 1).save(folder / "split.json")
    network = model.build(len(LABELS) + 1, ((4,), (6,), (8,)), hidden=12, seed=3)
    nn.save(folder / "new.npz", network.folded(), LABELS + NOTHING, credit="me", temperature=9.0)
    return folder


@pytest.fixture
def weights(tmp_path, material):
    path = tmp_path / "weights.npz"
    path.write_bytes((material / "new.npz").read_bytes())
    nn.update(path, {"mine": np.arange(3)})
    return path


def fit(material, weights, command="calibrate"):
    return main([command, str(weights), str(material / "ink.jsonl"), "--split", str(material / "split.json")])


def content(path):
    """(arrays but the header, meta of the header) as numpy itself reads them."""
    with np.load(path) as archive:
        arrays = dict(archive)
    return arrays, json.loads(str(arrays.pop("header")))["meta"]


def test_calibrate_fits_all_and_keeps_the_rest(material, weights, capsys):
    before, meta = content(weights)
    assert fit(material, weights) == 0
    after, fitted = content(weights)
    assert after.keys() - before.keys() == FITTED
    for name, array in before.items():
        assert after[name].dtype == array.dtype and np.array_equal(after[name], array)
    assert fitted.keys() - meta.keys() == {"heights", "reject_threshold"} and fitted["credit"] == "me"
    assert fitted["temperature"] != meta["temperature"] == 9.0
    assert f"temperature {fitted['temperature']:.3f}" in capsys.readouterr().out
    reader = Recognizer.load(weights)
    assert reader.temperature == fitted["temperature"] and reader.reject_threshold == fitted["reject_threshold"]
    assert len(Rehearsal.load(weights).features) > 62 and Population.load(weights).labels.shape == (3, 62)


@pytest.mark.parametrize("command, fitted", [("hand-sizes", "hand_size."), ("rehearsal", "rehearsal.")])
def test_a_part_is_fitted_alone(material, weights, command, fitted):
    before, meta = content(weights)
    assert fit(material, weights, command) == 0
    after, same = content(weights)
    assert same == meta and {name.split(".")[0] + "." for name in after.keys() - before.keys()} == {fitted}
    assert all(np.array_equal(after[name], array) for name, array in before.items())


STEPS = (
    "inkling.tools.calibrate.fit_reject_threshold", "inkling.tools.sizes.fit_population", "inkling.tools.rehearsal.make",
    "inkling.tools.sizes.fit_heights", "numpy.savez_compressed",
)  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
def test_killed_half_way_it_leaves_the_old_weights(material, weights, monkeypatch, step):
    def killed(file, *_, **__):
        if step.startswith("numpy"):
            file.write(b"PK half of it")
        raise KeyboardInterrupt

    before = weights.read_bytes()
    monkeypatch.setattr(step, killed)
    with pytest.raises((KeyboardInterrupt, SystemExit)):
        raise SystemExit(fit(material, weights))
    assert weights.read_bytes() == before and [each.name for each in weights.parent.iterdir()] == ["weights.npz"]


def test_a_new_network_has_nothing_of_an_old_one(material, weights, tmp_path):
    """Neither trained in its place, nor begun from it, nor averaged of it."""
    assert fit(material, weights) == 0
    again = str(tmp_path / "again.npz")
    assert main(["average", str(weights), str(weights), "--out", again]) == 0
    train = ["train", "--data", str(material / "ink.jsonl"), "--epochs", "0.01", "--batch", "8", "--workers", "1"]
    begun = str(tmp_path / "begun.npz")
    assert main([*train, "--start", str(weights), "--out", begun, "--run-dir", str(tmp_path / "1")]) == 0
    small = ["--blocks", "4;4;4;4", "--hidden", "4"]
    assert main([*train, *small, "--out", str(weights), "--run-dir", str(tmp_path / "2")]) == 0
    for path in (again, begun, weights):
        arrays, meta = content(path)
        assert meta == {} and not any(name.startswith(("mine", "hand_size", "rehearsal")) for name in arrays)
        with pytest.raises(nn.WeightsError, match=r"field 'rehearsal.levels' is missing: this network cannot learn a hand"):
            Rehearsal.load(path)


@pytest.mark.parametrize("kind", [Rehearsal, Population])
def test_damaged_fields_are_named(tmp_path, kind):
    """The shipped weights with a byte changed within a field: told with its name, never in zip's or numpy's words."""
    whole = shipped("inkling.npz").read_bytes()
    path = tmp_path / "weights.npz"
    for name in FITTED:
        if not name.startswith("rehearsal" if kind is Rehearsal else "hand_size"):
            continue
        with zipfile.ZipFile(shipped("inkling.npz")) as archive:
            member = archive.getinfo(f"{name}.npy")
        content = bytearray(whole)
        content[member.header_offset + 30 + len(member.filename) + member.compress_size // 2] ^= 0xFF
        path.write_bytes(content)
        with pytest.raises(nn.WeightsError, match=rf"weights\.npz: field '{name}' is damaged"):
            kind.load(path)
        with np.load(shipped("inkling.npz")) as archive:
            arrays = dict(archive)
        np.savez(path, **{**arrays, name: np.array([{}], object)})
        with pytest.raises(nn.WeightsError, match=rf"weights\.npz: field '{name}' holds Python objects"):
            kind.load(path)
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(nn.WeightsError, match="not a weights file, or cut short"):
        kind.load(path)


@pytest.mark.parametrize(
    "labels, said",
    [(LABELS[:40], "too few drawings to tell how large people draw "), ("é", "samples of é: the network's labels are 0123")],
)
def test_samples_that_do_not_do_are_told_in_one_line(material, weights, tmp_path, capsys, real_ink, labels, said):
    ink = [Sample(s.label, s.strokes, writer=s.writer) for s in drawings(real_ink) if s.label in labels]
    ink += [Sample(label, ink[0].strokes if ink else ((np.eye(2, dtype=np.float32)),), writer="w1") for label in labels]
    jsonlines.write_samples(tmp_path / "ink.jsonl", ink)
    before = weights.read_bytes()
    (tmp_path / "split.json").write_bytes((material / "split.json").read_bytes())
    assert fit(tmp_path, weights) == 1
    err = capsys.readouterr().err
    assert said in err and err.count("\n") == 1 and weights.read_bytes() == before
