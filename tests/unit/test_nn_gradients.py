"""Every backward step against central differences of its forward step, in float64.

The scalar that is differentiated is the sum of the outputs, each times a fixed random number,
so that no two of its elements can make up for one another.
"""

import copy

import numpy as np
import oracle
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from inkling import nn

LIMIT = 1e-6
seeds = st.integers(0, 2**32 - 1)


def in_float64(layer, rng=None):
    """The layer with all its arrays in float64, drawn anew from `rng` if given."""
    for arrays in (layer.parameters, layer.buffers):
        for name, array in arrays.items():
            arrays[name] = array.astype(np.float64) if rng is None else rng.uniform(0.3, 1.7, array.shape)
    return layer


def distinct(rng, shape):
    """Numbers no two of which are closer than 0.01, none closer than that to 0: away from every kink."""
    count = int(np.prod(shape))
    values = (np.arange(count) - count // 2 + 0.5) * 0.02
    return rng.permutation(values).reshape(shape)


def check(layer, x, training=False, refresh=None):
    """Gradients by input and by each parameter; `refresh` puts the layer's randomness back."""
    refresh = refresh or (lambda: None)
    refresh()
    weights = np.random.default_rng(7).standard_normal(layer.forward(x, training).shape)

    def scalar():
        refresh()
        return float((layer.forward(x, training) * weights).sum())

    scalar()
    dx = layer.backward(weights.copy())
    gradients = {name: array.copy() for name, array in layer.gradients.items()}
    assert set(gradients) == set(layer.parameters)
    buffers = copy.deepcopy(layer.buffers)
    assert oracle.relative_error(dx, oracle.central_difference(scalar, x)) < LIMIT
    for name, array in layer.parameters.items():
        assert oracle.relative_error(gradients[name], oracle.central_difference(scalar, array)) < LIMIT, name
    layer.buffers.update(buffers)


@settings(max_examples=60)
@given(
    n=st.integers(1, 2), channels=st.integers(1, 2), filters=st.integers(1, 2), height=st.integers(1, 5),
    width=st.integers(1, 5), kernel=st.integers(1, 4), stride=st.integers(1, 3),
    padding=st.sampled_from(["full", "same", "valid", 0, 1, 2]), bias=st.booleans(), seed=seeds,
)  # fmt: skip
def test_convolution(n, channels, filters, height, width, kernel, stride, padding, bias, seed):
    for size in (height, width):
        assume(size + sum(oracle.padding(size, kernel, stride, padding)) >= kernel)
    rng = np.random.default_rng(seed)
    layer = in_float64(nn.Conv2D(channels, filters, kernel, stride, padding, bias), rng)
    x = rng.standard_normal((n, channels, height, width))
    check(layer, x)
    weights = rng.standard_normal(layer.forward(x).shape)
    layer.backward(weights)
    whole = {name: array.copy() for name, array in layer.gradients.items()}
    layer.backward_parameters(weights)
    assert all(np.array_equal(layer.gradients[name], array) for name, array in whole.items())


@given(
    n=st.integers(1, 2), channels=st.integers(1, 2), height=st.integers(1, 6), width=st.integers(1, 6),
    window=st.integers(1, 3), stride=st.integers(1, 3), seed=seeds,
)  # fmt: skip
def test_pooling(n, channels, height, width, window, stride, seed):
    assume(window <= min(height, width))
    x = distinct(np.random.default_rng(seed), (n, channels, height, width))
    check(nn.MaxPool2D(window, stride), x)
    check(nn.AveragePool2D(window, stride), x)


@given(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3), st.integers(1, 3), st.booleans(), seeds)
def test_batch_normalisation(n, channels, height, width, training, seed):
    # A batch of two numbers always normalises to -1 and 1: there is no slope to compare.
    assume(n * height * width > 2)
    rng = np.random.default_rng(seed)
    layer = in_float64(nn.BatchNorm2D(channels), rng)
    check(layer, rng.standard_normal((n, channels, height, width)), training)


@given(st.integers(1, 3), st.integers(1, 4), st.integers(1, 4), seeds)
def test_dense(n, inputs, units, seed):
    rng = np.random.default_rng(seed)
    check(in_float64(nn.Dense(inputs, units), rng), rng.standard_normal((n, inputs)))


@given(st.lists(st.integers(1, 4), min_size=2, max_size=4), seeds)
def test_relu(shape, seed):
    check(nn.ReLU(), distinct(np.random.default_rng(seed), tuple(shape)))


@given(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3), seeds)
def test_flatten(n, channels, size, seed):
    check(nn.Flatten(), np.random.default_rng(seed).standard_normal((n, channels, size, size)))


