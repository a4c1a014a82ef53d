"""The lab: networks of any shape, training and testing in turns, divergence, and its ink."""

import numpy as np
import pytest

from building.paths import WEIGHTS
from inkling import Recognizer, nn
from inkling.data.formats import read_samples
from inkling.labels import LABELS
from inkling.tools.excerpt import COUNTS, CURSIVE
from inkling.tools.split import Split
from inkling.training.dataset import collect
from inkling.training.lab import Diverged, Lab, Measurement, build
from inkling.training.loop import Progress
from inkling.training.trainer import Settings

DATA = WEIGHTS.parents[1] / "web" / "learn" / "lab" / "data"


@pytest.fixture(scope="module")
def ink():
    return tuple(list(read_samples(DATA / f"{name}.jsonl.gz")) for name in ("train", "test"))


@pytest.fixture(scope="module")
def collections(ink):
    return tuple(collect(sample for sample in samples if sample.label in "017") for samples in ink)


def lab(collections, labels="017", network=None, **settings):
    settings = {"epochs": 1e9, "batch": 16, "rate": 0.01, "average": 0.97, "decay": 0.0, **settings}
    return Lab(network or build(len(labels), (4, 8)), labels, *collections, Settings(**settings))


def test_the_ink_is_of_all_classes_of_different_writers_and_small(ink):
    split = Split.load(WEIGHTS.parent / "split.json")
    for samples, part in zip(ink, ("train", "validation")):
        assert {label: sum(s.label == label for s in samples) for label in LABELS} == dict.fromkeys(LABELS, COUNTS[part])
        assert {split.part(sample.writer, 0) for sample in samples} == {part}
        assert not any(sample.writer.startswith(CURSIVE) for sample in samples)
    writers = [{sample.writer for sample in samples} for samples in ink]
    assert not writers[0] & writers[1]
    assert sum((DATA / f"{name}.jsonl.gz").stat().st_size for name in ("train", "test")) < 1_000_000


@pytest.mark.parametrize("pooling", ["max", "average", "none"])
@pytest.mark.parametrize("filters", [(3,), (2, 5, 4)])
def test_builds_what_was_asked_for(pooling, filters):
    network = build(7, filters, kernel=5, pooling=pooling, window=2, dropout=0.25)
    convolutions = [layer for layer in network.layers if isinstance(layer, nn.Conv2D)]
    assert [layer.filters for layer in convolutions] == list(filters) and {layer.kernel_size for layer in convolutions} == {
        5
    }
    pools = [layer for layer in network.layers if isinstance(layer, (nn.MaxPool2D, nn.AveragePool2D))]
    assert len(pools) == (0 if pooling == "none" else len(filters))
    assert network.shapes[-1] == (7,)
    x = np.random.default_rng(0).standard_normal((2, 3, 32, 32)).astype(np.float32)
    assert network.forward(x).shape == (2, 7)


@pytest.mark.parametrize("wrong, message", [
    ({"filters": (4,) * 6}, "A pooling window of 2 does not fit into maps of 1 x 1"),
    ({"pooling": "median"}, "pooling is max, average or none, not 'median'"),
    ({"kernel": 0}, "at least 1"),
    ({"dropout": 1.0}, "dropout rate"),
    ({"classes": 1}, "at least 2 classes"),
])  # fmt: skip
def test_what_cannot_be_built_says_why(wrong, message):
    with pytest.raises(ValueError, match=message):
        build(**{"classes": 4, **wrong})


def test_learns_and_tests_in_turns(collections):
    trained = lab(collections)
    tests = []
    for event in trained.run():
        if isinstance(event, Measurement):
            tests.append(event)
            assert event.answers.dtype == np.uint8 and len(event.answers) == len(event.probabilities) == len(trained.test)
            assert event.accuracy == pytest.approx((event.answers == trained.targets).mean())
        if len(tests) == 5:
            break
    assert tests[-1].accuracy > 0.8 > tests[0].accuracy and tests[-1].loss < tests[0].loss


def test_an_early_test_gets_the_same_answers_as_the_recogniser(collections, tmp_path):
    trained = lab(collections)
    measured = next(event for event in trained.run() if isinstance(event, Measurement))
    nn.save(tmp_path / "net.npz", trained.network, trained.labels)
    reader = Recognizer.load(tmp_path / "net.npz")
    # Nothing was trained between the test and the saving.
    assert (reader.probabilities(trained.pictures).argmax(axis=1) == measured.answers).all()


def test_divergence_is_told_and_the_last_good_weights_are_kept(collections):
    trained = lab(collections, rate=1e4, optimizer="sgd")
    good = [array.copy() for array in trained.network.parameters()]
    with pytest.raises(Diverged, match="smaller learning rate"):  # noqa: PT012 (what came before it matters too)
        for event in trained.run():
            if isinstance(event, Measurement):
                good = [array.copy() for array in trained.network.parameters()]
            if isinstance(event, Progress):
                assert event.step < 200
    assert all(np.array_equal(a, b) and np.isfinite(a).all() for a, b in zip(trained.network.parameters(), good))


def test_labels_without_ink_are_refused(collections):
    with pytest.raises(ValueError, match="no sample of x y"):
        lab(collections, labels="xy")


def test_one_worker_starts_no_thread(collections, monkeypatch):
    """In the browser there are none."""
    import threading

    def refuse(*_):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert isinstance(next(lab(collections).run()), Progress)
