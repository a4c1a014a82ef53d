"""The tutorial's network, imported: it answers as the tutorial's seven steps do, written down here once more."""

import itertools
import json
import pickle

import numpy as np
import pytest
from test_data_pickles import Python2

from inkling import nn
from inkling.characters.ancestor import CELLS, build, load_ancestor, prepare, reading
from inkling.characters.recognizer import Recognizer
from inkling.data import jsonlines
from inkling.labels import NOTHING
from inkling.tools.cli import main
from inkling.tools.import_pickle import import_pickle, labels_of, network_of

VOCABULARY = [*"ABCDEFGH123", ":)", ":(", "triangle", "5star", "scribble"]
RNG = np.random.default_rng(4)


def content(dense=(7, 10), filters=(4, 5), sizes=(3, 3), hidden=6, side=CELLS, vocabulary=VOCABULARY):
    """[weights, meta] as the program writes it, of any size, with random weights."""
    pooled = (side + sizes[0] - sizes[1]) // 2
    widths = [filters[1] * pooled**2, *([hidden] if len(dense) == 2 else []), len(vocabulary)]
    shapes = {0: (filters[0], 1, sizes[0], sizes[0]), 2: (filters[1], filters[0], sizes[1], sizes[1])}
    shapes |= dict(zip(dense, itertools.pairwise(widths)))
    weights = {f"layer_{n}": {} for n in range(12)}
    for n, shape in shapes.items():
        units = shape[0] if n < 7 else shape[1]
        weights[f"layer_{n}"] = {
            "param_0": (RNG.normal(size=shape) / np.sqrt(np.prod(shape) / units)).astype(np.float32),
            "param_1": (RNG.normal(size=units) * 0.1).astype(np.float32),
        }
    return [weights, {"vocab": list(vocabulary), "img_side": side}]


# The seven steps, from the tutorial's words, in loops.


