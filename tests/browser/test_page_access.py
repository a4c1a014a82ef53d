"""By keyboard, by screen reader, large, small, without motion: the page for everybody."""

import re
import time

import numpy as np
import pytest
from browsing import launch, resize, wait_until
from hand import EAR, Hand, fitted, plain, samples

BAR = [(0.5, 0.2 + 0.6 * step / 10) for step in range(11)]
SMALL_A = [plain(stroke) for stroke in fitted(dict(samples())["a"], 0.5)]
WINDOWS = {
    "desktop": (1280, 800),
    "at 200%": (640, 400),
    "phone": (390, 664),
    "small phone": (320, 568),
    "phone on its side": (844, 390),
    "tablet": (820, 1180),
}


@pytest.fixture(autouse=True)
def empty_page(hand):
    hand.clear()
    yield
    resize(hand.page, 1280, 800)


@pytest.fixture(scope="module")
def night(playwright, browser_name, server):
    """A hand on a page of its own, for somebody whose system is dark and moves nothing."""
    # Firefox's driver cannot emulate these; its settings can say them.
    prefs = {"firefox_user_prefs": {"ui.systemUsesDarkTheme": 1, "ui.prefersReducedMotion": 1}}
    browser = launch(playwright, browser_name, **(prefs if browser_name == "firefox" else {}))
    emulated = {} if browser_name == "firefox" else {"color_scheme": "dark", "reduced_motion": "reduce"}
    page = browser.new_context(viewport={"width": 1280, "height": 800}, **emulated).new_page()
    page.add_init_script(EAR)
    page.goto(server.address)
    wait_until(page, "ready")
    hand = Hand(page)
    hand.draw(SMALL_A)
    yield hand
    browser.close()


def test_every_control_of_read_has_a_name(page):
    nameless = page.locator("#read :is(button, input:not([hidden]), a, canvas), header button").evaluate_all(
        "all => all.filter(each => !(each.ariaLabel || each.labels?.[0]?.textContent.trim() || each.textContent.trim())).map(each => each.outerHTML)"
    )
    assert nameless == []


def tabs(page, last):
    """Press Tab from the help button on until `last` has the focus, not beyond: there the browser's own tools begin.

    Yields the id, or for radio buttons the value, of each element, and its outline.
    """
    page.focus("#help-open")
    for _ in range(30):
        page.keyboard.press("Tab")
        name, ring = page.evaluate("""() => {
            const element = document.activeElement;
            const { outlineStyle, outlineWidth } = getComputedStyle(element);
            return [element.id || element.value, outlineStyle + outlineWidth];
        }""")
        yield name, ring
        if name == last:
            return
    raise AssertionError(f"Tab does not reach {last}")


def test_tab_order_is_as_read_and_focus_is_visible(page):
    """The pad, then the tools under it, from left to right."""
    wanted = ["pad", "undo", "clear", "any", "guides-shown", "open", "save-picture", "save-ink"]
    passed = [(name, ring) for name, ring in tabs(page, "save-ink") if name in wanted]
    assert [name for name, _ in passed] == wanted
    # A radio button's ring is around its label.
    assert {ring for name, ring in passed if name != "any"} == {"solid3px"}


def test_shortcuts_are_listed_under_question_mark(hand):
    page = hand.page
    hand.draw([BAR])
    answer = hand.answer()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    assert dialog.is_visible()
    assert re.search(r"Python started .* in \d+\.\d seconds", dialog.inner_text())
    assert re.search(r"\d{2,3},\d{3} weights", dialog.inner_text())
    page.keyboard.press("Escape")
    assert dialog.is_hidden() and hand.answer() == answer, "Esc closed the list and cleared nothing"


