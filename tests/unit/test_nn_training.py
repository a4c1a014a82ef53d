"""Softmax, optimisers and schedules against their formulas; and that it all learns."""

import copy
import math

import numpy as np
import oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from inkling import nn
from inkling.nn.muon import Muon


@given(hnp.arrays(np.float64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.floats(-50, 50)))
def test_softmax(logits):
    p = nn.softmax(logits)
    for row, expected in zip(p, (oracle.softmax(row) for row in logits.tolist())):
        np.testing.assert_allclose(row, expected, rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(nn.softmax(logits + 17), p, rtol=1e-9)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("row", [[1e4, 0, -1e4], [1e30, 1e30, 0], [-1e30, -1e30, -1e30], [88.8, 89, 3e38]])
def test_softmax_and_its_loss_are_stable(row, dtype):
    logits = np.array([row], dtype)
    p = nn.softmax(logits)
    assert p.dtype == dtype and np.isfinite(p).all() and abs(p.sum() - 1) < 1e-6 and p.argmax() == np.argmax(row)
    for smoothing in (0.0, 0.1):
        loss, gradient = nn.cross_entropy(logits, np.array([2]), smoothing)
        assert math.isfinite(loss) and np.isfinite(gradient).all() and gradient.dtype == dtype


def test_loss_of_knowing_nothing():
    loss, gradient = nn.cross_entropy(np.zeros((5, 62), np.float32), np.arange(5))
    assert abs(loss - math.log(62)) < 1e-6
    assert abs(gradient[0, 0] - (1 / 62 - 1) / 5) < 1e-7 and abs(gradient[0, 1] - 1 / 62 / 5) < 1e-7


def parameters_and_gradients(steps=4):
    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal((2, 3)), rng.standard_normal(3)]
    return arrays, [[rng.standard_normal(a.shape) for a in arrays] for _ in range(steps)]


def test_sgd_with_momentum():
    arrays, gradients = parameters_and_gradients()
    expected, velocity = [a.copy() for a in arrays], [0.0, 0.0]
    optimizer = nn.SGD(arrays, rate=0.1, momentum=0.8)
    for step in gradients:
        optimizer.step(step)
        for i, g in enumerate(step):
            velocity[i] = 0.8 * velocity[i] + g
            expected[i] = expected[i] - 0.1 * velocity[i]
    for a, b in zip(arrays, expected):
        np.testing.assert_allclose(a, b, rtol=1e-12)


def test_sgd_without_momentum_follows_the_gradient():
    arrays, gradients = parameters_and_gradients(1)
    before = [a.copy() for a in arrays]
    nn.SGD(arrays, rate=0.5, momentum=0).step(gradients[0])
    for a, b, g in zip(arrays, before, gradients[0]):
        np.testing.assert_allclose(a, b - 0.5 * g, rtol=1e-12)


def test_sgd_decays_weights_but_not_biases():
    arrays, gradients = parameters_and_gradients(1)
    before = [a.copy() for a in arrays]
    nn.SGD(arrays, rate=0.5, momentum=0, decay=0.01).step(gradients[0])
    np.testing.assert_allclose(arrays[0], before[0] - 0.5 * (gradients[0][0] + 0.01 * before[0]), rtol=1e-12)
    np.testing.assert_allclose(arrays[1], before[1] - 0.5 * gradients[0][1], rtol=1e-12)


def test_adamw():
    """Loshchilov and Hutter 2019, algorithm 2, line by line, one number at a time."""
    arrays, gradients = parameters_and_gradients()
    before = [a.copy() for a in arrays]
    optimizer = nn.AdamW(arrays, rate=0.02, betas=(0.8, 0.95), epsilon=1e-6, decay=0.3)
    for step in gradients:
        optimizer.step(step)
    for which, array in enumerate(before):
        for index in np.ndindex(array.shape):
            theta, m, v = float(array[index]), 0.0, 0.0
            for t, step in enumerate(gradients, 1):
                g = float(step[which][index])
                m = 0.8 * m + 0.2 * g
                v = 0.95 * v + 0.05 * g * g
                m_hat, v_hat = m / (1 - 0.8**t), v / (1 - 0.95**t)
                decay = 0.3 * theta if array.ndim > 1 else 0.0
                theta = theta - 0.02 * (m_hat / (math.sqrt(v_hat) + 1e-6) + decay)
            assert math.isclose(arrays[which][index], theta, rel_tol=1e-10, abs_tol=1e-12)


