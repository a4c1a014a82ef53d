"""Classic kernels of any size, and one convolution and pooling with them."""

from __future__ import annotations

from typing import TypedDict

import numpy as np

from ..nn import AveragePool2D, MaxPool2D, convolve
from ..nn.convolution import padding_amounts

POOLING = {"maximum": MaxPool2D, "average": AveragePool2D}


def kernel(name: str, size: int = 3) -> np.ndarray:
    """A classic kernel, (size, size) float32. ValueError for an unknown name or a size that it cannot have.

    "same"        1 in the middle: leaves the picture as it is
    "blur"        a Gaussian whose weights add up to 1
    "edge"        the middle against the mean of all around it: 0 on even ground
    "horizontal"  bright below against bright above (Sobel's, for size 3): answers to horizontal edges
    "vertical"    bright right against bright left: answers to vertical edges
    "emboss"      bright lower right against bright upper left, on top of the picture itself
    "sharpen"     the picture and its edges
    """
    if name not in KERNELS:
        raise ValueError(f"no kernel {name!r}; there are {', '.join(KERNELS)}")
    if size < 1:
        raise ValueError(f"a kernel has at least 1 row and column, not {size}")
    if size == 1 and name != "same" and name != "blur":
        raise ValueError(f'the kernel "{name}" compares neighbours, so it needs a size of at least 2, not 1')
    return KERNELS[name](size).astype(np.float32)


def _axis(size: int) -> np.ndarray:
    return np.arange(size) - (size - 1) / 2


def _same(size: int) -> np.ndarray:
    one = np.zeros((size, size))
    one[size // 2, size // 2] = 1
    return one


def _bell(size: int) -> np.ndarray:
    """Binomial weights, (1, 2, 1) / 4 for size 3: the Gaussian of whole numbers."""
    bell = np.ones(1)
    for _ in range(size - 1):
        bell = np.convolve(bell, [0.5, 0.5])
    return bell


def _blur(size: int) -> np.ndarray:
    return np.outer(_bell(size), _bell(size))


def _edge(size: int) -> np.ndarray:
    return (size**2 * _same(size) - 1) / (size**2 - 1)


def _horizontal(size: int) -> np.ndarray:
    slope = np.sign(_axis(size)) * _bell(size)
    return np.outer(slope / slope[slope > 0].sum(), _bell(size))


def _vertical(size: int) -> np.ndarray:
    return _horizontal(size).T


def _emboss(size: int) -> np.ndarray:
    return _same(size) + (_horizontal(size) + _vertical(size)) / 2


def _sharpen(size: int) -> np.ndarray:
    return _same(size) + _edge(size)


KERNELS = {
    "same": _same, "blur": _blur, "edge": _edge, "horizontal": _horizontal, "vertical": _vertical,
    "emboss": _emboss, "sharpen": _sharpen,
}  # fmt: skip


class TriedOut(TypedDict):
    """What `try_out` found, all of it (C, H', W').

    padded : what the kernel slides over
    border : zeros added before rows and before columns
    convolved, pooled : the results; pooled is None without pooling
    """

    padded: np.ndarray
    border: tuple[int, int]
    convolved: np.ndarray
    pooled: np.ndarray | None


def try_out(
    image: np.ndarray, weights: np.ndarray, stride: int = 1, padding: str | int = "same",
    pooling: str | None = None, window: int = 2,
) -> TriedOut:  # fmt: skip
    """One convolution of one image and, if wanted, one pooling of the result.

    Parameters
    ----------
    image : (C, H, W)
    weights : (k, k)
        Each channel is convolved with them by itself.
    pooling : "maximum", "average" or None
    window : int
        Side and stride of the pooling.

    ValueError with the formula where sizes do not fit.
    """
    if pooling is not None and pooling not in POOLING:
        raise ValueError(f"pooling is one of {', '.join(POOLING)} or None, not {pooling!r}")
    size = len(weights)
    planes = image[:, None]  # (C, 1, H, W): to a convolution, one channel of as many pictures
    convolved = convolve(planes, weights[None, None], stride=stride, padding=padding)
    around = [padding_amounts(side, size, stride, padding) for side in image.shape[1:]]
    pooled = POOLING[pooling](window).forward(convolved)[:, 0] if pooling is not None else None
    return {
        "padded": np.pad(image, [(0, 0), *around]),
        "border": (around[0][0], around[1][0]),
        "convolved": convolved[:, 0],
        "pooled": pooled,
    }
