"""The fast way to one answer is the same function as the network, and as the definition."""

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkling import nn
from inkling.nn import inference, winograd


@pytest.fixture(params=["with BLAS", "without BLAS"])
def platform(request, monkeypatch):
    """Products as they are done here, and as they are done in the browser."""
    if request.param == "without BLAS":
        browser = SimpleNamespace(platform="emscripten")
        monkeypatch.setattr(winograd, "sys", browser)
        monkeypatch.setattr("inkling.nn.convolution.sys", browser)


def scatter(network, rng):
    """Random parameters everywhere, biases too."""
    for array in network.parameters():
        array[...] = rng.standard_normal(array.shape)
        array *= np.sqrt(2 / max(array[0].size, 1)) if array.ndim > 1 else 1
    return network


def agree(network, x):
    expected = network.forward(x[None])[0]
    found = nn.Inference(network)(x)
    assert found.shape == expected.shape and found.dtype == np.float32
    assert np.abs(found - expected).max() <= 1e-5 * max(1, np.abs(expected).max())


sizes = st.sampled_from([4, 8, 12, 16, 5, 6, 7, 10])


@st.composite
def networks(draw):
    """Convolutions with what may stand around them, in any order."""
    shape = (draw(st.integers(1, 9)), draw(sizes), draw(sizes))
    layers, inputs = [], shape
    for _ in range(draw(st.integers(1, 5))):
        channels, _height, _width = shape
        kind = draw(st.sampled_from(["convolution", "convolution", "relu", "max", "mean", "dropout", "other convolution"]))
        if kind == "convolution":
            layer = nn.Conv2D(
                channels, draw(st.integers(1, 9)), bias=draw(st.booleans()), padding=draw(st.sampled_from(["same", 1]))
            )
        elif kind == "other convolution":
            size, stride, padding = (
                draw(st.integers(1, 5)),
                draw(st.integers(1, 2)),
                draw(st.sampled_from(["same", "valid", 2])),
            )
            layer = nn.Conv2D(channels, draw(st.integers(1, 4)), size, stride, padding)
        elif kind in ("max", "mean"):
            pool = nn.MaxPool2D if kind == "max" else nn.AveragePool2D
            layer = pool(draw(st.integers(1, 3)), draw(st.sampled_from([None, 1, 2])))
        else:
            layer = nn.ReLU() if kind == "relu" else nn.Dropout(0.3)
        try:
            shape = layer.output_shape(shape)
        except ValueError:  # too large for what is left
            continue
        layers.append(layer)
    if draw(st.booleans()) or not layers:
        layers += [nn.Flatten(), nn.Dense(int(np.prod(shape)), 7)]
    return nn.Network(layers, inputs)


@settings(max_examples=150, deadline=None)
@given(networks(), st.integers(0, 2**32 - 1))
def test_any_network(network, seed):
    rng = np.random.default_rng(seed)
    scatter(network, rng)
    agree(network, rng.standard_normal(network.input_shape).astype(np.float32))


@pytest.mark.parametrize("pooled", [False, True])
@pytest.mark.parametrize("channels", [2, 5, 64, 70])
def test_the_definition(platform, channels, pooled):
    """A convolution, a ReLU and a pooling, product by product."""
    rng = np.random.default_rng(channels)
    layers = [nn.Conv2D(channels, 3), nn.ReLU(), *([nn.MaxPool2D()] if pooled else [])]
    network = scatter(nn.Network(layers, (channels, 8, 4)), rng)
    x = rng.standard_normal(network.input_shape).astype(np.float32)
    weight, bias = network.parameters()
    expected = np.maximum(oracle.convolution(x[None], weight, bias, 1, "same"), 0)
    if pooled:
        expected = oracle.pooling(expected, 2, 2, max)
    found = nn.Inference(network)(x)
    assert np.abs(found - expected[0]).max() <= 1e-5 * np.abs(expected).max()


def shipped_like(rng):
    """The layers of the network that ships, narrower."""
    layers, before = [], 3
    for group in ((8,), (12, 12), (64, 16)):
        for filters in group:
            layers += [nn.Conv2D(before, filters), nn.ReLU()]
            before = filters
        layers.append(nn.MaxPool2D())
    layers += [nn.Flatten(), nn.Dropout(), nn.Dense(before * 16, 20), nn.ReLU(), nn.Dense(20, 9)]
    return scatter(nn.Network(layers, (3, 32, 32)), rng)


def test_both_platforms(platform):
    rng = np.random.default_rng(0)
    network = shipped_like(rng)
    for _ in range(5):
        agree(network, rng.standard_normal(network.input_shape).astype(np.float32))


def test_real_ink_through_the_shipped_weights(platform, reader, real_ink):
    for sample in real_ink[::25]:
        agree(reader.network, reader.prepare(sample.strokes))


