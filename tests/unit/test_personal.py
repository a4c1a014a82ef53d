"""Teaching on real hands: what is taught is learned, what others write is not forgotten, order does not matter."""

import numpy as np
import pytest

from building.paths import WEIGHTS
from inkling import Lines, Recognizer, nn
from inkling.data.formats import read_samples
from inkling.labels import LABELS, LOOK_ALIKE, shape_of
from inkling.nn import WeightsError
from inkling.teaching.hand_size import Population
from inkling.teaching.last_layer import PENALTY, LastLayer
from inkling.teaching.personal import LEAST_DRAWINGS, Personal
from inkling.teaching.rehearsal import Rehearsal, features_of
from inkling.tools.rehearsal import make
from inkling.training.dataset import collect

EXCERPT = WEIGHTS.parents[1] / "web" / "learn" / "lab" / "data"


@pytest.fixture(scope="module")
def shipped():
    return Recognizer.load()


@pytest.fixture(scope="module")
def train():
    return list(read_samples(EXCERPT / "train.jsonl.gz"))[:500]


@pytest.fixture(scope="module")
def test():
    return list(read_samples(EXCERPT / "test.jsonl.gz"))


@pytest.fixture(scope="module")
def rehearsal(shipped, train):
    return make(shipped, collect(train), per_class=6)


@pytest.fixture(scope="module")
def population():
    return Population.load(WEIGHTS)


@pytest.fixture
def personal(shipped, rehearsal, population):
    return Personal(shipped, rehearsal, population)


def settle(personal):
    for _ in range(100):
        if not personal.settle():
            return
    raise AssertionError("the learning never settles")


def best(reader, sample):
    return reader.read(sample.strokes)[0].label


def test_reads_as_shipped_while_nothing_is_taught(personal, shipped):
    assert personal.reader is shipped


def test_a_drawing_that_was_misread_is_read_as_taught(personal, shipped, test):
    # Of another shape, that is: what a single drawing says of twins, of c and C, is little.
    alike = [{a, b} for group in LOOK_ALIKE for a in group for b in group]
    misread = [sample for sample in test if {best(shipped, sample), sample.label} not in [{sample.label}, *alike]][:3]
    for number, sample in enumerate(misread):
        personal.teach([(str(number), sample.label, sample.strokes)])
        settle(personal)
        assert best(personal.reader, sample) == sample.label


def test_what_was_taught_can_be_unlearned(personal, shipped, test):
    sample = test[0]
    before = shipped.read(sample.strokes)
    personal.teach([("a", "Q", sample.strokes)])
    settle(personal)
    assert personal.reader.read(sample.strokes) != before
    personal.forget(["a", "never taught"])
    assert personal.reader.read(sample.strokes) == before and not personal.taught


@pytest.mark.parametrize("seed", range(4))
def test_the_same_drawings_make_the_same_reader_whatever_came_before(shipped, rehearsal, population, test, seed):
    """Taught one by one and forgotten at random, with a symbol among them, some settled in between: against all at once."""
    rng = np.random.default_rng(seed)
    drawings = {str(i): (sample.label, sample.strokes) for i, sample in enumerate(test[:14])}
    drawings |= {f"arrow {i}": ("→", zigzag(rng)) for i in range(LEAST_DRAWINGS + 1)}
    kept = sorted(rng.choice(sorted(drawings), 12, replace=False))
    personal = Personal(shipped, rehearsal, population)
    for _ in range(10):
        some = rng.choice(sorted(drawings), 4, replace=False)
        personal.teach((name, *drawings[name]) for name in some)
        if rng.random() < 0.5:
            settle(personal)
        personal.forget(rng.choice(sorted(drawings), 3))
    personal.forget(drawings)
    assert personal.reader is shipped
    for name in rng.permutation(kept):
        personal.teach([(name, *drawings[name])])
    settle(personal)
    fresh = Personal(shipped, rehearsal, population)
    fresh.teach((name, *drawings[name]) for name in kept)
    settle(fresh)
    assert personal.symbols == fresh.symbols and personal.reader.labels == fresh.reader.labels
    for sample in test[:40]:
        assert personal.reader.read(sample.strokes, top=63) == fresh.reader.read(sample.strokes, top=63)


