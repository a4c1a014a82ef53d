"""Learning to read text, on a handful of words: it learns, it resumes, it composes; and the commands for text."""

import csv
import json
import re
from collections import Counter

import numpy as np
import pytest

from inkling.data.formats import read_samples
from inkling.data.jsonlines import write_samples
from inkling.data.sample import Sample
from inkling.nn import load
from inkling.tools.cli import main
from inkling.tools.split import Split, extend
from inkling.tools.text_training import cached, is_learnable
from inkling.training.compose import KINDS, compose, hands
from inkling.training.line_augment import Strength, augment
from inkling.training.line_dataset import Lines, collect, join
from inkling.training.line_trainer import LineTrainer, Settings
from inkling.words import model
from inkling.words.alphabet import ALPHABET, encode

STILL = Strength(*(0.0,) * len(Strength._fields))


def a_network(residual=((5, 1),), seed=0):
    """Of the shipped kind, small enough to learn in a test."""
    blocks = (((6,), (4, 2)), ((12,), (4, 2)))
    return model.build(blocks=blocks, along=24, residual=residual, dropout=0.0, seed=seed)


@pytest.fixture
def small():
    return a_network()


def strokes_of(text, rng):
    """Drawn letters that a small network can tell apart: a stick, a bow or a bar for each."""
    shapes = {"l": [[0, 0], [0, 40]], "o": [[0, 40], [15, 25], [30, 40], [15, 55], [0, 40]], "-": [[0, 40], [30, 40]]}
    return tuple(np.array(shapes[c], np.float32) + np.array([45 * n, 0]) + rng.normal(size=2) for n, c in enumerate(text))


@pytest.fixture
def letters():
    rng = np.random.default_rng(0)
    texts = ["".join(rng.choice(list("lo-"), size=rng.integers(2, 6))) for _ in range(120)]
    return collect(Sample(text, strokes_of(text, rng), writer="a", is_text=True) for text in texts)


def test_a_network_learns_to_read_what_nobody_cut_into_letters(small, letters):
    settings = Settings(epochs=14, columns=2000, rate=1e-2, average=0.9, augmentation=STILL)
    trainer = LineTrainer(small, letters, settings)
    losses = [done.loss for done in trainer.run()]
    assert losses[-1] < 0.1 * losses[0]
    from inkling.tools.text_training import measure

    assert measure(trainer.averaged.folded(), letters)[0] < 0.1


def test_a_run_that_was_stopped_goes_on_as_if_it_had_not_been(small, letters, tmp_path):
    settings = Settings(epochs=1, columns=1500, workers=2)
    whole = LineTrainer(small.replica(), letters, settings)
    list(whole.run())

    def fresh():
        return LineTrainer(a_network(), letters, settings)

    first = fresh()
    steps = first.run()
    for _ in range(3):
        next(steps)
    first.save(tmp_path / "checkpoint.npz")
    second = fresh()
    second.restore(tmp_path / "checkpoint.npz")
    list(second.run())
    third = fresh()
    list(third.run())
    for a, b in zip(second.averaged.parameters(), third.averaged.parameters()):
        assert np.array_equal(a, b)
    other = LineTrainer(small, letters, Settings(epochs=1, columns=1500, workers=2, rate=1e-3))
    with pytest.raises(ValueError, match="other settings"):
        other.restore(tmp_path / "checkpoint.npz")


def test_a_deeper_network_begins_with_what_a_shallower_one_knows(letters, tmp_path):
    settings = Settings(epochs=3, columns=2000, rate=1e-2, average=0.9, augmentation=STILL)
    shallow = LineTrainer(a_network(), letters, settings)
    list(shallow.run())
    shallow.save(tmp_path / "shallow.npz")
    deep = LineTrainer(a_network(((5, 1), (3, 2), (3, 1)), seed=5), letters, settings)
    deep.start_from(tmp_path / "shallow.npz")
    # All layers but the two blocks before the dropout and the last convolution.
    known = [array for layer in deep.network.layers[:-4] + deep.network.layers[-2:] for array in layer.parameters.values()]
    assert all(np.array_equal(a, b) for a, b in zip(known, shallow.averaged.parameters(), strict=True))
    # As it learns, batch by batch, it says nearly the same.
    x, widths = deep.pictures(np.arange(40), np.random.default_rng(0))
    before, after = (network.forward(x, True, widths) for network in (shallow.averaged, deep.network))
    assert np.abs(after - before).mean() < 0.25 * before.std()
    assert not np.array_equal(before, after)
    losses = [done.loss for done in deep.run()]
    assert losses[-1] < losses[0]
    deep.save(tmp_path / "deep.npz")
    with pytest.raises(ValueError, match="no checkpoint of this network"):
        shallow.start_from(tmp_path / "deep.npz")


def test_every_line_is_drawn_and_batches_keep_to_their_columns(small, letters):
    trainer = LineTrainer(small, letters, Settings(columns=1000))
    batches = trainer._batches(0)
    assert all(letters.widths[batch].max() * len(batch) <= 1000 for batch in batches)
    seen = Counter(int(n) for epoch in range(30) for batch in trainer._batches(epoch) for n in batch)
    assert len(seen) == trainer.per_epoch


