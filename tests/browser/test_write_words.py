"""What one does with words that were read: chosen otherwise, written again, scratched out, taken away, kept, explained."""

import json
from itertools import pairwise

import numpy as np
import pytest
from browsing import wait_until
from contacts import frames
from hand import EAR, Hand
from playwright.sync_api import TimeoutError as LateError
from test_axe import AXE, RUN
from writer import Writer, reader, written


@pytest.fixture
def writer(page):
    """An empty page to write on."""
    writer = Writer(page).open()
    writer.clear()
    assert writer.text() == "" and writer.strokes() == 0
    return writer


def words(page):
    """[(text, probability)] of the buttons beside the text."""
    rows = page.locator("[data-word][data-probability]").evaluate_all(
        "all => all.map((one) => [one.dataset.word, Number(one.dataset.probability)])"
    )
    return [tuple(row) for row in rows]


def options(page, list_id="word-readings"):
    return page.locator(f"#{list_id} [role=option]").evaluate_all("all => all.map((one) => one.firstChild.textContent)")


def open_word(page, place=0):
    page.locator("[data-word]").nth(place).click()
    page.wait_for_selector("#word-panel:popover-open")


def box_of(strokes):
    points = np.concatenate(strokes)
    return [*points.min(axis=0), *points.max(axis=0)]


def hear(page, words):
    """Wait until the note under the text says these words."""
    try:
        page.wait_for_function("(words) => document.getElementById('write-note').textContent.includes(words)", arg=words)
    except LateError:
        pytest.fail(f"{words!r} is not said, but {page.inner_text('#write-note')!r}")


def scratch(page, box, sweeps=6):
    """To and fro over a box of the page: left, top, right, bottom."""
    left, top, right, bottom = box
    over = 0.1 * (right - left)
    page.mouse.move(left - over, top + 0.2 * (bottom - top))
    page.mouse.down()
    for sweep in range(1, sweeps + 1):
        x = right + over if sweep % 2 else left - over
        page.mouse.move(x, top + (0.2 + 0.6 * sweep / sweeps) * (bottom - top), steps=6)
    page.mouse.up()


def test_each_word_has_a_button(writer):
    """As the package reads it, its literal reading among those to choose from."""
    page = writer.page
    writer.write("popular", share=0.3)
    writer.settle()
    text, found = reader().read_words(writer.sent()[0])
    assert [word for word, _ in words(page)] == [word.text for word in found] == text.text.split()
    assert words(page)[0][1] == pytest.approx(found[0].readings[0].probability, abs=1e-3)
    open_word(page)
    assert options(page) == [each.text for each in found[0].readings]
    literal = [each.text for each in found[0].readings if each.is_literal]
    marked = page.locator("#word-readings [role=option]").filter(has_text="as the ink says")
    assert [each.split("\n")[0] for each in marked.all_inner_texts()] == literal
    page.keyboard.press("Escape")


def test_a_reading_is_chosen_and_undone(writer):
    page = writer.page
    writer.write("which", share=0.3)
    writer.settle()
    read = writer.text()
    open_word(page)
    other = options(page)[1]
    page.locator("#word-readings [role=option]").nth(1).click()
    writer.settle()
    assert writer.text() == other != read
    assert words(page) == [(other, 1)]
    writer.write("girth", x=0.5, share=0.3)
    writer.settle()
    assert writer.text().split()[0] == other  # chosen once, it is never read again
    for _ in written()["girth"]:
        page.click("#write-undo")
    page.click("#write-undo")
    assert writer.text() == read
    page.click("#write-redo")
    assert writer.text() == other


def test_a_character_has_alternatives_and_its_other_case(writer):
    page = writer.page
    writer.write("which", share=0.3)
    writer.settle()
    read = writer.text()
    open_word(page)
    assert (
        page.locator("#word-letters [data-label]").evaluate_all("all => all.map((one) => one.dataset.label).join('')")
        == read
    )
    page.locator("#word-letters [data-label]").first.click()
    others = options(page, "word-alternatives")
    assert others[0] == read[0] and read[0].swapcase() in others
    page.locator("#word-alternatives [role=option]").nth(others.index(read[0].swapcase())).click()
    writer.settle()
    assert writer.text() == read[0].swapcase() + read[1:]


