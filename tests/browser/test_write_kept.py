"""What is written is not lost: reload, a worker that dies, Python that is slow to come; and where the page opens next time."""

import pytest
from browsing import wait_until
from contacts import Contacts, frames
from hand import EAR, Hand
from writer import Writer

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def opened(open_page):
    """opened(path, prepare, **options of the context) -> a Writer on a page of its own."""
    pages = []

    def opened(path="/#write", prepare=lambda page: None, viewport=DESKTOP, **options):
        def all_of_it(page):
            page.add_init_script(EAR)
            prepare(page)

        pages.append(open_page(path, prepare=all_of_it, viewport=viewport, **options))
        return Writer(pages[-1])

    yield opened
    for page in pages:
        assert not page.watch.errors and not page.watch.outside


def test_a_reload_leaves_everything_as_it_was(opened):
    writer = opened().open()
    page = writer.page
    writer.write("popular")
    writer.settle()
    page.locator("#text").focus()
    page.keyboard.press("End")
    page.keyboard.type(" (typed)")
    before, strokes = writer.text(), writer.strokes()
    page.reload()
    wait_until(page, "ready")
    assert writer.text() == before and writer.inked(0) and writer.strokes() == strokes
    writer.open()
    writer.write("would", 1)
    writer.settle()
    assert writer.text() == f"{before}\n{writer.package_reads()}"


def test_leaving_asks_while_there_is_text(opened):
    writer = opened().open()
    asks = """() => !dispatchEvent(new Event("beforeunload", { cancelable: true }))"""
    assert not writer.page.evaluate(asks)
    writer.page.locator("#text").focus()
    writer.page.keyboard.type("x")
    assert writer.page.evaluate(asks)
    writer.page.keyboard.press("Backspace")
    assert not writer.page.evaluate(asks)


ASKS = """() => !dispatchEvent(new Event("beforeunload", { cancelable: true }))"""


def test_leaving_asks_for_ink_that_is_no_text_yet(opened):
    def hold(_route):
        pass  # it is never answered

    writer = opened(prepare=lambda page: page.route("**/assets/writing-*", hold))
    page = writer.page
    wait_until(page, "ready")
    writer.write("would")
    assert writer.text() == "" and page.evaluate(ASKS)
    page.click("#write-clear")
    assert not page.evaluate(ASKS)
    page.unroute_all(behavior="ignoreErrors")


def test_leaving_asks_for_words_and_drafts_that_are_in_this_tab_only(opened):
    full = """indexedDB.open = () => { throw new DOMException("there is no room", "QuotaExceededError"); };"""
    writer = opened(prepare=lambda page: page.add_init_script(full)).open()
    page = writer.page
    writer.write("which", share=0.3)
    writer.settle()
    assert page.evaluate(ASKS)

    def save():
        page.click("#write-files")
        page.click("#save-text")
        Hand(page).saved()

    save()
    assert not page.evaluate(ASKS), "the text is in a file"
    page.locator("[data-word]").click()
    page.fill("#word-text", f"{writer.text()}ever")  # whose letters are as they were read
    page.keyboard.press("Enter")
    save()
    assert page.evaluate(ASKS), "the word was learned, and is nowhere else"
    page.evaluate("location.hash = 'learn/hand'")
    page.click("#hand-words .remove")
    assert not page.evaluate(ASKS)
    page.evaluate("location.hash = 'write'")
    page.click("#write-files")
    page.click("#write-drafts")
    page.click("#draft-new button")
    page.wait_for_function("() => document.getElementById('drafts-said').textContent.includes('no room left')")
    assert page.evaluate(ASKS), "the draft is not on the device"
    page.locator("#drafts-list .acts button").last.click()
    assert not page.evaluate(ASKS)


def test_a_worker_that_dies_in_mid_word_loses_nothing(opened):
    """Ink is taken while there is no Python, and read once it is back."""
    writer = opened().open()
    page = writer.page
    writer.write("popular")
    first, *rest = writer.placed("would", 1)[0]
    page.mouse.move(*first)
    page.mouse.down()
    for i, point in enumerate(rest):
        page.mouse.move(*point)
        if i == len(rest) // 2:
            page.evaluate("talk.workers.at(-1).terminate()")
    page.mouse.up()
    assert writer.inked(1)
    page.wait_for_function("() => talk.workers.length === 2")
    wait_until(page, "ready")
    writer.open()
    writer.settle()
    assert len(writer.text().split("\n")) == 2
    assert writer.text().split("\n")[1] == writer.package_reads() or writer.text().split("\n")[0] == writer.package_reads()
    assert page.evaluate("talk.workers.length") == 2