def test_augmentation_of_no_strength_leaves_lines_alone(letters):
    index = np.arange(5)
    nodes, ends, owner = letters.gather(index)
    moved, widths, density = augment(nodes, ends, owner, 5, np.random.default_rng(0), STILL)
    assert moved == pytest.approx(nodes, abs=1e-4)
    assert (np.abs(widths - letters.widths[index]) <= 4).all()
    assert density == pytest.approx(1.2)


def test_augmented_lines_stay_in_their_pictures(letters):
    index = np.arange(len(letters))
    nodes, ends, owner = letters.gather(index)
    for seed in range(5):
        moved, widths, _ = augment(nodes, ends, owner, len(index), np.random.default_rng(seed), Strength())
        assert moved[:, 0].min() >= 0
        assert (moved[:, 0] < widths[owner]).all()
        assert (widths % 4 == 0).all()


def test_lines_are_kept_and_joined(letters, tmp_path):
    letters.save(tmp_path / "lines.npz")
    again = Lines.load(tmp_path / "lines.npz")
    both = join([again, letters.select(np.array([5, 3]))])
    assert len(both) == len(letters) + 2
    assert both.texts[-2:].tolist() == letters.texts[[5, 3]].tolist()
    nodes, _, owner = both.gather(np.array([len(letters) + 1]))
    assert np.array_equal(nodes, letters.gather(np.array([3]))[0])
    assert (owner == 0).all()


@pytest.fixture
def characters():
    rng = np.random.default_rng(3)
    return [
        Sample(label, (rng.normal(size=(8, 2)).astype(np.float32) * 20,), writer=writer)
        for writer in ("ann", "bob")
        for label in ALPHABET
        if label != " "
    ]


def test_prepared_lines_are_made_anew_when_the_code_that_prepares_them_is_another(letters, tmp_path, monkeypatch):
    made = []

    def make():
        made.append(True)
        return {"train": letters, "validation": letters}

    for _ in range(2):
        cached(tmp_path, "key", make)
    assert len(made) == 1
    package = tmp_path / "inkling"
    (package / "tools").mkdir(parents=True)
    (package / "words").mkdir()
    (package / "words/frame.py").write_text("MARGIN = 9")
    monkeypatch.setattr("inkling.tools.loading.__file__", str(package / "tools/loading.py"))
    cached(tmp_path, "key", make)
    assert len(made) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_composed_lines_are_of_one_person_and_of_their_kind(kind, characters, written):
    words = {"ann": [s for s in written if " " not in s.label][:6]}
    made = list(compose(kind, hands(characters), words, 30, 5))
    again = list(compose(kind, hands(characters), words, 30, 5))
    assert [s.label for s in made] == [s.label for s in again]
    assert all(np.array_equal(a, b) for s, t in zip(made, again) for a, b in zip(s.ink, t.ink))
    assert {s.writer for s in made} <= {"ann", "bob"}
    for sample in made:
        encode(sample.label)
        if kind == "digits":
            assert sample.label.isdigit() and 4 <= len(sample.label) <= 8
        if kind == "lines":
            assert 2 <= len(sample.label.split()) <= 5
        assert all(np.isfinite(stroke).all() for stroke in sample.ink)


def test_characters_stand_side_by_side_on_a_line(characters):
    made = next(iter(compose("digits", hands(characters), {}, 1, 0)))
    begins = [float(stroke[:, 0].min()) for stroke in made.ink]
    assert begins == sorted(begins)
    assert len(made.ink) == len(made.label)


@pytest.mark.parametrize(("writer", "text", "learnable"), [
    ("kai_x001", "a@b", False), ("kai_x001", "ab", True), ("lav_x002", "abc", False), ("sta_x001", "ab~", False), ("sta_x001", "a b", True),
])  # fmt: skip
def test_labels_known_to_be_wrong_are_not_learned(writer, text, learnable):
    assert is_learnable(Sample(text, (np.zeros((1, 2), np.float32),), writer=writer, is_text=True)) == learnable


def test_a_split_is_extended_and_nobody_changes_sides():
    split = Split(frozenset({"aaa_w001"}), frozenset({"bbb_w001"}), 1)
    styles = {f"{con}_x{n:03}": style for con in ("aaa", "bbb", "ccc") for n, style in enumerate(["printed", "cursive"] * 5)}
    styles |= {"aaa_w001": "printed", "bbb_w001": "mixed", "ccc_w009": "mixed"}
    new = extend(split, styles, 7, 2026)
    assert new == extend(split, styles, 7, 2026)
    assert split.test < new.test and split.validation < new.validation
    assert len(new.test) == len(new.validation) == 7
    assert not new.test & new.validation
    assert "ccc_w009" not in new.test | new.validation
    # Of three contributors of ten people each in proportion: two each.
    assert set(Counter(name[:3] for name in new.test - split.test).values()) == {2}


def run(*arguments):
    return main([str(argument) for argument in arguments])