def test_by_the_keyboard_alone(writer):
    page = writer.page
    writer.write("which", share=0.25)
    writer.write("feet", x=0.5, share=0.25)
    writer.settle()
    first, second = writer.text().split()
    page.locator("#text").press("Control+End")
    page.keyboard.press("Tab")
    focused = "document.activeElement.dataset.word ?? document.activeElement.textContent"
    assert page.evaluate(focused) == second
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(focused) == first
    page.keyboard.press("Enter")
    page.wait_for_selector("#word-panel:popover-open")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "option"
    page.keyboard.press("ArrowDown")
    chosen = page.evaluate("document.activeElement.firstChild.textContent")
    page.keyboard.press("Enter")
    assert writer.text() == f"{chosen} {second}"
    assert page.evaluate(focused) == chosen
    page.wait_for_function("() => !document.activeElement.hasAttribute('aria-expanded')")
    page.keyboard.press("Enter")
    page.wait_for_selector("#word-panel:popover-open")
    page.keyboard.press("Escape")
    assert not page.locator("#word-panel").is_visible()
    assert page.evaluate(focused) == chosen and writer.text() == f"{chosen} {second}"


def test_ten_corrections_are_undone_and_done_again_one_by_one(writer):
    """Readings and characters, in three rows; what they taught goes and comes with them."""
    page = writer.page
    for row, pair in enumerate([("which", "feet"), ("office", "popular"), ("would", "romans")]):
        for word, x in zip(pair, (0.04, 0.5)):
            writer.write(word, row, x=x, share=0.25)
    writer.settle()
    texts, lessons = [writer.text()], [taught(page)]
    count = len(words(page))
    assert count >= 5
    for number in range(10):
        place = number % count
        open_word(page, place)
        readings = options(page)
        if number < count and len(readings) > 1:
            chosen = page.locator("#word-readings [role=option]").nth(1 if words(page)[place][0] == readings[0] else 0)
            chosen.click()
        else:
            page.locator("#word-letters [data-label]").first.click()
            others = options(page, "word-alternatives")
            page.locator("#word-alternatives [role=option]").nth(others.index(others[0].swapcase())).click()
        writer.settle()
        texts.append(writer.text())
        lessons.append(taught(page))
    assert all(one != other for one, other in pairwise(texts)) and lessons[-1] != lessons[0]
    for text, lesson in zip(texts[-2::-1], lessons[-2::-1]):
        page.click("#write-undo")
        writer.settle()
        assert writer.text() == text and taught(page) == lesson
    for text, lesson in zip(texts[1:], lessons[1:]):
        page.click("#write-redo")
        writer.settle()
        assert writer.text() == text and taught(page) == lesson
    for _ in range(10):
        page.click("#write-undo")
    assert taught(page) == lessons[0]
    Hand(page).wait()  # until Python has unlearned it, too


def test_a_word_is_written_again_typed_or_deleted(writer):
    page = writer.page
    for x, word in [(0.04, "which"), (0.35, "office"), (0.7, "road")]:
        writer.write(word, x=x, share=0.22)
    writer.settle()
    before = writer.text().split()
    open_word(page, 1)
    page.click("#word-again")
    assert "over its ink" in page.inner_text("#write-note")
    writer.write("wonder", x=0.37, share=0.22)
    writer.settle()
    after = writer.text().split()
    assert [after[0], after[-1]] == [before[0], before[-1]] and after[1:-1] != before[1:-1]
    assert writer.strokes() == sum(len(written()[word]) for word in ("which", "wonder", "road"))
    open_word(page, 0)
    page.fill("#word-text", "Typed")
    page.keyboard.press("Enter")
    assert writer.text().split()[0] == "Typed"
    open_word(page, len(words(page)) - 1)
    page.click("#word-remove")
    writer.settle()
    assert writer.text().split() == ["Typed", *after[1:-1]]
    page.click("#write-undo")
    assert writer.text().split()[-1] == before[-1]