def test_other_hands_are_not_forgotten(personal, shipped, test):
    """Which of two look-alikes it is, the hand's size says, and these are the drawings of many hands: shapes lose less."""
    taught, rest = test[:30], test[30:]

    def right(reader):
        """The accuracy, and that of shapes."""
        pairs = [(best(reader, sample), sample.label) for sample in rest]
        return np.mean([[answer == label, shape_of(answer) == shape_of(label)] for answer, label in pairs], axis=0)

    before = right(shipped)
    personal.teach((str(i), sample.label, sample.strokes) for i, sample in enumerate(taught))
    settle(personal)
    assert (right(personal.reader) >= before - [0.03, 0.02]).all()


def zigzag(rng):
    """A symbol that is no character: five teeth."""
    x = np.linspace(0, 10, 11)
    y = np.where(np.arange(11) % 2, 3.0, 0.0)
    return [np.stack([x, y], axis=1) + rng.normal(0, 0.15, (11, 2))]


def test_a_new_symbol_is_read_from_five_drawings_on_and_can_be_removed(personal, shipped, test):
    rng = np.random.default_rng(0)
    drawings = [zigzag(rng) for _ in range(LEAST_DRAWINGS + 6)]
    for i in range(LEAST_DRAWINGS - 1):
        personal.teach([(str(i), "→", drawings[i])])
    assert personal.symbols == "" and "→" not in personal.reader.labels
    personal.teach([(str(LEAST_DRAWINGS), "→", drawings[LEAST_DRAWINGS])])
    settle(personal)
    assert personal.symbols == "→" and personal.reader.labels == shipped.labels + "→"
    unseen = drawings[LEAST_DRAWINGS + 1 :]
    assert all(personal.reader.read(strokes)[0].label == "→" for strokes in unseen)
    assert all(personal.reader.is_confident(strokes) for strokes in unseen)
    assert personal.reader.read(unseen[0], allowed="0→")[0].label == "→"
    others = [best(personal.reader, sample) for sample in test[:100]]
    assert others.count("→") == 0
    personal.forget([str(LEAST_DRAWINGS)])
    assert personal.symbols == "" and personal.reader.labels == shipped.labels


@pytest.mark.parametrize("label", ["", "ab", " ", "\n", "∅", 7])
def test_what_is_no_label_is_refused_and_nothing_learned(personal, test, label):
    with pytest.raises(ValueError, match="label"):
        personal.teach([("a", "A", test[0].strokes), ("b", label, test[1].strokes)])
    assert not personal.taught


def test_no_ink_is_refused(personal):
    with pytest.raises(ValueError, match="no ink"):
        personal.teach([("a", "A", [])])


@pytest.fixture
def learning(shipped, rehearsal, test):
    """The last layer with five drawings and one output more, and the loss of a change, written down naively in float64."""
    features = features_of(shipped, np.stack([shipped.prepare(sample.strokes) for sample in test[:5]]))
    targets = np.array([shipped.outputs.index(sample.label) for sample in test[:4]] + [len(shipped.labels)])
    method = LastLayer(shipped.network.layers[-1], rehearsal, shipped.labels)
    method.start(features, targets, np.full(5, 0.02), extra=1, place=len(shipped.labels))

    def loss(change):
        total = PENALTY / 2 * (change**2).sum()
        for x, logits, target, weight in zip(method.inputs, method.logits, method.targets, method.weights):
            scores = logits.astype(float) + change @ x.astype(float)
            total -= float(weight[0]) * (target * (scores - np.logaddexp.reduce(scores))).sum()
        return total

    return method, loss


def test_the_gradient_is_the_loss_s_own(learning):
    """By central differences, at the start and away from it, along single weights, along the gradient and at random."""
    method, loss = learning
    rng = np.random.default_rng(0)
    for size in (0, 0.3, 3):
        change = (size * rng.standard_normal(method.change.shape)).astype(np.float32)
        gradient = method.gradient(change)
        directions = [gradient.astype(float), *rng.standard_normal((3, *change.shape))]
        for place in zip(*np.unravel_index(np.argsort(-np.abs(gradient).ravel())[:4], change.shape)):
            directions.append(np.zeros(change.shape))
            directions[-1][place] = 1
        for direction in directions:
            direction /= np.linalg.norm(direction)
            slope = (loss(change + 1e-4 * direction) - loss(change - 1e-4 * direction)) / 2e-4
            expected = float((gradient * direction).sum())
            assert abs(slope - expected) < 1e-3 * np.linalg.norm(gradient)


