"""Convolution: sizes, two algorithms behind one call, and the layer.

As in every deep-learning library, "convolution" is cross-correlation: the kernel is laid
on the image as it stands,

    y[n, f, i, j] = b[f] + sum over c, u, v of  w[f, c, u, v] * x[n, c, i*s + u - top, j*s + v - left]

with stride s and zeros beyond the border.
"""

from __future__ import annotations

import math
import sys

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .layer import Config, Layer, Shape, channels_last, expect_maps, he_normal

try:  # what np.einsum calls in the end: the way there takes longer than a small product
    from numpy._core.multiarray import c_einsum as _einsum
except ImportError:
    from numpy import einsum as _einsum
einsum = _einsum

# A patch matrix larger than this is made and used in pieces, so that a piece stays in the
# processor's cache between the gathering and the product. In floats (4 MB).
PATCH_FLOATS = 1 << 20

# What one multiply-add of the matrix product costs against one step of the FFT's work
# (see `fft_is_faster`), measured by tests/bench/convolution.py where each runs.
FFT_STEP_COST = 3.0 if sys.platform == "emscripten" else 8.0


# Zeros before and after an axis.
Margin = tuple[int, int]


def matrix_product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a (M, K) times b.T for b (N, K) -> (M, N): by BLAS where numpy has one.

    Pyodide's numpy has none; there einsum's dot product of rows that lie in one piece runs 2 - 5
    times faster than `@`, the copying included.
    """
    if sys.platform == "emscripten":
        return einsum("ik,jk->ij", np.ascontiguousarray(a), np.ascontiguousarray(b))
    return a @ b.T


def product(a: np.ndarray, b: np.ndarray, out: np.ndarray) -> np.ndarray:
    """a (M, K) times b (K, N), into `out` (M, N); without BLAS fast for large N."""
    if sys.platform == "emscripten":
        return einsum("ik,kj->ij", a, b, out=out)
    return np.matmul(a, b, out=out)


def padding_amounts(size: int, kernel: int, stride: int, padding: str | int) -> Margin:
    """Zeros to add before and after `size` pixels.

    "valid": none. "full": kernel - 1 on both sides. "same": as few as make ceil(size / stride)
    outputs, the odd one after. An int: that many on both sides.
    """
    if padding == "valid":
        return 0, 0
    if padding == "full":
        return kernel - 1, kernel - 1
    if padding == "same":
        total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
        return total // 2, total - total // 2
    if isinstance(padding, (int, np.integer)) and not isinstance(padding, bool) and padding >= 0:
        return int(padding), int(padding)
    raise ValueError(f'padding is "full", "same", "valid" or a whole number from 0, not {padding!r}')


def output_size(size: int, kernel: int, stride: int, padding: str | int) -> int:
    """floor((size + padding - kernel) / stride) + 1; ValueError where the kernel does not fit."""
    before, after = padding_amounts(size, kernel, stride, padding)
    room = size + before + after - kernel
    if room < 0:
        raise ValueError(
            f"a kernel of {kernel} does not fit into {size} + {before + after} pixels of padding: "
            f"(size {size} + padding {before + after} - kernel {kernel}) / stride {stride} + 1 must be at least 1"
        )
    return room // stride + 1


def pad(x: np.ndarray, rows: Margin, columns: Margin) -> np.ndarray:
    """x (N, C, H, W) with zeros around, memory channels last."""
    n, c, h, w = x.shape
    padded = np.zeros((n, h + sum(rows), w + sum(columns), c), x.dtype)
    padded[:, rows[0] : rows[0] + h, columns[0] : columns[0] + w] = x.transpose(0, 2, 3, 1)
    return padded.transpose(0, 3, 1, 2)


def patches(x: np.ndarray, kernel: tuple[int, int], stride: int) -> np.ndarray:
    """All windows of x (N, C, H, W) as rows -> (N * oh * ow, kh * kw * C), a copy ("im2col")."""
    windows = sliding_window_view(x.transpose(0, 2, 3, 1), kernel, axis=(1, 2))  # type: ignore[call-overload]
    windows = windows[:, ::stride, ::stride]
    n, oh, ow, c, kh, kw = windows.shape
    return windows.transpose(0, 1, 2, 4, 5, 3).reshape(n * oh * ow, kh * kw * c)


def as_rows(maps: np.ndarray) -> np.ndarray:
    """maps (N, C, H, W) -> (N * H * W, C); a view when the memory is channels last."""
    return maps.transpose(0, 2, 3, 1).reshape(-1, maps.shape[1])


def convolve(
    x: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray | None = None,
    stride: int = 1,
    padding: str | int = "same",
    algorithm: str = "auto",
) -> np.ndarray:
    """Convolve images with kernels.

    Parameters
    ----------
    x : (N, C, H, W); weight : (F, C, kh, kw); bias : (F,) or None
    stride : int, at least 1, along both axes
    padding : "full", "same", "valid" or a number of zeros (see `padding_amounts`)
    algorithm : "matmul" (patches times kernels), "fft" (convolution theorem), or "auto",
        whichever a count of their operations says is faster where this runs

    Returns
    -------
    (N, F, oh, ow), same dtype as x. ValueError where shapes do not fit.
    """
    if x.ndim != 4 or weight.ndim != 4 or x.shape[1] != weight.shape[1]:
        raise ValueError(f"images (N, C, H, W) and kernels (F, C, kh, kw) with the same C, not {x.shape} and {weight.shape}")
    if stride < 1:
        raise ValueError(f"stride is at least 1, not {stride}")
    kh, kw = weight.shape[2:]
    output_size(x.shape[2], kh, stride, padding), output_size(x.shape[3], kw, stride, padding)
    rows = padding_amounts(x.shape[2], kh, stride, padding)
    columns = padding_amounts(x.shape[3], kw, stride, padding)
    if algorithm == "auto":
        algorithm = "fft" if fft_is_faster(x.shape, weight.shape, stride, rows, columns) else "matmul"
    if algorithm not in ("matmul", "fft"):
        raise ValueError(f'algorithm is "auto", "matmul" or "fft", not {algorithm!r}')
    if any(rows) or any(columns):
        x = pad(x, rows, columns)
    y = (_by_matmul if algorithm == "matmul" else _by_fft)(x, weight, stride)
    if bias is not None:
        y += bias[:, None, None]
    return y


def _by_matmul(x: np.ndarray, weight: np.ndarray, stride: int) -> np.ndarray:
    """Valid convolution as the product of a patch matrix and the kernels."""
    n, _, h, w = x.shape
    f, c, kh, kw = weight.shape
    oh, ow = (h - kh) // stride + 1, (w - kw) // stride + 1
    kernels = weight.transpose(0, 2, 3, 1).reshape(f, kh * kw * c)
    step = max(1, PATCH_FLOATS // (oh * ow * kh * kw * c))
    if step >= n:
        y = matrix_product(patches(x, (kh, kw), stride), kernels)
    else:
        y = np.empty((n * oh * ow, f), x.dtype)
        for start in range(0, n, step):
            piece = patches(x[start : start + step], (kh, kw), stride)
            y[start * oh * ow : start * oh * ow + len(piece)] = matrix_product(piece, kernels)
    return y.reshape(n, oh, ow, f).transpose(0, 3, 1, 2)


def _by_fft(x: np.ndarray, weight: np.ndarray, stride: int) -> np.ndarray:
    """Valid convolution by the convolution theorem.

    The conjugate of the kernels' transform turns the product into a correlation, whose first
    (H - kh + 1, W - kw + 1) values are free of wrapping around.
    """
    h, w = x.shape[2:]
    kh, kw = weight.shape[2:]
    spectrum = np.fft.rfft2(x, axes=(2, 3))
    kernels = np.conj(np.fft.rfft2(weight, s=(h, w), axes=(2, 3)))
    product = np.einsum("nchw,fchw->nfhw", spectrum, kernels, optimize=False)
    y = np.fft.irfft2(product, s=(h, w), axes=(2, 3))[:, :, : h - kh + 1 : stride, : w - kw + 1 : stride]
    return channels_last(y.astype(x.dtype, copy=False))


def fft_is_faster(x_shape: Shape, weight_shape: Shape, stride: int, rows: Margin, columns: Margin) -> bool:
    """Whether counting operations favours the FFT: large kernels, few channels, stride 1."""
    sizes = (x_shape, weight_shape, stride, rows, columns)
    return fft_work(*sizes) * FFT_STEP_COST < matmul_work(*sizes)


def matmul_work(x_shape: Shape, weight_shape: Shape, stride: int, rows: Margin, columns: Margin) -> int:
    """Multiply-adds of the matrix product."""
    n, _, h, w = x_shape
    f, c, kh, kw = weight_shape
    outputs = ((h + sum(rows) - kh) // stride + 1) * ((w + sum(columns) - kw) // stride + 1)
    return n * outputs * f * c * kh * kw


def fft_work(x_shape: Shape, weight_shape: Shape, _stride: int, rows: Margin, columns: Margin) -> float:
    """Steps of the transforms, pixels times their logarithm, and products of the spectra."""
    n, c, h, w = x_shape
    f = weight_shape[0]
    h, w = h + sum(rows), w + sum(columns)
    return (n * c + f * c + n * f) * h * w * math.log2(h * w) + n * f * c * h * (w // 2 + 1)


class Conv2D(Layer):
    """Convolution with `filters` learned kernels over maps of `in_channels` channels.

    Parameters: "weight" (filters, in_channels, kernel_size, kernel_size), "bias" (filters,).
    Input (N, in_channels, H, W) -> output (N, filters, oh, ow).
    """

    def __init__(
        self,
        in_channels: int,
        filters: int,
        kernel_size: int = 3,
        stride: int = 1,
        padding: str | int = "same",
        bias: bool = True,
        rng: np.random.Generator | None = None,
    ):
        super().__init__()
        if min(in_channels, filters, kernel_size, stride) < 1:
            raise ValueError(
                "channels, filters, kernel size and stride are at least 1, "
                f"not {in_channels}, {filters}, {kernel_size}, {stride}"
            )
        padding_amounts(kernel_size, kernel_size, stride, padding)  # refuses an unknown padding now, not in use
        self.in_channels, self.filters, self.kernel_size = in_channels, filters, kernel_size
        self.stride, self.padding, self.has_bias = stride, padding, bias
        shape = (filters, in_channels, kernel_size, kernel_size)
        rng = rng or np.random.default_rng(0)
        self.parameters["weight"] = channels_last(he_normal(rng, shape, in_channels * kernel_size**2))
        if bias:
            self.parameters["bias"] = np.zeros(filters, np.float32)

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        self._x = x
        return convolve(x, self.parameters["weight"], self.parameters.get("bias"), self.stride, self.padding)

    def backward(self, dy: np.ndarray) -> np.ndarray:
        self.backward_parameters(dy)
        return self._by_input(dy)

    def backward_parameters(self, dy: np.ndarray) -> None:
        """The patches again (cheaper to gather anew than to keep), times dy."""
        x, k, s = self._x, self.kernel_size, self.stride
        n, c, h, w = x.shape
        oh, ow = dy.shape[2:]
        if self.has_bias:
            self.gradients["bias"] = dy.sum(axis=(0, 2, 3))
        padded = pad(x, padding_amounts(h, k, s, self.padding), padding_amounts(w, k, s, self.padding))
        by_weight = np.zeros((self.filters, k * k * c), dy.dtype)
        step = max(1, PATCH_FLOATS // (oh * ow * k * k * c))
        for start in range(0, n, step):
            piece = patches(padded[start : start + step], (k, k), s)
            by_weight += matrix_product(as_rows(dy[start : start + step]).T, piece.T)
        self.gradients["weight"] = by_weight.reshape(self.filters, k, k, c).transpose(0, 3, 1, 2)

    def _by_input(self, dy: np.ndarray) -> np.ndarray:
        """dy, spread out by the stride, convolved with the kernels turned by 180 degrees."""
        weight, k, s = self.parameters["weight"], self.kernel_size, self.stride
        n, _, h, w = self._x.shape
        oh, ow = dy.shape[2:]
        rows, columns = padding_amounts(h, k, s, self.padding), padding_amounts(w, k, s, self.padding)
        # Row r of the padded input is reached from rows r - k + 1 ... r of the spread dy, and
        # only rows of the input proper are asked for; those that no window reached get 0.
        height = max((oh - 1) * s + 1 + 2 * (k - 1), rows[0] + h + k - 1)
        width = max((ow - 1) * s + 1 + 2 * (k - 1), columns[0] + w + k - 1)
        spread = np.zeros((n, height, width, self.filters), dy.dtype)
        spread[:, k - 1 : k - 1 + (oh - 1) * s + 1 : s, k - 1 : k - 1 + (ow - 1) * s + 1 : s] = dy.transpose(0, 2, 3, 1)
        asked = spread[:, rows[0] : rows[0] + h + k - 1, columns[0] : columns[0] + w + k - 1]
        turned = channels_last(weight[:, :, ::-1, ::-1].transpose(1, 0, 2, 3))
        return _by_matmul(asked.transpose(0, 3, 1, 2), turned, 1)

    def output_shape(self, input_shape: Shape) -> Shape:
        expect_maps(self, input_shape, self.in_channels)
        sizes = (output_size(size, self.kernel_size, self.stride, self.padding) for size in input_shape[1:])
        return (self.filters, *sizes)

    def multiply_adds(self, input_shape: Shape) -> int:
        _, oh, ow = self.output_shape(input_shape)
        return oh * ow * self.filters * self.in_channels * self.kernel_size**2

    def with_bias(self) -> Conv2D:
        """A layer of this one's sizes, with weights of its own and with a bias."""
        return Conv2D(self.in_channels, self.filters, self.kernel_size, self.stride, self.padding)

    def config(self) -> Config:
        return {
            "in_channels": self.in_channels,
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "stride": self.stride,
            "padding": self.padding,
            "bias": self.has_bias,
        }
