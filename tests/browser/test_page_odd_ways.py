"""What people do in no particular order, and keys that mean one thing here and another there."""

import pytest
from browsing import wait_until
from hand import EAR, Hand, fitted, plain, samples
from inside_pen import open_inside

STROKES = [plain(stroke) for stroke in fitted(dict(samples())["R"], 0.5)]


@pytest.fixture
def page(open_page):
    page = open_page(prepare=lambda page: page.add_init_script(EAR), viewport={"width": 1280, "height": 800})
    wait_until(page, "ready")
    Hand(page).draw(STROKES)
    yield page
    assert not page.watch.errors and not page.watch.outside


def show(page, fragment, selector):
    page.evaluate("(fragment) => { location.hash = fragment; }", fragment)
    page.wait_for_selector(selector)


def strokes(page):
    return page.get_attribute("#pad", "aria-label")


def test_a_citation_leads_to_its_source_and_back(page):
    open_inside(page)
    link = page.locator('#story a[href="#ref-hubel"]').first
    link.scroll_into_view_if_needed()
    link.click()
    page.wait_for_function("() => location.hash === '#ref-hubel'")
    assert page.is_visible("#inside") and page.is_hidden("#read")
    page.wait_for_function("""() => {
        const { top, bottom } = document.getElementById("ref-hubel").getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight;
    }""")
    page.evaluate("history.back()")
    page.wait_for_function("() => location.hash === '#inside'")
    assert page.is_visible("#inside")


def test_a_link_to_a_source_opens_the_article(open_page):
    page = open_page("/#ref-hubel")
    page.wait_for_selector("#inside:not([hidden])")
    assert page.is_hidden("#read")


def test_keys_in_a_field_are_the_field_s(page):
    """Question marks are written, Ctrl+Z takes back what was written, Escape clears nothing."""
    before = strokes(page)
    show(page, "learn/collect", "#collect:not([hidden])")
    page.select_option("#collect-choice [name=set]", "own")
    field = page.locator("#collect-choice [name=own]")
    field.fill("")
    field.press_sequentially("?!")
    assert field.input_value() == "?!" and page.is_hidden("#help")
    field.press("Control+z")
    assert field.input_value() != "?!"
    field.press("Escape")
    assert strokes(page) == before


def test_a_question_mark_can_be_a_symbol(page):
    page.locator("#correct button").click()
    field = page.locator("#picker-symbol")
    field.press_sequentially("?")
    assert field.input_value() == "?" and page.is_hidden("#help")


def test_what_is_not_seen_is_not_cleared(page):
    """While collecting, Escape and Ctrl+Z are about the character asked for, not about the drawing in Read."""
    before = strokes(page)
    show(page, "learn/collect", "#collect:not([hidden])")
    page.click("#collect-choice button")
    box = page.locator("#collect-pad").bounding_box()
    middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 40, middle[1] + 60)
    page.mouse.up()
    clear = page.locator("#collect-clear")
    assert clear.get_attribute("aria-disabled") == "false"
    page.locator("#collect-skip").focus()
    page.keyboard.press("Control+z")
    assert clear.get_attribute("aria-disabled") == "true", "the stroke was taken back"
    page.keyboard.press("Escape")
    assert strokes(page) == before


def test_escape_says_no_however_often_yes_was_said(page):
    """Firefox remembers what a dialog was answered the last time."""

    def taught():
        page.locator("#pad").focus()
        page.keyboard.press("R")
        page.wait_for_selector("#correct[data-state=taught]")
        show(page, "learn/hand", "#hand-shelf li")
        page.click("#hand-forget")

    taught()
    page.locator("#forget button.main").click()
    page.wait_for_function("() => !document.querySelector('#hand-shelf li')")
    show(page, "read", "#read:not([hidden])")
    page.keyboard.press("Escape")
    Hand(page).draw(STROKES)
    taught()
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.getElementById('forget').open")
    Hand(page).wait()
    assert page.locator("#hand-shelf li").count() == 1


def test_a_file_dropped_on_the_gallery_is_imported(page):
    before = strokes(page)
    show(page, "learn/hand", "#hand:not([hidden])")
    page.evaluate("""() => {
        const transfer = new DataTransfer();
        transfer.items.add(new File(['{"label": "7", "strokes": [[[0, 0], [5, 0], [2, 9]]]}\\n'], "hand.jsonl"));
        document.getElementById("hand").dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }""")
    page.wait_for_selector("#hand-shelf [data-label='7'] li")
    assert strokes(page) == before