def kernels_and_gradients():
    rng = np.random.default_rng(3)
    shapes = [(6, 3, 3, 3), (6,), (8, 2, 1, 1), (4, 8), (4,)]
    arrays = [rng.standard_normal(shape) for shape in shapes]
    return arrays, [[rng.standard_normal(shape) for shape in shapes] for _ in range(4)]


def test_muon_steps_along_the_nearest_orthogonal_matrix():
    """Against the singular value decomposition, which the iteration only comes near to."""
    arrays, gradients = kernels_and_gradients()
    before = [a.copy() for a in arrays]
    Muon(arrays, rate=0.1, momentum=0.0, decay=0.0).step(gradients[0])
    for which in (0, 2):
        step = (before[which] - arrays[which]).reshape(len(arrays[which]), -1) / 0.1
        rows, columns = step.shape
        u, _, v = np.linalg.svd(gradients[0][which].reshape(rows, columns), full_matrices=False)
        stretch = max(1.0, rows / columns) ** 0.5
        aligned = u.T @ step @ v.T / stretch
        assert (np.diag(aligned) > 0.6).all() and (np.diag(aligned) < 1.3).all()
        np.testing.assert_allclose(aligned, np.diag(np.diag(aligned)), atol=1e-8)


def test_muon_leaves_the_rest_to_adamw():
    arrays, gradients = kernels_and_gradients()
    rest = [arrays[which].copy() for which in (1, 3, 4)]
    muon = Muon(arrays, rate=0.08, share=0.5)
    adamw = nn.AdamW(rest, rate=0.04)
    for step in gradients:
        muon.step(step)
        adamw.step([step[which] for which in (1, 3, 4)])
    assert all(np.array_equal(arrays[which], array) for which, array in zip((1, 3, 4), rest))


def test_muon_goes_on_where_it_stopped():
    arrays, gradients = kernels_and_gradients()
    made = Muon(arrays)
    for step in gradients[:2]:
        made.step(step)
    stopped, state = [a.copy() for a in arrays], copy.deepcopy(made.state())
    for step in gradients[2:]:
        made.step(step)
    restored = Muon(stopped)
    restored.restore(state)
    for step in gradients[2:]:
        restored.step(step)
    assert all(np.array_equal(a, b) for a, b in zip(arrays, stopped))


def test_no_gradient_is_no_step_of_muon():
    arrays, _ = kernels_and_gradients()
    before = [a.copy() for a in arrays]
    Muon(arrays, decay=0.0).step([np.zeros_like(a) for a in arrays])
    assert all(np.array_equal(arrays[which], before[which]) for which in (0, 2))


@pytest.mark.parametrize("optimizer", [nn.SGD, nn.AdamW])
def test_optimisers_change_arrays_in_place_and_keep_float32(optimizer):
    array = np.ones((3, 3), np.float32)
    made = optimizer([array], rate=0.1)
    made.step([np.ones((3, 3), np.float32)])
    assert array.dtype == np.float32 and (array < 1).all()
    assert all(a.dtype == np.float32 for name, a in made.state().items() if name != "steps")


@pytest.mark.parametrize("optimizer", [nn.SGD, nn.AdamW])
def test_an_optimiser_goes_on_where_it_stopped(optimizer):
    arrays, gradients = parameters_and_gradients(6)
    made = optimizer(arrays, rate=0.1)
    for step in gradients[:3]:
        made.step(step)
    stopped = [a.copy() for a in arrays]
    state = copy.deepcopy(made.state())
    for step in gradients[3:]:
        made.step(step)
    restored = optimizer(stopped, rate=0.1)
    restored.restore(state)
    for step in gradients[3:]:
        restored.step(step)
    assert all(np.array_equal(a, b) for a, b in zip(arrays, stopped))


def test_cosine():
    assert nn.cosine(0, 100, peak=2.0) == 2.0
    assert abs(nn.cosine(50, 100, peak=2.0) - 1.0) < 1e-12
    assert abs(nn.cosine(100, 100, peak=2.0, final=0.5) - 0.5) < 1e-12
    assert nn.cosine(130, 100, peak=2.0, final=0.5) == nn.cosine(100, 100, peak=2.0, final=0.5)
    assert abs(nn.cosine(25, 100, peak=1.0) - (2 + math.sqrt(2)) / 4) < 1e-12
    rates = [nn.cosine(step, 100, 1.0) for step in range(101)]
    assert rates == sorted(rates, reverse=True)


