"""Packing samples, and splitting them by writer."""

import json
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkling import Recognizer
from inkling.data import Sample, jsonlines
from inkling.data.formats import read_samples
from inkling.ink import strokes as ink
from inkling.tools.cli import main
from inkling.tools.loading import load_parts, mixture
from inkling.tools.split import Split, draw, draw_writers, leave_out
from inkling.training.dataset import Collection, collect, join


def sample(label="a", writer="", seed=0, **fields):
    rng = np.random.default_rng(seed)
    strokes = tuple(rng.normal(0, 10, (rng.integers(1, 9), 2)).astype(np.float32) for _ in range(rng.integers(1, 4)))
    return Sample(label=label, strokes=strokes, writer=writer, **fields)


def test_a_batch_holds_each_characters_own_trail():
    samples = [sample(seed=n) for n in range(8)]
    collection = collect(samples)
    index = np.array([5, 0, 5, 7])
    trail, owner = collection.batch(index)
    for place, n in enumerate(index):
        alone = ink.resample(ink.validate(samples[n].strokes))
        assert np.array_equal(trail.nodes[owner == place], alone.nodes)
        assert np.array_equal(trail.ends[owner == place], alone.ends)


def test_selecting_joining_and_saving_change_nothing(tmp_path):
    collection = collect([sample(label, writer=label, seed=n) for n, label in enumerate("abcdef")])
    parts = [collection.select(np.array([0, 1])), collection.select(collection.labels > "b")]
    join(parts).save(tmp_path / "kept.npz")
    again = type(collection).load(tmp_path / "kept.npz")
    for name in collection._fields:
        assert np.array_equal(getattr(again, name), getattr(collection, name)), name


def picture_of(label="a", writer="", seed=0):
    pixels = np.full((30, 30), 255, np.uint8)
    pixels[5:25, 8 + seed : 11 + seed] = 0
    return Sample(label=label, pixels=pixels, writer=writer)


def test_ink_and_pictures_stay_apart_in_one_collection(tmp_path):
    """What a network sees of each is what a reader makes of it alone."""
    samples = [sample("a"), picture_of("b"), sample("c", seed=2), picture_of("d", seed=3), picture_of("e", seed=5)]
    collection = join([collect(samples[:2]), collect(samples[2:])])
    assert collection.labels.tolist() == list("abcde") and (collection.framed >= 0).tolist() == [
        False,
        True,
        False,
        True,
        True,
    ]
    reader = Recognizer.load()
    alone = [reader.prepare(s.strokes) if s.strokes else reader.prepare_image(s.pixels) for s in samples]
    (together,) = collection.pictures()
    np.testing.assert_allclose(together, alone, atol=1e-6)
    chosen = np.array([4, 0, 3])
    (some,) = collection.select(chosen).pictures()
    np.testing.assert_allclose(some, [alone[n] for n in chosen], atol=1e-6)
    collection.save(tmp_path / "kept.npz")
    (again,) = type(collection).load(tmp_path / "kept.npz").pictures()
    assert np.array_equal(again, together)


def test_pictures_without_ink_are_left_out():
    blank = Sample(label="x", pixels=np.full((20, 20), 255, np.uint8))
    assert collect([sample("a"), blank, sample("b")]).labels.tolist() == ["a", "b"]
    assert len(collect([blank])) == 0


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 40), min_size=1), st.integers(0, 60), st.integers(0, 5))
def test_writers_are_drawn_from_contributors_in_proportion(sizes, count, seed):
    writers = [f"{name}_w{n}" for name, size in sizes.items() for n in range(size)]
    if count > len(writers):
        with pytest.raises(ValueError, match="cannot be drawn"):
            draw_writers(writers, count, np.random.default_rng(seed))
        return
    drawn = draw_writers(writers, count, np.random.default_rng(seed))
    assert len(drawn) == len(set(drawn)) == count
    for name, size in sizes.items():
        assert abs(sum(w.startswith(name) for w in drawn) - count * size / len(writers)) < 1


def test_parts_are_disjoint_and_by_seed():
    writers = [f"{c}_w{n}" for c in "abc" for n in range(20)]
    split = draw(writers, 10, seed=3)
    assert split == draw(writers[::-1], 10, seed=3) != draw(writers, 10, seed=4)
    assert len(split.test) == len(split.validation) == 10 and not split.test & split.validation
    parts = [split.part("", place) for place in range(20_000)]
    assert abs(parts.count("test") / 20_000 - 0.10) < 0.01 and abs(parts.count("validation") / 20_000 - 0.03) < 0.01