def test_a_scratch_out_deletes_what_lies_under_it(writer):
    page = writer.page
    writer.write("which", share=0.25)
    writer.write("feet", x=0.5, share=0.25)
    writer.settle()
    first, second = writer.text().split()
    strokes = writer.strokes()
    scratch(page, box_of(writer.placed("feet", x=0.5, share=0.25)))
    writer.settle()
    assert writer.text() == first and writer.strokes() == len(written()["which"])
    page.click("#write-undo")
    writer.settle()
    assert writer.text() == f"{first} {second}" and writer.strokes() == strokes
    page.click("#write-redo")
    writer.settle()
    assert writer.text() == first


def test_a_scratch_out_over_nothing_is_ink(writer):
    left, top, _, height, _ = writer.sheet()
    scratch(writer.page, [left + 50, top + 0.3 * height, left + 150, top + 0.7 * height])
    writer.settle()
    assert writer.strokes() == 1


ERASE = """(points) => {
    const paper = document.getElementById("paper");
    const send = (type, [clientX, clientY], button, buttons) => paper.dispatchEvent(new PointerEvent(`pointer${type}`,
        { bubbles: true, cancelable: true, pointerId: 77, pointerType: "pen", isPrimary: true, button, buttons, clientX, clientY }));
    send("down", points[0], 5, 32);
    for (const point of points.slice(1)) send("move", point, -1, 32);
    send("up", points.at(-1), 5, 0);
}"""


def test_the_pens_eraser_erases_what_it_touches(writer):
    page = writer.page
    writer.write("which", share=0.25)
    writer.write("feet", x=0.5, share=0.25)
    writer.settle()
    text, strokes = writer.text(), writer.strokes()
    left, top, right, bottom = box_of(writer.placed("feet", x=0.5, share=0.25))
    heights = [top + share * (bottom - top) for share in (0.1, 0.3, 0.5, 0.7, 0.9)]
    page.evaluate(ERASE, [[x, y] for y in heights for x in (left - 5, right + 5)])
    writer.settle()
    assert writer.text() == text.split()[0] and writer.strokes() == len(written()["which"])
    page.click("#write-undo")
    writer.settle()
    assert writer.text() == text and writer.strokes() == strokes
    page.evaluate(ERASE, [[left, bottom + 20], [right, bottom + 20]])  # beside it
    assert writer.strokes() == strokes


def in_other_case(page, place):
    """Choose the other case of a character of the first word."""
    open_word(page)
    letter = page.locator("#word-letters [data-label]").nth(place)
    label = letter.get_attribute("data-label")
    letter.click()
    others = options(page, "word-alternatives")
    page.locator("#word-alternatives [role=option]").nth(others.index(label.swapcase())).click()
    return label.swapcase()


def taught(page):
    """([words], [labels of drawings]) of Your hand."""
    return page.evaluate("""["#hand-words li", "#hand-shelf .group"].map((each) =>
        [...document.querySelectorAll(each)].map((one) => one.dataset.label))""")


