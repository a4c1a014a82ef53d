"""Convolution: the FFT, the matrix product and naive loops are one function."""

import numpy as np
import oracle
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from inkling import nn
from inkling.nn import convolution

paddings = st.sampled_from(["full", "same", "valid", 0, 1, 2, 3])


@st.composite
def problems(draw, largest=7):
    """(x, weight, bias, stride, padding) that fit; odd and even sizes, kernels larger than the image too."""
    n, channels, filters = draw(st.integers(1, 2)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    height, width = draw(st.integers(1, largest)), draw(st.integers(1, largest))
    kh, kw = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    stride, padding = draw(st.integers(1, 3)), draw(paddings)
    for size, kernel in ((height, kh), (width, kw)):
        assume(size + sum(oracle.padding(size, kernel, stride, padding)) >= kernel)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    x = rng.standard_normal((n, channels, height, width)).astype(np.float32)
    weight = rng.standard_normal((filters, channels, kh, kw)).astype(np.float32)
    bias = rng.standard_normal(filters).astype(np.float32) if draw(st.booleans()) else None
    return x, weight, bias, stride, padding


@settings(max_examples=80)
@given(problems())
def test_three_ways_to_convolve_are_one(problem):
    x, weight, bias, stride, padding = problem
    truth = oracle.convolution(*problem)
    for algorithm in ("matmul", "fft", "auto"):
        y = nn.convolve(x, weight, bias, stride, padding, algorithm)
        assert y.shape == truth.shape and y.dtype == np.float32
        assert oracle.relative_error(y, truth) < 1e-4, algorithm


@settings(max_examples=20)
@given(problems(largest=24))
def test_fft_is_the_matrix_product_on_larger_images(problem):
    a, b = (nn.convolve(*problem, algorithm) for algorithm in ("matmul", "fft"))
    assert oracle.relative_error(a, b) < 1e-4


@given(problems())
def test_what_goes_in_is_left_alone(problem):
    x, weight, bias, stride, padding = problem
    before = x.copy(), weight.copy()
    for algorithm in ("matmul", "fft"):
        nn.convolve(x, weight, bias, stride, padding, algorithm)
    assert np.array_equal(x, before[0]) and np.array_equal(weight, before[1])


@given(problems())
def test_memory_order_does_not_matter(problem):
    x, weight, bias, stride, padding = problem
    strange = np.ascontiguousarray(x.transpose(2, 0, 3, 1)).transpose(1, 3, 0, 2)
    for algorithm in ("matmul", "fft"):
        a = nn.convolve(x, weight, bias, stride, padding, algorithm)
        assert oracle.relative_error(a, nn.convolve(strange, weight, bias, stride, padding, algorithm)) < 1e-5


def test_batches_larger_than_one_piece(monkeypatch):
    """The patch matrix is made in pieces; their number does not show in the result."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((7, 2, 6, 6)).astype(np.float32)
    layer = nn.Conv2D(2, 3, 3)
    whole = layer.forward(x)
    dx = layer.backward(whole)
    by_weight = layer.gradients["weight"].copy()
    for floats in (1, 2 * 36 * 18, 5 * 36 * 18):
        monkeypatch.setattr(convolution, "PATCH_FLOATS", floats)
        assert oracle.relative_error(layer.forward(x), whole) < 1e-5
        assert oracle.relative_error(layer.backward(whole), dx) < 1e-5
        assert oracle.relative_error(layer.gradients["weight"], by_weight) < 1e-5


def test_by_einsum_as_in_the_browser(monkeypatch):
    """Where there is no BLAS the product goes through einsum."""
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((50, 30)).astype(np.float32), rng.standard_normal((20, 30)).astype(np.float32)
    expected = a.astype(np.float64) @ b.T
    monkeypatch.setattr(convolution.sys, "platform", "emscripten")
    assert oracle.relative_error(convolution.matrix_product(a, b), expected) < 1e-5


@given(st.integers(1, 40), st.integers(1, 9), st.integers(1, 5), paddings)
def test_sizes(size, kernel, stride, padding):
    before, after = oracle.padding(size, kernel, stride, padding)
    assert convolution.padding_amounts(size, kernel, stride, padding) == (before, after)
    if size + before + after < kernel:
        with pytest.raises(ValueError, match="does not fit"):
            convolution.output_size(size, kernel, stride, padding)
        return
    outputs = len(range(-before, size + after - kernel + 1, stride))
    assert convolution.output_size(size, kernel, stride, padding) == outputs
    if padding == "same":
        assert outputs == -(-size // stride)


def test_a_kernel_that_does_not_fit_is_told_with_the_formula():
    with pytest.raises(ValueError, match=r"kernel of 5 .*\(size 3 \+ padding 0 - kernel 5\) / stride 1 \+ 1"):
        nn.convolve(np.zeros((1, 1, 3, 3)), np.zeros((1, 1, 5, 5)), padding="valid")
    with pytest.raises(ValueError, match="layer 1, Conv2D.*kernel of 5"):
        nn.Network([nn.Conv2D(1, 1, 5, padding="valid")], (1, 3, 3))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"padding": "Same"}, "'Same'"),
        ({"padding": -1}, "not -1"),
        ({"padding": True}, "not True"),
        ({"padding": 1.5}, "not 1.5"),
        ({"stride": 0}, "at least 1"),
        ({"kernel_size": 0}, "at least 1"),
        ({"filters": 0}, "at least 1"),
        ({"in_channels": -1}, "at least 1"),
    ],
)
def test_what_no_layer_can_be(changes, reason):
    with pytest.raises(ValueError, match=reason):
        nn.Conv2D(**{"in_channels": 1, "filters": 1, **changes})


def test_channels_that_differ():
    with pytest.raises(ValueError, match=r"\(1, 2, 4, 4\) and \(1, 3, 3, 3\)"):
        nn.convolve(np.zeros((1, 2, 4, 4)), np.zeros((1, 3, 3, 3)))
    with pytest.raises(ValueError, match="made for 3 channels, not 2"):
        nn.Conv2D(3, 1).output_shape((2, 4, 4))
    with pytest.raises(ValueError, match=r"\(C, H, W\), not \(7,\)"):
        nn.Conv2D(3, 1).output_shape((7,))
    with pytest.raises(ValueError, match='"auto", "matmul" or "fft", not \'winograd\''):
        nn.convolve(np.zeros((1, 1, 4, 4)), np.zeros((1, 1, 3, 3)), algorithm="winograd")
    with pytest.raises(ValueError, match="stride is at least 1, not 0"):
        nn.convolve(np.zeros((1, 1, 4, 4)), np.zeros((1, 1, 3, 3)), stride=0)


def test_multiply_adds():
    layer = nn.Conv2D(3, 8, 5, stride=2, padding="valid")
    # 8 filters, 6 x 6 places, windows of 3 x 5 x 5.
    assert layer.output_shape((3, 15, 15)) == (8, 6, 6)
    assert layer.multiply_adds((3, 15, 15)) == 8 * 36 * 75


def test_the_fft_is_chosen_where_its_operations_are_fewer():
    assert convolution.fft_is_faster((1, 1, 256, 256), (1, 1, 64, 64), 1, (0, 0), (0, 0))
    assert not convolution.fft_is_faster((1, 16, 28, 28), (16, 16, 3, 3), 1, (1, 1), (1, 1))
