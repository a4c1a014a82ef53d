"""Convolution: sizes, two algorithms behind one call, and the layer.

As in every deep-learning library, "convolution" is cross-correlation: the kernel is laid
on the image as it stands,

    y[n, f, i, j] = b[f] + sum over c, u, v of  w[f, c, u, v] * x[n, c, i*s + u - top, j*s + v*d - left]

with stride s, dilation d along the columns and zeros beyond the border.
"""

from __future__ import annotations

import math
import sys
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .layer import Config, Layer, Shape, channels_last, clear_beyond, expect_maps, he_normal

try:  # what np.einsum calls in the end: the way there takes longer than a small product
    from numpy._core.multiarray import c_einsum as _einsum
except ImportError:
    from numpy import einsum as _einsum
einsum = _einsum

# A patch matrix larger than this is made and used in pieces, so that a piece stays in the
# processor's cache between the gathering and the product. In floats (1 MB).
PATCH_FLOATS = 1 << 18

# What one multiply-add of the matrix product costs against one step of the FFT's work
# (see `fft_is_faster`), measured by tests/bench/convolution.py where each runs.
FFT_STEP_COST = 3.0 if sys.platform == "emscripten" else 8.0


# Zeros before and after an axis.
Margin = tuple[int, int]
T = TypeVar("T", int, str | int)
# One value for rows and columns, or one for each; a list where a file gives it.
OneOrBoth: TypeAlias = T | tuple[T, T] | list[T]


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


def both(value: OneOrBoth[T]) -> tuple[T, T]:
    """(rows, columns) of an argument that may be one value for both."""
    if isinstance(value, (tuple, list)):
        rows, columns = value
        return rows, columns
    return value, value


def one_or_both(value: OneOrBoth[T]) -> OneOrBoth[T]:
    """`value`; a pair that a file gave as a list, as the tuple that it was."""
    return both(value) if isinstance(value, list) else value


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


def patches(x: np.ndarray, kernel: tuple[int, int], stride: int, dilation: int = 1) -> np.ndarray:
    """All windows of x (N, C, H, W) as rows -> (N * oh * ow, kh * kw * C), a copy ("im2col")."""
    window = (kernel[0], dilated(kernel[1], dilation))
    windows = sliding_window_view(x.transpose(0, 2, 3, 1), window, axis=(1, 2))  # type: ignore[call-overload]
    windows = windows[:, ::stride, ::stride, ..., ::dilation]
    n, oh, ow, c, kh, kw = windows.shape
    return windows.transpose(0, 1, 2, 4, 5, 3).reshape(n * oh * ow, kh * kw * c)


def as_rows(maps: np.ndarray) -> np.ndarray:
    """maps (N, C, H, W) -> (N * H * W, C); a view when the memory is channels last."""
    return maps.transpose(0, 2, 3, 1).reshape(-1, maps.shape[1])


def dilated(kernel: int, dilation: int) -> int:
    """How far a kernel reaches whose columns are `dilation` apart."""
    return (kernel - 1) * dilation + 1


