"""What each layer computes, against loops, sums and definitions written out."""

import math

import numpy as np
import oracle
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from inkling import nn

seeds = st.integers(0, 2**32 - 1)


@given(
    st.integers(1, 2), st.integers(1, 3), st.integers(1, 9), st.integers(1, 9), st.integers(1, 4), st.integers(1, 4), seeds
)
def test_pooling(n, channels, height, width, window, stride, seed):
    assume(window <= min(height, width))
    x = np.random.default_rng(seed).standard_normal((n, channels, height, width)).astype(np.float32)
    for layer, choose in ((nn.MaxPool2D(window, stride), max), (nn.AveragePool2D(window, stride), oracle.mean)):
        y, truth = layer.forward(x), oracle.pooling(x, window, stride, choose)
        assert y.shape == truth.shape == (n, *layer.output_shape(x.shape[1:]))
        assert y.dtype == np.float32 and oracle.relative_error(y, truth) < 1e-5


def test_the_stride_of_pooling_is_its_window_by_default():
    assert nn.MaxPool2D(3).stride == 3 and nn.AveragePool2D().stride == 2


def test_of_equal_cells_only_the_first_wins():
    layer = nn.MaxPool2D(2)
    layer.forward(np.ones((1, 1, 2, 4), np.float32))
    dx = layer.backward(np.array([[[[3, 5]]]], np.float32))
    assert dx.tolist() == [[[[3, 0, 5, 0], [0, 0, 0, 0]]]]


def test_overlapping_windows_add_up():
    layer = nn.MaxPool2D(2, stride=1)
    layer.forward(np.array([[[[1, 9, 2], [3, 4, 5]]]], np.float32))
    assert layer.backward(np.array([[[[10, 1]]]], np.float32)).tolist() == [[[[0, 11, 0], [0, 0, 0]]]]


def test_a_window_that_does_not_fit():
    for layer in (nn.MaxPool2D(4), nn.AveragePool2D(4)):
        with pytest.raises(ValueError, match=r"window of 4 does not fit into maps of 3 x 9: \(size - window 4\)"):
            layer.output_shape((2, 3, 9))
    for window, stride in ((0, 1), (2, 0), (-1, None)):
        with pytest.raises(ValueError, match="at least 1"):
            nn.MaxPool2D(window, stride)


