"""The training loop on a task small enough to learn in seconds: reproducible, resumable, able to learn."""

import numpy as np
import pytest

from inkling import nn
from inkling.characters import model
from inkling.data import Sample
from inkling.ink.raster import PEN_RADIUS
from inkling.ink.strokes import Trail
from inkling.labels import NOTHING
from inkling.nn import cross_entropy
from inkling.tools.training_run import TrainingRun, started
from inkling.training.augment import Strength, _coarsen, augment, fit
from inkling.training.averaging import average, average_weights
from inkling.training.checkpoint import is_weights
from inkling.training.dataset import Collection, collect
from inkling.training.scribbles import KINDS, scribbles
from inkling.training.trainer import Settings, Trainer

LABELS = "LO|"


def shapes(count, seed=0):
    """Angles, rings and strokes, drawn a little differently each time."""
    rng = np.random.default_rng(seed)
    turn = np.linspace(0, 2 * np.pi, 30)
    drawn = {
        "L": np.array([[0, 0], [0, 10], [6, 10]], float),
        "O": np.stack([5 * np.cos(turn), 5 * np.sin(turn)], axis=1),
        "|": np.array([[0, 0], [0, 10]], float),
    }
    for n in range(count):
        label = LABELS[n % len(LABELS)]
        points = drawn[label] + rng.normal(0, 0.3, drawn[label].shape)
        yield Sample(label=label, strokes=(points.astype(np.float32),), writer=f"w{n % 5}")


def trainer(**settings):
    settings = {"epochs": 3, "batch": 16, "rate": 5e-3, "seed": 1, "workers": 2, **settings}
    network = model.build(len(LABELS) + 1, blocks=((4,), (6,), (8,)), hidden=16, dropout=0.1, seed=2)
    return Trainer(network, collect(shapes(96)), LABELS + NOTHING, Settings(**settings))


def weights(network):
    return np.concatenate([p.ravel() for p in network.parameters()])


def test_it_learns():
    t = trainer(epochs=12, scribbles=0.2)
    losses = [progress.loss for progress in t.run()]
    assert np.mean(losses[-5:]) < 0.6 * np.mean(losses[:5])
    from inkling.characters.recognizer import Recognizer

    reader = Recognizer(t.averaged.folded(), t.labels)
    fresh = list(shapes(60, seed=9))
    right = sum(reader.read(s.strokes)[0].label == s.label for s in fresh)
    assert right >= 54
    assert NOTHING not in reader.labels and all(c.label != NOTHING for c in reader.read(fresh[0].strokes))


def test_the_same_seed_gives_the_same_weights():
    first, second, other = trainer(), trainer(), trainer(seed=8)
    for t in (first, second, other):
        list(t.run())
    assert np.array_equal(weights(first.averaged), weights(second.averaged))
    assert not np.array_equal(weights(first.averaged), weights(other.averaged))


def test_killed_and_resumed_gives_the_same_weights(tmp_path):
    whole = trainer()
    list(whole.run())
    killed = trainer()
    for progress in killed.run():
        if progress.step == 7:
            break
    killed.save(tmp_path / "checkpoint.npz")
    resumed = trainer()
    resumed.restore(tmp_path / "checkpoint.npz")
    list(resumed.run())
    for name in ("network", "averaged"):
        assert np.array_equal(weights(getattr(whole, name)), weights(getattr(resumed, name)))


