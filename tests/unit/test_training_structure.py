"""How strokes hang together, changed at random: on letters whose joins and loops are known, and off by default."""

import numpy as np
import pytest

from inkling import ink, nn
from inkling.characters import model
from inkling.data import Sample
from inkling.data.jsonlines import write_samples
from inkling.ink.strokes import STEPS, Trail
from inkling.tools.cli import main
from inkling.tools.split import Split, contributor
from inkling.training.dataset import collect
from inkling.training.structure import OPENING, REACH, Structure
from inkling.training.trainer import Settings, Trainer

TURN = np.linspace(0, 1.9 * np.pi, 40)
LETTERS = {
    "F": [[(80, 0), (0, 0)], [(0, 3), (0, 100)], [(2, 50), (60, 50)]],
    "H": [[(0, 0), (0, 100)], [(70, 0), (70, 100)], [(0, 50), (70, 50)]],
    "i": [[(50, 30), (50, 100)], [(50, 0), (51, 0)]],
    "O": [np.stack([50 + 40 * np.cos(TURN), 50 + 50 * np.sin(TURN)], axis=1)],
}


def trail_of(text):
    """The letters one after another, each in its frame, and which node is whose."""
    trails = [ink.resample(ink.validate([np.array(stroke, np.float32) for stroke in LETTERS[letter]])) for letter in text]
    nodes, ends = (np.concatenate(arrays) for arrays in zip(*trails))
    return Trail(nodes, ends), np.repeat(np.arange(len(text)), [len(trail.nodes) for trail in trails])


def strokes_of(trail, owner, character):
    nodes, ends = trail.nodes[owner == character], trail.ends[owner == character]
    return np.split(nodes, np.flatnonzero(ends)[:-1] + 1)


def gap(one, other):
    """The least distance between nodes of two strokes, by comparing all."""
    return min(float(np.hypot(*(a - b))) for a in one for b in other)


def test_no_shares_change_nothing():
    trail, owner = trail_of("FHiO")
    changed, same = Structure()(trail, owner, np.random.default_rng(0))
    assert np.array_equal(changed.nodes, trail.nodes) and np.array_equal(changed.ends, trail.ends)
    assert np.array_equal(same, owner)


@pytest.mark.parametrize("seed", range(6))
def test_short_moves_are_drawn_and_long_ones_are_not(seed):
    trail, owner = trail_of("FHiO")
    changed, whose = Structure(joins=1.0)(trail, owner, np.random.default_rng(seed))
    assert np.array_equal(np.unique(whose), np.arange(4)) and (np.diff(whose) >= 0).all()
    assert changed.nodes.dtype == np.float32
    last = np.concatenate((np.flatnonzero(np.diff(whose)), [len(whose) - 1]))
    assert changed.ends[last].all(), "no stroke runs from one character into the next"
    # The hat's end is at the stem's beginning; from the stem's end to the bar it is half a letter, or as far back along it.
    hat, stem, bar = strokes_of(trail, owner, 0)
    first, *others = strokes_of(changed, whose, 0)
    assert np.array_equal(first[: len(hat)], hat) and len(first) >= len(hat) + len(stem)
    assert len(others) in (0, 1)
    if not others:
        assert np.array_equal(first[-len(bar) :], bar)
        # Back along the stem: nothing is drawn where there was no ink, but for the gap.
        drawn = first[len(hat) : -len(bar)]
        assert max(gap([node], np.concatenate([hat, stem, bar])) for node in drawn) < REACH / 2
    for character in (1, 2):  # H's stems stand apart, and so does a dot
        before, after = strokes_of(trail, owner, character), strokes_of(changed, whose, character)
        assert len(after[0]) == len(before[0]) and np.array_equal(after[0], before[0])
    # The pen goes on at its usual steps.
    steps = np.hypot(*np.diff(first, axis=0).T)
    assert steps.max() < 1.6 / STEPS


