"""The icons are PNGs that a decoder reads, and show what a browser would draw of icon.svg."""

import io

import numpy as np
import pytest
from PIL import Image

from building.icons import icons
from building.paths import WEB

SVG = (WEB / "app/icon.svg").read_text()
BLUE, WHITE = (0x4F, 0x46, 0xE5), (0xFB, 0xFA, 0xF6)


@pytest.fixture(scope="module")
def pictures():
    return {name: np.asarray(Image.open(io.BytesIO(png)).convert("RGBA")) for name, png in icons(SVG).items()}


def test_sizes(pictures):
    assert {name: picture.shape for name, picture in pictures.items()} == {
        "icon-192.png": (192, 192, 4),
        "icon-512.png": (512, 512, 4),
        "icon-maskable-512.png": (512, 512, 4),
    }


def test_rounded_corners_are_clear_and_the_maskable_one_is_full(pictures):
    for name in ("icon-192.png", "icon-512.png"):
        alpha = pictures[name][..., 3]
        assert not alpha[[0, 0, -1, -1], [0, -1, 0, -1]].any()
        assert (alpha == alpha[::-1]).all() and (alpha == alpha[:, ::-1]).all() and (alpha == alpha.T).all()
        # A rounded square of radius r lacks (4 - pi) r^2.
        side = len(alpha)
        radius = 14 / 64 * side
        assert (alpha / 255).sum() == pytest.approx(side**2 - (4 - np.pi) * radius**2, rel=1e-3)
    assert (pictures["icon-maskable-512.png"][..., 3] == 255).all()


def test_colours_are_those_of_the_svg(pictures):
    picture = pictures["icon-512.png"]
    solid = picture[picture[..., 3] == 255][:, :3]
    assert (solid == BLUE).all(axis=1).mean() > 0.6 and (solid == WHITE).all(axis=1).mean() > 0.1
    # Everything else is a mixture of the two, at the edges.
    shares = (solid.astype(float) - BLUE) / (np.array(WHITE, float) - BLUE)
    assert np.ptp(shares, axis=1).max() < 0.05 and shares.min() >= 0 and shares.max() <= 1


def test_ink_lies_where_the_path_goes(pictures):
    """The path begins at (38, 20), comes past (18, 34) and (33, 39), and ends at (47, 40), of 64; a pen 5.5 wide."""
    for name, scale in (("icon-192.png", 1), ("icon-512.png", 1), ("icon-maskable-512.png", 0.8)):
        picture = pictures[name]
        side = len(picture)
        for x, y in ((38, 20), (18, 34), (33, 39), (47, 40)):
            column, row = (int(side * (0.5 + (each / 64 - 0.5) * scale)) for each in (x, y))
            assert tuple(picture[row, column, :3]) == WHITE, (name, x, y)
        for x, y in ((10, 32), (54, 32), (28, 30), (32, 54)):
            column, row = (int(side * (0.5 + (each / 64 - 0.5) * scale)) for each in (x, y))
            assert tuple(picture[row, column, :3]) == BLUE, (name, x, y)


def test_launchers_may_cut_the_maskable_icon_to_a_circle_of_80_percent(pictures):
    picture = pictures["icon-maskable-512.png"]
    rows, columns = np.nonzero((picture[..., :3] != BLUE).any(axis=2))
    assert np.hypot(rows - 255.5, columns - 255.5).max() < 0.4 * 512
