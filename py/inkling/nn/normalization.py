"""Batch normalisation (Ioffe and Szegedy 2015), and how to fold it away for inference."""

from __future__ import annotations

import numpy as np

from .convolution import Conv2D, as_rows
from .layer import Config, Layer, Shape, clear_beyond, expect_maps


class BatchNorm2D(Layer):
    """Each channel shifted and scaled to mean 0 and variance 1, then to a learned mean and scale.

    While training, by the statistics of the batch; when reading, by their running averages.
    Parameters "scale", "shift" (C,); buffers "mean", "variance" (C,), updated with `momentum`.
    Padding (see `Layer.widths`) has no part in the statistics and stays zero.
    """

    def __init__(self, channels: int, momentum: float = 0.1, epsilon: float = 1e-5):
        super().__init__()
        self.channels, self.momentum, self.epsilon = channels, momentum, epsilon
        self.parameters["scale"] = np.ones(channels, np.float32)
        self.parameters["shift"] = np.zeros(channels, np.float32)
        self.buffers["mean"] = np.zeros(channels, np.float32)
        self.buffers["variance"] = np.ones(channels, np.float32)

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        rows = as_rows(x)
        if training:
            count = self._count(x.shape)
            self._clear(rows, x.shape)  # what the convolution before spread into it
            # A product with ones sums columns at the speed of BLAS, numpy's own sum does not.
            mean = np.ones(len(rows), rows.dtype) @ rows / count
            centred = rows - mean
            self._clear(centred, x.shape)
            variance = np.einsum("ij,ij->j", centred, centred) / count
            unbiased = variance * (count / max(count - 1, 1))
            for name, value in (("mean", mean), ("variance", unbiased)):
                self.buffers[name] += self.momentum * (value - self.buffers[name])
        else:
            centred = rows - self.buffers["mean"]
            variance = self.buffers["variance"]
        self._training = training
        self._centred = centred
        self._inverse_deviation = 1.0 / np.sqrt(variance + self.epsilon)
        y = centred * (self.parameters["scale"] * self._inverse_deviation)
        y += self.parameters["shift"]
        self._clear(y, x.shape)
        return self._as_maps(y, x.shape)

    def backward(self, dy: np.ndarray) -> np.ndarray:
        rows, centred, inverse = as_rows(dy), self._centred, self._inverse_deviation
        self._clear(rows, dy.shape)
        count = self._count(dy.shape)
        by_shift = np.ones(len(rows), rows.dtype) @ rows
        by_scale = np.einsum("ij,ij->j", rows, centred) * inverse
        self.gradients["shift"], self.gradients["scale"] = by_shift, by_scale
        factor = self.parameters["scale"] * inverse
        if not self._training:
            return self._as_maps(rows * factor, dy.shape)
        # The batch's mean and variance depend on every input too.
        dx = centred * (by_scale * inverse / -count)
        dx += rows
        dx -= by_shift / count
        dx *= factor
        self._clear(dx, dy.shape)
        return self._as_maps(dx, dy.shape)

    def _count(self, shape: Shape) -> int:
        """How many values of each channel count."""
        n, _, h, w = shape
        return n * h * w if self.widths is None else h * int(self.widths.sum())

    def _clear(self, rows: np.ndarray, shape: Shape) -> None:
        if self.widths is not None:
            clear_beyond(self._as_maps(rows, shape), self.widths)

    @staticmethod
    def _as_maps(rows: np.ndarray, shape: Shape) -> np.ndarray:
        n, c, h, w = shape
        return rows.reshape(n, h, w, c).transpose(0, 3, 1, 2)

    def output_shape(self, input_shape: Shape) -> Shape:
        expect_maps(self, input_shape, self.channels)
        return input_shape

    def config(self) -> Config:
        return {"channels": self.channels, "momentum": self.momentum, "epsilon": self.epsilon}


def fold(convolution: Conv2D, norm: BatchNorm2D) -> Conv2D:
    """One convolution that computes what `convolution` and then `norm`, at inference, compute.

    norm(w * x + b) = (w g) * x + (b - mean) g + shift,  g = scale / sqrt(variance + epsilon).
    """
    factor = norm.parameters["scale"] / np.sqrt(norm.buffers["variance"] + norm.epsilon)
    folded = convolution.with_bias()
    bias = convolution.parameters.get("bias", np.float32(0))
    folded.parameters["weight"] = convolution.parameters["weight"] * factor[:, None, None, None]
    folded.parameters["bias"] = (bias - norm.buffers["mean"]) * factor + norm.parameters["shift"]
    return folded
