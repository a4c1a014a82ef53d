"""Nothing lies on anything else, nothing moves that should stay, everything can be hit, in every view."""

import pytest
from browsing import BOOT, launch, resize, show, wait_until
from hand import EAR, Hand, fitted, plain, samples
from inside_pen import choose, draw, open_inside, settle

VIEWS = ["read", "write", "inside", "learn", "learn/hand", "learn/collect"]


@pytest.fixture(scope="module")
def page(page):
    """The module's page, with an R drawn on it and the Inside view open."""
    open_inside(page)
    draw(page, "R")
    page.wait_for_selector("#layer-numbers dd")
    return page


@pytest.fixture
def desktop(page):
    resize(page, 1280, 800)
    open_inside(page)
    draw(page, "R")
    return page


@pytest.mark.parametrize("width, height", [(320, 568), (390, 844), (640, 400), (844, 390), (1280, 800), (1920, 1080)])
def test_no_view_scrolls_sideways(page, width, height):
    resize(page, width, height)
    for view in VIEWS:
        show(page, view)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, view


@pytest.mark.parametrize("width", [354, 360, 375, 390, 412, 768])
def test_the_head_is_one_line_on_every_phone(page, width):
    resize(page, width, 800)
    parts = page.locator(".head .wordmark, #views a, #help-open")
    assert len({round(part.bounding_box()["y"]) for part in parts.all()}) == 1
    assert page.locator("#help-open").bounding_box()["x"] + 44 <= width


def test_maps_keep_clear_of_the_words_under_them(desktop):
    overlaps = desktop.locator("#overview .step").evaluate_all("""(all) => all.filter((step) => {
        const bottom = step.querySelector("canvas, .bars").getBoundingClientRect().bottom;
        return bottom > step.querySelector(".range").getBoundingClientRect().top + 0.5;
    }).map((step) => step.textContent)""")
    assert overlaps == []


def test_the_tools_of_inside_stay_where_they_are(desktop):
    def under_the_pad():  # seen from the pad: a driver may scroll to what it clicks
        return desktop.locator("#inside-clear").bounding_box()["y"] - desktop.locator("#inside-pad").bounding_box()["y"]

    before = under_the_pad()
    desktop.locator("#inside-clear").click()
    desktop.wait_for_selector('#inside[data-empty="true"]')
    assert under_the_pad() == pytest.approx(before, abs=0.5)
    assert desktop.get_attribute("#inside-clear", "aria-disabled") == "true"


def test_a_step_that_is_picked_comes_into_sight_and_can_be_walked_on_from(desktop):
    """Every step is reached from the first by the button that names the next."""
    choose(desktop, "Convolution 1")
    desktop.wait_for_function("""() => {
        const { top } = document.getElementById("layer-title").getBoundingClientRect();
        return top >= 0 && top < innerHeight / 2;
    }""")
    names = desktop.locator("#overview .name").all_text_contents()
    for name in names[2:]:
        after = desktop.locator("#layer-after")
        assert after.locator("span").text_content() == name
        after.click()
        desktop.wait_for_function("(name) => document.getElementById('layer-title').textContent === name", arg=name)
    assert desktop.locator("#layer-after").is_hidden()
    assert desktop.locator("#layer-before span").text_content() == names[-2]
    desktop.locator("#layer-all").click()
    assert desktop.evaluate("document.activeElement.dataset.step") == str(len(names) - 1)


def test_probabilities_begin_with_the_best_and_say_whose_they_are(desktop):
    choose(desktop, "Softmax")
    desktop.wait_for_function("() => document.getElementById('arithmetic-title').textContent === 'Softmax, for R'")
    result = float(desktop.locator('#arithmetic-body [data-term="result"]').get_attribute("value"))
    assert f"{100 * result:.0f}%" in desktop.text_content("#inside-caption")
    settle(desktop)  # the value that is told belongs to maps that may come later
    maps = desktop.locator("#layer-maps")
    maps.press("Home")
    desktop.wait_for_function("() => document.getElementById('announcer').textContent.startsWith('digit 0: ')")


def test_window_kernel_and_products_stand_side_by_side(desktop):
    choose(desktop, "Convolution 3")
    desktop.wait_for_function("() => document.getElementById('arithmetic-title').textContent.startsWith('Convolution 3')")
    tops = desktop.locator("#arithmetic-body .grid").evaluate_all(
        "(all) => all.map((grid) => grid.getBoundingClientRect().top)"
    )
    assert len(tops) == 3 and len(set(tops)) == 1


def test_settings_of_what_if_stand_in_a_row_and_pictures_keep_their_size(desktop):
    desktop.locator("#what-if").scroll_into_view_if_needed()
    desktop.wait_for_selector('#what-if[data-state="done"]')
    tops = desktop.locator("#what-if-form label").evaluate_all(
        "(all) => all.map((label) => label.getBoundingClientRect().top)"
    )
    assert len(set(tops)) == 1
    widths = [desktop.locator(f"#what-if-{name}").bounding_box()["width"] for name in ("padded", "convolved", "pooled")]
    assert widths[0] / widths[1] == pytest.approx(34 / 32, rel=0.02) and widths[1] / widths[2] == pytest.approx(2, rel=0.02)


