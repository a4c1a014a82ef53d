"""The icon as pictures, drawn from web/app/icon.svg: browsers want PNGs to install a page."""

import itertools
import math
import re
import struct
import zlib
from collections.abc import Iterator

SIDE = 64  # of the SVG's view box


def icons(svg: str) -> dict[str, bytes]:
    """{file name: PNG} of the icon in the sizes that installing takes."""
    return {
        "icon-192.png": _png(svg, 192, 1, rounded=True),
        "icon-512.png": _png(svg, 512, 1, rounded=True),
        # Launchers cut maskable icons to their own shape: everything within the inner 80%.
        "icon-maskable-512.png": _png(svg, 512, 0.8, rounded=False),
    }


def _png(svg: str, side: int, scale: float, rounded: bool) -> bytes:
    """The icon, `side` pixels wide; its ink is drawn `scale` times as large as in the SVG."""
    fill, stroke = (_color(_attribute(svg, name)) for name in ("fill", "stroke"))
    radius = float(_attribute(svg, "rx")) * side / SIDE if rounded else 0.0
    half = float(_attribute(svg, "stroke-width")) / 2 * scale * side / SIDE
    ink: dict[tuple[int, int], float] = {}  # {(row, column): coverage} of the pixels that have ink
    for x, y in _points(_attribute(svg, "d")):
        x, y = (side / 2 + (each - SIDE / 2) * scale * side / SIDE for each in (x, y))
        for row in range(int(y - half) - 1, int(y + half) + 2):
            for column in range(int(x - half) - 1, int(x + half) + 2):
                share = min(1.0, half + 0.5 - math.hypot(column + 0.5 - x, row + 0.5 - y))
                if share > ink.get((row, column), 0):
                    ink[row, column] = share
    rows = [bytearray((*fill, 255)) * side for _ in range(side)]
    for (row, column), share in ink.items():
        rows[row][4 * column : 4 * column + 3] = bytes(round(a + (b - a) * share) for a, b in zip(fill, stroke))
    near = range(math.ceil(radius))
    for row, column in [(y, x) for y in near for x in near]:
        alpha = round(255 * max(0.0, min(1.0, radius + 0.5 - math.hypot(column + 0.5 - radius, row + 0.5 - radius))))
        for y, x in itertools.product((row, side - 1 - row), (column, side - 1 - column)):
            rows[y][4 * x + 3] = alpha
    header = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows), 9))
        + _chunk(b"IEND", b"")
    )


def _attribute(svg: str, name: str) -> str:
    """The first value of an attribute that is a color, a number or a path."""
    found = re.search(rf'\b(?<!-){name}="(#[0-9a-f]{{6}}|[\d.]+|M[^"]+)"', svg)
    if not found:
        raise ValueError(f"the icon has no attribute {name} of the kind that is drawn here")
    return found[1]


def _points(path: str) -> Iterator[tuple[float, float]]:
    """Points along an SVG path of the commands M and c."""
    parts = re.findall(r"[Mc]|-?\d*\.?\d+", path)
    x, y = float(parts[1]), float(parts[2])
    numbers = [float(part) for part in parts[3:] if part != "c"]
    for i in range(0, len(numbers), 6):
        (x1, y1), (x2, y2), (x3, y3) = [(x + numbers[j], y + numbers[j + 1]) for j in range(i, i + 6, 2)]
        for step in range(33):
            t = step / 32
            u = 1 - t
            yield (
                u**3 * x + 3 * u * u * t * x1 + 3 * u * t * t * x2 + t**3 * x3,
                u**3 * y + 3 * u * u * t * y1 + 3 * u * t * t * y2 + t**3 * y3,
            )
        x, y = x3, y3


def _color(text: str) -> tuple[int, ...]:
    return tuple(int(text[i : i + 2], 16) for i in (1, 3, 5))


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