@pytest.mark.parametrize("name", WINDOWS)
def test_fits_every_window(hand, name):
    """No sideways scrolling, nothing on top of anything, a pad large enough to draw on, which never moves."""
    page = hand.page
    width, height = WINDOWS[name]
    resize(page, width, height)
    before = page.locator("#pad").bounding_box()
    hand.draw(SMALL_A)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = [
        page.locator(part).bounding_box()
        for part in ("#verdict", "#candidates", "#pad", "#undo", "#clear", "#allowed", "#open")
    ]
    for i, one in enumerate(boxes):
        assert one["x"] >= 0 and one["x"] + one["width"] <= width + 0.5
        for other in boxes[i + 1 :]:
            apart = (
                one["x"] + one["width"] <= other["x"] + 1
                or other["x"] + other["width"] <= one["x"] + 1
                or one["y"] + one["height"] <= other["y"] + 1
                or other["y"] + other["height"] <= one["y"] + 1
            )
            assert apart, (one, other)
    pad = page.locator("#pad").bounding_box()
    assert pad == before, "the pad moved when the answer came"
    assert pad["width"] >= 200 and abs(pad["width"] - pad["height"]) < 1


def glide(hand):
    """Seconds that a bar takes to its new length."""
    return hand.page.evaluate("getComputedStyle(document.querySelector('#candidates .bar'), '::before').transitionDuration")


def test_bars_do_not_glide_for_those_who_asked(hand, night):
    hand.draw(SMALL_A)
    assert glide(hand) == "0.12s" and glide(night) == "0s"


@pytest.mark.parametrize("time", ["day", "night"])
def test_text_has_contrast(hand, night, time):
    """WCAG 2 AA: 4.5 to 1 for text, 3 to 1 for large text and for the ink."""
    hand.draw(SMALL_A)
    page = {"day": hand, "night": night}[time].page
    assert page.get_attribute("#verdict", "data-mood") == "sure"
    for selector, least in {
        "#answer": 3,
        "#caption": 4.5,
        "#candidates .percent": 4.5,
        "#foot-line": 4.5,
        "#undo": 4.5,
        "#allowed span": 4.5,
        "#open": 4.5,
        "#pad": 3,
    }.items():
        colors = page.locator(selector).last.evaluate("""(element) => {
            const background = (node) => {
              for (; node; node = node.parentElement) {
                const color = getComputedStyle(node).backgroundColor;
                if (!/, 0\\)$|transparent/.test(color)) return color;
              }
            };
            return [getComputedStyle(element).color, background(element)];
        }""")
        assert contrast(*colors) >= least, (selector, colors)


def contrast(one, other):
    """The contrast ratio of WCAG 2.2 of two colours written rgb(r, g, b)."""

    def luminance(color):
        channels = np.array([float(value) for value in re.findall(r"[\d.]+", color)[:3]]) / 255
        linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
        return linear @ [0.2126, 0.7152, 0.0722]

    bright, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def ink_color(page):
    """Mean of red, green and blue of the inked pixels, 0 to 255."""
    return page.evaluate("""() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => {
        const pad = document.getElementById("pad");
        const { data } = pad.getContext("2d").getImageData(0, 0, pad.width, pad.height);
        let [sum, count] = [0, 0];
        for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) { sum += data[i] + data[i + 1] + data[i + 2]; count += 3; }
        resolve(sum / count);
    })))""")


def test_ink_follows_the_theme(hand, night, browser_name):
    hand.draw(SMALL_A)
    assert ink_color(hand.page) < 60 and ink_color(night.page) > 200
    if browser_name == "chromium":  # while the page is open; Firefox's driver cannot switch
        hand.page.emulate_media(color_scheme="dark")
        # The page hears of the change some time after the driver's call: a state to wait for.
        deadline = time.monotonic() + 30
        while ink_color(hand.page) <= 200:
            assert time.monotonic() < deadline, "the ink kept the bright theme's colour"
        hand.page.emulate_media(color_scheme="light")


def test_back_returns_to_the_view_before(page):
    page.click("#views a[href='#inside']")
    page.wait_for_selector("#inside:not([hidden])")
    assert page.is_hidden("#read") and page.get_attribute("#views a[href='#inside']", "aria-current") == "page"
    page.evaluate("history.back()")
    page.wait_for_selector("#read:not([hidden])")
    assert page.is_hidden("#inside")


def test_unknown_views_show_read(page):
    page.evaluate("""() => new Promise((heard) => {
        addEventListener("hashchange", () => heard(), { once: true });
        location.hash = "#nowhere";
    })""")
    assert page.is_visible("#read")


def test_markup_is_fit_for_a_strict_content_security_policy(page, dist):
    html = (dist / "index.html").read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|javascript:|<style", html)
    assert not re.search(r'(src|href)="(https?:)?//', html)
