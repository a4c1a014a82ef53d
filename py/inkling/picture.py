"""Pictures to ink: a scan, a photograph or a screenshot of one character becomes strokes.

The ink is told from the paper (Otsu 1979), cropped, scaled, thinned to lines one pixel wide
(Zhang and Suen 1984) and followed along those lines. What comes out is ink as if it had
been drawn, so pen width, size and place are gone, and pictures need no network of their own.
"""

from __future__ import annotations

import numpy as np

# The character's longer side while it is thinned, and clear pixels around it.
SIZE = 72
BORDER = 3
# How much a pixel's difference from its neighbourhood counts on top of its own grey.
SHARPENING = 1.5
# Grey levels by which ink and paper must differ, of 255.
LEAST_CONTRAST = 24
LARGEST_SIDE = 8192


def trace(pixels: np.ndarray) -> list[np.ndarray]:
    """The strokes in a picture of one character.

    Parameters
    ----------
    pixels : uint8 (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA; dark on light or light on dark

    Returns
    -------
    list of (n, 2) float64 arrays of x to the right and y down, in units of a `SIZE`th of the
    character; empty where there is no ink. ValueError, which says what was received, for
    anything else.
    """
    mask = ink_mask(pixels)
    if mask is None:
        return []
    skeleton = thin(mask[None])[0]
    return follow(skeleton, width=mask.sum() / max(skeleton.sum(), 1))


def ink_mask(pixels: np.ndarray) -> np.ndarray | None:
    """Where the ink is, cropped and scaled -> bool (rows, columns) with a clear border, or None."""
    grey = to_grey(pixels)
    if min(grey.shape) < 2 or np.ptp(grey) < LEAST_CONTRAST:
        return None
    threshold = otsu(grey)
    frame = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    # Paper is what most of the frame is made of.
    if np.mean(frame > threshold) > 0.5:
        grey, threshold = 255 - grey, 255 - threshold
    inked = grey > threshold
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if not len(rows):
        return None
    # One more pixel on each side: the edge's grey says where between pixels it lies.
    top, bottom = max(rows[0] - 1, 0), min(rows[-1] + 2, grey.shape[0])
    left, right = max(columns[0] - 1, 0), min(columns[-1] + 2, grey.shape[1])
    scale = SIZE / max(rows[-1] + 1 - rows[0], columns[-1] + 1 - columns[0])
    smooth = scaled(grey[top:bottom, left:right], scale)
    # Against the mean around it, so that the small loop of an e stays open in a blurred scan.
    sharp = smooth + SHARPENING * (smooth - box_mean(smooth, SIZE // 16))
    mask = np.pad((smooth > threshold) & (sharp > threshold), BORDER)
    return mask if mask.any() else None


def to_grey(pixels: np.ndarray) -> np.ndarray:
    """uint8 (H, W[, 3 | 4]) -> float32 (H, W), 0 to 255. What is transparent is paper."""
    if not isinstance(pixels, np.ndarray) or pixels.dtype != np.uint8:
        received = f"{pixels.dtype} array" if isinstance(pixels, np.ndarray) else type(pixels).__name__
        raise ValueError(f"a picture is a uint8 array of shape (H, W), (H, W, 3) or (H, W, 4), not {received}")
    if pixels.ndim not in (2, 3) or (pixels.ndim == 3 and pixels.shape[2] not in (3, 4)) or 0 in pixels.shape:
        raise ValueError(f"a picture has shape (H, W), (H, W, 3) or (H, W, 4), not {pixels.shape}")
    if max(pixels.shape) > LARGEST_SIDE:
        raise ValueError(f"a picture of at most {LARGEST_SIDE} pixels a side, not {pixels.shape[0]} x {pixels.shape[1]}")
    if pixels.ndim == 2:
        return pixels.astype(np.float32)
    grey = pixels[..., :3] @ np.float32([0.299, 0.587, 0.114])
    if pixels.shape[2] == 4:
        opacity = pixels[..., 3] / np.float32(255)
        total = opacity.sum()
        # Light ink without a background lies on dark paper, and the other way round.
        paper = 255.0 if total == 0 or (grey * opacity).sum() / total < 128 else 0.0
        grey = grey * opacity + np.float32(paper) * (1 - opacity)
    return grey


def otsu(grey: np.ndarray) -> float:
    """The level that splits grey values (0 to 255) into two classes of least variance within (Otsu 1979)."""
    counts = np.bincount(np.clip(np.rint(grey), 0, 255).astype(np.uint8).ravel(), minlength=256).astype(float)
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * np.arange(256))
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    between = np.nan_to_num(between)
    # Between two separate classes every level is as good: take the middle one.
    best = np.flatnonzero(between >= between.max() * (1 - 1e-9))
    return float(best.mean()) + 0.5


def scaled(grey: np.ndarray, scale: float) -> np.ndarray:
    """`grey` resized by `scale`: linear between pixels when larger, averages of areas when smaller."""

    def weights(size: int) -> np.ndarray:
        target = max(1, round(size * scale))
        reach = max(1.0, size / target)
        middle = (np.arange(target) + 0.5) * (size / target) - 0.5
        # Triangles around each target pixel; beyond the border the border goes on.
        distance = np.abs(np.arange(size) - np.clip(middle, 0, size - 1)[:, None])
        triangle = np.maximum(1 - distance / reach, 0)
        return (triangle / triangle.sum(axis=1, keepdims=True)).astype(np.float32)

    return weights(grey.shape[0]) @ grey @ weights(grey.shape[1]).T


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
    n, h, w = ink.shape
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
        used.add((start, step)), used.add((step, start))
        while degree[path[-1]] == 2:
            ahead = [p for p in neighbours[path[-1]] if (path[-1], p) not in used]
            if not ahead:
                break
            used.add((path[-1], ahead[0])), used.add((ahead[0], path[-1]))
            path.append(ahead[0])
        return path

    # From ends and crossings first; what is left after that are closed loops.
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
