"""explain against brute force: direct sums, finite differences, and what changing an input really changes."""

import json
from pathlib import Path

import numpy as np
import oracle
import pytest

from inkling import explain
from inkling.characters.recognizer import Recognizer
from inkling.nn import (
    AveragePool2D,
    BatchNorm2D,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    MaxPool2D,
    Network,
    ReLU,
    cross_entropy,
)  # fmt: skip

INK = Path(__file__).parents[1] / "ink_62.jsonl"


@pytest.fixture
def network():
    """Every kind of layer, strides and paddings of several sorts, in float64 weights of a fixed seed."""
    rng = np.random.default_rng(3)
    norm = BatchNorm2D(4)
    norm.buffers["mean"][:] = rng.standard_normal(4)
    norm.buffers["variance"][:] = rng.random(4) + 0.5
    norm.parameters["shift"][:] = rng.standard_normal(4)
    layers = [
        Conv2D(3, 4, 3, rng=rng), norm, ReLU(), MaxPool2D(2), Conv2D(4, 5, 3, stride=2, padding=1, rng=rng), ReLU(),
        AveragePool2D(2, 1), Flatten(), Dropout(0.3), Dense(20, 6, rng=rng), ReLU(), Dense(6, 5, rng=rng),
    ]  # fmt: skip
    for layer in layers:
        if "bias" in layer.parameters:
            layer.parameters["bias"][:] = rng.standard_normal(layer.parameters["bias"].shape)
    return Network(layers, (3, 12, 12))


@pytest.fixture
def x():
    return np.random.default_rng(5).standard_normal((3, 12, 12)).astype(np.float32)


