"""A hand that writes real ink on the page's ruled paper, by mouse, finger or pen, and what the package reads of the same ink."""

import gzip
import json
from functools import cache
from pathlib import Path

import numpy as np
from contacts import frames
from hand import plain

from inkling import TextReader

LINES = Path(__file__).parents[1] / "unit/lines.jsonl.gz"


@cache
def written():
    """{text: strokes} by test writers, each stroke (n, 2): words, lines, a digit string, a code."""
    with gzip.open(LINES, "rt") as lines:
        samples = [json.loads(line) for line in lines]
    return {sample["text"]: [np.array(stroke, float) for stroke in sample["strokes"]] for sample in samples}


@cache
def reader():
    return TextReader.load()


class Writer:
    """Writes on a page that was opened with `EAR`, in its Write view."""

    def __init__(self, page):
        self.page = page

    def open(self):
        self.page.evaluate("location.hash = 'write'")
        self.page.wait_for_selector('#write[data-state="ready"]', timeout=120_000)
        return self

    def sheet(self):
        """Left, top and width of what is seen of the paper, the height of a row, and how far it is scrolled; CSS pixels."""
        self.page.wait_for_function("() => document.getElementById('sheet-of-rows').style.getPropertyValue('--row') !== ''")
        return self.page.evaluate("""() => {
            const { left, top, width } = document.getElementById("paper").getBoundingClientRect();
            const sheet = document.getElementById("sheet-of-rows");
            return [left, top, width, parseFloat(sheet.style.getPropertyValue("--row")), sheet.scrollTop];
        }""")

    def placed(self, text, row=0, x=0.04, share=0.9):
        """The strokes of a sample as places on the page: in a row, as high as it or as wide as `share` of the paper allows."""
        left, top, width, height, scrolled = self.sheet()
        strokes = written()[text]
        points = np.concatenate(strokes)
        low, size = points.min(axis=0), np.ptp(points, axis=0)
        scale = min(0.6 * height / max(size[1], 1), share * width / max(size[0], 1))
        middle = np.array([0, 0.5 * (height - size[1] * scale)])
        corner = np.array([left + x * width, top + row * height - scrolled]) + middle
        return [plain((stroke - low) * scale, 0.5) + corner for stroke in strokes]

    def write(self, text, row=0, **place):
        """Write a sample with the mouse."""
        for first, *rest in self.placed(text, row, **place):
            self.page.mouse.move(*first)
            self.page.mouse.down()
            for point in rest:
                self.page.mouse.move(*point)
            self.page.mouse.up()

    def settle(self):
        """Until all ink is read, and the hand has rested."""
        self.page.wait_for_selector('#write[data-settled="true"]', timeout=60_000)

    def text(self):
        return self.page.input_value("#text")

    def clear(self):
        self.page.evaluate("document.getElementById('write-clear').click()")
        self.settle()

    def sent(self):
        """The strokes that the page sent last to be settled, and the options with them."""
        points, lengths, options = self.page.evaluate("""() => talk.calls.findLast(
            (call) => call.name === "writing.read" && call.args[2].settled).args""")
        return np.split(np.array(points, np.float32).reshape(-1, 2), np.cumsum(lengths)[:-1]), options

    def package_reads(self):
        """What the package reads of the ink that the page sent last to be settled."""
        strokes, options = self.sent()
        found = reader().read(strokes, options["allowed"], options["language"])
        return found[0].text if found else ""

    def strokes(self):
        """How many strokes are on the paper, as it says itself for the next reload."""
        self.page.evaluate("dispatchEvent(new Event('pagehide'))")
        stored = self.page.evaluate(
            "Object.entries(sessionStorage).find(([name]) => name.startsWith('writing '))?.[1] ?? null"
        )
        return sum(len(run["strokes"]) for run in json.loads(stored)["runs"]) if stored else 0

    def colors(self, points):
        """[red, green, blue, alpha] of the paper at places on the page."""
        frames(self.page)
        return self.page.evaluate(
            """(points) => {
            const paper = document.getElementById("paper");
            const box = paper.getBoundingClientRect();
            return points.map(([x, y]) => {
                const at = [(x - box.left) * paper.width / box.width, (y - box.top) * paper.height / box.height];
                return [...paper.getContext("2d").getImageData(...at.map(Math.floor), 1, 1).data];
            });
        }""",
            [list(map(float, point)) for point in points],
        )

    def inked(self, row):
        """Whether there is ink on a row."""
        _, _, _, height, scrolled = self.sheet()
        frames(self.page)
        return self.page.evaluate(
            """([from, to]) => {
            const paper = document.getElementById("paper");
            const scale = paper.height / paper.clientHeight;
            const [top, bottom] = [from, to].map((y) => Math.round(y * scale));
            const { data } = paper.getContext("2d").getImageData(0, top, paper.width, bottom - top);
            return data.some((value, i) => i % 4 === 3 && value > 127);
        }""",
            [row * height - scrolled, (row + 1) * height - scrolled],
        )
