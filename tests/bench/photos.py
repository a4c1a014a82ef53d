"""How long the page takes to see a photo: from the square that was moved to all layers and the ten probabilities.

    python3 build.py bench photos

A photograph that comes with the page, in Chromium; its square is made larger and smaller. Each time is the page's own: from the
question to the worker until its answer is there, all maps that are in sight among it.
"""

import tempfile
from pathlib import Path

from browsing import wait_until
from hand import EAR
from measuring import chromium
from measuring.table import median, milliseconds, percentile, setting, table, verdict
from photographs import choose_photos, explained, put, updates
from playwright.sync_api import sync_playwright

from building import assets
from building.serve import Server

PHOTO, TIMES, WARM_UP = "chelsea.png", 60, 10
TARGET = 60  # ms, at most


def main():
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        dist = Path(folder) / "dist"
        assets.build(dist)
        browser = chromium.start(playwright)
        with Server(dist) as server:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.add_init_script(EAR)
            page.goto(server.address)
            wait_until(page, "ready")
            choose_photos(page)
            put(page, PHOTO)
            times = [time_of_step(page, "+" if step % 2 else "-") for step in range(WARM_UP + TIMES)][WARM_UP:]
        version = browser.version
        browser.close()
    found = [median(times), percentile(times, 0.95), max(times)]
    head = ["a photo, all layers", "median", "95th percentile", "longest", "target", ""]
    print(table(head, [["", *map(milliseconds, found), milliseconds(TARGET), verdict(found[1], TARGET)]]))
    print(f"\n{setting('python3 build.py bench photos', f'Chromium {version}')}")


def time_of_step(page, key):
    """Milliseconds, as the page itself says, for the square after a key."""
    before = updates(page)
    page.locator("#photo-pad").press(key)
    explained(page, before)
    return float(page.text_content("#foot-line").split(" ms")[0].split(" in ")[1])


if __name__ == "__main__":
    main()
