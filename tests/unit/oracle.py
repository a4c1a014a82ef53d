"""Truth by another way: loops written straight from the definitions, and central differences.

Slow on purpose; nothing here shares a line with the package.
"""

import math

import numpy as np


def padding(size, kernel, stride, kind):
    """Zeros before and after one axis, from the definition of each kind."""
    if kind == "valid":
        return 0, 0
    if kind == "full":
        return kernel - 1, kernel - 1
    if kind == "same":
        # As few zeros as give ceil(size / stride) outputs; the odd one goes after.
        total = 0
        while (size + total - kernel) // stride + 1 < math.ceil(size / stride) or size + total < kernel:
            total += 1
        return total // 2, total - total // 2
    return kind, kind


def convolution(x, weight, bias, stride, kind):
    """Cross-correlation of x (N, C, H, W) with weight (F, C, kh, kw), one product at a time."""
    n, channels, height, width = x.shape
    filters, _, kh, kw = weight.shape
    top, bottom = padding(height, kh, stride, kind)
    left, right = padding(width, kw, stride, kind)
    rows = (height + top + bottom - kh) // stride + 1
    columns = (width + left + right - kw) // stride + 1
    y = np.zeros((n, filters, rows, columns))
    for image in range(n):
        for f in range(filters):
            for i in range(rows):
                for j in range(columns):
                    total = 0.0 if bias is None else float(bias[f])
                    for c in range(channels):
                        for u in range(kh):
                            for v in range(kw):
                                row, column = i * stride + u - top, j * stride + v - left
                                if 0 <= row < height and 0 <= column < width:
                                    total += float(weight[f, c, u, v]) * float(x[image, c, row, column])
                    y[image, f, i, j] = total
    return y


def pooling(x, window, stride, choose):
    """`choose` (max, or a mean) of every window of x (N, C, H, W)."""
    n, channels, height, width = x.shape
    rows, columns = (height - window) // stride + 1, (width - window) // stride + 1
    y = np.zeros((n, channels, rows, columns))
    for image in range(n):
        for c in range(channels):
            for i in range(rows):
                for j in range(columns):
                    cells = [
                        float(x[image, c, i * stride + u, j * stride + v]) for u in range(window) for v in range(window)
                    ]
                    y[image, c, i, j] = choose(cells)
    return y


def mean(values):
    return math.fsum(values) / len(values)


def softmax(logits):
    """One row of logits, in exact sums of Python floats."""
    top = max(logits)
    exponentials = [math.exp(z - top) for z in logits]
    return [e / math.fsum(exponentials) for e in exponentials]


def central_difference(function, array, step=1e-5):
    """Gradient of the scalar `function()` by every element of `array`, changed in place and put back."""
    gradient = np.zeros(array.shape)
    for index in np.ndindex(array.shape):
        value = array[index]
        array[index] = value + step
        above = function()
        array[index] = value - step
        below = function()
        array[index] = value
        gradient[index] = (above - below) / (2 * step)
    return gradient


def relative_error(a, b):
    """Largest difference, against the largest magnitude of either (1e-8 where both vanish)."""
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    if a.size == 0 and b.size == 0:
        return 0.0
    assert a.shape == b.shape, (a.shape, b.shape)
    return float(np.abs(a - b).max() / max(np.abs(a).max(), np.abs(b).max(), 1e-8))


def distance_to_ink(strokes, xs, ys):
    """Distance from each point of the grid ys x xs to the nearest point of any stroke's polyline."""
    px, py = np.meshgrid(np.asarray(xs, float), np.asarray(ys, float))
    nearest = np.full(px.shape, np.inf)
    for stroke in strokes:
        stroke = np.asarray(stroke, float)
        for (ax, ay), (bx, by) in zip(stroke, stroke[1:] if len(stroke) > 1 else stroke):
            dx, dy = bx - ax, by - ay
            length = dx * dx + dy * dy
            share = np.clip(((px - ax) * dx + (py - ay) * dy) / length, 0, 1) if length else 0.0
            nearest = np.minimum(nearest, np.hypot(px - ax - share * dx, py - ay - share * dy))
    return nearest


def fitted(strokes, box, middle):
    """Strokes moved and scaled so that their longer side is `box` and their middle `middle` (x, y)."""
    points = np.concatenate([np.asarray(stroke, float) for stroke in strokes])
    low, high = points.min(axis=0), points.max(axis=0)
    scale = box / (max(high - low) or 1.0)
    return [(np.asarray(stroke, float) - (low + high) / 2) * scale + middle for stroke in strokes]


def drawn(strokes, box=100, pen=6.0, margin=20, paper=255, ink=0, aspect=1.0):
    """A picture of ink: uint8 (H, W), anti-aliased, the pen `pen` pixels wide."""
    height, width = box + 2 * margin, round((box + 2 * margin) * aspect)
    strokes = fitted(strokes, box, (width / 2 - 0.5, height / 2 - 0.5))
    distance = distance_to_ink(strokes, range(width), range(height))
    coverage = np.clip(pen / 2 + 0.5 - distance, 0, 1)
    return np.rint(paper + (ink - paper) * coverage).astype(np.uint8)