def test_the_average_has_the_mean_statistics_of_the_steps_that_it_is_the_mean_of():
    t = trainer(epochs=3, average=0.9)
    taken = [layer for layer in t.averaged.layers if layer.buffers]
    own = [layer for layer in t.network.layers if layer.buffers]
    begun = [{name: array.astype(float) for name, array in layer.buffers.items()} for layer in taken]
    seen = [[{name: array.copy() for name, array in layer.buffers.items()} for layer in own] for _ in t.run()]
    keeps = [min(0.9, (1 + step) / (10 + step)) for step in range(t.steps)]
    shares = [(1 - keep) * np.prod(keeps[step + 1 :]) for step, keep in enumerate(keeps)]
    assert own and t.steps > 5 and sum(shares) + np.prod(keeps) == pytest.approx(1)
    for place, layer in enumerate(taken):
        for name, found in layer.buffers.items():
            mean = sum(share * step[place][name] for share, step in zip(shares, seen))
            np.testing.assert_allclose(found, mean + np.prod(keeps) * begun[place][name], rtol=1e-4, atol=1e-5)
            assert not np.allclose(found, own[place].buffers[name], rtol=1e-3), "not those of the last batches"


def test_a_checkpoint_of_other_settings_is_refused(tmp_path):
    trainer().save(tmp_path / "checkpoint.npz")
    with pytest.raises(ValueError, match="other settings"):
        trainer(rate=1e-3).restore(tmp_path / "checkpoint.npz")


def test_a_resumed_run_may_be_made_shorter_and_its_rate_falls_by_then(tmp_path):
    long, short = trainer(epochs=6), trainer(epochs=3)
    steps = long.run()
    for _ in range(4):
        next(steps)
    long.save(tmp_path / "checkpoint.npz")
    short.restore(tmp_path / "checkpoint.npz")
    last = list(short.run())[-1]
    assert last.step == last.steps == short.steps < long.steps
    assert last.rate == nn.one_cycle(short.steps - 1, short.steps, short.settings.rate)