@pytest.fixture
def files(tmp_path, written, characters):
    """Words of three parts of a split, and characters."""
    people = {"train": "ann", "validation": "bob", "test": "cid"}
    samples = [s for s in written if len(s.label) < 12]
    words = [
        Sample(s.label, s.strokes, writer=writer, is_text=True)
        for n, s in enumerate(samples)
        for writer in [list(people.values())[n % 3]]
    ]
    write_samples(tmp_path / "words.jsonl.gz", words)
    write_samples(tmp_path / "characters.jsonl.gz", characters)
    Split(frozenset({"cid"}), frozenset({"bob"}), 1).save(tmp_path / "split.json")
    return tmp_path


def test_the_commands_train_resume_calibrate_and_evaluate(files, capsys):
    data = ["--data", files / "words.jsonl.gz", files / "characters.jsonl.gz", "--split", files / "split.json"]
    training = [
        "train-words",
        *data,
        "--out",
        files / "w.npz",
        "--run-dir",
        files / "run",
        "--columns",
        1500,
        "--composed",
        12,
    ]
    training += ["--singles", 5, "--workers", 1, "--epochs", 0.2]
    assert run(*training) == 0
    rows = list(csv.DictReader((files / "run" / "metrics.csv").open()))
    assert rows and float(rows[-1]["validation_cer"]) >= 0
    assert load(files / "w.npz")[1]["labels"][:-1] == ALPHABET
    assert run(*training) == 1
    assert "--resume goes on with it" in capsys.readouterr().err
    assert run(*training, "--resume") == 0
    again = [*training, "--epochs", 0.05, "--run-dir", files / "more", "--out", files / "more.npz"]
    capsys.readouterr()
    assert run(*again, "--start", files / "run" / "checkpoint.npz") == 0
    said = capsys.readouterr()
    assert "BatchNorm2D" in said.out and not said.err
    (files / "more" / "checkpoint.npz").unlink()
    assert run(*again, "--start", files / "w.npz") == 0
    said = capsys.readouterr()
    assert "BatchNorm2D" not in said.out and "batch norms are folded away" in said.err

    assert (
        run(
            "evaluate",
            files / "words.jsonl.gz",
            "--weights",
            files / "w.npz",
            "--split",
            files / "split.json",
            "--part",
            "test",
            "--json",
        )
        == 0
    )
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    expected = {
        "samples",
        "cer",
        "wer",
        "accuracy",
        "cer_case_blind",
        "accuracy_case_blind",
        "top5",
        "ms_per_sample",
        "by_style",
        "cer_without_spaces",
    }
    assert expected <= figures.keys()
    assert figures["by_style"]["?"]["samples"] == figures["samples"] > 5
    assert (
        run(
            "calibrate-words", files / "w.npz", *[files / "words.jsonl.gz"] * 2, "--split", files / "split.json", "--most", 3
        )
        == 0
    )
    assert len(load(files / "w.npz")[1]["meta"]["weights"]) == 4
    assert (
        run(
            "evaluate",
            files / "characters.jsonl.gz",
            "--weights",
            files / "w.npz",
            "--language",
            "none",
            "--report",
            files / "r.html",
        )
        == 0
    )
    assert re.search(r"line \d+, ann", (files / "r.html").read_text())


def test_composing_writes_lines_of_one_part(files):
    line = ["compose", "--data", files / "characters.jsonl.gz", "--split", files / "split.json", "--count", 7, "--seed", 3]
    assert run(*line, "--kind", "codes", "--part", "train", "--out", files / "a.jsonl.gz") == 0
    assert run(*line, "--kind", "codes", "--part", "train", "--out", files / "b.jsonl.gz") == 0
    assert (files / "a.jsonl.gz").read_bytes() == (files / "b.jsonl.gz").read_bytes()
    made = list(read_samples(files / "a.jsonl.gz"))
    assert len(made) == 7 and all(sample.is_text and sample.writer == "ann" for sample in made)


def test_a_text_outside_the_alphabet_is_named_by_its_line_or_left_out(files, capsys):
    path = files / "odd.jsonl"
    path.write_text('{"text": "fine", "strokes": [[[0,0],[9,9]]]}\n{"text": "gr\u00fc\u00df", "strokes": [[[0,0],[9,9]]]}\n')
    (files / "run").mkdir(exist_ok=True)
    data = ["--data", files / "words.jsonl.gz", "--split", files / "split.json"]
    assert (
        run(
            "train-words",
            *data,
            "--out",
            files / "w.npz",
            "--run-dir",
            files / "run",
            "--epochs",
            0.01,
            "--composed",
            0,
            "--workers",
            1,
        )
        == 0
    )
    capsys.readouterr()
    assert run("evaluate", path, "--weights", files / "w.npz", "--language", "none") == 1
    assert "line 2: \u00df \u00fc is not in the alphabet" in capsys.readouterr().err
    assert run("evaluate", path, "--weights", files / "w.npz", "--language", "none", "--skip-bad", "--json") == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["samples"], figures["left_out"]) == (1, 1)
