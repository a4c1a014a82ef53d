"""Words and lines written on the page become text: the package's on the same ink, where the caret stands, and with undo."""

import pytest
from contacts import frames
from writer import Writer, reader, written

WORDS = [text for text in written() if text.isalpha()]
LINES = [text for text in written() if " " in text]


@pytest.fixture
def writer(page):
    """An empty page to write on."""
    writer = Writer(page).open()
    choose(page, "characters", "text")
    choose(page, "language", "en")
    writer.clear()
    assert writer.text() == "" and writer.strokes() == 0
    return writer


def choose(page, name, value):
    page.locator(f'[name="write-{name}"][value="{value}"]').check(force=True)


def test_words_read_as_the_package_reads_them(writer, browser_name):
    """All of them in Chromium; a driver moves Firefox's mouse slowly."""
    words = WORDS if browser_name == "chromium" else WORDS[::5]
    right = 0
    for word in words:
        writer.write(word)
        writer.settle()
        assert writer.strokes() == len(written()[word]), word
        assert writer.text() == writer.package_reads(), word
        right += writer.text() == word
        writer.clear()
    assert right >= 0.8 * len(words) or words is not WORDS


def test_lines_read_as_the_package_reads_them(writer, browser_name):
    for line in LINES if browser_name == "chromium" else LINES[2:3]:
        writer.write(line)
        writer.settle()
        assert writer.strokes() == len(written()[line])
        assert writer.text() == writer.package_reads(), line
        assert " " in writer.text() or line.startswith("6")  # a formula may be written, and read, in one
        writer.clear()


@pytest.mark.parametrize("characters, text", [("digits", "367-4496"), ("codes", "TEMPORARY")])
def test_digits_and_codes_hold_nothing_else(writer, characters, text):
    choose(writer.page, "characters", characters)
    assert writer.page.locator('[name="write-language"]').first.is_disabled()
    writer.write(text)
    writer.settle()
    read = writer.text()
    assert read == writer.package_reads()
    assert read and (read.upper() != read.lower() if characters == "codes" else not any(map(str.isalpha, read)))
    assert read == read.upper()


def test_the_language_can_be_left_out(writer):
    """What is being written is read again."""
    writer.write("romans")
    writer.settle()
    choose(writer.page, "language", "none")
    writer.settle()
    strokes, _ = writer.sent()
    assert writer.text() == reader().read(strokes, language=None)[0].text


def test_rows_are_lines_and_everything_can_be_undone(writer):
    page = writer.page
    texts = [""]
    for row, word in enumerate(["popular", "would", "feet"]):
        writer.write(word, row)
        writer.settle()
        texts.append(writer.text())
    assert len(writer.text().split("\n")) == 3
    page.locator("#text").press("End")
    page.keyboard.type(" and more")
    assert writer.text() == texts[-1] + " and more"
    page.locator("#text").press("Control+Z")
    page.locator("#text").press("Control+Z")
    assert writer.text() == texts[-1]
    whole = writer.strokes()
    page.click("#write-clear")
    assert writer.text() == "" and writer.strokes() == 0 and not writer.inked(0)
    page.click("#write-undo")
    assert writer.text() == texts[-1] and writer.strokes() == whole and writer.inked(2)
    for row, word in reversed(list(enumerate(["popular", "would", "feet"]))):
        for _ in written()[word]:
            page.click("#write-undo")
        assert writer.text() == texts[row] and not writer.inked(row)
    assert writer.strokes() == 0
    for _ in range(whole):
        page.click("#write-redo")
    writer.settle()
    assert writer.text() == texts[-1] and writer.strokes() == whole


def test_ink_goes_where_the_caret_stands(writer):
    page = writer.page
    page.locator("#text").focus()
    page.keyboard.type("before after")
    # The page hears of it later, and of no caret in a field that has lost the focus.
    page.evaluate("""() => new Promise((done) => {
        document.addEventListener("selectionchange", () => done(), { once: true });
        document.getElementById("text").setSelectionRange(6, 6);
    })""")
    writer.write("would", 1)
    writer.settle()
    assert writer.text() == f"before {writer.package_reads()} after"
    writer.write("feet", 1, x=0.5)
    writer.settle()
    assert writer.text() == f"before {writer.package_reads()} after"
    assert page.evaluate("document.getElementById('text').selectionStart") == len(writer.text()) - len(" after")


