"""The textbook kernels and the one convolution to play with."""

import numpy as np
import oracle
import pytest

from inkling.explain import kernels


@pytest.mark.parametrize("size", range(1, 9))
@pytest.mark.parametrize("name", kernels.KERNELS)
def test_kernels_do_what_their_names_say_on_even_ground(name, size):
    if size == 1 and name not in ("same", "blur"):
        with pytest.raises(ValueError, match="needs a size of at least 2"):
            kernels.kernel(name, size)
        return
    weights = kernels.kernel(name, size)
    assert weights.shape == (size, size) and weights.dtype == np.float32
    answer = 0 if name in ("edge", "horizontal", "vertical") else 1
    assert weights.sum() == pytest.approx(answer, abs=1e-5)


def test_of_size_3_they_are_the_textbooks():
    np.testing.assert_allclose(kernels.kernel("blur") * 16, [[1, 2, 1], [2, 4, 2], [1, 2, 1]])
    np.testing.assert_allclose(kernels.kernel("horizontal") * 4, [[-1, -2, -1], [0, 0, 0], [1, 2, 1]])
    np.testing.assert_allclose(kernels.kernel("edge") * 8, [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]])


@pytest.mark.parametrize("padding", ["full", "same", "valid"])
@pytest.mark.parametrize("size, stride, pooling, window", [(3, 1, "maximum", 2), (4, 2, "average", 3), (5, 3, None, 2)])
def test_trying_out_is_the_oracles_convolution(padding, size, stride, pooling, window):
    image = np.random.default_rng(size).random((3, 16, 16)).astype(np.float32)
    weights = kernels.kernel("emboss", size)
    tried = kernels.try_out(image, weights, stride, padding, pooling, window)
    # Each channel by itself, as the oracle's only one.
    truth = np.stack([oracle.convolution(each[None, None], weights[None, None], None, stride, padding)[0] for each in image])
    np.testing.assert_allclose(tried["convolved"], truth[:, 0], atol=1e-5)
    before, after = oracle.padding(16, size, stride, padding)
    assert tried["border"] == (before, before) and tried["padded"].shape == (3, *(16 + before + after,) * 2)
    if pooling is None:
        assert tried["pooled"] is None
    else:
        choose = max if pooling == "maximum" else lambda values: sum(values) / len(values)
        np.testing.assert_allclose(tried["pooled"], oracle.pooling(truth, window, window, choose)[:, 0], atol=1e-5)


def test_what_does_not_fit_is_told_with_the_formula():
    image = np.zeros((1, 8, 8), np.float32)
    with pytest.raises(ValueError, match=r"\(size 8 \+ padding 0 - kernel 9\) / stride 1 \+ 1"):
        kernels.try_out(image, kernels.kernel("blur", 9), padding="valid")
    with pytest.raises(ValueError, match="window of 9 does not fit"):
        kernels.try_out(image, kernels.kernel("blur", 3), pooling="maximum", window=9)
    with pytest.raises(ValueError, match="no kernel 'magic'"):
        kernels.kernel("magic")
    with pytest.raises(ValueError, match="pooling is one of"):
        kernels.try_out(image, kernels.kernel("blur"), pooling="median")
