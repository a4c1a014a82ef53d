"""Odd states of the page to write on: hidden, full, with ink that cannot be read, from right to left, at 200%."""

import json

import pytest
from browsing import wait_until
from contacts import Contacts, frames
from hand import EAR
from writer import Writer, written

DESKTOP = {"width": 1280, "height": 800}
# Text and the number of strokes as they are stored for a reload.
STORED = """() => {
    const stored = Object.entries(sessionStorage).find(([name]) => name.startsWith("writing "))?.[1];
    const page = stored ? JSON.parse(stored) : { text: "", runs: [] };
    return [page.text, page.runs.reduce((sum, run) => sum + run.strokes.length, 0)];
}"""


@pytest.fixture
def writer(page):
    """An empty page to write on."""
    writer = Writer(page).open()
    writer.clear()
    return writer


def shares(page, points):
    """Places on the page as shares of the paper that is seen."""
    box = page.locator("#paper").bounding_box()
    return [((x - box["x"]) / box["width"], (y - box["y"]) / box["height"]) for x, y in points]


def hide(page, act="() => {}"):
    """What is stored before and after the tab is hidden, right after `act`: no time passes between them."""
    return page.evaluate(f"""() => {{
        const stored = {STORED};
        ({act})();
        const before = stored();
        Object.defineProperty(document, "hidden", {{ configurable: true, get: () => true }});
        document.dispatchEvent(new Event("visibilitychange"));
        const after = stored();
        delete document.hidden;
        document.dispatchEvent(new Event("visibilitychange"));
        return [before, after];
    }}""")


def test_a_tab_that_is_hidden_stores_what_is_written(writer):
    """Phones end hidden tabs without a word."""
    page = writer.page
    writer.write("would")
    writer.settle()
    text, strokes = writer.text(), writer.strokes()
    typed = """() => {
        const field = document.getElementById("text");
        field.value += " typed";
        field.dispatchEvent(new Event("input"));
    }"""
    assert hide(page, typed) == [[text, strokes], [f"{text} typed", strokes]]


def test_a_phone_that_is_locked_under_the_finger_loses_nothing(open_page):
    """The touch is cancelled, the tab hidden, and perhaps ended."""
    page = open_page("/#write", prepare=lambda page: page.add_init_script(EAR), viewport={"width": 390, "height": 844})
    wait_until(page, "ready")
    writer = Writer(page).open()
    finger = Contacts(page, "paper")
    *whole, last = [shares(page, stroke) for stroke in writer.placed("feet")]
    for number, stroke in enumerate(whole):
        finger.stroke(number + 1, "touch", stroke)
    finger.stroke(99, "touch", last, end="cancel")
    assert hide(page)[1][1] == len(whole) + 1
    writer.settle()
    text = writer.text()
    assert text == writer.package_reads()
    hide(page)
    address, kept = page.url, page.evaluate("JSON.stringify({ ...sessionStorage })")
    page.evaluate("addEventListener('pagehide', (event) => event.stopImmediatePropagation(), true)")
    page.goto("about:blank")
    page.goto(address)
    wait_until(page, "ready")  # Firefox complains of what is on its way when a page is left
    page.evaluate("(kept) => Object.assign(sessionStorage, JSON.parse(kept))", kept)
    page.reload()
    wait_until(page, "ready")
    assert writer.text() == text and writer.strokes() == len(whole) + 1 and writer.inked(0)
    assert not page.watch.errors


def test_ink_that_cannot_be_read_is_said_and_kept(writer):
    """A line with thousands of small waves is too long for a row of letters."""
    page = writer.page
    left, top, width, height, _ = writer.sheet()
    waves = [(left + 10 + x, top + 1.5 * height + (x % 2) * 1.5) for x in range(int(width) - 20)]
    Contacts(page, "paper").stroke(5, "pen", shares(page, waves))
    page.wait_for_function(
        "() => document.getElementById('write-note').textContent.startsWith('Some ink could not be read')"
    )
    assert "It is kept." in page.text_content("#write-note")
    assert writer.text() == "" and writer.strokes() == 1 and writer.inked(1)
    settled = "talk.calls.filter((call) => call.name === 'writing.read' && call.args[2].settled)"
    before = page.evaluate(f"{settled}.length")
    writer.write("would")
    # As a whole the page is never settled, with ink on it that is not read: what is read of the word is waited for.
    page.wait_for_function(
        f"""([before, strokes]) => {{
            const calls = {settled};
            return calls.length > before && calls.at(-1).args[1].length === strokes && !talk.pending;
        }}""",
        arg=[before, len(written()["would"])],
    )
    page.wait_for_function(f"() => ({STORED})()[0] === document.getElementById('text').value")
    assert writer.text() == writer.package_reads() and writer.inked(1)
    page.click("#write-undo")
    assert writer.inked(1)


