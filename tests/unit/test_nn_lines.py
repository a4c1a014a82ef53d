"""What networks over lines need of nn: kernels that are not square, dilation, residual blocks, batches of several widths."""

import json

import numpy as np
import pytest

from inkling import nn
from inkling.nn.convolution import both, dilated, padding_amounts


def by_loops(x, weight, padding, dilation):
    """The convolution by its definition, one output at a time."""
    over, along = both(padding)
    kh, kw = weight.shape[2:]
    rows = padding_amounts(x.shape[2], kh, 1, over)
    columns = padding_amounts(x.shape[3], dilated(kw, dilation), 1, along)
    x = np.pad(x, ((0, 0), (0, 0), rows, columns))
    oh, ow = x.shape[2] - kh + 1, x.shape[3] - dilated(kw, dilation) + 1
    y = np.zeros((len(x), len(weight), oh, ow))
    for i, j, u, v in np.ndindex(oh, ow, kh, kw):
        y[:, :, i, j] += x[:, :, i + u, j + v * dilation] @ weight[:, :, u, v].T
    return y


@pytest.mark.parametrize("padding", ["same", "valid", "full", 1, ("valid", "same"), ("same", "full")])
@pytest.mark.parametrize("dilation", [1, 2, 3])
@pytest.mark.parametrize("kernel", [(1, 5), (3, 1), (2, 3)])
def test_oblong_and_dilated_kernels_are_what_loops_say(padding, dilation, kernel):
    rng = np.random.default_rng(1)
    x, weight = rng.normal(size=(2, 3, 7, 15)), rng.normal(size=(4, 3, *kernel))
    assert nn.convolve(x, weight, padding=padding, dilation=dilation) == pytest.approx(
        by_loops(x, weight, padding, dilation)
    )


@pytest.fixture
def network():
    """A small network of everything, its parameters at random and in double precision."""
    rng = np.random.default_rng(3)
    branch = [nn.Conv2D(4, 4, (1, 5), dilation=2, bias=False), nn.BatchNorm2D(4), nn.ReLU()]
    around = [nn.Conv2D(2, 4, 3, bias=False), nn.BatchNorm2D(4), nn.ReLU(), nn.MaxPool2D((3, 2))]
    last = nn.Conv2D(4, 5, (2, 3), padding=("valid", "same"))
    for layer in [*around, *branch, last]:
        for name, array in layer.parameters.items():
            layer.parameters[name] = array + rng.normal(size=array.shape) * 0.3
        for array in layer.buffers.values():
            array += rng.uniform(0, 1, array.shape).astype(np.float32)
    return nn.Network([*around, nn.Residual(branch), last], (2, 6, 16))


WIDTHS = np.array([16, 10, 12])


@pytest.fixture
def batch():
    x = np.random.default_rng(4).normal(size=(3, 2, 6, 16))
    for one, width in zip(x, WIDTHS):
        one[:, :, width:] = 0
    return x


def test_the_gradients_of_a_batch_of_several_widths_are_slopes(network, batch):
    rng = np.random.default_rng(6)
    weights = rng.normal(size=network.forward(batch, True, WIDTHS).shape)

    def loss(x):
        return float((network.forward(x, True, WIDTHS) * weights).sum())

    loss(batch)
    by_input = network.backward(weights.copy())
    gradients = [gradient.copy() for gradient in network.gradients()]
    step = 1e-6
    for array, gradient in zip(network.parameters(), gradients):
        for place in {tuple(int(rng.integers(size)) for size in array.shape) for _ in range(5)}:
            kept = array[place]
            array[place] = kept + step
            above = loss(batch)
            array[place] = kept - step
            slope = (above - loss(batch)) / (2 * step)
            array[place] = kept
            assert gradient[place] == pytest.approx(slope, rel=1e-4, abs=1e-5)
    for n, width in enumerate(WIDTHS):
        place = (n, 1, 2, width - 1)
        moved = np.zeros_like(batch)
        moved[place] = step
        assert by_input[place] == pytest.approx((loss(batch + moved) - loss(batch - moved)) / (2 * step), rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("folded", [False, True])
def test_a_line_is_read_alike_whatever_it_is_batched_with(network, batch, folded):
    network = network.folded() if folded else network
    together = network.forward(batch, widths=WIDTHS)
    for n, width in enumerate(WIDTHS):
        alone = network.forward(batch[n : n + 1, :, :, :width])[0]
        assert together[n, :, :, : width // 2] == pytest.approx(alone, abs=1e-5)
        assert (together[n, :, :, width // 2 :] == 0).all()


def test_padding_has_no_part_in_the_statistics():
    norm, x = nn.BatchNorm2D(3), np.random.default_rng(0).normal(size=(2, 3, 4, 10))
    norm.widths = np.array([10, 6])
    norm.forward(x.copy(), training=True)
    real = np.concatenate([x[0].reshape(3, -1), x[1, :, :, :6].reshape(3, -1)], axis=1)
    assert norm.buffers["mean"] == pytest.approx(0.1 * real.mean(axis=1), abs=1e-6)
    assert norm.buffers["variance"] == pytest.approx(0.9 + 0.1 * real.var(axis=1, ddof=1), abs=1e-5)


def test_widths_that_a_layer_cannot_keep_apart_are_refused(network, batch):
    with pytest.raises(ValueError, match="multiples of 2"):
        network.forward(batch, widths=np.array([16, 9, 12]))
    strided = nn.Network([nn.Conv2D(2, 3, 3, stride=2)], (2, 6, 16))
    with pytest.raises(ValueError, match="changes the width"):
        strided.forward(batch, widths=WIDTHS)


def test_folding_and_the_architecture_keep_residual_blocks(network, batch):
    assert network.folded().forward(batch) == pytest.approx(network.forward(batch), abs=1e-5)
    described = json.loads(json.dumps(network.architecture()))
    again = nn.Network.from_architecture(described, network.input_shape)
    assert [a.shape for a in again.parameters()] == [a.shape for a in network.parameters()]
    assert again.multiply_adds == network.multiply_adds


def test_a_residual_block_that_changes_the_shape_is_refused():
    with pytest.raises(ValueError, match=r"keeps its input's shape \(4, 1, 8\), these layers make it \(5, 1, 8\)"):
        nn.Network([nn.Residual([nn.Conv2D(4, 5, 3)])], (4, 1, 8))


@pytest.mark.parametrize("within", [None, "Conv2D", [1], [{"layer": "Residual", "layers": []}], [{"layer": "Conv2D"}]])
def test_damaged_residual_blocks_are_refused(within):
    with pytest.raises(ValueError, match=r"layer 1"):
        nn.Network.from_architecture([{"layer": "Residual", "layers": within}], (4, 1, 8))