def preprocessed(rgb, side):
    """Grey; the rows and columns without ink at the edges cut off; put into a square; summed down; normalised."""
    grey = [[0.2989 * r + 0.5870 * g + 0.1140 * b for r, g, b in row] for row in rgb.astype(float)]
    rows = [i for i, row in enumerate(grey) if sum(row) > 0]
    columns = [j for j in range(len(grey[0])) if sum(row[j] for row in grey) > 0]
    if not rows:
        return np.zeros((side, side))
    high, wide = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    size, shift = max(high, wide, side), abs(high - wide) // 2
    square = np.zeros((size, size))
    for i in range(high):
        for j in range(wide):
            at = (i + shift, j) if wide > high else (i, j + shift)
            square[at] = grey[rows[0] + i][columns[0] + j]
    summed = np.zeros((side, side))
    for i in range(size):
        for j in range(size):
            summed[i * side // size, j * side // size] += square[i, j]
    return (summed - summed.mean()) / summed.std()


def convolved(maps, kernels, biases, mode):
    """A convolution as the books define it, the kernel turned: y[i, j] = sum of k[u, v] x[i - u, j - v]."""
    size, k = maps.shape[1], kernels.shape[2]
    full = np.zeros((len(kernels), size + k - 1, size + k - 1))
    for f in range(len(kernels)):
        for c in range(len(maps)):
            for u in range(k):
                for v in range(k):
                    full[f, u : u + size, v : v + size] += kernels[f, c, u, v] * maps[c]
        full[f] += biases[f]
    return full if mode == "full" else full[:, k - 1 : size, k - 1 : size]


def pooled(maps):
    half = maps.shape[1] // 2
    return np.array(
        [[[m[2 * i : 2 * i + 2, 2 * j : 2 * j + 2].max() for j in range(half)] for i in range(half)] for m in maps]
    )


def answer(weights, picture):
    """Probabilities of the labels for a prepared picture (side, side)."""

    def of(n):
        return weights[f"layer_{n}"]["param_0"].astype(float), weights[f"layer_{n}"]["param_1"].astype(float)

    maps = np.maximum(convolved(picture[None], *of(0), "full"), 0)
    maps = np.maximum(convolved(maps, *of(2), "valid"), 0)
    values = pooled(maps).reshape(-1) * 0.75
    dense = [n for n in (7, 10) if weights.get(f"layer_{n}")]
    w, b = of(dense[0])
    values = values @ w + b
    if len(dense) == 2:
        w, b = of(dense[1])
        values = np.maximum(values, 0) * 0.5 @ w + b
    exponentials = np.exp(values - values.max())
    return exponentials / exponentials.sum()


def drawing(seed, size=60):
    """A square picture, black but for some strokes of one color."""
    rng = np.random.default_rng(seed)
    rgb = np.zeros((size, size, 3), np.uint8)
    for _ in range(3):
        (top, left), (high, wide) = rng.integers(2, size // 2, 2), rng.integers(2, size // 3, 2)
        rgb[top : top + high, left : left + wide] = rng.integers(1, 256, 3)
    return rgb


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("side", [20, 16])
def test_pictures_are_prepared_as_the_tutorial_does(seed, side):
    rgb = drawing(seed, 18 if seed == 0 else 60 + seed)  # the first smaller than the cells
    assert prepare(rgb, side) == pytest.approx(preprocessed(rgb, side), abs=1e-4)


def test_a_blank_picture_is_all_zeros():
    assert not prepare(np.zeros((30, 30, 3), np.uint8)).any()
    assert not prepare(np.full((20, 20), 9, np.uint8)).any()  # all ink: no deviation to divide by


CASES = {
    "two dense layers": {}, "the last alone": {"dense": (10,)}, "the first alone": {"dense": (7,)},
    "other sizes": {"filters": (3, 2), "sizes": (5, 4), "side": 15, "hidden": 9, "vocabulary": ["a", "b"]},
}  # fmt: skip


@pytest.mark.parametrize("options", CASES.values(), ids=CASES)
def test_the_imported_network_answers_as_the_seven_steps_do(tmp_path, options):
    made = content(**options)
    (tmp_path / "old.pkl").write_bytes(pickle.dumps(made, 2))
    network, vocabulary = import_pickle(tmp_path / "old.pkl", tmp_path / "old.npz")
    assert vocabulary == made[1]["vocab"]
    loaded, header = nn.load(tmp_path / "old.npz")
    side = made[1]["img_side"]
    pictures = np.stack([prepare(drawing(seed), side) for seed in range(4)])[:, None]
    found = nn.softmax(loaded.forward(pictures))
    expected = [answer(made[0], picture[0].astype(float)) for picture in pictures]
    assert found == pytest.approx(np.array(expected), abs=1e-5)
    assert np.ptp(found, axis=0).max() > 0.01  # that it answers pictures, not always the same
    assert header["meta"]["vocabulary"] == vocabulary and len(header["labels"]) == len(vocabulary)
    # Inference, with the preparation as its first step, gives the same.
    x = np.random.default_rng(0).uniform(0, 1, (3, 32, 32)).astype(np.float32)
    x[0, :3], x[0, :, :5] = 0, 0
    whole = reading(loaded)
    assert nn.Inference(whole)(x) == pytest.approx(whole.forward(x[None])[0], abs=1e-5)
    large = np.kron(x[0], np.ones((5, 5)))
    assert whole.forward(x[None])[0] == pytest.approx(network.forward(prepare(large, side)[None, None])[0], abs=1e-4)


@pytest.mark.parametrize("protocol", [0, 1, 2])
def test_files_of_python_2_are_imported(tmp_path, protocol):
    made = content()
    (tmp_path / "old.pkl").write_bytes(Python2(protocol).dumps(made))
    network, vocabulary = import_pickle(tmp_path / "old.pkl", tmp_path / "old.npz")
    again, _ = network_of(made)
    assert vocabulary == VOCABULARY
    assert all(np.array_equal(a, b) for a, b in zip(network.parameters(), again.parameters()))


@pytest.mark.parametrize("protocol", range(5))
def test_files_of_python_3_are_imported(tmp_path, protocol):
    made = content(dense=(10,))
    made[1]["vocab"] = np.array(VOCABULARY)
    (tmp_path / "old.pkl").write_bytes(pickle.dumps(tuple(made), protocol))
    network, vocabulary = import_pickle(tmp_path / "old.pkl", tmp_path / "old.npz")
    assert vocabulary == VOCABULARY and network.shapes[-1] == (len(VOCABULARY),)


def change(place, value):
    def changed(made):
        *path, last = place
        target = made
        for step in path:
            target = target[step]
        if value is None:
            del target[last]
        else:
            target[last] = value
        return made

    return changed


F4 = np.float32
WRONG = {
    "no list": (lambda made: made[0], "not a list of two dicts"),
    "no side": (change((1, "img_side"), None), "meta img_side: None"),
    "a huge side": (change((1, "img_side"), 10**6), "meta img_side: 1000000"),
    "no labels": (change((1, "vocab"), None), "meta vocab"),
    "a label twice": (change((1, "vocab"), ["A", "A"]), "a label is there twice"),
    "labels that are none": (change((1, "vocab"), ["A", 3]), "not all labels are text"),
    "more labels": (change((1, "vocab"), [*VOCABULARY, "z"]), "16 outputs, and meta vocab 17 labels"),
    "no convolution": (change((0, "layer_2"), {}), "layers 0 and 2"),
    "no dense layer": (lambda made: change((0, "layer_7"), {})(change((0, "layer_10"), {})(made)), "layers 0 and 2"),
    "another layer": (change((0, "layer_4"), {"param_0": np.zeros(3)}), "here 'layer_4'"),
    "no biases": (change((0, "layer_0", "param_1"), None), "layer_0 param_1: not an array of numbers"),
    "biases for others": (change((0, "layer_2", "param_1"), np.zeros(3, F4)), r"layer_2: biases \(3,\)"),
    "text for numbers": (change((0, "layer_0", "param_0"), np.array(["a"])), "layer_0 param_0: not an array of numbers"),
    "NaN": (change((0, "layer_7", "param_1"), np.full(6, np.nan)), "layer_7 param_1: holds NaN"),
    "infinite numbers": (change((0, "layer_7", "param_1"), np.full(6, 1e300)), "layer_7 param_1: holds NaN or inf"),
    "oblong kernels": (change((0, "layer_0", "param_0"), np.zeros((4, 1, 2, 3), F4)), "layer_0 param_0: .* not square kernels of 1"),
    "other channels": (change((0, "layer_2", "param_0"), np.zeros((5, 3, 3, 3), F4)), "layer_2 param_0: .* of 4 channels"),
    "a kernel larger than the picture": (change((0, "layer_2", "param_0"), np.zeros((5, 4, 30, 30), F4)), "does not fit"),
    "other inputs": (change((0, "layer_7", "param_0"), np.zeros((9, 6), F4)), "layer_7 param_0: .* gives 500 values"),
}  # fmt: skip


@pytest.mark.parametrize("changed, said", WRONG.values(), ids=WRONG)
def test_what_is_not_the_tutorials_network_is_told(tmp_path, capsys, changed, said):
    (tmp_path / "old.pkl").write_bytes(pickle.dumps(changed(content()), 2))
    with pytest.raises(ValueError, match=said):
        import_pickle(tmp_path / "old.pkl", tmp_path / "old.npz")
    assert main(["import-pickle", str(tmp_path / "old.pkl"), "--out", str(tmp_path / "old.npz")]) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"import-pickle: {tmp_path}/old.pkl: ") and error.count("\n") == 1
    assert not (tmp_path / "old.npz").exists()


def test_labels_of_several_letters_have_stand_ins():
    assert labels_of(VOCABULARY) == "ABCDEFGH123☺☹△☆" + NOTHING
    assert len(set(labels_of(["ab", "cd", "e"]))) == 3


def test_the_commands_use_it(tmp_path, capsys, real_ink):
    (tmp_path / "old.pkl").write_bytes(Python2(0).dumps(content()))
    old, ink = str(tmp_path / "old.npz"), str(tmp_path / "ink.jsonl")
    assert main(["import-pickle", str(tmp_path / "old.pkl"), "--out", old]) == 0
    assert "16 labels: A B C" in capsys.readouterr().out
    reader, names = load_ancestor(old)
    assert reader.outputs[-1] == NOTHING and names["☺"] == ":)"

    jsonlines.write_samples(tmp_path / "ink.jsonl", real_ink)
    assert main(["evaluate", ink, "--weights", old, "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    known = [sample for sample in real_ink if sample.label in reader.labels]
    right = sum(reader.read(sample.strokes)[0].label == sample.label for sample in known)
    assert figures["samples"] == len(known) and figures["accuracy"] == pytest.approx(right / len(known), abs=1e-5)

    (tmp_path / "one.json").write_text(json.dumps([stroke.tolist() for stroke in real_ink[0].strokes]))
    assert main(["predict", str(tmp_path / "one.json"), "--weights", old, "--top", "15"]) == 0
    said = capsys.readouterr().out
    assert "triangle  0." in said and said.count("  0.") == 15


def test_the_architecture_learns_on_prepared_pictures():
    assert build(3, hidden=5).shapes[-1] == (3,)
    whole = reading(build(3, filters=4))
    assert isinstance(Recognizer(whole, "abc"), Recognizer)
    x = np.random.default_rng(1).uniform(0, 1, (6, 3, 32, 32)).astype(np.float32)
    optimizer, losses = nn.AdamW(whole.parameters(), 0.01), []
    for _ in range(30):
        loss, by_logits = nn.cross_entropy(whole.forward(x, training=True), np.array([0, 1, 2, 0, 1, 2]))
        whole.backward_parameters(by_logits)
        optimizer.step(whole.gradients())
        losses.append(loss)
    assert losses[-1] < 0.2 * losses[0]


@pytest.mark.parametrize("meta", [{"vocabulary": ["a"]}, {"vocabulary": [1, 2, 3]}])
def test_weights_that_do_not_fit_are_told(tmp_path, meta):
    nn.save(tmp_path / "w.npz", build(3, filters=2), "abc", **meta)
    with pytest.raises(nn.WeightsError, match=r"w\.npz: field 'header\.meta\.vocabulary'"):
        load_ancestor(tmp_path / "w.npz")
