"""Photographs for the Inside view."""

from browsing import BOOT
from inside_pen import at_rest, open_inside

from building.later import pictures

NAMES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]


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