@given(st.floats(0, 0.9), st.booleans(), seeds)
def test_dropout_with_its_mask_held(rate, training, seed):
    layer = nn.Dropout(rate)

    def same_mask():
        layer.rng = np.random.default_rng(seed)

    check(layer, np.random.default_rng(seed).standard_normal((3, 4)), training, same_mask)


targets = st.integers(1, 4).flatmap(
    lambda n: st.integers(1, 5).flatmap(
        lambda k: st.tuples(st.just(n), st.just(k), st.booleans(), st.sampled_from([0.0, 0.1, 0.5]), seeds)
    )
)


@given(targets)
def test_cross_entropy(case):
    n, k, soft, smoothing, seed = case
    rng = np.random.default_rng(seed)
    logits = rng.standard_normal((n, k)) * 3
    classes = rng.integers(0, k, n)
    target = rng.dirichlet(np.ones(k), n) if soft else classes

    loss, gradient = nn.cross_entropy(logits, target, smoothing)
    # -sum(t log p) / n, every term written out.
    expected = 0.0
    for row in range(n):
        p = oracle.softmax(logits[row].tolist())
        for column in range(k):
            t = target[row, column] if soft else float(classes[row] == column)
            expected -= (t * (1 - smoothing) + smoothing / k) * np.log(p[column]) / n
    assert abs(loss - expected) < 1e-12 * max(1, abs(expected))
    numeric = oracle.central_difference(lambda: nn.cross_entropy(logits, target, smoothing)[0], logits)
    # With one class the loss is constant; then both are 0 up to rounding.
    assert np.abs(gradient - numeric).max() < LIMIT * max(np.abs(numeric).max(), 1e-3)


def test_cross_entropy_of_weights_that_do_not_sum_to_one():
    """Samples may count for more or less: rows of targets scaled by a weight."""
    rng = np.random.default_rng(0)
    logits, target = rng.standard_normal((3, 4)), rng.uniform(0, 2, (3, 4))
    _, gradient = nn.cross_entropy(logits, target)
    numeric = oracle.central_difference(lambda: nn.cross_entropy(logits, target)[0], logits)
    assert oracle.relative_error(gradient, numeric) < LIMIT


def a_network(rng, pool, padding, batch_norm):
    layers = [nn.Conv2D(2, 3, 3, padding=padding)]
    if batch_norm:
        layers.append(nn.BatchNorm2D(3))
    layers += [nn.ReLU(), pool(2), nn.Conv2D(3, 2, 2, padding="full", bias=False), nn.ReLU(), nn.Dropout(0.25), nn.Flatten()]
    units = nn.Network(layers, (2, 6, 7)).shapes[-1][0]
    network = nn.Network([*layers, nn.Dense(units, 5), nn.ReLU(), nn.Dense(5, 4)], (2, 6, 7))
    for layer in network.layers:
        in_float64(layer)
        for array in layer.parameters.values():
            array += rng.standard_normal(array.shape) * 0.3
    return network


@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("pool", [nn.MaxPool2D, nn.AveragePool2D])
@pytest.mark.parametrize("training", [False, True])
def test_a_whole_network_to_its_loss(training, pool, batch_norm):
    rng = np.random.default_rng(11)
    network = a_network(rng, pool, "same", batch_norm)
    x, classes = rng.standard_normal((3, 2, 6, 7)), np.array([0, 3, 1])
    dropout = next(layer for layer in network.layers if isinstance(layer, nn.Dropout))

    def loss():
        dropout.rng = np.random.default_rng(5)
        return nn.cross_entropy(network.forward(x, training), classes, smoothing=0.1)

    _, gradient = loss()
    dx = network.backward(gradient)
    gradients = [array.copy() for array in network.gradients()]
    # A step small enough that no ReLU and no maximum changes sides.
    scalar = lambda: loss()[0]  # noqa: E731
    assert oracle.relative_error(dx, oracle.central_difference(scalar, x, 1e-6)) < LIMIT
    for array, found in zip(network.parameters(), gradients):
        # A convolution's bias before a batch norm has no effect: both gradients vanish.
        numeric = oracle.central_difference(scalar, array, 1e-6)
        assert np.abs(found - numeric).max() < LIMIT * max(np.abs(numeric).max(), 1e-2)
    network.backward_parameters(loss()[1])
    assert all(np.array_equal(a, b) for a, b in zip(network.gradients(), gradients))


def test_backward_after_reading_serves_saliency():
    """A forward step that does not train keeps what backward needs, too."""
    rng = np.random.default_rng(2)
    network = a_network(rng, nn.MaxPool2D, "valid", True)
    x = rng.standard_normal((1, 2, 6, 7))
    logits = network.forward(x)
    one = np.zeros_like(logits)
    one[0, 2] = 1
    dx = network.backward(one)
    numeric = oracle.central_difference(lambda: float(network.forward(x)[0, 2]), x, 1e-6)
    assert oracle.relative_error(dx, numeric) < LIMIT
