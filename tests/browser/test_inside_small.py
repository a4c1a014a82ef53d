"""The Inside view on a phone and at 200%: the overview scrolls sideways, the arithmetic is a sheet, the pad can be folded."""

import pytest
from inside_pen import choose, draw, open_inside, painted


@pytest.fixture(scope="module")
def page(browser, server):
    from browsing import Watch, wait_until

    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    watch = Watch(page, server.address)
    page.goto(server.address)
    wait_until(page, "ready")
    open_inside(page)
    draw(page, "R")
    yield page
    context.close()
    assert not watch.errors and not watch.outside


def test_only_the_overview_scrolls_sideways(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    overview = page.locator("#overview")
    assert overview.evaluate("list => list.scrollWidth > 4 * list.clientWidth")
    page.locator('#overview [data-step="25"]').scroll_into_view_if_needed()
    assert overview.evaluate("list => list.scrollLeft") > 1000
    page.wait_for_function("() => document.querySelector('.bars').textContent.includes('R')")


def test_the_arithmetic_is_a_sheet(page):
    sheet = page.locator("#arithmetic")
    choose(page, "Convolution 1")
    assert sheet.is_hidden()
    maps = page.locator("#layer-maps")
    maps.evaluate("canvas => canvas.scrollIntoView({ block: 'start' })")
    box = maps.bounding_box()
    page.mouse.click(box["x"] + 40, box["y"] + 40)
    page.wait_for_function("() => getComputedStyle(document.getElementById('arithmetic')).visibility === 'visible'")
    page.wait_for_function("""() => {
        const box = document.getElementById("arithmetic").getBoundingClientRect();
        return Math.abs(box.bottom - innerHeight) < 2 && box.width <= innerWidth;
    }""")
    page.locator("#arithmetic-close").click()
    page.wait_for_function("() => getComputedStyle(document.getElementById('arithmetic')).visibility === 'hidden'")
    assert page.evaluate("document.activeElement.id") == "layer-maps"


def free(page):
    """Where nothing lies over the page: below the desk, above the sheet."""
    page.wait_for_function("""() => {
        const { bottom } = document.getElementById("arithmetic").getBoundingClientRect();
        return Math.abs(bottom - innerHeight) < 1;
    }""")
    desk, sheet = (page.locator(each).bounding_box() for each in ("#desk", "#arithmetic"))
    return desk["y"] + desk["height"], sheet["y"]


def span(page):
    """Top and bottom of the map that is explained, from what the arithmetic's title says of it."""
    return page.evaluate("""() => {
        const [, map] = /map (\\d+),/.exec(document.getElementById("arithmetic-title").textContent);
        const canvas = document.getElementById("layer-maps");
        const { top, width, height } = canvas.getBoundingClientRect();
        const across = [1, 2, 4, 8, 16].find((across) => Math.abs(width / across - height / (16 / across)) < 3);
        const size = height / (16 / across);
        const row = Math.floor((map - 1) / across);
        return [top + row * size, top + (row + 1) * size - 4];
    }""")


def test_the_sheet_starts_at_the_strongest_cell_and_covers_neither_map_nor_cell(page):
    """Wherever the map stands when the sheet opens, it is to be seen between the pad and the sheet."""
    choose(page, "Softmax")
    choose(page, "Convolution 1")
    page.wait_for_function("() => /^Convolution 1, map/.test(document.getElementById('arithmetic-title').textContent)")
    greatest = float(page.text_content('#layer-numbers [data-name="greatest"]').replace("−", "-"))
    assert float(page.get_attribute("#arithmetic-body", "data-result")) == pytest.approx(greatest, abs=6e-4)
    page.locator("#arithmetic-open").click()
    top, bottom = free(page)
    assert bottom - top > 200
    assert top <= span(page)[0] and span(page)[1] <= bottom
    assert page.evaluate("document.activeElement.id") == "arithmetic"
    page.keyboard.press("Escape")

    maps = page.locator("#layer-maps")
    for share, number in ((0.02, 1), (0.6, 9), (0.98, 15)):  # maps at the lower edge of the window
        maps.evaluate(
            "(canvas, share) => scrollBy(0, canvas.getBoundingClientRect().top + share * canvas.clientHeight - 800)", share
        )
        box = maps.bounding_box()
        page.mouse.click(box["x"] + 100, box["y"] + share * box["height"])
        page.wait_for_selector("#arithmetic[data-open]")
        page.wait_for_function(
            "(start) => document.getElementById('arithmetic-title').textContent.startsWith(start)",
            arg=f"Convolution 1, map {number},",
        )
        top, bottom = free(page)
        assert top <= span(page)[0] + 1 and span(page)[1] <= bottom + 1
        page.locator("#arithmetic-close").click()


def test_the_contents_unfold_and_lead_on(page):
    page.evaluate("scrollTo(0, 0)")
    contents = page.locator("#contents")
    assert contents.is_hidden()
    page.locator("#contents-open").click()
    assert contents.is_visible() and page.get_attribute("#contents-open", "aria-expanded") == "true"
    page.keyboard.press("Escape")
    assert contents.is_hidden() and page.evaluate("document.activeElement.id") == "contents-open"
    assert page.get_attribute("#inside", "data-empty") == "false"  # Escape did not clear the drawing
    page.locator("#contents-open").click()
    page.locator("#contents a", has_text="Fool it").click()
    page.wait_for_function("""() => {
        const desk = document.getElementById("desk").getBoundingClientRect();
        const { top } = document.getElementById("fool").getBoundingClientRect();
        return top >= desk.bottom && top < desk.bottom + 40;
    }""")
    assert contents.is_hidden()
    page.wait_for_function("() => document.getElementById('contents-open').textContent.trim() === 'Contents: Fool it'")


def test_the_pad_can_be_folded_away(page):
    before = page.locator("#desk").bounding_box()["height"]
    page.locator("#inside-fold").click()
    assert page.locator("#inside-pad").is_hidden() and page.inner_text("#inside-fold") == "Show pad"
    assert page.locator("#desk").bounding_box()["height"] < 0.5 * before
    assert page.text_content("#inside-answer") == "R"
    page.locator("#inside-fold").click()
    page.wait_for_function("() => document.getElementById('inside-pad').clientWidth > 100")
    page.wait_for_function("() => document.getElementById('inside-pad').width > 100")
    assert painted(page, "#inside-pad") > 1
    draw(page, "4")
    assert page.text_content("#inside-answer") == "4"
    draw(page, "R")


WAYS = {  # width, height, and the size of text
    "a phone": (390, 844, "100%"),
    "a desktop at 200%": (640, 400, "100%"),
    "a phone with text at 200%": (390, 844, "200%"),
    "a phone on its side": (844, 390, "100%"),
}


@pytest.mark.parametrize("is_folded", [False, True])
@pytest.mark.parametrize("way", WAYS)
def test_what_has_the_focus_is_never_hidden(page, way, is_folded):
    """WCAG 2.2, 2.4.11 and 2.4.12: Tab through the view, forth and back."""
    width, height, text = WAYS[way]
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", text)
    try:
        if is_folded:
            page.locator("#inside-fold").click()
        page.evaluate("scrollTo(0, 0)")
        page.locator("#inside-fold").focus()
        passed = []
        for key in ["Tab"] * 26 + ["Shift+Tab"] * 12:
            page.keyboard.press(key)
            found = page.evaluate("""async () => {
                await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
                const { activeElement: element } = document;
                const desk = document.getElementById("desk");
                const { top, bottom } = element.getBoundingClientRect();
                const from = Math.max(0, desk.getBoundingClientRect().bottom);
                const isTooTall = bottom - top > innerHeight - from - 24;
                const isHidden = isTooTall ? bottom < from + 24 || top > innerHeight - 24 : top < from - 1 || bottom > innerHeight + 1;
                const name = element.id || element.textContent.trim().slice(0, 30);
                return [name, isHidden && element !== document.body && !desk.contains(element), [from, top, bottom]];
            }""")
            passed.append(found)
        assert len({name for name, *_ in passed}) > 15
        assert [each for each in passed if each[1]] == []
    finally:
        if is_folded:
            page.locator("#inside-fold").click()
        page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
        page.set_viewport_size({"width": 390, "height": 844})


def test_at_200_percent_the_pad_leaves_room(page):
    """A desk that would take half of the window scrolls away; folded, it stays."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    try:
        page.wait_for_function("() => getComputedStyle(document.getElementById('desk')).position === 'static'")
        page.locator("#inside-fold").click()
        page.wait_for_function("() => getComputedStyle(document.getElementById('desk')).position === 'sticky'")
        page.evaluate("scrollTo(0, 4000)")
        desk = page.locator("#desk").bounding_box()
        assert desk["y"] == 0 and desk["height"] < 0.25 * 844
        # What is wider than the window and not cut off at its own edge.
        wide = page.locator("body *").evaluate_all("""(all) => all.filter((each) =>
            !each.closest("#overview, #contents-open, [hidden]") && each.getBoundingClientRect().right > innerWidth + 1
            ).map((each) => each.outerHTML.slice(0, 200))""")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, wide
    finally:
        page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
        if page.locator("#inside-pad").is_hidden():
            page.locator("#inside-fold").click()


def test_the_pad_stays_in_sight(page):
    page.locator("#what-if").scroll_into_view_if_needed()
    box = page.locator("#inside-pad").bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] < 300
    draw(page, "4")
    assert page.text_content("#inside-answer") == "4"