@given(st.integers(2, 3), st.integers(1, 3), st.integers(1, 4), st.integers(1, 4), seeds)
def test_batch_normalisation_while_training(n, channels, height, width, seed):
    rng = np.random.default_rng(seed)
    x = (rng.standard_normal((n, channels, height, width)) * 3 + 2).astype(np.float32)
    layer = nn.BatchNorm2D(channels, momentum=0.25)
    layer.parameters["scale"][:] = rng.standard_normal(channels)
    layer.parameters["shift"][:] = rng.standard_normal(channels)
    y = layer.forward(x, training=True)
    for c in range(channels):
        values = [float(v) for v in x[:, c].ravel()]
        mean = oracle.mean(values)
        variance = oracle.mean([(v - mean) ** 2 for v in values])
        scale, shift = float(layer.parameters["scale"][c]), float(layer.parameters["shift"][c])
        expected = [(v - mean) / math.sqrt(variance + 1e-5) * scale + shift for v in values]
        np.testing.assert_allclose(y[:, c].ravel(), expected, rtol=1e-3, atol=1e-3)
        # Running averages start at 0 and 1; the variance is that of a sample (n - 1).
        count = len(values)
        np.testing.assert_allclose(layer.buffers["mean"][c], 0.25 * mean, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(
            layer.buffers["variance"][c], 0.75 + 0.25 * variance * count / max(count - 1, 1), rtol=1e-4, atol=1e-5
        )


def test_batch_normalisation_when_reading_knows_no_batch():
    layer = nn.BatchNorm2D(2)
    layer.buffers["mean"][:] = [1, -2]
    layer.buffers["variance"][:] = [4, 0.25]
    layer.parameters["scale"][:] = [3, 1]
    layer.parameters["shift"][:] = [0, 5]
    x = np.random.default_rng(0).standard_normal((4, 2, 3, 3)).astype(np.float32)
    y = layer.forward(x)
    expected = np.stack([(x[:, 0] - 1) / 2 * 3, (x[:, 1] + 2) / 0.5 + 5], axis=1)
    np.testing.assert_allclose(y, expected, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(layer.forward(x[:1]), y[:1], rtol=1e-6)
    assert layer.buffers["mean"].tolist() == [1, -2]


@given(
    st.integers(1, 3),
    st.integers(1, 3),
    st.integers(1, 4),
    st.booleans(),
    paddings := st.sampled_from(["same", "valid", 1]),
    seeds,
)
def test_folding_changes_nothing(channels, filters, kernel, bias, padding, seed):
    rng = np.random.default_rng(seed)
    convolution = nn.Conv2D(channels, filters, kernel, padding=padding, bias=bias, rng=rng)
    norm = nn.BatchNorm2D(filters)
    for name, array in (*norm.parameters.items(), *norm.buffers.items()):
        array[:] = rng.uniform(0.2, 3, filters) if name == "variance" else rng.standard_normal(filters)
    if bias:
        convolution.parameters["bias"][:] = rng.standard_normal(filters)
    network = nn.Network([convolution, norm, nn.ReLU(), nn.Flatten()], (channels, 6, 5))
    folded = network.folded()
    assert [type(layer).__name__ for layer in folded.layers] == ["Conv2D", "ReLU", "Flatten"]
    x = rng.standard_normal((2, channels, 6, 5)).astype(np.float32)
    before = [p.copy() for p in network.parameters()]
    assert oracle.relative_error(folded.forward(x), network.forward(x)) < 1e-5
    # The network that was folded trains on as before, on arrays of its own.
    for array in folded.parameters():
        array += 1
    assert all(np.array_equal(a, b) for a, b in zip(network.parameters(), before))


def test_relu():
    layer = nn.ReLU()
    assert layer.forward(np.array([[-2.0, 0.0, 3.0]], np.float32)).tolist() == [[0, 0, 3]]
    assert layer.backward(np.array([[5.0, 6.0, 7.0]], np.float32)).tolist() == [[0, 0, 7]]


def test_dense_is_a_sum_of_products():
    layer = nn.Dense(2, 3)
    layer.parameters["weight"][:] = [[1, 2], [3, 4], [5, 6]]
    layer.parameters["bias"][:] = [0.5, 0, -1]
    assert layer.forward(np.array([[10, 1], [0, -1]], np.float32)).tolist() == [[12.5, 34, 55], [-1.5, -4, -7]]
    assert layer.multiply_adds((2,)) == 6
    with pytest.raises(ValueError, match=r"made for 2 inputs, not a shape of \(3,\)"):
        layer.output_shape((3,))


def test_flatten_keeps_the_order_channel_row_column():
    x = np.arange(24, dtype=np.float32).reshape(2, 3, 2, 2)
    strange = np.ascontiguousarray(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)
    layer = nn.Flatten()
    for maps in (x, strange):
        assert layer.forward(maps)[1].tolist() == list(range(12, 24))
        assert layer.backward(layer.forward(maps)).tolist() == x.tolist()
    assert layer.output_shape((3, 2, 2)) == (12,)


def test_dropout_is_the_identity_when_reading():
    layer, x = nn.Dropout(0.7), np.random.default_rng(0).standard_normal((3, 50)).astype(np.float32)
    assert np.array_equal(layer.forward(x), x)
    assert np.array_equal(layer.backward(x), x)
    assert np.array_equal(nn.Dropout(0.0).forward(x, training=True), x)


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.8])
def test_dropout_while_training(rate):
    layer = nn.Dropout(rate, rng=np.random.default_rng(3))
    x = np.ones((100, 200), np.float32)
    y = layer.forward(x, training=True)
    assert y.dtype == np.float32 and set(np.unique(y).tolist()) == {0.0, float(np.float32(1) / np.float32(1 - rate))}
    # 20,000 draws: four standard deviations of their mean; what stays makes up for what goes.
    assert abs((y == 0).mean() - rate) < 4 * math.sqrt(rate * (1 - rate) / y.size)
    assert abs(y.mean() - 1) < 4 * math.sqrt(rate / (1 - rate) / y.size)
    # The gradient goes the same ways.
    assert np.array_equal(layer.backward(x), y)
    assert not np.array_equal(layer.forward(x, training=True), y)


def test_rates_that_cannot_be():
    for rate in (-0.1, 1, 1.5, float("nan")):
        with pytest.raises(ValueError, match="dropout rate is from 0 to below 1"):
            nn.Dropout(rate)
    with pytest.raises(ValueError, match="at least 1, not 0 and 3"):
        nn.Dense(0, 3)


LAYERS = [
    nn.Conv2D(2, 3, 3, 2, "valid"), nn.ReLU(), nn.MaxPool2D(2, 1), nn.AveragePool2D(2), nn.BatchNorm2D(2),
    nn.Dropout(0.3), nn.Flatten(),
]  # fmt: skip


@pytest.mark.parametrize("layer", [*LAYERS, nn.Dense(72, 5)], ids=repr)
def test_every_layer_keeps_float32_and_its_word_about_shapes(layer):
    x = np.random.default_rng(0).standard_normal((4, 2, 6, 6)).astype(np.float32)
    x = x.reshape(4, 72) if isinstance(layer, nn.Dense) else x
    for training in (False, True):
        y = layer.forward(x, training)
        assert y.dtype == np.float32 and y.shape == (4, *layer.output_shape(x.shape[1:]))
        dx = layer.backward(np.ones_like(y))
        assert dx.dtype == np.float32 and dx.shape == x.shape
        for name, array in layer.parameters.items():
            assert layer.gradients[name].dtype == np.float32 and layer.gradients[name].shape == array.shape
    assert all(array.dtype == np.float32 for array in layer.buffers.values())
    assert all(array.dtype == np.float32 for array in layer.parameters.values())


@pytest.mark.parametrize("layer", [*LAYERS, nn.Dense(7, 5)], ids=repr)
def test_config_builds_the_layer_again(layer):
    twin = type(layer)(**layer.config())
    assert repr(twin) == repr(layer) and twin.config() == layer.config()
    assert {n: a.shape for n, a in twin.parameters.items()} == {n: a.shape for n, a in layer.parameters.items()}