def test_which_layers_are_done_fast(reader):
    """Otherwise nothing above would have tested anything, and nothing would be gained."""
    kinds = [part.func for part in inference._parts(reader.network)]
    layers = [type(layer) for layer in reader.network.layers]
    convolutions, dense = layers.count(nn.Conv2D), layers.count(nn.Dense)
    expected = [inference.planar_steps, *[winograd.steps] * (convolutions - 1)]
    assert kinds == [*expected, inference.plain_steps, *[inference.dense_steps] * dense]


def test_one_after_another_and_at_once():
    """The arrays inside are the same for all inputs, the answers are not."""
    rng = np.random.default_rng(1)
    network = shipped_like(rng)
    inputs = rng.standard_normal((12, *network.input_shape)).astype(np.float32)
    infer = nn.Inference(network)
    answers = [infer(x) for x in inputs]
    assert all(np.array_equal(infer(x), answer) for x, answer in zip(inputs[::-1], answers[::-1]))
    with ThreadPoolExecutor(4) as threads:
        assert all(map(np.array_equal, threads.map(infer, list(inputs)), answers))


def test_it_goes_by_the_weights_of_when_it_was_made(platform):
    """Every parameter of every kind of layer is edited in place, one after the other: nothing moves."""
    rng = np.random.default_rng(2)
    slow = [nn.Conv2D(8, 8, 5), nn.BatchNorm2D(8)]  # kinds that are done by their own forward step
    wide = [nn.Conv2D(3, 8), nn.ReLU(), *slow, nn.Conv2D(8, 12), nn.ReLU(), nn.MaxPool2D()]
    network = scatter(nn.Network([*wide, nn.Flatten(), nn.Dense(768, 20), nn.ReLU(), nn.Dense(20, 9)], (3, 16, 16)), rng)
    x = rng.standard_normal(network.input_shape).astype(np.float32)
    frozen = nn.Inference(network)
    before, live = frozen(x), network.forward(x[None])[0]
    buffers = [array for layer in network.layers for array in layer.buffers.values()]
    for array in (*network.parameters(), *buffers):
        array += 1
        assert np.array_equal(frozen(x), before)
    assert np.abs(network.forward(x[None])[0] - live).max() > 1
    assert np.abs(nn.Inference(network)(x) - before).max() > 1


def test_the_input_stays_as_it_was_and_may_lie_in_memory_in_any_way():
    rng = np.random.default_rng(2)
    infer = nn.Inference(shipped_like(rng))
    x = rng.standard_normal((3, 32, 32)).astype(np.float32)
    before = x.copy()
    answer = infer(x)
    assert np.array_equal(x, before)
    assert np.array_equal(infer(np.asfortranarray(x)), answer) and np.array_equal(infer(x.astype(np.float64)), answer)


def test_an_input_of_another_shape():
    infer = nn.Inference(shipped_like(np.random.default_rng(3)))
    for shape in [(32, 32), (1, 32, 32), (1, 3, 32, 32), (3, 32, 1)]:
        with pytest.raises(ValueError, match=r"takes \(3, 32, 32\), not"):
            infer(np.zeros(shape, np.float32))


def test_integers_in_place_of_floats():
    """What `maximum` says of numbers from 0 on, and that below 0 nothing comes out above it."""
    rng = np.random.default_rng(4)
    some = np.float32([0, -0.0, 1e-45, -1e-45, 1e-38, 1, -1, 2, -2, 3e38, -3e38, np.inf, -np.inf])
    a, b = (np.concatenate([x.ravel(), rng.standard_normal(999)]).astype(np.float32) for x in np.meshgrid(some, some))
    out = np.empty_like(a)
    winograd.maximum(a, b, out, rectified=True)()
    winograd.maximum(out, np.float32(0), out, rectified=True)()
    assert np.array_equal(out, np.maximum(np.maximum(a, b), 0))


def test_a_reader_can_be_copied_and_can_give_back_its_memory(reader, real_ink):
    strokes = real_ink[0].strokes
    answer = reader.read(strokes)
    pickled = pickle.loads(pickle.dumps(reader))  # noqa: S301 (it was pickled here)
    for other in (copy.copy(reader), copy.deepcopy(reader), pickled):
        assert other.read(strokes) == answer
    reader.release()
    assert reader.read(strokes) == answer


def test_a_reader_of_a_changing_network(reader, real_ink):
    from inkling import Recognizer

    network = reader.network.replica()
    for layer in network.layers:
        layer.parameters = {name: array.copy() for name, array in layer.parameters.items()}
    strokes = real_ink[0].strokes
    changing = Recognizer(network, reader.outputs, changing=True)
    before = changing.read(strokes)
    network.layers[0].parameters["weight"] *= 0.5
    assert changing.read(strokes) != before