def test_a_page_from_right_to_left_has_lines_from_left_to_right(writer):
    """Paper, text and words stay as they are written; what is around them turns."""
    page = writer.page
    writer.write("which", share=0.25)
    writer.write("feet", x=0.5, share=0.25)
    writer.settle()
    text = writer.text()
    before = page.locator("#write-undo").bounding_box()["x"]
    page.evaluate("document.documentElement.dir = 'rtl'")
    try:
        assert page.locator("#write-undo").bounding_box()["x"] != before, "the tools turn with the page"
        assert writer.text() == text
        for part in ("#text", "#text-marks", "#words", "#paper"):
            assert page.locator(part).evaluate("(each) => getComputedStyle(each).direction") == "ltr", part
        strip = [each.bounding_box()["x"] for each in page.locator("#words [data-word]").all()]
        assert len(strip) == len(text.split()) and strip == sorted(strip)
        margin, paper = (page.locator(part).bounding_box()["x"] for part in (".paper-margin", "#paper"))
        assert margin < paper
        writer.write("office", 1, share=0.25)
        writer.settle()
        assert writer.text() == f"{text}\n{writer.package_reads()}"
        for row, word, x in [(0, "which", 0.04), (0, "feet", 0.5), (1, "office", 0.04)]:
            begins = [stroke[0] for stroke in writer.placed(word, row, x=x, share=0.25)]
            assert all(alpha > 127 for *_, alpha in writer.colors(begins)), "under the pen"
    finally:
        page.evaluate("document.documentElement.dir = ''")


def full(rows):
    """A file of a page with a stroke on each of so many rows, all of which was read."""
    strokes = [[[300, 1000 * row + 300], [300, 1000 * row + 760]] for row in range(rows)]
    how = {"characters": "text", "language": "en"}
    runs = [
        {"id": row + 1, "row": row, "strokes": [{"id": 1000 + row, "pressures": None}], "at": None, "glued": False,
         "moved": False, "how": how, "reads": [{"key": f"text en {1000 + row}", "settled": True, "isFound": True}]}
        for row in range(rows)
    ]  # fmt: skip
    words = [
        {"id": 2000 + row, "run": row + 1, "text": "l", "start": 2 * row, "end": 2 * row + 1, "strokes": [1000 + row],
         "letters": [[[1000 + row, 0, 1]]], "pinned": False, "settled": True, "reading": None}
        for row in range(rows)
    ]  # fmt: skip
    text = "\n".join("l" * rows)
    page = {
        "version": 1,
        "text": text,
        "words": words,
        "runs": runs,
        "caret": {"start": 0, "end": 0, "own": False},
        "writing": 0,
    }
    return {"name": "rows.json", "mimeType": "application/json",
            "buffer": json.dumps({"text": text, "strokes": strokes, "page": page}).encode()}  # fmt: skip


def test_a_page_is_full_after_its_last_row(writer):
    page = writer.page
    page.set_input_files("#write-file", full(39))
    page.wait_for_function("() => document.getElementById('text').value.length === 77")
    assert "full" not in page.text_content("#write-note")
    page.evaluate("document.getElementById('sheet-of-rows').scrollTop = 1e6")
    frames(page)
    _, _, _, height, scrolled = writer.sheet()
    below = page.locator("#sheet-of-rows").evaluate("(sheet) => sheet.scrollHeight")
    assert below == pytest.approx(40 * height, abs=3)
    writer.write("would", 39, share=0.3)
    writer.settle()
    assert writer.text().split("\n")[-1] == writer.package_reads() and len(writer.text().split("\n")) == 40
    assert "This page is full: 40 rows" in page.text_content("#write-note")
    assert page.locator("#sheet-of-rows").evaluate("(sheet) => sheet.scrollHeight") == below, "no row beyond the last"
    assert writer.inked(39) and writer.sheet()[4] == scrolled
    page.click("#write-clear")
    assert writer.text() == "" and writer.strokes() == 0 and "full" not in page.text_content("#write-note")
    page.click("#write-undo")
    assert len(writer.text().split("\n")) == 40 and "This page is full" in page.text_content("#write-note")


@pytest.mark.parametrize("window", [DESKTOP, {"width": 780, "height": 1000}])
def test_at_200_percent_one_writes_as_before(open_page, browser_name, window):
    """Zoomed, a window has half as many CSS pixels either way, each of them of four of the screen's."""
    zoomed = {side: pixels // 2 for side, pixels in window.items()}
    page = open_page("/#write", prepare=lambda page: page.add_init_script(EAR), viewport=zoomed, device_scale_factor=2)
    wait_until(page, "ready")
    writer = Writer(page).open()
    assert (
        page.evaluate("devicePixelRatio") == 2 and page.evaluate("document.documentElement.scrollWidth") <= zoomed["width"]
    )
    page.locator("#sheet-of-rows").scroll_into_view_if_needed()
    writer.write("would")
    writer.settle()
    assert writer.text() == writer.package_reads() and writer.inked(0)
    assert (
        page.locator("#paper").evaluate("(paper) => [paper.width / paper.clientWidth, paper.height / paper.clientHeight]")
        == [pytest.approx(2, rel=0.01)] * 2
    )
    for part in ("#text", "#words [data-word]", "#write-copy", "#write-undo", "#write-space", '[name="write-language"]'):
        page.locator(part).first.scroll_into_view_if_needed()
        box = page.locator(part).first.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= zoomed["width"] + 1, part
        assert box["y"] >= 0 and box["y"] + box["height"] <= zoomed["height"] + 1, part
    page.locator("#words [data-word]").first.click()
    panel = page.locator("#word-panel").bounding_box()
    assert panel["x"] >= 0 and panel["x"] + panel["width"] <= zoomed["width"]
    assert panel["y"] >= 0 and panel["y"] + panel["height"] <= zoomed["height"]
    page.locator("#word-remove").click()  # it can be scrolled to
    writer.settle()
    assert writer.text() == "" and not page.watch.errors
