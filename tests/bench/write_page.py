"""How long text takes on the page to write on, from pen-up to the frame that shows it, and what reading costs the pen.

    python3 build.py bench write_page

Real ink of test writers, at a pen's pace, in Chromium: words of some ten letters, and lines, of which the strokes after the
first 30 letters count. Pen-up to text is until the frame after the text has changed, or after the answer says that it stays;
frames are those between pen-down and pen-up. Then as many words as a quick hand writes in ten minutes, on pages of four full rows,
cleared in between (undo remembers them), for the memory of the tab: all of its process, so of the page, its worker and Python.
Linux tells it.
"""

import itertools
import sys
import tempfile
import time
from pathlib import Path

import hand
from browsing import wait_until
from measuring import chromium
from measuring.table import median, megabytes, milliseconds, percentile, setting, table, verdict
from playwright.sync_api import sync_playwright
from writer import Writer, written

from building import assets
from building.serve import Server

PACE = 1 / 60  # seconds between two events of the pen
BREATH = 0.35  # between two strokes
WORDS = [text for text in written() if text.isalpha() and 8 <= len(text) <= 11]
LINES = [text for text in written() if len(text) >= 28 and " " in text]
ROUNDS = 1
ROWS, IN_ROW = 4, 4  # of a page, and words in each, for memory
PAGES = 15  # 240 words: 24 a minute
TARGETS = {"word": 80, "line": 200, "frame": 34, "memory": 0.1}
# For each pen-up, milliseconds until the frame that follows the answer to the ink that it finished.
CLOCK = """
  window.clock = { up: null, shown: [], frames: [], isDown: false, last: 0 };
  addEventListener("pointerdown", () => { clock.isDown = true; clock.last = performance.now(); }, true);
  addEventListener("pointerup", () => { clock.isDown = false; clock.up ??= performance.now(); }, true);
  const tick = (now) => {
    if (clock.isDown) clock.frames.push(now - clock.last);
    clock.last = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
    const isRead = document.getElementById("write").dataset.read === "true";
    if (clock.up === null || !isRead) return;
    const from = clock.up;
    clock.up = null;
    requestAnimationFrame(() => requestAnimationFrame(() => clock.shown.push(performance.now() - from)));
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-read"] }));
"""


# Without what the ear and the clock have written down, which are not the page's.
HEAP = "(talk.calls = [], clock.frames = [], gc(), gc(), performance.memory.usedJSHeapSize)"


def main():
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        dist = Path(folder) / "dist"
        assets.build(dist)
        browser = chromium.start(playwright, "--enable-precise-memory-info", "--js-flags=--expose-gc")
        with Server(dist) as server:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.add_init_script(hand.EAR)
            page.add_init_script(CLOCK)
            page.goto(server.address + "/#write")
            wait_until(page, "ready")
            writer = Writer(page).open()
            write(writer, WORDS[0])  # warms up
            words = measured(writer, WORDS, lambda strokes: strokes[-1:])
            lines = measured(writer, LINES, lambda strokes: strokes[-len(strokes) // 4 :])
            frames = page.evaluate("clock.frames")
            sizes = memory(writer, renderer(browser))
        version = browser.version
        browser.close()
    rows = [
        ["a word of 8 to 11 letters", *shown(words), milliseconds(TARGETS["word"]), verdict(percentile(words, 0.95), TARGETS["word"])],
        ["the end of a line", *shown(lines), milliseconds(TARGETS["line"]), verdict(percentile(lines, 0.95), TARGETS["line"])],
    ]  # fmt: skip
    print(table(["pen-up to text", "median", "95th percentile", "longest", "target", ""], rows))
    (heap, tab), (heap_then, tab_then) = sizes[0], sizes[-1]
    growth = tab_then / tab - 1
    rows = [
        ["longest frame while the pen is down", milliseconds(max(frames)), milliseconds(TARGETS["frame"]), verdict(max(frames), TARGETS["frame"])],
        [f"memory of the tab over {PAGES * ROWS * IN_ROW} words", f"{megabytes(tab)} to {megabytes(tab_then)}", f"{TARGETS['memory']:.0%} more", verdict(growth, TARGETS["memory"])],
        ["of it what the page's scripts hold", f"{megabytes(heap)} to {megabytes(heap_then)}", "", ""],
    ]  # fmt: skip
    print("\n" + table(["", "found", "target", ""], rows))
    print(f"\n{setting('python3 build.py bench write_page', f'Chromium {version}')}")


def shown(times):
    return [milliseconds(value) for value in (median(times), percentile(times, 0.95), max(times))]


def measured(writer, texts, chosen):
    """Milliseconds from pen-up to text for the chosen strokes of each text."""
    times = []
    for text in texts * ROUNDS:
        times += write(writer, text, chosen)
    return times


def write(writer, text, chosen=lambda strokes: strokes):
    """Write a text on an empty page; the times of the chosen strokes."""
    page = writer.page
    times = []
    strokes = writer.placed(text, share=0.9)
    counted = len(chosen(strokes))
    for number, stroke in enumerate(strokes):
        page.mouse.move(*stroke[0])
        page.mouse.down()
        due = time.perf_counter()
        for place in stroke[1:]:
            due = max(due + PACE, time.perf_counter())
            time.sleep(max(0, due - time.perf_counter()))
            page.mouse.move(*place)
        before = page.evaluate("clock.shown.length")
        page.mouse.up()
        if number >= len(strokes) - counted:
            page.wait_for_function("(before) => clock.shown.length > before", arg=before)
            times.append(page.evaluate("clock.shown.at(-1)"))
        else:
            time.sleep(BREATH)
    writer.settle()
    writer.clear()
    return times


def memory(writer, process):
    """After each page of words: bytes of the page's own heap, and of all of the tab's process."""
    sizes = []
    words = itertools.cycle(text for text in written() if text.isalpha())
    for _ in range(PAGES + 2):
        for row, column in itertools.product(range(ROWS), range(IN_ROW)):
            writer.write(next(words), row, x=0.02 + column / IN_ROW, share=0.8 / IN_ROW)
            writer.settle()
        writer.clear()
        heap = writer.page.evaluate(HEAP)
        sizes.append((heap, resident(process)))
        print(*map(megabytes, sizes[-1]), file=sys.stderr, flush=True)
    return sizes[2:]  # the first ones fill what is kept for reading


def renderer(browser):
    """The number of the process that holds the page: the largest one of its kind."""
    found = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    return max((each["id"] for each in found if each["type"] == "renderer"), key=resident)


def resident(process):
    """Bytes of a process that no other one shares."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    sizes = {
        name: int(size.split()[0])
        for name, _, size in (line.partition(":") for line in lines)
        if name.startswith("Private_")
    }
    return 1024 * (sizes["Private_Clean"] + sizes["Private_Dirty"])


if __name__ == "__main__":
    main()
