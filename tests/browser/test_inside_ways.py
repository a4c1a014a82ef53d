"""The ways through the Inside view: contents, the network as one strip, links and Back, and the width of the screen."""

import re

import pytest
from browsing import BOOT, resize
from inside_pen import choose, draw, explains_its_strongest_cell, open_inside, scroll_to, settle
from playwright.sync_api import TimeoutError as Late

FULL = {(53, 47, 168), (194, 80, 10)}  # --plus and --minus of ui/colors.css, by day


@pytest.fixture(scope="module")
def inside(page):
    open_inside(page)
    draw(page, "R")
    return page


@pytest.fixture(autouse=True)
def on_a_desktop(inside):
    resize(inside, 1280, 800)
    scroll_to(inside, 0)
    inside.wait_for_function("""() => scrollY === 0
        && document.querySelector("#contents a").hasAttribute("aria-current")""")


def current(page):
    return page.locator("#contents [aria-current]").all_text_contents()


def test_the_contents_are_the_headings_in_their_order(inside):
    names = inside.locator("#contents a").all_text_contents()
    headings = inside.locator(".inside-body :is(.intro h2, section h2, #story h2, #story h3)").all_text_contents()
    layer = headings.index(inside.text_content("#layer-title"))
    assert names == [*headings[:layer], "One step, close up", *headings[layer + 1 :]]
    assert len(names) == 21


@pytest.mark.parametrize("width, height", [(1280, 800), (1920, 1080)])
def test_every_entry_leads_there_and_is_then_the_current_one(inside, width, height):
    resize(inside, width, height)
    for index, name in enumerate(inside.locator("#contents a").all_text_contents()):
        link = inside.locator("#contents a").nth(index)
        if not link.is_visible():  # chapters are listed while the article is read
            inside.locator("#contents a[href='#story']").click()
        link.click()
        inside.wait_for_function(
            """([index, name]) => {
                const link = document.querySelectorAll("#contents a")[index];
                const { top } = document.querySelector(link.hash).getBoundingClientRect();
                const head = document.querySelector(".head").getBoundingClientRect().bottom;
                const isLast = scrollY + innerHeight > document.documentElement.scrollHeight - 2 || scrollY === 0;
                const marked = document.querySelectorAll("#contents [aria-current]");
                return marked.length === 1 && marked[0] === link && top >= head && (top < head + 40 || isLast);
            }""",
            arg=[index, name],
        )


def test_scrolling_moves_the_mark_on(inside):
    assert current(inside) == ["See how it sees"]
    seen = []
    for _ in range(60):
        before = inside.evaluate("scrollY")
        inside.evaluate("scrollBy(0, 300)")
        inside.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        seen += [name for name in current(inside) if name not in seen]
        if inside.evaluate("scrollY") == before:
            break
    names = inside.locator("#contents a").all_text_contents()
    assert [name for name in names if name in seen] == seen and seen[-1] == "Sources" and len(seen) > 15


def test_head_and_rail_stay(inside):
    scroll_to(inside, 5000)
    inside.wait_for_function("""() => {
        const [head, pad, contents] = [".head", "#inside-pad", "#contents"].map((one) =>
            document.querySelector(one).getBoundingClientRect());
        return scrollY > 4000 && head.top === 0 && pad.top >= 60 && contents.top > pad.bottom && contents.bottom <= 800;
    }""")
    inside.locator(".head a", has_text="Read").click()
    inside.wait_for_selector("#read:not([hidden])")
    inside.locator(".head a", has_text="Inside").click()
    inside.wait_for_selector("#inside:not([hidden])")


def led_to_the_layer(page):
    """Wait until its title stands below the head."""
    page.wait_for_function("""() => {
        const { top } = document.getElementById("layer-title").getBoundingClientRect();
        return top >= 60 && top < 200;
    }""")


def test_the_strip_shows_every_step_with_its_shape_and_leads_there(inside):
    strip = inside.locator("#network a")
    wholes = inside.locator("#overview .shape").all_text_contents()
    assert strip.count() == len(wholes) == 26

    def short(whole):
        found = re.fullmatch(r"(\d+) maps of (\d+) × (\d+)", whole)
        return f"{found[1]} × {found[2]}²" if found else whole.split()[0]

    assert inside.locator("#network span").all_text_contents() == [short(whole) for whole in wholes]
    titles = inside.locator("#overview .name").all_text_contents()
    for index in (0, 9, 25):
        strip.nth(index).click()
        inside.wait_for_function("(name) => document.getElementById('layer-title').textContent === name", arg=titles[index])
        assert inside.locator("#network [aria-current]").evaluate_all(
            "(all) => all.map((each) => [...document.querySelectorAll('#network a')].indexOf(each))"
        ) == [index]
        led_to_the_layer(inside)
        assert inside.evaluate("document.activeElement.id") == "layer-title"