def test_what_is_learned_is_the_least_of_the_loss(learning):
    method, loss = learning
    start = np.linalg.norm(method.gradient(method.change))
    losses = [loss(method.change)]
    for _ in range(3):
        while method.steps < 40:
            method.learn(8)
        losses.append(loss(method.change))
    assert losses[1] < losses[0] and np.linalg.norm(method.gradient(method.change)) < 0.03 * start


def test_the_learned_layer_is_the_shipped_one_plus_the_change(shipped, rehearsal, test):
    features = features_of(shipped, np.stack([shipped.prepare(sample.strokes) for sample in test[:8]]))
    method = LastLayer(shipped.network.layers[-1], rehearsal, shipped.labels)
    method.start(features[:4], np.arange(4), np.full(4, 0.01), extra=1, place=len(shipped.labels))
    method.learn(10)
    expected = method.logits[-4:] + method.inputs[-4:] @ method.change.T
    assert np.allclose(method.layer().forward(features[:4]), expected, atol=1e-3)


def test_rehearsal_keeps_what_it_was_made_of(tmp_path, shipped, rehearsal):
    path = tmp_path / "weights.npz"
    path.write_bytes(WEIGHTS.read_bytes())
    nn.update(path, rehearsal.fields())
    again = Rehearsal.load(path)
    step = rehearsal.features.max(axis=0) / 255
    assert (np.abs(again.features - rehearsal.features) <= 0.51 * step + 1e-6).all()
    assert Recognizer.load(path).labels == shipped.labels


def test_weights_without_a_rehearsal_say_so(tmp_path, shipped):
    from inkling import nn

    nn.save(tmp_path / "bare.npz", shipped.network, shipped.outputs)
    with pytest.raises(WeightsError, match=r"bare\.npz: field 'rehearsal\.levels' is missing"):
        Rehearsal.load(tmp_path / "bare.npz")


def test_a_reader_goes_by_size_where_it_was_learned_but_not_in_pictures_nor_on_lines(personal, shipped, population, test):
    labels = [sample for sample in test if sample.label in "oOcCsSzZkK"][:30]
    rng = np.random.default_rng(0)
    size = dict(zip(LABELS, np.exp(population.labels[0])))

    def drawn(sample):
        points = np.concatenate(sample.strokes)
        scale = 300 * size[sample.label] * np.exp(rng.normal(0, 0.05)) / np.hypot(*np.ptp(points, axis=0))
        return [stroke * scale for stroke in sample.strokes]

    personal.teach((str(i), sample.label, drawn(sample)) for i, sample in enumerate(labels[:10]))
    reader = personal.reader
    rest = [(sample.label, drawn(sample)) for sample in labels[10:]]
    before = sum(shipped.read(strokes)[0].label == label for label, strokes in rest)
    assert sum(reader.read(strokes)[0].label == label for label, strokes in rest) > before
    large = [stroke * 2 for stroke in rest[0][1]]
    assert reader.read(large) != reader.read(rest[0][1])
    assert {reader.examine(strokes).decided_by for _, strokes in rest} == {"shape", "hand size"}
    lines = Lines(base=0, cap_height=1e-9)  # which the ink is far from: the hand's size decides
    assert dict(reader.read(large, top=62, lines=lines)) == pytest.approx(dict(reader.read(large, top=62)), abs=1e-3)
    on_base = [stroke - [0, np.concatenate(large)[:, 1].max()] for stroke in large]
    height = np.ptp(np.concatenate(large)[:, 1])
    small, tall = (reader.examine(on_base, "oOcCsSzZkK", lines=Lines(0, height / part)) for part in (0.55, 1.0))
    assert small.candidates[0].label.islower() and tall.candidates[0].label.isupper()
