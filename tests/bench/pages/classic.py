"""The classic way to write such a network in numpy: loops over maps, with an FFT for each pair of map and kernel."""

import numpy as np


def classic_forward(layers, x):
    """x (C, H, W) -> logits (K,), for 3 x 3 kernels with "same" padding, stride 1."""
    for layer in layers:
        kind = type(layer).__name__
        if kind == "Conv2D":
            x = convolved(x, layer.parameters["weight"], layer.parameters["bias"])
        elif kind == "ReLU":
            x = np.maximum(x, 0)
        elif kind == "MaxPool2D":
            x = np.array([[[each[i : i + 2, j : j + 2].max() for j in range(0, each.shape[1], 2)]
                           for i in range(0, each.shape[0], 2)] for each in x])  # fmt: skip
        elif kind == "Flatten":
            x = x.ravel()
        elif kind == "Dense":
            x = layer.parameters["weight"] @ x + layer.parameters["bias"]
    return x.astype(np.float32)


def convolved(maps, kernels, biases):
    """Cross-correlation by the convolution theorem; a map's transform is kept, a kernel's is made for each pair."""
    height, width = maps.shape[1:]
    size = (height + 2, width + 2)
    spectra = [np.fft.rfft2(each, s=size) for each in maps]
    results = []
    for kernel, bias in zip(kernels, biases):
        total = 0
        for spectrum, plane in zip(spectra, kernel):
            total = total + spectrum * np.fft.rfft2(plane[::-1, ::-1], s=size)
        results.append(np.fft.irfft2(total, s=size)[1 : height + 1, 1 : width + 1] + bias)
    return np.array(results)