def test_no_frame_is_empty(page):
    open_inside(page)
    page.locator("#inside-pad").focus()
    page.keyboard.press("Escape")
    page.wait_for_selector('#inside[data-empty="true"]')
    assert page.locator(".trial canvas").evaluate_all("(all) => all.every((canvas) => !canvas.offsetParent)")


def test_escape_closes_the_sheet_and_keeps_the_drawing(page):
    resize(page, 390, 844)
    open_inside(page)
    draw(page, "R")
    choose(page, "Convolution 1")
    page.locator("#layer-maps").click(position={"x": 40, "y": 40})
    page.wait_for_selector("#arithmetic[data-open]")
    page.keyboard.press("Escape")
    assert page.locator("#arithmetic").get_attribute("data-open") is None
    assert page.locator("#inside").get_attribute("data-empty") == "false"


SMALL = """() => [...document.querySelectorAll("button, select, input, textarea, a, summary, label:has(input), [tabindex='0']")]
    .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest(".unseen"))
    .filter((each) => !each.matches("p a, li > a:not(nav *), cite a")) // links within a text
    .map((each) => [each, (each.matches("[type=checkbox], [type=radio]") ? each.closest("label") : each).getBoundingClientRect()])
    .filter(([, { width, height }]) => width < 43.5 || height < 43.5)
    .map(([each, { width, height }]) => `${each.tagName} ${each.id || each.textContent.trim()}: ${width} x ${height}`)"""


@pytest.fixture(scope="module")
def finger(playwright, browser_name, server):
    """A page on a phone: its pointer is coarse."""
    # Firefox's driver has no phones; its settings can say that the pointer is a finger.
    coarse = {"ui.primaryPointerCapabilities": 1, "ui.allPointerCapabilities": 1, "ui.useOverlayScrollbars": 1}
    browser = launch(playwright, browser_name, **({"firefox_user_prefs": coarse} if browser_name == "firefox" else {}))
    phone = {} if browser_name == "firefox" else {"is_mobile": True, "has_touch": True}
    page = browser.new_context(viewport={"width": 390, "height": 844}, **phone).new_page()
    page.add_init_script(EAR)
    page.goto(server.address)
    wait_until(page, "ready")
    assert page.evaluate("matchMedia('(pointer: coarse)').matches")
    yield page
    browser.close()


def on_phone(page, width, height):
    """Read, with nothing on the pad."""
    resize(page, width, height)
    show(page, "read")
    page.keyboard.press("Escape")
    Hand(page).wait()
    return page


def test_what_is_touched_is_large_enough(finger):
    """44 pixels either way for every control of Read and Learn and their dialogs, but for links within a text."""
    page = on_phone(finger, 390, 844)
    hand = Hand(page)
    pad = page.locator("#pad").bounding_box()
    hand.draw([plain(stroke) for stroke in fitted(dict(samples())["R"], 0.5)])
    assert page.locator("#pad").bounding_box() == pad, "the pad moved when the answer came"
    assert page.locator("#candidates button").count() == 5 and page.evaluate(SMALL) == []
    page.locator("#pad").focus()
    page.keyboard.press("R")
    page.wait_for_selector("#correct[data-state=taught]")
    for view in ["read", "write", "learn", "learn/hand", "learn/collect"]:
        show(page, view)
        if view in ("write", "learn"):
            page.wait_for_selector(f'#{view}[data-state="ready"]', timeout=BOOT)
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert page.evaluate(SMALL) == [], view
    page.click("#collect-choice button")
    assert page.evaluate(SMALL) == [], "asked"
    for dialog in ("help", "picker", "forget"):
        page.evaluate("(id) => document.getElementById(id).showModal()", dialog)
        assert page.evaluate(SMALL) == [], dialog
        page.evaluate("(id) => document.getElementById(id).close()", dialog)


@pytest.mark.parametrize("width, height", [(320, 568), (390, 664), (844, 390), (820, 1180), (1180, 820)])
def test_the_five_best_have_room_under_a_finger(finger, width, height):
    on_phone(finger, width, height)
    pad = finger.locator("#pad").bounding_box()
    Hand(finger).draw([plain(stroke) for stroke in fitted(dict(samples())["R"], 0.5)])
    assert finger.locator("#pad").bounding_box() == pad and finger.evaluate("document.documentElement.scrollWidth") <= width
    boxes = [each.bounding_box() for each in finger.locator("#candidates button").all()]
    boxes += [finger.locator(part).bounding_box() for part in ("#answer", "#correct", "#pad", "#undo")]
    for i, one in enumerate(boxes):
        for other in boxes[i + 1 :]:
            beside = one["x"] + one["width"] <= other["x"] + 1 or other["x"] + other["width"] <= one["x"] + 1
            assert beside or one["y"] + one["height"] <= other["y"] + 1 or other["y"] + other["height"] <= one["y"] + 1
