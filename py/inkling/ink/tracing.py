"""Tracing pictures: the strokes that a picture shows.

The ink is found (`picture.py`), thinned to lines one pixel wide (Zhang and Suen 1984) and followed along those
lines. What comes out is ink as if it had been drawn, so that a picture can be taught, and can teach, like a drawing.
"""

from __future__ import annotations

import numpy as np

from .picture import find_ink, scaled

# The character's longer side while it is thinned, and the clear margin around it, in pixels.
SIZE = 72
BORDER = 3
# Unsharp masking: weight of a pixel's difference from the mean around it.
SHARPENING = 1.5


def trace(pixels: np.ndarray) -> list[np.ndarray]:
    """The strokes in a picture of one character.

    Parameters
    ----------
    pixels : uint8 (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA; dark on light or light on dark

    Returns
    -------
    list of (n, 2) float64 arrays
        x to the right and y down, in units of a `SIZE`th of the character; empty where there is no ink.

    Raises
    ------
    ValueError
        Says what was received, for anything else.
    """
    mask = ink_mask(pixels)
    if mask is None:
        return []
    skeleton = thin(mask[None])[0]
    return follow(skeleton, width=mask.sum() / max(skeleton.sum(), 1))


def ink_mask(pixels: np.ndarray) -> np.ndarray | None:
    """Where the ink is, cropped and scaled -> bool (rows, columns) with a clear border, or None."""
    found = find_ink(pixels)
    if found is None:
        return None
    grey, threshold, (top, bottom, left, right) = found
    scale = SIZE / max(bottom - top, right - left)
    # One more pixel on each side, whose grey locates the edge between pixels.
    smooth = scaled(grey[max(top - 1, 0) : bottom + 1, max(left - 1, 0) : right + 1], scale)
    # Sharpened, so that the small loop of an e stays open in a blurred scan.
    sharp = smooth + SHARPENING * (smooth - box_mean(smooth, SIZE // 16))
    mask = np.pad((smooth > threshold) & (sharp > threshold), BORDER)
    return mask if mask.any() else None


def box_mean(grey: np.ndarray, reach: int) -> np.ndarray:
    """Mean of each pixel's (2 * reach + 1)-sided square, the border repeated outwards."""
    side = 2 * reach + 1
    for axis in (0, 1):
        margin = [(0, 0), (0, 0)]
        margin[axis] = (reach + 1, reach)
        sums = np.cumsum(np.pad(grey, margin, mode="edge"), axis=axis, dtype=np.float64)
        count = grey.shape[axis]
        grey = (sums.take(range(side, side + count), axis) - sums.take(range(count), axis)) / side
    return grey


def _removable(second: bool) -> np.ndarray:
    """For each of the 256 neighbourhoods, whether Zhang and Suen's half-step takes the pixel away.

    Bit k of a neighbourhood is p2 ... p9 of the paper: north, then clockwise.
    """
    table = np.zeros(256, bool)
    for code in range(256):
        p = [code >> k & 1 for k in range(8)]
        changes = sum(a == 0 and b == 1 for a, b in zip(p, p[1:] + p[:1]))
        north, east, south, west = p[0], p[2], p[4], p[6]
        if second:
            open_side = not (north and east and west) and not (north and south and west)
        else:
            open_side = not (north and east and south) and not (east and south and west)
        table[code] = 2 <= sum(p) <= 6 and changes == 1 and open_side
    return table


_HALF_STEPS = (_removable(False), _removable(True))
_CLOCKWISE = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))


def thin(masks: np.ndarray) -> np.ndarray:
    """bool (N, H, W) with a clear border -> bool (N, H, W), lines one pixel wide."""
    ink = masks.astype(np.uint8)
    _, h, w = ink.shape
    inner = ink[:, 1:-1, 1:-1]
    code, shifted = np.empty_like(inner), np.empty_like(inner)
    while True:
        removed = False
        for table in _HALF_STEPS:
            code[...] = 0
            for k, (dy, dx) in enumerate(_CLOCKWISE):
                np.left_shift(ink[:, 1 + dy : h - 1 + dy, 1 + dx : w - 1 + dx], k, out=shifted)
                code |= shifted
            gone = table[code] & (inner == 1)
            inner[gone] = 0
            removed = removed or gone.any()
        if not removed:
            return ink.astype(bool)


def follow(skeleton: np.ndarray, width: float) -> list[np.ndarray]:
    """Lines one pixel wide -> strokes, between ends and crossings; spurs of thinning left out.

    skeleton : bool (H, W) with a clear border; width : of the lines before thinning, in pixels
    """
    neighbours = _graph(skeleton)
    degree = {pixel: len(around) for pixel, around in neighbours.items()}
    used: set[tuple[int, int]] = set()
    paths = []

    def walk(start: int, step: int) -> list[int]:
        path = [start, step]
        used.update([(start, step), (step, start)])
        while degree[path[-1]] == 2:
            ahead = [p for p in neighbours[path[-1]] if (path[-1], p) not in used]
            if not ahead:
                break
            used.update([(path[-1], ahead[0]), (ahead[0], path[-1])])
            path.append(ahead[0])
        return path

    # Start at ends and crossings; what remains after that are closed loops.
    for start in sorted(neighbours, key=lambda pixel: degree[pixel] == 2):
        if not neighbours[start]:
            paths.append([start])
        for step in neighbours[start]:
            if (start, step) not in used:
                paths.append(walk(start, step))
    columns = skeleton.shape[1]
    strokes = []
    for path in paths:
        loose = {degree[path[0]], degree[path[-1]]}
        if 1 in loose and max(loose) > 2 and len(path) < 0.6 * width:
            continue
        points = np.array([(pixel % columns, pixel // columns) for pixel in path], float)
        strokes.append(_smooth(points))
    return strokes


def _graph(skeleton: np.ndarray) -> dict[int, list[int]]:
    """Neighbours of each pixel (by flat index); a diagonal only where no straight way round exists."""
    columns = skeleton.shape[1]
    pixels = np.flatnonzero(skeleton)
    flat = skeleton.ravel()
    neighbours: dict[int, list[int]] = {int(pixel): [] for pixel in pixels}
    for step in (1, columns):
        for pixel in pixels[flat[pixels + step]].tolist():
            neighbours[pixel].append(pixel + step)
            neighbours[pixel + step].append(pixel)
    for dx in (-1, 1):
        linked = flat[pixels + columns + dx] & ~flat[pixels + columns] & ~flat[pixels + dx]
        for pixel in pixels[linked].tolist():
            neighbours[pixel].append(pixel + columns + dx)
            neighbours[pixel + columns + dx].append(pixel)
    return neighbours


def _smooth(points: np.ndarray, reach: int = 3) -> np.ndarray:
    """Means over up to 2 * reach + 1 neighbours, fewer near the ends, which stay: no more pixel stairs."""
    n = len(points)
    if n < 3:
        return points
    sums = np.concatenate((np.zeros((1, 2)), np.cumsum(points, axis=0)))
    index = np.arange(n)
    near = np.minimum(np.minimum(index, n - 1 - index), reach)
    return (sums[index + near + 1] - sums[index - near]) / (2 * near + 1)[:, None]