def convolve(
    x: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray | None = None,
    stride: int = 1,
    padding: OneOrBoth[str | int] = "same",
    algorithm: str = "auto",
    dilation: int = 1,
) -> np.ndarray:
    """Convolve images with kernels.

    Parameters
    ----------
    x : (N, C, H, W); weight : (F, C, kh, kw); bias : (F,) or None
    stride : int, at least 1, along both axes
    padding : "full", "same", "valid" or a number of zeros (see `padding_amounts`), or one of these for
        the rows and one for the columns
    dilation : int, at least 1, distance of the kernels' columns; the rows stay next to each other
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
    if dilation < 1:
        raise ValueError(f"dilation is at least 1, not {dilation}")
    kh, kw = weight.shape[2], dilated(weight.shape[3], dilation)
    over, along = both(padding)
    output_size(x.shape[2], kh, stride, over), output_size(x.shape[3], kw, stride, along)
    rows = padding_amounts(x.shape[2], kh, stride, over)
    columns = padding_amounts(x.shape[3], kw, stride, along)
    if algorithm == "auto":
        by_fft = dilation == 1 and fft_is_faster(x.shape, weight.shape, stride, rows, columns)
        algorithm = "fft" if by_fft else "matmul"
    if algorithm not in ("matmul", "fft"):
        raise ValueError(f'algorithm is "auto", "matmul" or "fft", not {algorithm!r}')
    if any(rows) or any(columns):
        x = pad(x, rows, columns)
    y = _by_matmul(x, weight, stride, dilation) if algorithm == "matmul" else _by_fft(x, _spread(weight, dilation), stride)
    if bias is not None:
        y += bias[:, None, None]
    return y


def _spread(weight: np.ndarray, dilation: int) -> np.ndarray:
    """Kernels (F, C, kh, kw) with zeros between their columns."""
    if dilation == 1:
        return weight
    spread = np.zeros((*weight.shape[:3], dilated(weight.shape[3], dilation)), weight.dtype)
    spread[..., ::dilation] = weight
    return spread


def _by_matmul(x: np.ndarray, weight: np.ndarray, stride: int, dilation: int) -> np.ndarray:
    """Valid convolution as the product of a patch matrix and the kernels."""
    n, _, h, w = x.shape
    f, c, kh, kw = weight.shape
    oh, ow = (h - kh) // stride + 1, (w - dilated(kw, dilation)) // stride + 1
    kernels = weight.transpose(0, 2, 3, 1).reshape(f, kh * kw * c)
    step = max(1, PATCH_FLOATS // (oh * ow * kh * kw * c))
    if step >= n:
        y = matrix_product(patches(x, (kh, kw), stride, dilation), kernels)
    else:
        y = np.empty((n * oh * ow, f), x.dtype)
        for start in range(0, n, step):
            piece = patches(x[start : start + step], (kh, kw), stride, dilation)
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

    Parameters: "weight" (filters, in_channels, kh, kw), "bias" (filters,).
    Input (N, in_channels, H, W) -> output (N, filters, oh, ow).

    kernel_size : k for k x k, or (kh, kw)
    padding : as `convolve` takes it
    dilation : distance of a kernel's columns
    """

    def __init__(
        self,
        in_channels: int,
        filters: int,
        kernel_size: OneOrBoth[int] = 3,
        stride: int = 1,
        padding: OneOrBoth[str | int] = "same",
        bias: bool = True,
        rng: np.random.Generator | None = None,
        dilation: int = 1,
    ):
        super().__init__()
        if min(in_channels, filters, *both(kernel_size), stride, dilation) < 1:
            raise ValueError(
                "channels, filters, kernel size, stride and dilation are at least 1, "
                f"not {in_channels}, {filters}, {kernel_size}, {stride}, {dilation}"
            )
        for one in both(padding):
            padding_amounts(1, 1, stride, one)  # refuses an unknown padding now, not in use
        self.in_channels, self.filters, self.stride, self.has_bias, self.dilation = (
            in_channels,
            filters,
            stride,
            bias,
            dilation,
        )
        self.kernel_size: OneOrBoth[int] = one_or_both(kernel_size)
        self.padding: OneOrBoth[str | int] = one_or_both(padding)
        kh, kw = both(kernel_size)
        rng = rng or np.random.default_rng(0)
        weight = he_normal(rng, (filters, in_channels, kh, kw), in_channels * kh * kw)
        self.parameters["weight"] = channels_last(weight)
        if bias:
            self.parameters["bias"] = np.zeros(filters, np.float32)

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        self._x = x
        weight, bias = self.parameters["weight"], self.parameters.get("bias")
        y = convolve(x, weight, bias, self.stride, self.padding, dilation=self.dilation)
        if self.widths is not None and self.has_bias:
            clear_beyond(y, self.output_widths(self.widths))
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        self.backward_parameters(dy)
        return self._by_input(dy)

    def backward_parameters(self, dy: np.ndarray) -> None:
        """The patches again (cheaper to gather anew than to keep), times dy."""
        if self.widths is not None and self.has_bias:
            clear_beyond(dy, self.output_widths(self.widths))
        x, s, (kh, kw) = self._x, self.stride, both(self.kernel_size)
        n, c, h, w = x.shape
        oh, ow = dy.shape[2:]
        if self.has_bias:
            self.gradients["bias"] = dy.sum(axis=(0, 2, 3))
        padded = pad(x, *self.margins(h, w))
        by_weight = np.zeros((self.filters, kh * kw * c), dy.dtype)
        step = max(1, PATCH_FLOATS // (oh * ow * kh * kw * c))
        for start in range(0, n, step):
            piece = patches(padded[start : start + step], (kh, kw), s, self.dilation)
            by_weight += matrix_product(as_rows(dy[start : start + step]).T, piece.T)
        self.gradients["weight"] = by_weight.reshape(self.filters, kh, kw, c).transpose(0, 3, 1, 2)

    def _by_input(self, dy: np.ndarray) -> np.ndarray:
        """dy, spread out by the stride, convolved with the kernels turned by 180 degrees."""
        weight, s, d = self.parameters["weight"], self.stride, self.dilation
        kh, kw = weight.shape[2], dilated(weight.shape[3], d)
        n, _, h, w = self._x.shape
        oh, ow = dy.shape[2:]
        rows, columns = self.margins(h, w)
        # Row r of the padded input is reached from rows r - kh + 1 ... r of the spread dy, and
        # only rows of the input proper are asked for; those that no window reached get 0.
        height = max((oh - 1) * s + 1 + 2 * (kh - 1), rows[0] + h + kh - 1)
        width = max((ow - 1) * s + 1 + 2 * (kw - 1), columns[0] + w + kw - 1)
        spread = np.zeros((n, height, width, self.filters), dy.dtype)
        spread[:, kh - 1 : kh - 1 + (oh - 1) * s + 1 : s, kw - 1 : kw - 1 + (ow - 1) * s + 1 : s] = dy.transpose(0, 2, 3, 1)
        spread = spread[:, rows[0] : rows[0] + h + kh - 1, columns[0] : columns[0] + w + kw - 1]
        turned = channels_last(weight[:, :, ::-1, ::-1].transpose(1, 0, 2, 3))
        return _by_matmul(spread.transpose(0, 3, 1, 2), turned, 1, d)

    def margins(self, height: int, width: int) -> tuple[Margin, Margin]:
        """Zeros around maps of this size: rows before and after, columns before and after."""
        kh, kw = both(self.kernel_size)
        over, along = both(self.padding)
        rows = padding_amounts(height, kh, self.stride, over)
        return rows, padding_amounts(width, dilated(kw, self.dilation), self.stride, along)

    def output_shape(self, input_shape: Shape) -> Shape:
        expect_maps(self, input_shape, self.in_channels)
        (kh, kw), (over, along) = both(self.kernel_size), both(self.padding)
        _, h, w = input_shape
        height = output_size(h, kh, self.stride, over)
        return (self.filters, height, output_size(w, dilated(kw, self.dilation), self.stride, along))

    def output_widths(self, widths: np.ndarray) -> np.ndarray:
        if self.stride != 1 or both(self.padding)[1] != "same":
            raise ValueError(f"{self!r} changes the width: inputs of different widths cannot be put into one batch")
        return widths

    def multiply_adds(self, input_shape: Shape) -> int:
        _, oh, ow = self.output_shape(input_shape)
        kh, kw = both(self.kernel_size)
        return self.filters * oh * ow * self.in_channels * kh * kw

    def with_bias(self) -> Conv2D:
        """A layer of this one's sizes, with weights of its own and with a bias."""
        return Conv2D(self.in_channels, self.filters, self.kernel_size, self.stride, self.padding, dilation=self.dilation)

    def config(self) -> Config:
        config: Config = {
            "in_channels": self.in_channels,
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "stride": self.stride,
            "padding": self.padding,
            "bias": self.has_bias,
        }
        return config if self.dilation == 1 else {**config, "dilation": self.dilation}
