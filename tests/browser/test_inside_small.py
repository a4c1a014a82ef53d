"""The Inside view on a phone: the overview scrolls sideways, the arithmetic is a sheet."""

import pytest
from inside_pen import choose, draw, open_inside


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


def test_the_pad_stays_in_sight(page):
    page.locator("#what-if").scroll_into_view_if_needed()
    box = page.locator("#inside-pad").bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] < 300
    draw(page, "4")
    assert page.text_content("#inside-answer") == "4"
