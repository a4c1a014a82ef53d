"""Makes the README's pictures from the real page, with real ink: `python3 build.py pictures`."""

import sys

import inside_pen
import numpy as np
from browsing import launch, wait_until
from hand import EAR, Hand, plain, samples
from playwright.sync_api import sync_playwright
from writer import Writer

from building.paths import ROOT
from building.serve import Server

FOLDER = ROOT / ".github" / "pictures"
STILL = {"reduced_motion": "reduce"}  # no bar is caught half way
DESKTOP = {"viewport": {"width": 1280, "height": 800}, "device_scale_factor": 1.5, **STILL}
PHONE = {"viewport": {"width": 390, "height": 760}, "device_scale_factor": 2, "has_touch": True, **STILL}


def on_lines(label, top=0.16, bottom=0.76):
    """The sample of `label`, standing on the base line."""
    strokes = dict(samples())[label]
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = (bottom - top) / (high - low)[1]
    move = np.array([0.5 - scale * (low + high)[0] / 2, bottom - scale * high[1]])
    return [plain(stroke * scale + move, 0.012) for stroke in strokes]


def write(hand):
    writer = Writer(hand.page).open()
    for row, text in enumerate(("The grass has a sweet smell .", "See you tomorrow!")):
        writer.write(text, row, share=0.75)
        writer.settle()


def read(hand):
    hand.draw(on_lines("2"))


def read_dark(hand):
    hand.draw(on_lines("d"))


def phone(hand):
    hand.draw(on_lines("f"))


def inside(hand):
    inside_pen.open_inside(hand.page)
    inside_pen.draw(hand.page, "R")


PICTURES = {
    "write": (write, {**DESKTOP, "color_scheme": "light"}),
    "read": (read, {**DESKTOP, "color_scheme": "light"}),
    "read-dark": (read_dark, {**DESKTOP, "color_scheme": "dark"}),
    "inside": (inside, {**DESKTOP, "color_scheme": "light"}),
    "phone": (phone, {**PHONE, "color_scheme": "light"}),
}


def make(names):
    with Server() as server, sync_playwright() as playwright:
        browser = launch(playwright, "chromium")
        for name in names:
            draw, options = PICTURES[name]
            page = browser.new_context(**options).new_page()
            page.add_init_script(EAR)
            page.goto(server.address)
            wait_until(page, "ready")
            draw(Hand(page))
            page.screenshot(path=FOLDER / f"{name}.png")
            print(f"Made {(FOLDER / name).relative_to(ROOT)}.png", flush=True)
            page.context.close()


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    make(sys.argv[1:] or PICTURES)
