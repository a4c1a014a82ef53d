"""The Inside view on a phone and at 200%: the overview scrolls sideways, the arithmetic is a sheet, the pad can be folded."""

import pytest
from browsing import Watch, resize, wait_until
from hand import EAR
from inside_pen import choose, draw, explains_its_strongest_cell, open_inside, painted, scroll_to, still


@pytest.fixture(scope="module")
def page(browser, server):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    watch = Watch(page, server.address)
    page.add_init_script(EAR)
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
    box = still(page, "#layer-maps")
    page.mouse.click(box["x"] + 40, box["y"] + 40)
    page.wait_for_function("() => getComputedStyle(document.getElementById('arithmetic')).visibility === 'visible'")
    page.wait_for_function("""() => {
        const box = document.getElementById("arithmetic").getBoundingClientRect();
        return Math.abs(box.bottom - innerHeight) < 2 && box.width <= innerWidth;
    }""")
    page.locator("#arithmetic-close").click()
    page.wait_for_function("() => getComputedStyle(document.getElementById('arithmetic')).visibility === 'hidden'")
    assert page.evaluate("document.activeElement.id") == "layer-maps"


def shows_the_explained_map(page, slack):
    """Wait until the sheet has come and the map that its title names lies between the desk and it; the room between them."""
    return page.wait_for_function(
        """(slack) => {
            const place = (id) => document.getElementById(id).getBoundingClientRect();
            const [desk, sheet, maps] = ["desk", "arithmetic", "layer-maps"].map(place);
            const [, map] = /map (\\d+),/.exec(document.getElementById("arithmetic-title").textContent);
            const across = [1, 2, 4, 8, 16].find((across) => Math.abs(maps.width / across - maps.height / (16 / across)) < 3);
            const size = maps.height / (16 / across);
            const top = maps.top + Math.floor((map - 1) / across) * size;
            const isFree = top >= desk.bottom - slack && top + size - 4 <= sheet.top + slack;
            return Math.abs(sheet.bottom - innerHeight) < 1 && isFree && sheet.top - desk.bottom;
        }""",
        arg=slack,
    ).json_value()


def test_the_sheet_starts_at_the_strongest_cell_and_covers_neither_map_nor_cell(page):
    """Wherever the map stands when the sheet opens, it is to be seen between the pad and the sheet."""
    choose(page, "Softmax")
    choose(page, "Convolution 1")
    explains_its_strongest_cell(page, "Convolution 1, map")
    page.locator("#arithmetic-open").click()
    assert shows_the_explained_map(page, 0) > 200
    assert page.evaluate("document.activeElement.id") == "arithmetic"
    page.keyboard.press("Escape")
    page.wait_for_selector("#arithmetic", state="hidden")

    maps = page.locator("#layer-maps")
    for share, number in ((0.02, 1), (0.6, 9), (0.98, 15)):  # maps at the lower edge of the window
        maps.evaluate(
            "(canvas, share) => scrollBy(0, canvas.getBoundingClientRect().top + share * canvas.clientHeight - 800)", share
        )
        box = still(page, "#layer-maps")
        page.mouse.click(box["x"] + 100, box["y"] + share * box["height"])
        page.wait_for_selector("#arithmetic[data-open]")
        page.wait_for_function(
            "(start) => document.getElementById('arithmetic-title').textContent.startsWith(start)",
            arg=f"Convolution 1, map {number},",
        )
        shows_the_explained_map(page, 1)
        page.locator("#arithmetic-close").click()
        page.wait_for_selector("#arithmetic", state="hidden")


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
    resize(page, width, height)
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
                const { activeElement: element } = document;
                const desk = document.getElementById("desk");
                const name = element.id || element.textContent.trim().slice(0, 30);
                // What comes into sight above it moves it, until the page has put it right again.
                for (let frame = 0; ; frame += 1) {
                  await new Promise(requestAnimationFrame);
                  const { top, bottom } = element.getBoundingClientRect();
                  const from = Math.max(0, desk.getBoundingClientRect().bottom);
                  const isTooTall = bottom - top > innerHeight - from - 24;
                  const isCovered = isTooTall
                    ? bottom < from + 24 || top > innerHeight - 24
                    : top < from - 1 || bottom > innerHeight + 1;
                  const isHidden = isCovered && element !== document.body && !desk.contains(element);
                  if ((frame && !isHidden) || frame === 64) return [name, isHidden, [from, top, bottom]];
                }
            }""")
            passed.append(found)
        assert len({name for name, *_ in passed}) > 15
        assert [each for each in passed if each[1]] == []
    finally:
        if is_folded:
            page.locator("#inside-fold").click()
        page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
        resize(page, 390, 844)


def test_at_200_percent_the_pad_leaves_room(page):
    """A desk that would take half of the window scrolls away; folded, it stays."""
    resize(page, 390, 844)
    page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    try:
        page.wait_for_function("() => getComputedStyle(document.getElementById('desk')).position === 'static'")
        page.locator("#inside-fold").click()
        page.wait_for_function("() => getComputedStyle(document.getElementById('desk')).position === 'sticky'")
        scroll_to(page, 4000)
        page.wait_for_function("() => scrollY > 3000 && document.getElementById('desk').getBoundingClientRect().top === 0")
        assert page.locator("#desk").bounding_box()["height"] < 0.25 * 844
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
    box = still(page, "#inside-pad")
    assert box["y"] >= 0 and box["y"] + box["height"] < 300
    draw(page, "4")
    assert page.text_content("#inside-answer") == "4"