def test_the_shipped_split_has_thirty_writers_each_at_least():
    from building.paths import WEIGHTS

    split = Split.load(WEIGHTS.with_name("split.json"))
    assert min(len(split.test), len(split.validation)) >= 30 and not split.test & split.validation


def test_whole_contributors_are_left_out_and_nobody_changes_to_the_training_side(tmp_path):
    writers = {f"{name}_{kind}{n}" for name in ("aa", "bb", "cc") for kind in "wx" for n in range(6)}
    base = Split(frozenset({"aa_w1", "bb_x2"}), frozenset({"aa_w3", "cc_w0"}), 1)
    split = leave_out(base, ["bb"], writers)
    parts = {writer: split.part(writer, 0) for writer in writers}
    assert {writer for writer, part in parts.items() if part == "test"} == base.test
    assert {w for w, part in parts.items() if part == "validation"} == {w for w in writers if w[:2] == "bb"} - base.test
    assert {writer for writer, part in parts.items() if part == "none"} == base.validation
    assert [split.part("", place) for place in range(99)] == [base.part("", place) for place in range(99)]
    split.save(tmp_path / "split.json")
    assert Split.load(tmp_path / "split.json") == split
    base.save(tmp_path / "base.json")
    assert Split.load(tmp_path / "base.json") == base and "contributors" not in (tmp_path / "base.json").read_text()
    for names in (["dd"], ["bb", "a"]):
        with pytest.raises(ValueError, match=f"nobody of {names[-1]} is among"):
            leave_out(base, names, writers)


def test_a_split_by_contributor_is_made_and_used_by_the_command_line(tmp_path):
    writers = ["aa_w1", "aa_w2", "bb_w1", "bb_w2", "cc_w1"]
    samples = [sample("abc"[n % 3], writer, seed=n) for n, writer in enumerate(writers * 3)]
    jsonlines.write_samples(tmp_path / "ink.jsonl", samples)
    Split(frozenset({"bb_w1"}), frozenset({"aa_w1"}), 1).save(tmp_path / "base.json")
    command = [
        "split",
        str(tmp_path / "ink.jsonl"),
        "--base",
        str(tmp_path / "base.json"),
        "--out",
        str(tmp_path / "out.json"),
    ]
    assert main([*command, "--leave-out", "bb"]) == 0
    parts = load_parts([tmp_path / "ink.jsonl"], Split.load(tmp_path / "out.json"), ["train", "validation", "test"])
    assert {part: {w for c in found for w in c.writers.tolist()} for part, found in parts.items()} == {
        "train": {"aa_w2", "cc_w1"}, "validation": {"bb_w2"}, "test": {"bb_w1"},
    }  # fmt: skip


@pytest.mark.parametrize("balance", [0.0, 0.4, 1.0])
def test_contributors_of_a_file_share_its_part_of_a_batch(balance):
    """Against loops: a contributor of n samples counts as n ** (1 - balance), and the file keeps its share."""
    one = collect([sample("a", writer, seed=n) for n, writer in enumerate(["x_w1"] * 8 + ["x_w2"] * 4 + ["y_x1"] * 3)])
    other = collect([sample("b", seed=n) for n in range(5)])
    joined, weights = mixture([one, other], [3.0, 1.0], balance)
    assert weights[:15].sum() == pytest.approx(3) and weights[15:] == pytest.approx([0.2] * 5)
    sizes = {"x": 12, "y": 3}
    total = sum(size ** (1 - balance) for size in sizes.values())
    for name, size in sizes.items():
        found = sum(w for w, writer in zip(weights, joined.writers.tolist()) if writer.startswith(name))
        assert found == pytest.approx(3 * size ** (1 - balance) / total)
        assert len({round(w, 9) for w, writer in zip(weights, joined.writers.tolist()) if writer.startswith(name)}) == 1


@pytest.mark.parametrize(
    "fields, named",
    [
        ({"test": "abc"}, "'test'"), ({"validation": [1]}, "'validation'"), ({"seed": 0.5}, "'seed'"),
        ({"contributors": "bb"}, "'contributors' is not a list of contributors"),
        ({"test": ["a"], "validation": ["a"]}, "both parts"), ({"more": 1}, "holds"),
    ],
)  # fmt: skip
def test_a_wrong_split_file_is_named(tmp_path, fields, named):
    whole = {"test": [], "validation": [], "seed": 1, "test_percent": 10, "validation_percent": 3}
    path = tmp_path / "split.json"
    path.write_text(json.dumps({**whole, **fields}))
    with pytest.raises(ValueError, match=named) as error:
        Split.load(path)
    assert "split.json" in str(error.value)


