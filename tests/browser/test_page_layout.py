"""Nothing lies on anything else, nothing moves that should stay, everything can be hit, in every view."""

import pytest
from browsing import wait_until
from hand import EAR, Hand, fitted, plain, samples
from inside_pen import choose, draw, open_inside

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
    page.set_viewport_size({"width": 1280, "height": 800})
    open_inside(page)
    draw(page, "R")
    return page


@pytest.mark.parametrize("width, height", [(320, 568), (390, 844), (640, 400), (844, 390), (1280, 800), (1920, 1080)])
def test_no_view_scrolls_sideways(page, width, height):
    page.set_viewport_size({"width": width, "height": height})
    for view in VIEWS:
        page.evaluate("(view) => { location.hash = view; }", view)
        page.wait_for_function("(view) => !document.getElementById(view.split('/')[0]).hidden", arg=view)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, view


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
    page.set_viewport_size({"width": 390, "height": 844})
    open_inside(page)
    draw(page, "R")
    choose(page, "Convolution 1")
    page.locator("#layer-maps").click(position={"x": 40, "y": 40})
    page.wait_for_selector("#arithmetic[data-open]")
    page.keyboard.press("Escape")
    assert page.locator("#arithmetic").get_attribute("data-open") is None
    assert page.locator("#inside").get_attribute("data-empty") == "false"


def test_what_is_touched_is_large_enough(open_page):
    """44 pixels either way for buttons, fields and links that stand alone; the five best are repeated behind "choose"."""
    page = open_page(prepare=lambda page: page.add_init_script(EAR), viewport={"width": 390, "height": 844})
    wait_until(page, "ready")
    hand = Hand(page)
    hand.draw([plain(stroke) for stroke in fitted(dict(samples())["R"], 0.5)])
    page.keyboard.press("R")
    page.wait_for_selector("#correct[data-state=taught]")
    for view in ["read", "write", "learn", "learn/hand", "learn/collect"]:
        page.evaluate("(view) => { location.hash = view; }", view)
        page.wait_for_function("(view) => !document.getElementById(view.split('/')[0]).hidden", arg=view)
        small = page.locator(
            "button:not(#candidates button), select, input:not([type=checkbox], [type=radio]), label.check, nav a, summary"
        ).evaluate_all("""(all) => all
            .filter((each) => each.offsetParent).map((each) => [each.id || each.textContent, each.getBoundingClientRect()])
            .filter(([, { width, height }]) => width < 43.5 || height < 43.5).map(([name]) => name)""")
        assert small == [], view
