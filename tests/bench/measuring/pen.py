"""From a pointer event on the real page to the frame that shows its answer."""

import time
from pathlib import Path

import hand
import numpy as np
from browsing import wait_until

from building.serve import Server
from measuring import chromium

SCRIPT = Path(__file__).resolve().parents[1] / "pages" / "pen.js"
CHARACTERS = 12  # of the 62
PACE = 1 / 60  # seconds between two events of the pen
# Chromium paints 60 times a second, screen or none, unless told otherwise.
UNLIMITED = ["--disable-frame-rate-limit", "--disable-gpu-vsync"]


def measure(playwright, dist, limited):
    """{"answered": [milliseconds], "painted": [...]}, one for each event of the pen, drawing real ink at a pen's pace."""
    browser = chromium.start(playwright, *([] if limited else UNLIMITED))
    with Server(dist) as server:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.add_init_script(path=SCRIPT)
        page.goto(server.address)
        wait_until(page, "ready")
        for number, (_, strokes) in enumerate(hand.samples()[:: 62 // CHARACTERS]):
            draw(page, hand.fitted(strokes))
            if number == 0:  # the first drawing warms up
                page.wait_for_timeout(500)
                page.evaluate("pen.answered.length = pen.painted.length = 0")
            page.keyboard.press("Escape")
        page.wait_for_timeout(500)
        found = page.evaluate("({ answered: pen.answered, painted: pen.painted })")
    browser.close()
    return found


def draw(page, strokes):
    """Real pointer events, PACE apart: a mouse that keeps time."""
    box = page.locator("#pad").bounding_box()
    for stroke in strokes:
        places = np.array([box["x"], box["y"]]) + np.asarray(stroke) * [box["width"], box["height"]]
        page.mouse.move(*places[0])
        page.mouse.down()
        due = time.perf_counter()
        for place in places[1:]:
            due = max(due + PACE, time.perf_counter())
            time.sleep(due - time.perf_counter() if due > time.perf_counter() else 0)
            page.mouse.move(*place)
        page.mouse.up()
