"""Packing samples, and splitting them by writer."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkling import Recognizer
from inkling.data import Sample
from inkling.ink import strokes as ink
from inkling.tools.split import Split, draw, draw_writers
from inkling.training.dataset import collect, join


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
    assert len(split.test) == len(split.choose) == 10 and not split.test & split.choose
    parts = [split.part("", place) for place in range(20_000)]
    assert abs(parts.count("test") / 20_000 - 0.10) < 0.01 and abs(parts.count("choose") / 20_000 - 0.03) < 0.01


def test_the_shipped_split_has_thirty_writers_each():
    from building.paths import WEIGHTS

    split = Split.load(WEIGHTS.with_name("split.json"))
    assert len(split.test) == len(split.choose) == 30 and not split.test & split.choose


@pytest.mark.parametrize(
    "fields, named",
    [
        ({"test": "abc"}, "'test'"), ({"choose": [1]}, "'choose'"), ({"seed": 0.5}, "'seed'"),
        ({"test": ["a"], "choose": ["a"]}, "both parts"), ({"more": 1}, "holds"),
    ],
)  # fmt: skip
def test_a_wrong_split_file_is_named(tmp_path, fields, named):
    whole = {"test": [], "choose": [], "seed": 1, "test_percent": 10, "choose_percent": 3}
    path = tmp_path / "split.json"
    path.write_text(json.dumps({**whole, **fields}))
    with pytest.raises(ValueError, match=named) as error:
        Split.load(path)
    assert "split.json" in str(error.value)