def test_joins_back_along_a_stroke_are_drawn_too():
    trail, owner = trail_of("F" * 40)
    changed, whose = Structure(joins=1.0)(trail, owner, np.random.default_rng(1))
    pieces = [len(strokes_of(changed, whose, n)) for n in range(40)]
    assert 8 < pieces.count(1) < 32 and pieces.count(1) + pieces.count(2) == 40


@pytest.mark.parametrize("share", [0.25, 0.75])
def test_a_share_of_joins_is_that_share(share):
    trail, owner = trail_of("F" * 400)
    changed, whose = Structure(joins=share)(trail, owner, np.random.default_rng(2))
    hats = sum(len(strokes_of(changed, whose, n)[0]) > len(strokes_of(trail, owner, n)[0]) for n in range(400))
    assert abs(hats / 400 - share) < 0.07


def test_loops_are_closed_or_opened():
    trail, owner = trail_of("O" * 60 + "F")
    (ring,) = strokes_of(trail, owner, 0)
    width = gap(ring[:1], ring[-1:])
    changed, whose = Structure(loops=1.0)(trail, owner, np.random.default_rng(3))
    gaps = []
    for n in range(60):
        (stroke,) = strokes_of(changed, whose, n)
        assert np.array_equal(stroke[: min(len(ring), len(stroke))], ring[: min(len(ring), len(stroke))])
        assert len(stroke) >= len(ring) * (1 - OPENING) - 1
        gaps.append(gap(stroke[:1], stroke[-1:]))
    closed = sum(g == 0 for g in gaps)
    assert 15 < closed < 45 and all(g == 0 or g >= width for g in gaps) and max(gaps) > 2 * width
    for before, after in zip(strokes_of(trail, owner, 60), strokes_of(changed, whose, 60), strict=True):
        assert np.array_equal(before, after)


@pytest.mark.parametrize("name, share", [("joins", 1.5), ("joins", -0.1), ("loops", np.nan)])
def test_a_share_out_of_its_range_is_named(name, share):
    with pytest.raises(ValueError, match=f"{name} is a share from 0 to 1, not"):
        Structure(**{name: share})


def test_a_trainer_draws_what_was_restructured():
    samples = [Sample(letter, tuple(np.array(s, np.float32) for s in LETTERS[letter])) for letter in "FOFO"]

    def seen(restructure):
        settings = Settings(scribbles=0, shaded=0, augmentation=None, restructure=restructure)
        trainer = Trainer(model.build(2, ((4,),), 8), collect(samples), "FO", settings)
        assert repr(restructure) in repr(settings), "a checkpoint knows of it"
        return trainer.pictures(np.arange(4), np.random.default_rng(0))

    plain, changed = seen(None), seen(Structure(loops=1.0))
    assert np.array_equal(plain[::2], changed[::2]) and not np.allclose(plain[1::2], changed[1::2], atol=0.1)


def test_the_command_line_trains_with_the_levers(tmp_path, real_ink, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_samples(tmp_path / "ink.jsonl", real_ink[::3])
    contributors = sorted({contributor(sample.writer) for sample in real_ink[::3]})
    Split(frozenset(), frozenset(), 1, contributors=frozenset(contributors[:1])).save("split.json")
    train = "train --data ink.jsonl --split split.json --epochs 0.1 --batch 16 --blocks 4;4 --hidden 8 --workers 1"
    made = {}
    levers = {
        "plain": "",
        "structure": "--joins 1 --loops 1",
        "again": "--joins 1 --loops 1",
        "balance": "--contributor-balance 1",
    }
    for name, options in levers.items():
        assert main([*f"{train} {options}".split(), "--out", f"{name}.npz"]) == 0
        network, _ = nn.load(f"{name}.npz")
        made[name] = np.concatenate([array.ravel() for array in network.parameters()])
        metrics = (tmp_path / "runs" / name / "metrics.csv").read_text().splitlines()
        assert 0 <= float(metrics[-1].split(",")[-1]) <= 1, "the people of the contributor that was left out were read"
    assert np.array_equal(made["structure"], made["again"])
    assert not np.array_equal(made["plain"], made["structure"]) and not np.array_equal(made["plain"], made["balance"])