def saved(tmp_path):
    path = tmp_path / "kept.npz"
    collect([sample("a", writer="w1"), picture_of("b"), sample("c", seed=2), picture_of("d", seed=3)]).save(path)
    return path


def test_a_collection_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = saved(tmp_path)
    before = path.read_bytes()

    def killed(file, **arrays):
        file.write(b"PK half of it")
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez", killed)
    with pytest.raises(KeyboardInterrupt):
        collect([sample("z")]).save(path)
    assert path.read_bytes() == before and [each.name for each in tmp_path.iterdir()] == ["kept.npz"]


FIELDS = {
    "nodes": (np.full((3, 2), np.nan, np.float32), "nodes"),
    "nodes of other ends": (np.zeros((3, 2), np.float32), "nodes"),
    "ends": (np.zeros((3, 3), bool), "ends"),
    "starts": (np.array([0, 5, 2, 9, 4]), "starts"),
    "starts of text": (np.array(list("abcde")), "starts"),
    "no starts": (np.empty(0, int), "starts"),
    "frames": (np.zeros((2, 8, 8), np.uint8), "frames"),
    "framed": (np.array([-1, 0, -1, 2]), "framed"),
    "labels": (np.array(["a", "bc", "c", "d"]), "labels"),
    "labels of numbers": (np.arange(4), "labels"),
    "case_known": (np.ones(3, bool), "case_known"),
    "writers": (np.array([{}] * 4, object), "writers"),
}


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_that_does_not_fit_is_named(tmp_path, name):
    path, (value, field) = saved(tmp_path), FIELDS[name]
    with np.load(path) as archive:
        arrays = dict(archive)
    np.savez(path, **{**arrays, field: value})
    with pytest.raises(ValueError, match=rf"kept\.npz: field '{field}' ") as caught:
        Collection.load(path)
    assert "pickle" not in str(caught.value)
    np.savez(path, **{key: array for key, array in arrays.items() if key != field})
    with pytest.raises(ValueError, match=rf"kept\.npz: field '{field}' is missing"):
        Collection.load(path)


def test_a_damaged_collection_is_named_with_its_field(tmp_path):
    """500 files with bytes changed or an end cut off: the very collection, or an error that names file and field."""
    path, rng = saved(tmp_path), np.random.default_rng(1)
    whole, expected = path.read_bytes(), Collection.load(path)
    fields, told = set(), 0
    for turn in range(500):
        content = bytearray(whole)
        if turn % 5 == 0:
            del content[int(rng.integers(0, len(content))) :]
        else:
            content[int(rng.integers(0, len(content)))] ^= int(rng.integers(1, 256))
        path.write_bytes(content)
        try:
            found = Collection.load(path)
        except ValueError as error:
            told += 1
            said = str(error).removeprefix(f"{path}: ")
            fields.add(said.split("'")[1] if said.startswith("field '") else said.split(",")[0])
        else:
            assert all(np.array_equal(getattr(found, name), getattr(expected, name)) for name in Collection._fields)
    assert told > 300 and fields <= {"not a collection", *Collection._fields} and len(fields) > 5


@pytest.fixture
def ink_file(tmp_path):
    path = tmp_path / "ink.jsonl"
    jsonlines.write_samples(path, [sample(label, writer=f"w{n}", seed=n) for n, label in enumerate("abcdef")])
    return path


def cached(tmp_path, path, **options):
    """What is loaded with a cache, and the names of the files in it."""
    folder = tmp_path / "cache"
    folder.mkdir(exist_ok=True)
    options = {"split": None, "parts": ["all"], **options}
    (collection,) = load_parts([path], cache=folder, **options)[options["parts"][0]]
    return collection, {each.name for each in folder.iterdir()}


def test_what_was_prepared_is_used_again(tmp_path, ink_file, monkeypatch):
    first, names = cached(tmp_path, ink_file)
    monkeypatch.setattr("inkling.tools.loading.read_samples", None)
    again, same = cached(tmp_path, ink_file)
    assert len(names) == 1 and same == names
    assert all(np.array_equal(getattr(first, name), getattr(again, name)) for name in Collection._fields)