def test_corrections_teach_letters_and_words(open_page):
    """Kept by the switch of drawings, exported with them, and forgotten with them."""
    page = open_page("/#write", prepare=lambda page: page.add_init_script(EAR), viewport={"width": 1280, "height": 800})
    wait_until(page, "ready")
    writer = Writer(page).open()
    writer.write("CRISS", share=0.25)
    writer.settle()
    label = in_other_case(page, 0)
    writer.settle()
    word = writer.text()
    assert taught(page) == [[word], [label]]
    assert f"the word {word}, {label}" in page.inner_text("#write-note")
    page.click("#write-undo")
    assert taught(page) == [[], []]
    page.click("#write-redo")
    assert taught(page) == [[word], [label]]
    page.evaluate("location.hash = 'learn/hand'")
    page.check("#hand-keep")
    page.wait_for_function("() => document.getElementById('hand-count').textContent.endsWith('kept on this device.')")
    page.reload()
    wait_until(page, "ready")
    page.wait_for_function("() => document.querySelectorAll('#hand-words li').length && document.querySelector('.group')")
    assert taught(page) == [[word], [label]]
    Writer(page).open()  # the page that was written came back, and is not taught again
    page.wait_for_function("() => talk.calls.some(({ name }) => name === 'writing.learn_words') && !talk.pending")
    assert page.evaluate("talk.calls.findLast(({ name }) => name === 'writing.learn_words').args") == [[[word, 1]]]
    page.evaluate("location.hash = 'learn/hand'")
    page.click("#hand-export")
    _, content = Hand(page).saved()
    lines = [json.loads(line) for line in content.decode().splitlines()]
    assert [line.get("label") or line.get("word") for line in lines] == [label, word]
    page.click("#hand-words .remove")
    assert taught(page) == [[], [label]]
    page.locator("#hand-said").get_by_role("button", name="Undo").click()
    assert taught(page) == [[word], [label]]
    page.click("#hand-forget")
    page.click("#forget button.main")
    page.wait_for_function("() => document.getElementById('hand-said').textContent.includes('forgotten')")
    assert taught(page) == [[], []]
    page.set_input_files("#hand-file", {"name": "my.jsonl", "mimeType": "application/x-ndjson", "buffer": content})
    page.wait_for_function("() => document.getElementById('hand-said').textContent.includes('added')")
    assert taught(page) == [[word], [label]]
    assert not page.watch.errors


def test_a_word_of_ones_own_is_read_once_it_was_put_right(open_page):
    page = open_page("/#write", prepare=lambda page: page.add_init_script(EAR), viewport={"width": 1280, "height": 800})
    wait_until(page, "ready")
    writer = Writer(page).open()
    writer.write("titter", share=0.25)
    writer.settle()
    assert writer.text() != "titter", "the network has learned better: choose another sample"
    open_word(page)
    page.fill("#word-text", "titter")
    page.click("#word-typed button")
    page.wait_for_function("() => talk.calls.some(({ name }) => name === 'writing.learn_words') && !talk.pending")
    writer.clear()
    writer.write("titter", share=0.25)
    writer.settle()
    assert writer.text() == "titter"


def test_copied_text_is_on_the_clipboard(open_page, browser_name):
    """Read back by pasting it, which every browser lets one do."""
    grant = {"permissions": ["clipboard-read", "clipboard-write"]} if browser_name == "chromium" else {}
    page = open_page("/#write", prepare=lambda page: page.add_init_script(EAR), **grant)
    wait_until(page, "ready")
    writer = Writer(page).open()
    assert page.locator("#write-copy").get_attribute("aria-disabled") == "true"
    writer.write("which", share=0.3)
    writer.settle()
    page.click("#write-copy")
    hear(page, "Copied.")
    page.locator("#text").press("Control+End")
    page.keyboard.type(" ")
    page.locator("#text").press("Control+V")
    read = writer.package_reads()
    page.wait_for_function("(text) => document.getElementById('text').value === text", arg=f"{read} {read}")


@pytest.mark.parametrize("outcome", ["shared", "AbortError", "DataError"])
def test_text_is_shared_where_the_platform_can(open_page, outcome):
    # `answered` once the page has heard how it went: what it makes of that comes before the next task.
    stub = f"""Object.defineProperty(navigator, "share", {{ configurable: true, value: async (what) => {{
        window.shared = what;
        setTimeout(() => {{ window.answered = true; }});
        if ("{outcome}" !== "shared") throw new DOMException("no target", "{outcome}");
    }} }});"""
    page = open_page("/#write", prepare=lambda page: [page.add_init_script(EAR), page.add_init_script(stub)])
    wait_until(page, "ready")
    Writer(page).open()
    page.locator("#text").fill("by hand")
    before, heard = page.text_content("#write-note"), page.text_content("#announcer")
    page.click("#write-share")
    page.wait_for_function("() => window.answered")
    assert page.evaluate("shared") == {"text": "by hand"}
    # Whoever changes his mind knows that he did: nothing is said to him.
    said = {"shared": "Shared.", "AbortError": before, "DataError": "This could not be shared: no target. Copy it instead."}
    assert page.text_content("#write-note") == said[outcome]
    assert (page.text_content("#announcer") == heard) == (outcome == "AbortError")
    asks = """() => !dispatchEvent(new Event("beforeunload", { cancelable: true }))"""
    assert page.evaluate(asks) == (outcome != "shared"), "what was shared is not lost with the page"


