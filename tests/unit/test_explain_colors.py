"""The diverging colours of the Inside view, as colour-blind readers see them.

Simulation: Machado, Oliveira, Fernandes 2009, table 1, severity 1.0. Distance: CIE 1976 (2 is just seen).
"""

import re
from pathlib import Path

import numpy as np
import pytest

CSS = Path(__file__).parents[2] / "web" / "ui" / "colors.css"
SIGHT = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def themes():
    """The three colours of each theme: light, dark."""
    properties = {"minus": "minus", "zero": "paper", "plus": "plus"}
    found = {
        name: re.search(rf"--{each}: light-dark\(#([0-9a-f]{{6}}), #([0-9a-f]{{6}})\)", CSS.read_text()).groups()
        for name, each in properties.items()
    }
    return [
        {name: np.array([int(codes[i][j : j + 2], 16) for j in (0, 2, 4)]) for name, codes in found.items()} for i in (0, 1)
    ]


def lab(rgb, sight):
    """sRGB 0 to 255 as seen, in CIELAB under D65."""
    share = np.asarray(rgb) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(np.array(SIGHT[sight]) @ linear, 0, 1) / (TO_XYZ @ np.ones(3))
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_positive_and_negative_are_told_apart_and_grow_from_paper(theme, sight):
    colors = themes()[theme]
    assert len(colors) == 3
    away = {}
    for name in ("minus", "plus"):
        mixed = [colors["zero"] + (colors[name] - colors["zero"]) * share for share in (0, 0.25, 0.5, 0.75, 1)]
        seen = [lab(each, sight) for each in mixed]
        distances = [np.linalg.norm(each - seen[0]) for each in seen]
        assert distances == sorted(distances) and distances[-1] > 40
        away[name] = seen
    for weak, strong in zip(away["minus"][2:], away["plus"][2:]):
        assert np.linalg.norm(weak - strong) > 18
