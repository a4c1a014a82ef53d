"""Photographs for the Inside view of a page that has a network for them, which has learned nothing."""

import shutil

import pytest
from browsing import BOOT
from inside_pen import at_rest, open_inside
from made_weights import photo_weights

from building import assets, later
from building.later import pictures
from building.paths import WEIGHTS

NAMES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]


def build(folder):
    """The page with the made weights, in a folder; returns the paths of the page and of the weights."""
    weights = shutil.copytree(WEIGHTS.parent, folder / "weights")
    photo_weights(weights / "photos.npz")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assets, "WEIGHTS", weights / WEIGHTS.name)
        patch.setitem(later.LATER, "photos", later.PHOTOS)
        assets.build(folder / "dist")
    return folder / "dist", weights / "photos.npz"


def choose_photos(page):
    """Open Inside, and turn to photos."""
    open_inside(page)
    page.locator("#subject-photo").check()
    page.wait_for_selector('#inside[data-subject="photo"]', timeout=BOOT)
    at_rest(page)  # it may have been photos that were left a moment ago: then ink comes first
    page.wait_for_selector('#inside[data-subject="photo"]')


def put(page, name):
    """A photograph of the pinned package as a file; waits until it is explained."""
    before = updates(page)
    page.set_input_files("#photo-file", pictures() / name)
    explained(page, before)


def updates(page):
    """How many answers were shown, once none is on its way."""
    at_rest(page)
    return int(page.get_attribute("#inside", "data-updates") or 0)


def explained(page, before):
    """Until there is a newer answer than the one of that number, the bars are its own, and no newer one is on its way."""
    page.wait_for_function(
        """(before) => {
            const { updates, empty } = document.getElementById("inside").dataset;
            return Number(updates) > before && empty === "false" && !talk.pending;
        }""",
        arg=before,
        timeout=BOOT,
    )


def square(page):
    """What the page says of the square: its side, and the photo's width and height."""
    label = page.get_attribute("#photo-pad", "aria-label")
    side, rest = label.removeprefix("Photo, ").split(" × ", 1)
    width, height = rest.split(" of its ")[1].removesuffix(" pixels").split(" × ")
    return int(side), int(width), int(height)