def cells(shape):
    """The corners and a cell of the middle, of the first, a middle and the last channel."""
    if len(shape) == 1:
        return [(unit, 0, 0) for unit in {0, shape[0] // 2, shape[0] - 1}]
    channels, height, width = shape
    places = {(0, 0), (height // 2, width // 2), (height - 1, width - 1), (0, width - 1)}
    return [(c, *place) for c in {0, channels // 2, channels - 1} for place in sorted(places)]


def test_trace_names_every_step_and_ends_in_the_networks_own_answer(network, x):
    steps = explain.trace(network, x, temperature=2.0, classes=4)
    assert [step.name for step in steps] == [
        "input", "conv1", "norm1", "relu1", "pool1", "conv2", "relu2", "pool2", "flatten1", "dropout1", "dense1",
        "relu3", "dense2", "softmax",
    ]  # fmt: skip
    assert [step.output.shape for step in steps[:-1]] == network.shapes
    logits = network.forward(x[None])[0]
    np.testing.assert_array_equal(steps[-2].output, logits)
    powers = [np.exp(float(z) / 2) for z in logits[:4]]
    np.testing.assert_allclose(steps[-1].output, np.array(powers) / sum(powers), rtol=1e-5)
    assert sum(step.parameters for step in steps) == network.parameter_count


def test_arithmetic_adds_up_in_every_kind_of_step(network, x):
    steps = explain.trace(network, x, temperature=1.5, classes=4)
    seen = set()
    for index, step in enumerate(steps):
        for cell in cells(step.output.shape):
            parts = explain.arithmetic(network, x, index, *cell, temperature=1.5, classes=4)
            seen.add(parts["kind"])
            assert parts["result"] == step.output[cell[: step.output.ndim]]
            assert redone(parts) == pytest.approx(parts["result"], abs=1e-5), (step.name, cell)
    assert len(seen) == 10


def redone(parts):
    """The result, from the other numbers, by the definition of each kind."""
    match parts["kind"]:
        case "input":
            return parts["result"]
        case "convolution" | "dense":
            window, kernel = (np.ravel(parts[name]).tolist() for name in ("window", "kernel"))
            assert sum(a * b for a, b in zip(window, kernel)) == pytest.approx(parts["sum"], abs=1e-6)
            assert sum(np.ravel(parts["products"]).tolist()) == pytest.approx(parts["sum"], abs=1e-6)
            if "padding" in parts:
                assert not np.asarray(parts["window"])[:, parts["padding"]].any()
            return parts["sum"] + parts["bias"]
        case "norm":
            deviation = (parts["variance"] + parts["epsilon"]) ** 0.5
            return (parts["value"] - parts["mean"]) / deviation * parts["scale"] + parts["shift"]
        case "relu":
            return max(parts["value"], 0)
        case "maximum":
            assert parts["window"][parts["winner"]] == max(np.ravel(parts["window"]))
            return max(np.ravel(parts["window"]).tolist())
        case "mean":
            return sum(np.ravel(parts["window"]).tolist()) / parts["window"].size
        case "softmax":
            assert parts["total"] == pytest.approx(sum(parts["exponentials"].tolist()), rel=1e-5)
            power = np.exp((parts["logit"] - parts["greatest"]) / parts["temperature"])
            assert power == pytest.approx(parts["exponential"], rel=1e-5)
            return parts["exponential"] / parts["total"]
        case "flatten":
            return parts["result"]
        case "dropout":
            return parts["value"]


def test_the_window_of_a_convolution_is_what_the_oracle_multiplies(network, x):
    layer = network.layers[0]
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    truth = oracle.convolution(x[None], layer.parameters["weight"], layer.parameters["bias"], 1, "same")[0]
    for channel, row, column in cells(truth.shape):
        parts = explain.arithmetic(network, x, "conv1", channel, row, column)
        np.testing.assert_array_equal(parts["window"], padded[:, row : row + 3, column : column + 3])
        assert parts["sum"] + parts["bias"] == pytest.approx(truth[channel, row, column], abs=1e-5)


def test_flatten_tells_where_a_unit_came_from(network, x):
    steps = explain.trace(network, x)
    maps, flat = steps[7].output, steps[8].output
    for unit in range(len(flat)):
        source = explain.arithmetic(network, x, "flatten1", unit)["source"]
        assert maps[source] == flat[unit]


@pytest.mark.parametrize(
    "step, cell", [("conv9", (0, 0, 0)), (99, (0, 0, 0)), ("conv1", (4, 0, 0)), ("conv1", (0, 12, 0)), ("dense1", (0, 1, 0))]
)
def test_a_cell_that_does_not_exist_is_named(network, x, step, cell):
    with pytest.raises(IndexError, match="no step|no cell"):
        explain.arithmetic(network, x, step, *cell)


class Swish(ReLU):
    """A layer of somebody else's."""

    def forward(self, x, training=False):
        return x / (1 + np.exp(-x))


def test_a_layer_that_cannot_be_explained_is_named_in_every_way_of_asking(network, x):
    known = explain.trace(network, x)
    network.layers[2] = Swish()
    foreign = [step._replace(layer=Swish()) if step.name == "relu1" else step for step in known]
    for ask in (
        lambda: explain.names(network),
        lambda: explain.trace(network, x),
        lambda: explain.arithmetic(network, x, "relu1", 0, 1, 1),
        lambda: explain.arithmetic(network, x, "relu1", 0, 1, 1, steps=foreign),
        lambda: explain.receptive_field(network, 3, (0, 1, 1)),
        lambda: explain.receptive_field(network, 6, (0, 1, 1)),
    ):
        with pytest.raises(
            ValueError, match=r"^Swish\(\) is a layer that cannot be explained; those that can are Conv2D, ReLU"
        ):
            ask()


@pytest.mark.parametrize(
    "step, what", [(0, "none of a layer"), (-1, "none of a layer"), (99, "none of a layer"), (3, "ReLU")]
)
def test_a_weight_of_no_convolution_is_refused(network, x, step, what):
    with pytest.raises(ValueError, match=rf"step {step} is {what}.*, not a convolution"):
        explain.weight_gradient(network, x, 0, step, (0, 0, 0, 0))


def test_receptive_field_is_exactly_what_can_change_the_cell(network, x):
    """Every pixel of every earlier step is changed in turn: inside the box some matter, outside none."""
    network.layers[3:4] = [AveragePool2D(2)]  # a maximum hides what does not win
    network.layers[2] = network.layers[5] = Dropout(0.1)  # and so does ReLU; dropout is the identity here
    steps = explain.trace(network, x)
    for index in (4, 5, 7, 8, 10):
        for cell in cells(steps[index].output.shape):
            boxes = explain.receptive_field(network, index, cell)
            assert len(boxes) == index + 1
            for before in (0, 1, 4, 5):
                if before < index and steps[before].output.ndim == 3:
                    assert boxes[before] == reached(network, steps, before, index, cell)


def reached(network, steps, before, index, cell):
    """The box of the pixels at step `before` that the cell of step `index` depends on, by changing each."""
    maps = steps[before].output
    _, height, width = maps.shape
    changed = np.repeat(maps[None], height * width, axis=0).astype(np.float64)
    for place in range(height * width):
        changed[place, :, place // width, place % width] += np.linspace(1, 2, len(maps))
    y = np.concatenate([maps[None].astype(np.float64), changed])
    for layer in network.layers[before:index]:
        y = layer.forward(y)
    values = y[(slice(None), *cell[: y.ndim - 1])]
    rows, columns = np.nonzero((np.abs(values[1:] - values[0]) > 1e-12).reshape(height, width))
    return (rows.min(), rows.max() + 1, columns.min(), columns.max() + 1)


def test_saliency_is_the_finite_difference(network, x):
    x = x.astype(np.float64)
    gradient = explain.saliency(network, x, 2)
    step = 1e-6
    for cell in cells(x.shape):
        up, down = x.copy(), x.copy()
        up[cell] += step
        down[cell] -= step
        slope = (network.forward(up[None])[0, 2] - network.forward(down[None])[0, 2]) / (2 * step)
        assert gradient[cell] == pytest.approx(slope, rel=1e-5, abs=1e-8)


def test_occlusion_is_the_fall_of_the_logit_when_a_square_is_blanked(network, x):
    x[:, :4, :4] = 0  # squares with nothing in them
    falls = explain.occlusion(network, x, 1, patch=3, stride=2)
    assert falls.shape == (7, 7)
    whole = network.forward(x[None])[0, 1]
    for i, j in np.ndindex(falls.shape):
        picture = x.copy()
        for row in range(2 * i - 2, 2 * i + 1):
            for column in range(2 * j - 2, 2 * j + 1):
                if 0 <= row < 12 and 0 <= column < 12:
                    picture[:, row, column] = 0
        assert falls[i, j] == pytest.approx(whole - network.forward(picture[None])[0, 1], abs=1e-5)
    by_rows = [explain.occlusion(network, x, 1, 3, 2, rows=(i, i + 1))[i] for i in range(7)]
    np.testing.assert_allclose(np.stack(by_rows), falls, atol=1e-5)


def test_the_chain_rule_on_one_weight_is_the_nudge(network, x):
    for step, weight in ((1, (2, 1, 0, 2)), (5, (4, 3, 1, 1))):
        before = network.layers[step - 1].parameters["weight"].copy()
        parts = explain.weight_gradient(network, x, 3, step, weight)
        assert parts["gradient"] == pytest.approx(parts["slope"], rel=1e-4, abs=1e-9)
        assert parts["gradient"] == pytest.approx((parts["errors"] * parts["inputs"]).sum())
        np.testing.assert_array_equal(network.layers[step - 1].parameters["weight"], before)
        # The package's own gradient is a third way.
        _, dy = cross_entropy(network.forward(x[None].astype(np.float64)), np.array([3]))
        network.backward(dy)
        assert parts["gradient"] == pytest.approx(network.layers[step - 1].gradients["weight"][weight], rel=1e-6)
    with pytest.raises(ValueError, match="not a convolution"):
        explain.weight_gradient(network, x, 3, 3, (0, 0, 0, 0))


# ---- on the shipped network, with real ink ----


@pytest.fixture(scope="module")
def reader():
    return Recognizer.load()


@pytest.fixture(scope="module")
def pictures(reader):
    samples = (json.loads(line) for line in INK.read_text().splitlines())
    return {sample["label"]: reader.prepare(sample["strokes"]) for sample in samples}


LOW = np.float32([0, -1, -1])[:, None, None]


@pytest.mark.parametrize("label, target", [("R", "k"), ("4", "9")])
def test_adversarial_is_a_small_change_that_turns_the_answer(reader, pictures, label, target):
    x, wanted = pictures[label], reader.outputs.index(target)
    tries = list(explain.adversarial_search(reader.network, x, wanted, low=LOW, high=1))
    found = tries[-1]
    assert found.reached and found.change.dtype == np.float32
    changed = x + found.change
    assert reader.network.forward(changed[None])[0].argmax() == wanted
    assert (changed >= LOW - 1e-6).all() and changed.max() <= 1 + 1e-6
    assert found.size == pytest.approx(np.abs(found.change).max()) and found.size <= 0.25
    sizes = [each.size for each in tries if each.reached]
    assert sizes == sorted(sizes, reverse=True) and sizes[-1] <= sizes[0]
    # It is the direction that does it: as much change, with signs drawn by lot, never turns the answer to it.
    signs = np.random.default_rng(0).choice(np.float32([-1, 1]), (20, *x.shape))
    noisy = np.clip(x + signs * np.abs(found.change), LOW, 1)
    assert not (reader.probabilities(noisy).argmax(axis=1) == wanted).any()


def test_adversarial_says_when_the_bound_does_not_suffice(reader, pictures):
    found = explain.adversarial(reader.network, pictures["R"], reader.outputs.index("0"), limit=1e-4, low=LOW, high=1)
    assert not found.reached and 0 < found.size <= 1.001e-4


def test_nudging_a_weight_agrees_with_the_chain_rule_on_every_drawing(reader, pictures):
    """A larger nudge would turn over ReLUs and poolings for some of them."""
    for label, x in pictures.items():
        found = explain.weight_gradient(
            reader.network, x, reader.labels.index("8" if label != "8" else "3"), 1, (0, 0, 1, 1)
        )
        assert found["gradient"] == pytest.approx(found["slope"], rel=1e-5), label


def test_a_dream_is_read_as_its_class_and_is_ink(reader):
    wanted = reader.labels.index("R")
    dreams = list(explain.dream(reader.network, wanted, steps=40, seed=1, classes=62))
    certainty = reader.probabilities(np.stack([dreams[0], dreams[-1]]))[:, wanted]
    assert certainty[1] > 0.9 and certainty[1] > certainty[0]
    last = dreams[-1]
    assert last.shape == (3, 32, 32) and last[0].min() >= 0 and last[0].max() <= 1
    assert (np.hypot(last[1], last[2]) <= last[0] + 1e-5).all()
    assert not last[:, :3].any() and not last[:, :, -3:].any()
    # About as much ink as in a character, neither a blot nor dust.
    assert 0.03 < last[0].mean() < 0.3
    again = list(explain.dream(reader.network, wanted, steps=40, seed=1, classes=62))[-1]
    np.testing.assert_array_equal(last, again)