def test_the_strip_by_keyboard(inside):
    choose(inside, "Convolution 1")
    inside.locator("#network [aria-current]").focus()
    for key in ("End", "ArrowLeft", "ArrowRight", "Home", "ArrowRight", "ArrowRight", "ArrowRight"):
        inside.keyboard.press(key)
    inside.keyboard.press("Enter")
    inside.wait_for_function("() => document.getElementById('layer-title').textContent === 'Pooling 1'")
    assert inside.evaluate("location.hash") == "#inside/pool1"


def follow(page, section, href):
    """Follow a link; where it stood on the screen when it was clicked."""
    link = page.locator(f'#{section} a[href="{href}"]').first
    link.evaluate(
        """(link) => link.addEventListener("click", () => { window.clicked = link.getBoundingClientRect().top; }, { once: true })"""
    )
    link.click()
    return page.evaluate("clicked")


def returned(page, href, top):
    """Wait until the link has the focus, where it stood."""
    try:
        page.wait_for_function(
            """([href, top]) => {
                const { activeElement: link } = document;
                return link.getAttribute("href") === href && Math.abs(link.getBoundingClientRect().top - top) < 3;
            }""",
            arg=[href, top],
        )
    except Late:
        found = (
            "[document.activeElement.outerHTML, document.activeElement.getBoundingClientRect().top, scrollY, history.state]"
        )
        raise AssertionError(f"{href} at {top}: {page.evaluate(found)}") from None


def test_back_returns_to_the_citation_with_the_focus(inside):
    for section, href in (("chapter-complex", "#ref-fukushima"), ("chapter-chain", "#ref-rumelhart")):
        top = follow(inside, section, href)
        inside.wait_for_function(
            "(id) => { const { top } = document.querySelector(id).getBoundingClientRect(); return top > 60 && top < innerHeight; }",
            arg=href,
        )
        inside.go_back()
        returned(inside, href, top)


def test_from_the_article_to_a_live_step_and_back(inside):
    inside.evaluate("location.hash = '#inside'")
    choose(inside, "Convolution 1")
    top = follow(inside, "chapter-complex", "#inside/pool1")
    inside.wait_for_function("() => document.getElementById('layer-title').textContent === 'Pooling 1'")
    led_to_the_layer(inside)
    assert inside.text_content("#inside-back").endswith("Back to “Cells that forgive”")
    inside.locator("#inside-back").click()
    returned(inside, "#inside/pool1", top)
    assert inside.locator("#inside-back").is_hidden()
    inside.go_forward()
    inside.wait_for_function("() => location.hash === '#inside/pool1'")
    inside.wait_for_selector("#inside-back", state="visible")


def test_a_link_to_where_one_was_last_can_be_returned_from(inside):
    """Browsers make no entry of the history for the fragment that is there already."""
    first = follow(inside, "chapter-bend", "#inside/relu1")
    inside.wait_for_function("() => document.activeElement.id === 'layer-title'")
    second = follow(inside, "chapter-bend", "#inside/relu1")
    inside.wait_for_function("() => document.activeElement.id === 'layer-title'")
    for top in (second, first):
        inside.go_back()
        returned(inside, "#inside/relu1", top)


def test_every_link_of_the_article_leads_somewhere(inside):
    links = inside.locator("#story a").evaluate_all("(all) => all.map((link) => link.getAttribute('href'))")
    steps = inside.locator("#network a").evaluate_all("(all) => all.map((link) => link.getAttribute('href'))")
    assert len(links) > 15 and {"#inside/input", "#inside/conv1", "#inside/relu1", "#inside/pool1", "#inside/softmax"} <= {
        *links
    }
    for href in links:
        assert href in steps or inside.locator(href).count() == 1, href


def test_a_step_has_an_address(open_page):
    page = open_page(path="/#inside/conv3", viewport={"width": 1280, "height": 800})
    page.wait_for_selector('#inside[data-state="ready"]', timeout=BOOT)
    assert page.text_content("#layer-title") == "Convolution 3"
    led_to_the_layer(page)
    page.evaluate("location.hash = '#inside/dense2'")
    page.wait_for_function("() => document.getElementById('layer-title').textContent === 'Dense 2'")
    assert not page.watch.errors