SHAPING = {
    "rounds of smoothing": ("inkling.ink.strokes.SMOOTHING", 1),
    "nodes a side": ("inkling.ink.strokes.STEPS", 30),
    "thickest pen": ("inkling.ink.picture.THICKEST", 5.0),
    "size of tracing": ("inkling.ink.tracing.SIZE", 50),
    "longest sample": ("inkling.data.sample.MOST_POINTS", 90_000),
}


@pytest.mark.parametrize("name, value", SHAPING.values(), ids=SHAPING)
def test_a_cache_is_of_the_constants_that_shaped_it(tmp_path, ink_file, monkeypatch, name, value):
    before, names = cached(tmp_path, ink_file)
    monkeypatch.setattr(name, value)
    after, both = cached(tmp_path, ink_file)
    assert len(both) == 2 and names < both
    fresh = collect(read_samples(ink_file))
    assert np.array_equal(after.nodes, fresh.nodes)
    assert np.array_equal(before.nodes, after.nodes) == (".strokes." not in name)


def test_a_cache_is_of_the_files_the_split_the_part_and_what_was_left_out(tmp_path, ink_file):
    _, names = cached(tmp_path, ink_file)
    seen = len(names)
    split = Split(frozenset({"w1"}), frozenset({"w2"}), 0)
    for options in (
        {"skip_bad": True},
        {"split": split, "parts": ["train"]},
        {"split": split._replace(seed=1), "parts": ["train"]},
        {"split": split, "parts": ["test"]},
    ):
        _, names = cached(tmp_path, ink_file, **options)
        seen += 1
        assert len(names) == seen
    jsonlines.write_samples(ink_file, [sample("z", seed=9)])
    collection, names = cached(tmp_path, ink_file)
    assert collection.labels.tolist() == ["z"] and len(names) == seen + 1


def test_a_cache_is_of_every_file_that_was_read(tmp_path):
    """A file of a folder, a file that is included, the labels beside the images."""
    data, more = tmp_path / "unipen/data/a.dat", tmp_path / "unipen/include/more.dat"
    for path in (data, more):
        path.parent.mkdir(parents=True)
    data.write_text('.INCLUDE more.dat\n.SEGMENT CHARACTER 0 ? "a"\n')
    more.write_text(".PEN_DOWN\n0 0\n1 1\n")
    pair = tmp_path / "x-images-idx3-ubyte", tmp_path / "x-labels-idx1-ubyte"
    pixels = np.zeros((2, 8, 8), np.uint8)
    pixels[:, 2:6, 3] = 255
    pair[0].write_bytes(bytes([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 8, 0, 0, 0, 8]) + pixels.tobytes())
    pair[1].write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 2, 1, 2]))
    for path, part, change in (
        (data.parent, data, lambda text: text.replace(b'"a"', b'"b"')),
        (data, more, lambda text: text + b"9 9\n"),
        (pair[0], pair[1], lambda content: content[:-1] + b"\7"),
    ):
        _, before = cached(tmp_path, path)
        changed = change(part.read_bytes())
        part.write_bytes(changed)
        os.utime(part, ns=(1, 1))
        collection, after = cached(tmp_path, path)
        assert len(after) == len(before) + 1
        assert np.array_equal(collection.nodes, collect(read_samples(path)).nodes)
        assert collection.labels.tolist() == [each.label for each in read_samples(path)]


def test_a_damaged_cache_is_made_anew_and_said(tmp_path, ink_file, capsys):
    whole, names = cached(tmp_path, ink_file)
    (tmp_path / "cache" / min(names)).write_bytes(b"PK\x03\x04")
    again, same = cached(tmp_path, ink_file)
    assert same == names and np.array_equal(whole.nodes, again.nodes)
    assert "not a collection, or cut short" in capsys.readouterr().err
    cached(tmp_path, ink_file)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("more", [3, 2100])
def test_a_sample_of_too_much_ink_is_named_by_its_line_or_left_out(tmp_path, capsys, more):
    """In this process and, of many samples, in others."""
    path = tmp_path / "ink.jsonl"
    zigzag = np.repeat(np.arange(20_000) % 2, 2).reshape(-1, 2).astype(np.float32)
    jsonlines.write_samples(path, [sample("a"), Sample("b", (zigzag,)), *[sample("c")] * more])
    with pytest.raises(ValueError, match=r"ink\.jsonl, line 2: more ink than one character holds"):
        load_parts([path], None, ["all"])
    (collection,) = load_parts([path], None, ["all"], skip_bad=True)["all"]
    assert collection.labels.tolist() == ["a"] + ["c"] * more
    assert "left out: 1, the first: " in capsys.readouterr().err