def test_text_and_ink_are_deleted_together(writer):
    page = writer.page
    writer.write("popular", 0)
    writer.settle()
    writer.write("would", 1)
    writer.settle()
    first, second = writer.text().split("\n")
    field = page.locator("#text")
    field.evaluate("(field, end) => { field.focus(); field.setSelectionRange(0, end); }", len(first) + 1)
    field.press("Delete")
    assert writer.text() == second and not writer.inked(0) and writer.inked(1)
    before = writer.strokes()
    page.click("#write-back")
    field.press("End")
    frames(page)  # the page hears of it later, and of no caret in a field that has lost the focus
    page.click("#write-back")
    assert writer.text() == second[:-1]
    assert writer.inked(1) and writer.strokes() >= before
    field.press("Control+A")
    field.press("Backspace")
    assert writer.text() == "" and writer.strokes() == 0 and not writer.inked(1)


def test_buttons_type_at_the_caret(writer):
    page = writer.page
    page.locator("#text").focus()
    page.keyboard.type("to be")
    page.click("#write-space")
    page.click("#write-line")
    assert writer.text() == "to be \n"
    page.click("#write-back")
    page.click("#write-back")
    page.click("#write-back")
    assert writer.text() == "to b"


def test_keys_on_the_paper_go_into_the_text_and_undo_is_the_page_s(writer):
    page = writer.page
    writer.write("would")
    writer.settle()
    word = writer.text()
    assert page.evaluate("document.activeElement.id") == "paper"
    page.keyboard.type(" ok")
    assert writer.text() == f"{word} ok"
    assert page.evaluate("document.activeElement.id") == "text"
    page.keyboard.press("Control+Z")
    assert writer.text() == word
    page.keyboard.press("Control+Shift+Z")
    assert writer.text() == f"{word} ok"
    page.locator("#paper").press("Escape")
    assert writer.text() == ""
    page.keyboard.press("Control+Z")
    assert writer.text() == f"{word} ok"


def test_ink_and_text_light_each_other_up(writer):
    page = writer.page
    writer.write("popular")
    writer.settle()
    lit = """() => {
        const lit = document.getElementById("lit");
        const { data } = lit.getContext("2d").getImageData(0, 0, lit.width, lit.height);
        return data.some((value, i) => i % 4 === 3 && value > 0);
    }"""
    page.mouse.move(5, 5)
    page.wait_for_function(f"() => !({lit})()")
    frames(page)
    box = page.locator("#text-marks span span").first.bounding_box()
    page.mouse.move(box["x"] + 4, box["y"] + box["height"] / 2)
    page.wait_for_function(lit)
    seen = page.locator(".text-lit span").first.bounding_box()
    assert seen["x"] == pytest.approx(box["x"], abs=1) and seen["width"] < box["width"] / 2
    last = writer.placed("popular")[-1][-1]
    page.mouse.move(*last)
    page.wait_for_function(
        "(right) => Math.abs(document.querySelector('.text-lit span')?.getBoundingClientRect().right - right) <= 1",
        arg=box["x"] + box["width"],
    )
    page.wait_for_function(lit)
    page.mouse.move(5, 5)
    page.wait_for_function(f"() => !({lit})()")
    page.locator("#text").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(lit)


def test_settled_words_are_announced(writer):
    writer.write("popular")
    writer.settle()
    writer.page.wait_for_function(
        "(text) => document.getElementById('announcer').textContent.trim() === text", arg=writer.text()
    )
    writer.write("would", 1)
    writer.settle()
    second = writer.text().split("\n")[1]
    writer.page.wait_for_function("(text) => document.getElementById('announcer').textContent.trim() === text", arg=second)


def test_a_full_page_says_so(writer):
    page = writer.page
    # As if there were ink on 38 rows. By a rule, since the paper counts its rows anew where a scroll bar narrows it.
    page.evaluate("document.styleSheets[0].insertRule('#roll { --rows: 40 !important }')")
    page.wait_for_function("""() => new Promise((done) => {
        const sheet = document.getElementById("sheet-of-rows");
        sheet.scrollTop = 1e6;
        requestAnimationFrame(() => requestAnimationFrame(() => done(sheet.scrollTop > 1000)));
    })""")
    writer.write("would", 39)
    writer.settle()
    assert writer.text() == writer.package_reads()
    assert "This page is full: 40 rows" in page.text_content("#write-note")
    page.evaluate("document.styleSheets[0].deleteRule(0)")