def test_ink_is_taken_before_python_comes(opened):
    held, is_let_go = [], False

    def hold(route):
        if is_let_go:
            route.continue_()
        else:
            held.append(route)

    writer = opened(prepare=lambda page: page.route("**/assets/writing-*", hold))
    page = writer.page
    wait_until(page, "ready")
    page.wait_for_function("() => document.getElementById('write-note').textContent.startsWith('What reads words arrives')")
    writer.write("would")
    assert writer.inked(0) and writer.text() == ""
    assert "Your ink is kept" in page.text_content("#write-note")
    while not held:  # the request follows what is said
        frames(page)
    is_let_go = True
    for route in held:
        route.continue_()
    page.unroute("**/assets/writing-*")
    writer.open()
    writer.settle()
    assert writer.text() == writer.package_reads()


def test_what_does_not_arrive_is_asked_for_again(opened):
    writer = opened(prepare=lambda page: page.route("**/assets/writing-*", lambda route: route.fulfill(status=404)))
    page = writer.page
    wait_until(page, "ready")
    again = page.get_by_role("button", name="Try again")
    again.wait_for()
    writer.write("would")
    page.unroute("**/assets/writing-*")
    again.click()
    writer.open()
    writer.settle()
    assert writer.text() == writer.package_reads()
    page.watch.errors.clear()  # the 404s


def test_a_first_visit_lands_on_read_and_whoever_wrote_last_on_write(opened):
    writer = opened("/")
    page = writer.page
    page.wait_for_selector("#read:not([hidden])")
    page.click(".to-write a")
    page.wait_for_selector("#write:not([hidden])")
    writer.write("would")
    other = page.context.new_page()
    other.goto(page.url.partition("#")[0])
    other.wait_for_selector("#write:not([hidden])")
    assert other.input_value("#text") == ""
    other.close()


def test_on_a_phone_the_row_moves_on_and_the_text_goes_on(opened):
    """Text on top, two or three rows of paper under it; a row that is written to its end goes on in the next one.

    Also where a scroll bar has a width, as in Firefox here: the paper does not change under the hand once it scrolls.
    """
    writer = opened(viewport=PHONE, has_touch=True, reduced_motion="reduce").open()  # the paper moves at once
    page = writer.page
    text, paper, tools = (page.locator(each).bounding_box() for each in ("#field", "#sheet-of-rows", ".write-tools"))
    assert text["y"] + text["height"] <= paper["y"] < tools["y"] and paper["y"] > 844 / 3
    left, _, width, height, _ = writer.sheet()
    assert 2 <= paper["height"] / height < 4
    finger = Contacts(page, "paper")
    words = ["popular", "would", "feet", "were"]
    for row, word in enumerate(words):
        assert writer.sheet()[2:4] == [width, height]
        end = max(x for stroke in writer.placed(word, row, x=0) for x, _ in stroke)
        strokes = writer.placed(word, row, x=0.98 - (end - left) / width)
        for n, stroke in enumerate(shares(page, strokes)):
            finger.stroke(10 * row + n + 1, "touch", stroke)
        writer.settle()
        assert len(writer.text().split()) == row + 1
        page.wait_for_function(
            "(row) => document.getElementById('row-mark').style.getPropertyValue('--at') === row", arg=str(row + 1)
        )
    assert "\n" not in writer.text()
    page.wait_for_function("() => document.getElementById('sheet-of-rows').scrollTop > 0")
    assert writer.inked(len(words) - 1) and writer.sheet()[2:4] == [width, height]


def shares(page, strokes):
    """Places on the page as shares of the paper that is seen."""
    box = page.locator("#paper").bounding_box()
    return [[((x - box["x"]) / box["width"], (y - box["y"]) / box["height"]) for x, y in stroke] for stroke in strokes]


def test_a_pen_writes_and_its_hand_does_not(opened):
    writer = opened().open()
    page = writer.page
    pen = Contacts(page, "paper")
    pen.stroke(7, "touch", [(0.7, 0.3), (0.71, 0.3)], end="cancel")
    strokes = writer.placed("popular")
    for n, stroke in enumerate(shares(page, strokes)):
        pen.stroke(20 + n, "pen", stroke)
        pen.stroke(50 + n, "touch", [(0.7, 0.3), (0.701, 0.3)])
    writer.settle()
    assert writer.text() == writer.package_reads()
    assert writer.strokes() == len(strokes)
