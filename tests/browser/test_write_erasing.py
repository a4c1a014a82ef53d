"""What the eraser and a scratch-out show before they delete: where they are, and which ink will go."""

import re

import numpy as np
import pytest
from contacts import Contacts, frames
from writer import Writer, written


@pytest.fixture
def writer(page):
    """A page with two words."""
    writer = Writer(page).open()
    writer.clear()
    writer.write("which", share=0.25)
    writer.write("feet", x=0.5, share=0.25)
    writer.settle()
    return writer


def places(writer, word):
    """The strokes of one of the two words."""
    return writer.placed(word, share=0.25, **({"x": 0.5} if word == "feet" else {}))


def looks(page, strokes):
    """How it looks where strokes begin: as "ink", as "faint" ink, or as "nothing"."""
    known = {"ink": color(page, "#paper"), "faint": color(page, "#eraser-ring")}
    known = {look: [int(value) for value in re.findall(r"\d+", found)] for look, found in known.items()}
    found = []
    for *seen, alpha in Writer(page).colors([stroke[0] for stroke in strokes]):
        near = [look for look, color in known.items() if all(abs(a - b) <= 3 for a, b in zip(color, seen, strict=True))]
        found.append((near or [None])[0] if alpha > 127 else "nothing")
    return found


def count(page, strokes, color):
    """How many pixels around strokes have a colour."""
    frames(page)
    points = np.concatenate(strokes)
    return page.evaluate(
        """([color, left, top, right, bottom]) => {
        const paper = document.getElementById("paper");
        const box = paper.getBoundingClientRect();
        const scale = paper.width / box.width;
        const at = [(left - box.left) * scale, (top - box.top) * scale, (right - left) * scale, (bottom - top) * scale];
        const { data } = paper.getContext("2d").getImageData(...at.map(Math.floor));
        const [red, green, blue] = color.match(/\\d+/g).map(Number);
        let count = 0;
        for (let i = 0; i < data.length; i += 4)
            count += data[i + 3] === 255 && data[i] === red && data[i + 1] === green && data[i + 2] === blue;
        return count;
    }""",
        [color, *points.min(axis=0).tolist(), *points.max(axis=0).tolist()],
    )


def color(page, element):
    return page.locator(element).evaluate("(each) => getComputedStyle(each).color")


def ring(page):
    """The middle of the ring around the eraser, None while there is none."""
    box = page.locator("#eraser-ring").bounding_box()
    return box and (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


class Eraser:
    """The other end of a pen."""

    def __init__(self, page):
        self.page, self.contacts = page, Contacts(page, "paper")

    def send(self, event, x, y):
        box = self.page.locator("#paper").bounding_box()
        at = (x - box["x"]) / box["width"], (y - box["y"]) / box["height"]
        held = {"button": 5 if event == "down" else -1, "buttons": 32}
        self.contacts.send(event, 77, "pen", *at, **({} if event in ("up", "cancel") else held))

    def sweep(self, strokes):
        """Down, and over strokes."""
        points = [point for stroke in strokes for point in stroke]
        self.send("down", *points[0])
        for point in points[1:]:
            self.send("move", *point)
        return points[-1]


@pytest.mark.parametrize("end", ["up", "cancel"])
def test_the_eraser_shows_where_it_is_and_what_will_go(writer, end):
    page, eraser = writer.page, Eraser(writer.page)
    feet, which = places(writer, "feet"), places(writer, "which")
    text, strokes = writer.text(), writer.strokes()
    assert ring(page) is None and {*looks(page, feet), *looks(page, which)} == {"ink"}
    last = eraser.sweep(feet)
    assert ring(page) == pytest.approx(tuple(last), abs=1)
    assert set(looks(page, feet)) == {"faint"} and set(looks(page, which)) == {"ink"}
    assert writer.text() == text and writer.strokes() == strokes, "nothing goes before the eraser is lifted"
    eraser.send(end, *last)
    writer.settle()
    assert ring(page) is None and set(looks(page, which)) == {"ink"}
    if end == "up":
        assert set(looks(page, feet)) == {"nothing"} and writer.text() == text.split()[0]
        assert writer.strokes() == len(written()["which"])
    else:
        assert set(looks(page, feet)) == {"ink"} and writer.text() == text and writer.strokes() == strokes


def test_a_scratch_out_shows_what_will_go(writer):
    page = writer.page
    feet, which = places(writer, "feet"), places(writer, "which")
    ink, faint = color(page, "#paper"), color(page, "#eraser-ring")
    strokes, text = writer.strokes(), writer.text()
    left, top = min(x for stroke in feet for x, _ in stroke) - 5, min(y for stroke in feet for _, y in stroke)
    right, bottom = max(x for stroke in feet for x, _ in stroke) + 5, max(y for stroke in feet for _, y in stroke)

    def sweeps(count):
        page.mouse.move(left, top + 0.2 * (bottom - top))
        page.mouse.down()
        for sweep in range(1, count + 1):
            page.mouse.move(right if sweep % 2 else left, top + (0.2 + 0.1 * sweep) * (bottom - top), steps=6)

    assert count(page, feet, ink) > 50 and count(page, feet, faint) == 0
    sweeps(2)
    assert count(page, feet, faint) == 0, "twice across may be a letter"
    page.mouse.up()
    page.click("#write-undo")
    writer.settle()
    assert writer.strokes() == strokes
    sweeps(6)
    assert count(page, feet, faint) > 50 and set(looks(page, which)) == {"ink"}
    page.mouse.up()
    writer.settle()
    assert writer.text() == text.split()[0] and count(page, feet, ink) == count(page, feet, faint) == 0
    page.click("#write-undo")
    assert count(page, feet, ink) > 50 and count(page, feet, faint) == 0