def test_one_cycle():
    rates = [nn.one_cycle(step, 200, peak=3.0, warm=0.25, start=0.1, final=0.01) for step in range(201)]
    assert abs(rates[0] - 0.3) < 1e-12 and abs(rates[50] - 3.0) < 1e-12 and abs(rates[200] - 0.03) < 1e-12
    assert rates[:51] == sorted(rates[:51]) and rates[50:] == sorted(rates[50:], reverse=True)
    assert abs(rates[25] - (0.3 + 3.0) / 2) < 1e-12 and abs(rates[125] - (3.0 + 0.03) / 2) < 1e-12


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_one_cycle_of_few_steps(steps):
    assert all(0 < nn.one_cycle(step, steps, 1.0) <= 1.0 for step in range(steps + 1))


def four_bars(rng, count):
    """Pictures 8 x 8 of a bar, upright, lying or along one of the diagonals, in noise."""
    classes = rng.integers(0, 4, count)
    x = rng.standard_normal((count, 1, 8, 8)).astype(np.float32) * 0.3
    for image, kind in zip(x[:, 0], classes):
        at = rng.integers(2, 6)
        for t in range(8):
            row, column = [(t, at), (at, t), (t, t), (t, 7 - t)][kind]
            image[row, column] += 1
    return x, classes


@pytest.mark.parametrize("make", [lambda p: nn.AdamW(p, 5e-3), lambda p: nn.SGD(p, 0.05), Muon])
def test_a_network_learns(make):
    rng = np.random.default_rng(0)
    network = nn.Network(
        [
            nn.Conv2D(1, 8, 3, rng=rng), nn.BatchNorm2D(8), nn.ReLU(), nn.MaxPool2D(2),
            nn.Conv2D(8, 16, 3, padding="valid", rng=rng), nn.ReLU(), nn.Flatten(), nn.Dropout(0.1), nn.Dense(64, 4, rng),
        ],
        (1, 8, 8),
    )  # fmt: skip
    optimizer = make(network.parameters())
    losses = []
    for _ in range(80):
        x, classes = four_bars(rng, 64)
        loss, gradient = nn.cross_entropy(network.forward(x, training=True), classes)
        network.backward_parameters(gradient)
        optimizer.step(network.gradients())
        losses.append(loss)
    x, classes = four_bars(rng, 400)
    assert losses[0] > 1.0 and np.mean(losses[-5:]) < 0.2
    for reader in (network, network.folded()):
        assert (reader.forward(x).argmax(axis=1) == classes).mean() > 0.95


def test_replicas_share_parameters_and_nothing_else():
    network = nn.Network([nn.Conv2D(1, 2), nn.BatchNorm2D(2), nn.Flatten(), nn.Dense(32, 3)], (1, 4, 4))
    twin = network.replica()
    assert all(a is b for a, b in zip(network.parameters(), twin.parameters()))
    assert network.layers[1].buffers["mean"] is not twin.layers[1].buffers["mean"]
    x = np.random.default_rng(0).standard_normal((5, 1, 4, 4)).astype(np.float32)
    twin.forward(x, training=True)
    twin.backward(np.ones((5, 3), np.float32))
    assert network.layers[0].gradients == {} and (network.layers[1].buffers["mean"] == 0).all()


def test_a_network_says_which_layer_does_not_fit():
    with pytest.raises(
        ValueError, match=r"layer 3, Dense\(inputs=10, units=2\): Dense was made for 10 inputs, not .*\(18,\)"
    ):
        nn.Network([nn.Conv2D(1, 2), nn.Flatten(), nn.Dense(10, 2)], (1, 3, 3))
    network = nn.Network([nn.Flatten(), nn.Dense(9, 2)], (1, 3, 3))
    with pytest.raises(ValueError, match=r"takes \(N, 1, 3, 3\), not \(2, 1, 3, 4\)"):
        network.forward(np.zeros((2, 1, 3, 4), np.float32))
    assert network.parameter_count == 20 and network.multiply_adds == 18 and network.shapes == [(1, 3, 3), (9,), (2,)]


def test_a_batch_of_none():
    network = nn.Network(
        [nn.Conv2D(1, 2), nn.ReLU(), nn.MaxPool2D(), nn.Flatten(), nn.Dense(8, 3)],
        (1, 4, 4),
    )
    assert network.forward(np.zeros((0, 1, 4, 4), np.float32)).shape == (0, 3)