def files(page, item):
    page.click("#write-files")
    page.click(item)


def test_a_page_is_saved_and_opened_again(writer):
    page, hand = writer.page, Hand(writer.page)
    writer.write("which", share=0.3)
    writer.write("office", row=1, share=0.3)
    writer.settle()
    text, strokes = writer.text(), writer.strokes()
    files(page, "#save-text")
    assert hand.saved() == (f"{'-'.join(text.lower().split())}.txt", f"{text}\n".encode())
    files(page, "#save-svg")
    name, content = hand.saved()
    assert name.endswith(".svg") and content.count(b"<path") + content.count(b"<circle") == strokes
    files(page, "#save-png")
    name, content = hand.saved()
    assert name.endswith(".png") and content.startswith(b"\x89PNG") and len(content) > 1000
    files(page, "#save-page")
    name, content = hand.saved()
    assert name.endswith(".json")
    saved = json.loads(content)
    assert saved["text"] == text and len(saved["strokes"]) == strokes
    writer.clear()
    page.set_input_files("#write-file", {"name": name, "mimeType": "application/json", "buffer": content})
    page.wait_for_function("(text) => document.getElementById('text').value === text", arg=text)
    assert writer.strokes() == strokes
    page.wait_for_function(
        "(words) => document.getElementById('write-note').textContent.includes(words)", arg=f"{name} is open."
    )
    page.click("#write-undo")
    assert writer.text() == "" and writer.strokes() == 0


def test_ink_of_others_is_opened_and_read(writer):
    """Two rows in another unit."""
    page = writer.page
    rows = [written()["which"], [np.add(stroke, [0, 900]) for stroke in written()["office"]]]
    ink = [[(point + 5000).tolist() for point in stroke] for row in rows for stroke in row]
    page.set_input_files(
        "#write-file", {"name": "ink.json", "mimeType": "application/json", "buffer": json.dumps({"strokes": ink}).encode()}
    )
    hear(page, "is open")
    writer.settle()
    assert writer.strokes() == len(ink)
    assert [line.lower() for line in writer.text().split("\n")] == ["which", "office"]


@pytest.mark.parametrize(
    "name, content, words",
    [
        ("a.json", b"[[", "a.json holds no ink: not JSON."),
        ("a.json", b'{"text": "a"}', 'a.json holds no ink: "strokes" is missing.'),
        ("a.json", b"[]", "a.json holds no ink."),
        ("a.png", b"\x89PNG", "a.png is a picture. Open it in Read, if it shows one character"),
        ("IMG_1.HEIC", b"heic", "IMG_1.HEIC is a picture."),
        ("a.docx", b"PK", "a.docx is neither ink (JSON), as this page saves it, nor text (.txt)."),
        ("a.txt", b"", "a.txt cannot be opened as text: empty."),
        ("a.txt", b"caf\xe9", "a.txt cannot be opened as text: not UTF-8 text."),
        ("a.txt", b"a\0b", "a.txt cannot be opened as text: it is not text."),
        ("a.txt", b"a " * 100_001, "a.txt cannot be opened as text: more than 200,000 characters."),
        ("my.jsonl", b"{}", "my.jsonl holds what was taught"),
    ],
)
def test_what_is_no_ink_is_refused_in_words(writer, name, content, words):
    page = writer.page
    page.locator("#text").fill("here")
    page.set_input_files("#write-file", {"name": name, "mimeType": "", "buffer": content})
    hear(page, words)
    assert writer.text() == "here"