@pytest.mark.parametrize("damage", [lambda whole: whole[: len(whole) // 2], lambda whole: b"text", lambda whole: b""])
def test_a_damaged_checkpoint_is_named(tmp_path, damage):
    path = tmp_path / "checkpoint.npz"
    trainer().save(path)
    path.write_bytes(damage(path.read_bytes()))
    for use in (trainer().restore, trainer().start_from, is_weights):
        with pytest.raises(ValueError, match=r"checkpoint\.npz: neither a checkpoint nor weights, or cut short"):
            use(path)


CHANGES = {
    "a field that is missing": (lambda arrays: arrays.pop("network.3"), "field 'network.3' is missing"),
    "no step": (lambda arrays: arrays.pop("step"), "field 'step' is missing"),
    "another shape": (
        lambda arrays: arrays.update({"averaged.0": np.zeros(3, np.float32)}),
        r"field 'averaged.0' is .*\(3,\)",
    ),
    "other numbers": (lambda arrays: arrays.update({"optimizer.mean1": np.array(["a"])}), "field 'optimizer.mean1' is <U1"),
    "objects": (
        lambda arrays: arrays.update({"network_buffers.0": np.array([{}], object)}),
        "field 'network_buffers.0' holds Python objects",
    ),
}


@pytest.mark.parametrize("change, said", CHANGES.values(), ids=CHANGES)
def test_a_field_of_a_checkpoint_that_does_not_fit_is_named(tmp_path, change, said):
    path = tmp_path / "checkpoint.npz"
    trainer().save(path)
    with np.load(path) as archive:
        arrays = dict(archive)
    change(arrays)
    np.savez(path, **arrays)
    with pytest.raises(ValueError, match=rf"checkpoint\.npz: {said}"):
        trainer().restore(path)


def test_a_run_leaves_weights_metrics_and_a_checkpoint(tmp_path):
    t = trainer(epochs=2)
    TrainingRun(t, tmp_path / "run", tmp_path / "out.npz", [collect(shapes(12, seed=4))]).go()
    network, header = nn.load(tmp_path / "out.npz")
    assert header["labels"] == LABELS + NOTHING
    assert not any(isinstance(layer, nn.BatchNorm2D) for layer in network.layers)
    rows = (tmp_path / "run" / "metrics.csv").read_text().splitlines()
    assert rows[0].startswith("step,epoch,loss") and len(rows) == 3
    with pytest.raises(ValueError, match="--resume"):
        TrainingRun(trainer(epochs=2), tmp_path / "run", tmp_path / "out.npz", []).go()


def test_foreign_labels_are_refused():
    with pytest.raises(ValueError, match="cannot be learned"):
        Trainer(model.build(2, ((4,),), 8), collect(shapes(6)), "L|", Settings())


WHOLE = {
    "balance": (0, 1), "rate": (1,), "decay": (0, 1), "smoothing": (0, 1), "average": (0, 1), "epochs": (1,),
    "scribbles": (0, 1), "traced": (0, 1), "shaded": (0, 1),
}  # fmt: skip


@pytest.mark.parametrize("name, value", [(name, value) for name, values in WHOLE.items() for value in values])
@pytest.mark.parametrize("optimizer", ["adamw", "sgd"])
def test_whole_numbers_are_settings_like_their_fractions(name, value, optimizer):
    """0 and 1 where a share is meant: the step that they make is that of 0.0 and 1.0."""
    steps = []
    for number in (value, float(value)):
        t = trainer(workers=1, optimizer=optimizer, **{name: number})
        steps.append(next(t.run()))
        assert np.isfinite(steps[-1].loss)
        steps[-1] = (steps[-1].loss, steps[-1].accuracy, weights(t.averaged).tobytes())
    assert steps[0] == steps[1]


NO_SETTINGS = {
    "batch": (0, -3, 2.5), "workers": (0, -1), "seed": (-1, 0.5), "epochs": (0, -1, np.nan, np.inf), "rate": (0, -1e-3, np.nan),
    "decay": (-1, np.nan), "smoothing": (-0.1, 7), "balance": (np.nan, 2), "average": (1.5, -1), "scribbles": (-1, 2),
    "traced": (2, np.nan), "shaded": (-0.5,), "optimizer": ("adam", None), "augmentation": (Strength(rotation=-1), Strength(pen=np.nan)),
}  # fmt: skip


@pytest.mark.parametrize("name, value", [(name, value) for name, values in NO_SETTINGS.items() for value in values])
def test_a_setting_out_of_its_range_is_named(name, value):
    with pytest.raises(ValueError, match=f"^{name} (is|has) .*not "):
        Settings(**{name: value})


def test_full_balance_draws_every_class_equally_often():
    samples = [s for s in shapes(300) if s.label != "O"] + [s for s in shapes(30) if s.label == "O"]
    t = Trainer(model.build(3, ((4,),), 8), collect(samples), LABELS, Settings(balance=1))
    chances = np.diff(t.cdf, prepend=0)
    assert [chances[t.targets == k].sum() for k in range(3)] == pytest.approx([1 / 3] * 3)


def test_an_unknown_case_teaches_both():
    samples = [Sample(label="C", strokes=(np.eye(2, dtype=np.float32),), case_known=known) for known in (True, False)]
    t = Trainer(model.build(3, ((4,),), 8), collect(samples), "Ccx", Settings())
    logits = np.log(np.array([[0.2, 0.6, 0.2]] * 2, np.float32))
    targets = t._soft_targets(logits, np.array([0, 1]))
    assert targets[0].tolist() == [1, 0, 0]
    assert targets[1] == pytest.approx([0.25, 0.75, 0], abs=1e-6)


def test_teachers_take_their_share_of_the_targets(monkeypatch):
    """Of each target half is what they say; scribbles have no teachers, and what counts as right stays the label."""
    seen = []

    def spy(logits, targets, smoothing):
        seen.append(targets.copy())
        return cross_entropy(logits, targets, smoothing)

    monkeypatch.setattr("inkling.training.trainer.cross_entropy", spy)
    said = np.random.default_rng(0).dirichlet(np.ones(4), 90).astype(np.float32)
    how = Settings(batch=16, distilled=0.25, augmentation=None, scribbles=0.5)
    t = Trainer(model.build(4, ((4,),), 8), collect(shapes(90)), LABELS + NOTHING, how, teachers=said)
    index = t._draw()
    progress = next(t.run())
    (targets,) = seen
    exact = np.eye(4, dtype=np.float32)[t.targets[index]]
    assert targets[:16] == pytest.approx(0.75 * exact + 0.25 * said[index], abs=1e-6)
    assert targets[16:].tolist() == [[0, 0, 0, 1]] * 8
    assert 0 <= progress.accuracy <= 1


def test_teachers_of_other_samples_are_refused():
    collection = collect(shapes(9))
    for teachers in (None, np.ones((8, 3), np.float32), np.ones((9, 4), np.float32)):
        with pytest.raises(ValueError, match="teachers of 9 samples and 3 labels are needed"):
            Trainer(model.build(3, ((4,),), 8), collection, LABELS, Settings(distilled=0.5), teachers=teachers)


def test_no_augmentation_only_fits():
    collection = collect(shapes(9))
    trail, owner = collection.batch(np.arange(9))
    nothing = Strength(*(0.0,) * len(Strength._fields))
    changed, same_owner, radius = augment(trail, owner, 9, np.random.default_rng(0), nothing)
    assert np.array_equal(same_owner, owner) and np.array_equal(changed.ends, trail.ends)
    assert np.allclose(changed.nodes, fit(trail.nodes, owner, 9), atol=1e-6)
    assert np.allclose(radius, PEN_RADIUS)


def test_augmentation_changes_every_character_but_keeps_the_frame():
    collection = collect(shapes(60))
    trail, owner = collection.batch(np.arange(60))
    changed, kept, radius = augment(trail, owner, 60, np.random.default_rng(0))
    assert set(kept.tolist()) == set(range(60)) and np.isfinite(changed.nodes).all()
    assert np.abs(changed.nodes).max() < 0.5 * 1.15 + 0.061
    assert np.count_nonzero(changed.ends) == np.count_nonzero(trail.ends)
    assert len(set(radius.tolist())) > 50


def test_coarse_ink_is_straight_between_the_points_that_are_left():
    nodes = np.stack([np.arange(8.0), np.arange(8.0) ** 2], axis=1).astype(np.float32)
    trail = Trail(np.concatenate([nodes, nodes[:3]]), np.arange(11) % 8 == np.array([7] * 8 + [2] * 3))
    changed = _coarsen(trail, np.zeros(11, int), np.array([3]))
    kept = [0, 3, 6, 7, 8, 10]  # of each stroke every third node and the last
    assert np.array_equal(changed.nodes[kept], trail.nodes[kept]) and np.array_equal(changed.ends, trail.ends)
    way = np.interp(np.arange(8), [0, 3, 6, 7], np.array([0, 3, 6, 7]) ** 2)
    assert np.allclose(changed.nodes[:8, 1], way) and np.allclose(changed.nodes[:8, 0], np.arange(8))
    assert np.array_equal(_coarsen(trail, np.zeros(11, int), np.array([1])).nodes, trail.nodes)


def test_pictures_are_shown_as_pictures_and_some_as_traced():
    bars = np.full((8, 30, 30), 255, np.uint8)
    bars[:, 4:26, 13:17] = 0
    collection = collect([*shapes(8), *(Sample(label="|", pixels=pixels) for pixels in bars)])
    index = np.arange(16)

    def seen(traced):
        settings = Settings(scribbles=0, traced=traced, shaded=0.0, augmentation=None)
        return Trainer(model.build(3, ((4,),), 8), collection, "LO|", settings).pictures(index, np.random.default_rng(0))

    (as_read,) = collection.pictures()
    (trails,) = Collection(**{**collection._asdict(), "framed": np.full(16, -1)}).pictures()
    # Trails are fitted anew after smoothing, which moves them by a fraction of a pixel.
    close = lambda a, b: np.abs(a - b).mean() < 0.02  # noqa: E731
    assert close(seen(0.0)[8:], as_read[8:]) and close(seen(0.0)[:8], as_read[:8])
    assert close(seen(1.0), trails) and not close(trails[8:], as_read[8:])


def test_a_course_that_starts_from_weights(tmp_path):
    nn.save(tmp_path / "begun.npz", model.build(3, ((4,),), 8, dropout=0.3).folded(), "LO|")
    assert is_weights(tmp_path / "begun.npz")
    network = started(tmp_path / "begun.npz", "LO|", dropout=0.1)
    assert [layer.rate for layer in network.layers if isinstance(layer, nn.Dropout)] == [0.1, 0.1]
    t = Trainer(network, collect(shapes(9)), "LO|", Settings(epochs=1, batch=9))
    list(t.run())
    t.save(tmp_path / "checkpoint.npz")
    assert not is_weights(tmp_path / "checkpoint.npz")
    with pytest.raises(ValueError, match=r"begun\.npz: field 'header\.labels': LO\|, the samples need LO"):
        started(tmp_path / "begun.npz", "LO", dropout=0.1)


@pytest.mark.parametrize("kind", KINDS)
def test_scribbles_are_whole_trails(kind):
    collection = collect(shapes(30))
    trail, owner = scribbles(kind, collection, 40, np.random.default_rng(5))
    assert np.array_equal(np.unique(owner), np.arange(40)) and (np.diff(owner) >= 0).all()
    last = np.concatenate((np.flatnonzero(np.diff(owner)), [len(owner) - 1]))
    assert trail.ends[last].all(), "no stroke runs from one piece into the next"
    assert np.isfinite(trail.nodes).all() and trail.nodes.dtype == np.float32


def test_the_mean_of_two_courses(tmp_path):
    def course(seed):
        t = Trainer(model.build(3, ((4,),), 8, seed=seed), collect(shapes(9)), "LO|", Settings(epochs=1, batch=9, seed=seed))
        list(t.run())
        t.save(tmp_path / f"{seed}.npz")
        return t.averaged

    one, other = course(1), course(2)
    paths = [tmp_path / "1.npz", tmp_path / "2.npz"]
    mean = average(model.build(3, ((4,),), 8), paths, [1, 3])
    for a, b, c in zip(one.parameters(), other.parameters(), mean.parameters()):
        assert np.allclose(c, 0.25 * a + 0.75 * b, atol=1e-6)
    norms = [next(layer for layer in n.layers if layer.buffers) for n in (one, other, mean)]
    for name in norms[0].buffers:
        a, b, c = (norm.buffers[name] for norm in norms)
        assert np.allclose(c, 0.25 * a + 0.75 * b, atol=1e-6)

    with pytest.raises(ValueError, match="one share above 0 for each of 2 files"):
        average(model.build(3, ((4,),), 8), paths, [1])
    with pytest.raises(ValueError, match=r"1\.npz: no checkpoint of this network"):
        average(model.build(4, ((4,),), 8), paths, [1, 1])


def test_the_mean_of_two_weights_files(tmp_path):
    networks = [model.build(3, ((4,),), 8, seed=seed).folded() for seed in (1, 2)]
    paths = [tmp_path / "1.npz", tmp_path / "2.npz"]
    for path, network in zip(paths, networks):
        nn.save(path, network, "LO|")
    mean, labels = average_weights(paths, [3, 1])
    assert labels == "LO|"
    for a, b, c in zip(*(n.parameters() for n in (*networks, mean))):
        assert np.allclose(c, 0.75 * a + 0.25 * b, atol=1e-6)
    nn.save(tmp_path / "other.npz", model.build(4, ((4,),), 8).folded(), "LO|-")
    with pytest.raises(ValueError, match=r"other\.npz: another network than that of .*1\.npz"):
        average_weights([paths[0], tmp_path / "other.npz"], [1, 1])
    with pytest.raises(ValueError, match="one share above 0 for each of 2 files"):
        average_weights(paths, [1, 0])