def strong_maps(page):
    """Of every map of the layer, whether it holds the full colour."""
    return page.locator("#layer-maps").evaluate(
        """(canvas, full) => {
            const [count, side, gap] = [16, 32, 4];
            const { width, height } = canvas;
            const across = [1, 2, 4, 8, 16].find((across) =>
              ((width + gap) / across - gap) % side === 0 && (width + gap) / across === (height + gap) / (count / across));
            const size = (width + gap) / across;
            const context = canvas.getContext("2d");
            return Array.from({ length: count }, (_, at) => {
              const corner = [(at % across) * size, Math.floor(at / across) * size];
              const { data } = context.getImageData(...corner, size - gap, size - gap);
              return full.some(([red, green, blue]) => {
                for (let i = 0; i < data.length; i += 4)
                  if (data[i] === red && data[i + 1] === green && data[i + 2] === blue) return true;
                return false;
              });
            });
        }""",
        [list(color) for color in FULL],
    )


def test_maps_on_their_own_scales(fresh):
    """On one scale the strongest map alone has the full colour, on their own each has; the choice outlives a reload."""
    open_inside(fresh)
    draw(fresh, "R")
    choose(fresh, "Convolution 1")
    settle(fresh)
    assert sum(strong_maps(fresh)) == 1
    greatest = max(
        abs(float(fresh.text_content(f'#layer-numbers [data-name="{name}"]').replace("−", "-")))
        for name in ("least", "greatest")
    )
    assert fresh.text_content("#layer-scale") == f"One scale: the full colour is ±{greatest:.2f}."
    assert "all maps of a step share a scale" in fresh.text_content("#legend-words")
    fresh.locator("#layer [data-scale]").check()
    assert all(strong_maps(fresh))
    assert fresh.locator("#steps [data-scale]").is_checked()
    assert "each map has a scale of its own" in fresh.text_content("#legend-words")
    assert re.fullmatch(rf"Own scales: .* to ±{greatest:.2f}, by map\.", fresh.text_content("#layer-scale"))
    fresh.reload()
    fresh.wait_for_selector('#inside[data-state="ready"]', timeout=BOOT)
    assert fresh.locator("#layer [data-scale]").is_checked()
    fresh.wait_for_function("() => document.getElementById('layer-scale').textContent.startsWith('Own scales')")
    fresh.locator("#steps [data-scale]").uncheck()
    assert sum(strong_maps(fresh)) == 1


@pytest.mark.parametrize("name", ["Picture", "Convolution 1", "ReLU 3", "Pooling 2", "Dense 1"])
def test_a_step_begins_at_its_strongest_cell(inside, name):
    choose(inside, "Softmax")
    choose(inside, name)
    explains_its_strongest_cell(inside, name)


def test_a_step_that_is_painted_anew_while_it_is_pressed_is_chosen(inside):
    choose(inside, "Convolution 1")
    inside.locator("#overview .step").last.scroll_into_view_if_needed()
    bar = inside.locator("#overview .bars .bar").first
    bar.wait_for()
    settle(inside)
    bar.evaluate("(bar) => { window.pressed = bar; }")
    box = bar.bounding_box()
    inside.mouse.move(box["x"] + 5, box["y"] + 5)
    inside.mouse.down()
    inside.evaluate(
        """() => { document.getElementById("inside-undo").click(); document.getElementById("inside-redo").click(); }"""
    )
    inside.wait_for_function("() => !window.pressed.isConnected")
    inside.mouse.up()
    inside.wait_for_function("() => document.getElementById('layer-title').textContent === 'Softmax'")


def test_a_wide_screen_is_used(inside):
    tall = inside.evaluate("document.documentElement.scrollHeight")
    inside.set_viewport_size({"width": 1920, "height": 1080})
    inside.wait_for_function(
        """(tall) => {
            const [desk, arithmetic] = ["desk", "arithmetic"].map((id) => document.getElementById(id).getBoundingClientRect());
            return innerWidth === 1920 && desk.left < 60 && arithmetic.right > 1860
              && document.documentElement.scrollHeight < tall;
        }""",
        arg=tall,
    )
    for pair in (("why", "fool"), ("dream", "what-if")):
        left, right = inside.evaluate(
            "(pair) => pair.map((id) => document.getElementById(id).getBoundingClientRect().toJSON())", pair
        )
        assert left["y"] == right["y"] and left["x"] < right["x"]