# A file that comes in as files do: chosen, dropped on the page, pasted.
SEND = """([way, name, type, bytes]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(bytes)], name, { type }));
    const event = way === "drop" ? new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true })
        : new ClipboardEvent("paste", { bubbles: true, cancelable: true });
    // Firefox leaves out of a clipboard what a page has put in.
    if (way === "paste") Object.defineProperty(event, "clipboardData", { value: transfer });
    document.getElementById("paper").dispatchEvent(event);
    return event.defaultPrevented;
}"""


@pytest.mark.parametrize("way", ["open", "drop", "paste"])
def test_text_comes_in_and_pictures_are_sent_to_read(writer, way):
    page = writer.page

    def send(name, kind, content):
        if way == "open":
            page.set_input_files("#write-file", {"name": name, "mimeType": kind, "buffer": content})
        else:
            assert page.evaluate(SEND, [way, name, kind, list(content)])

    writer.write("which", share=0.3)
    writer.settle()
    text, strokes = writer.text(), writer.strokes()
    send("notes.txt", "text/plain", "\ufeffbought: caf\u00e9\r\ntwo\r\n".encode())
    hear(page, "notes.txt is open.")
    assert writer.text() == "bought: caf\u00e9\ntwo\n" and writer.strokes() == 0 and words(page) == []
    send("photo.jpg", "image/jpeg", b"\xff\xd8")
    hear(page, "photo.jpg is a picture. Open it in Read, if it shows one character; here ink (JSON) and text are opened.")
    assert writer.text() == "bought: caf\u00e9\ntwo\n"
    writer.write("feet", share=0.3)
    writer.settle()
    assert writer.text() == f"bought: caf\u00e9\ntwo\n{writer.package_reads()}", "ink goes on where the text ends"
    for _ in written()["feet"]:
        page.click("#write-undo")
    page.click("#write-undo")
    assert (writer.text(), writer.strokes()) == (text, strokes)
    page.click("#write-redo")
    assert writer.text() == "bought: caf\u00e9\ntwo\n"
    send("utf16.txt", "text/plain", "two".encode("utf-16"))
    hear(page, "utf16.txt is open.")
    assert writer.text() == "two"


def test_text_that_is_pasted_on_the_paper_goes_into_the_field(writer):
    page = writer.page
    writer.write("which", share=0.3)
    writer.settle()
    text = writer.text()
    page.evaluate("""() => {
        const transfer = new DataTransfer();
        transfer.setData("text/plain", " and\\r\\nmore");
        const event = new ClipboardEvent("paste", { bubbles: true, cancelable: true });
        Object.defineProperty(event, "clipboardData", { value: transfer });
        document.activeElement.dispatchEvent(event);
    }""")
    assert page.evaluate("document.activeElement.id") == "paper"
    assert writer.text() == f"{text} and\nmore"
    page.click("#write-undo")
    assert writer.text() == text


# Until a draft of that name is on the disk.
ON_DISK = """async (name) => {
    const done = (request) => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = reject; });
    for (let found = []; !found.some((draft) => draft.name === name); await new Promise(requestAnimationFrame)) {
      const database = await done(indexedDB.open(`inkling-drafts ${location.pathname}`));
      found = await done(database.transaction("samples").objectStore("samples").getAll());
      database.close();
    }
}"""


