"""The Inside view's Python, as the page calls it."""

import numpy as np

from inkling.ink.raster import SIDE
from tab import call


def test_a_pictures_frame_leads_from_the_networks_pixels_to_its_own():
    """A ring in a corner of a wide page: where the network sees ink, the page has ink."""
    y, x = np.mgrid[:90, :200]
    grey = np.where(np.abs(np.hypot(x - 150, y - 40) - 25) < 3, 0, 255).astype(np.uint8)
    pixels = np.dstack([grey, grey, grey, np.full_like(grey, 255)])
    seen = call("inside.look_at_picture", [pixels.ravel(), *grey.shape, [0]])
    middle_x, middle_y, scale = seen["frame"]
    rows, columns = np.nonzero(seen["maps"].reshape(3, SIDE, SIDE)[0] > 0.9)
    assert len(rows) > 50
    at_x = middle_x + (columns + 0.5 - SIDE / 2) / scale
    at_y = middle_y + (rows + 0.5 - SIDE / 2) / scale
    assert (np.abs(np.hypot(at_x - 150.5, at_y - 40.5) - 25) < 3.5).all()


def test_a_picture_without_ink_is_empty():
    assert call("inside.look_at_picture", [np.full(20 * 30 * 4, 255, np.uint8), 20, 30, [0]]) == {"empty": True}