def test_drafts_are_kept_by_name(open_page):
    page = open_page("/#write", prepare=lambda page: page.add_init_script(EAR), viewport={"width": 1280, "height": 800})
    wait_until(page, "ready")
    writer = Writer(page).open()
    databases = "indexedDB.databases().then((all) => all.filter(({ name }) => name.startsWith('inkling-drafts')).length)"
    writer.write("which", share=0.3)
    writer.settle()
    text, strokes = writer.text(), writer.strokes()
    files(page, "#write-drafts")
    assert page.input_value("#draft-name") == text and page.evaluate(databases) == 0
    page.fill("#draft-name", "Notes")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.getElementById('drafts-said').textContent === 'Kept on this device: Notes'")
    assert page.evaluate(databases) == 1
    page.keyboard.press("Escape")
    writer.clear()
    page.reload()
    wait_until(page, "ready")
    assert writer.text() == ""
    files(page, "#write-drafts")
    row = page.locator("#drafts-list li")
    page.get_by_role("button", name="Rename Notes").click()
    page.keyboard.type("Monday")
    page.keyboard.press("Enter")
    page.evaluate(ON_DISK, "Monday")
    frames(page)
    assert page.evaluate("document.activeElement.ariaLabel") == "Open Monday", "also once it is on the disk"
    page.get_by_role("button", name="Delete Monday").click()
    assert row.count() == 0
    page.locator("#drafts-said").get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Open Monday").click()
    assert (writer.text(), writer.strokes()) == (text, strokes)
    page.evaluate("location.hash = 'learn/hand'")
    page.click("#hand-export")
    _, content = Hand(page).saved()
    [line] = [json.loads(line) for line in content.decode().splitlines()]
    assert line["own"] == "draft" and line["name"] == "Monday" and line["page"]["text"] == text
    page.click("#hand-forget")
    page.click("#forget button.main")
    page.wait_for_function("() => document.getElementById('hand-said').textContent.includes('forgotten')")
    assert page.evaluate(databases) == 0
    page.set_input_files("#hand-file", {"name": "my.jsonl", "mimeType": "application/x-ndjson", "buffer": content})
    page.wait_for_function("() => document.getElementById('hand-said').textContent.includes('1 draft added')")
    assert not page.watch.errors


def test_how_it_was_read_is_what_the_package_says(writer):
    page = writer.page
    assert not page.locator("#how").evaluate("(panel) => panel.open")
    page.click("#how summary")
    page.wait_for_function("() => document.getElementById('how-said').textContent.startsWith('Write something')")
    writer.write("romans", share=0.3)
    writer.settle()
    page.wait_for_function("() => !talk.pending && document.querySelector('#how-path li')")
    found = reader().explain(writer.sent()[0])
    columns = page.locator("#how-columns li").evaluate_all(
        "all => all.map((one) => [...one.children].map((cell) => [cell.dataset.label, Number(cell.dataset.probability)]))"
    )
    assert len(columns) == len(found.columns) > 20
    for shown, best in zip(columns, found.best, strict=True):
        assert [label for label, _ in shown] == [label for label, _ in best[:3]]
        assert [share for _, share in shown] == pytest.approx([share for _, share in best[:3]], abs=1e-3)
    path = page.locator("#how-path li").evaluate_all(
        "all => all.map((one) => [Number(one.dataset.column), one.dataset.label])"
    )
    assert [tuple(each) for each in path] == [tuple(each) for each in found.path]
    said = page.inner_text("#how-language")
    assert found.literal in said and found.text in said and f"{abs(found.gain[0][1]):.1f}" in said
    writer.write("feet", x=0.5, share=0.3)  # live
    writer.settle()
    page.wait_for_function("(few) => document.querySelectorAll('#how-columns li').length > few", arg=len(columns))
    page.click("#how summary")


@pytest.mark.parametrize(
    "way", [{}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 844}, "has_touch": True}]
)
def test_axe_finds_nothing_in_what_opens(open_page, browser_name, way):
    if browser_name != "chromium":
        pytest.skip("axe-core reads the page's own markup and colours: one browser is enough")
    page = open_page("/#write", prepare=lambda page: page.add_init_script(EAR), **way)
    wait_until(page, "ready")
    writer = Writer(page).open()
    writer.write("which", share=0.5)
    writer.settle()
    page.evaluate(AXE.read_text())
    found = {}
    open_word(page)
    page.locator("#word-letters [data-label]").first.click()
    found["word"] = page.evaluate(RUN)
    page.keyboard.press("Escape")
    page.click("#write-files")
    found["files"] = page.evaluate(RUN)
    page.click("#write-drafts")
    page.click("#draft-new button")
    page.wait_for_selector("#drafts-list li")
    found["drafts"] = page.evaluate(RUN)
    page.keyboard.press("Escape")
    page.click("#how summary")
    page.wait_for_selector("#how-path li")
    found["how"] = page.evaluate(RUN)
    assert not any(found.values()), json.dumps(found, indent=1)
