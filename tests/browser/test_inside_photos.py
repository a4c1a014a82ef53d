"""Photographs in Inside: where they come from, the square, and everything that is explained of them, in both browsers."""

import json

import numpy as np
import pytest
from browsing import BOOT, wait_until
from contacts import Contacts
from faulty import FaultyServer
from hand import EAR
from inside_pen import at_rest, choose, draw, grid, painted, settle, term
from photographs import NAMES, choose_photos, explained, pictures, put, square, updates
from PIL import Image
from test_axe import AXE, RUN
from test_files_taken import hand_over

from inkling.photos.reader import PhotoReader

CHROMIUM = pytest.mark.parametrize("browser_name", ["chromium"], indirect=True)  # where browsers do not differ


@pytest.fixture(scope="module")
def server(dist):
    with FaultyServer(dist) as server:
        yield server


@pytest.fixture(scope="module")
def reader():
    """What the page's Python reads with."""
    return PhotoReader.load()


@pytest.fixture(scope="module")
def page(page):
    choose_photos(page)
    page.wait_for_function("() => document.querySelectorAll('#photo-examples img[src]').length === 3", timeout=BOOT)
    return page


@pytest.fixture(autouse=True)
def with_the_cat(request):
    """On the module's page: the cat, whole."""
    if "page" in request.fixturenames:
        page = request.getfixturevalue("page")
        put(page, "chelsea.png")
        page.evaluate("scrollTo(0, 0)")
        at_rest(page)  # a figure that comes into sight is painted then


def bars(page):
    rows = page.locator("[data-figure=bars] .rows li").evaluate_all(
        "all => all.map(({ innerText }) => innerText.split('\\n'))"
    )
    return [(name, float(share.removesuffix("%")) / 100) for name, *_, share in rows]


def test_ten_bars_say_what_the_package_says_of_the_same_photo(page, reader):
    with Image.open(pictures() / "chelsea.png") as picture:
        guesses = reader.read(np.asarray(picture)).guesses
    page.wait_for_function("() => document.querySelectorAll('[data-figure=bars] .rows li').length === 10")
    told = dict(bars(page))
    assert set(told) == set(NAMES)
    for name, probability in guesses:  # the browser makes the photo smaller in its own way
        assert told[name] == pytest.approx(probability, abs=0.03)
    assert page.text_content("#inside-answer") == max(told, key=told.get)
    assert page.text_content("#inside-caption").startswith(f"{guesses[0].name}, ")


def pixels(page, selector, number=0):
    """The pixels of a canvas, (H, W, 4)."""
    width, height, data = (
        page.locator(selector)
        .nth(number)
        .evaluate("""(canvas) => {
        const { width, height } = canvas;
        return [width, height, [...canvas.getContext("2d").getImageData(0, 0, width, height).data]];
    }""")
    )
    return np.array(data).reshape(height, width, 4)


@pytest.mark.parametrize("figure", ["planes", "colors"])
def test_three_planes_sum_up_to_the_picture(page, figure):
    page.locator(f"[data-figure={figure}]").scroll_into_view_if_needed()
    page.wait_for_function(f"() => document.querySelectorAll('[data-figure={figure}] canvas').length === 4")
    page.wait_for_function(
        f"""() => {{
            const canvas = document.querySelectorAll("[data-figure={figure}] canvas")[3];
            return canvas.getContext("2d").getImageData(9, 9, 1, 1).data[0] > 0;
        }}"""
    )
    *planes, whole = (pixels(page, f"[data-figure={figure}] canvas", number) for number in range(4))
    for channel, plane in enumerate(planes):
        assert (plane[..., [other for other in range(3) if other != channel]] == 0).all(), "of one color alone"
    total = sum(plane[..., :3] for plane in planes)
    assert np.abs(total - whole[..., :3]).max() <= 1 and whole[..., :3].std() > 20
    names = page.locator(f"[data-figure={figure}] .planes > span").all_text_contents()
    assert names == ["red", "green", "blue", "the sum"]


def test_examples_are_photos(page):
    for number, (name, width) in enumerate((("A cat", 451), ("A cup of coffee", 512), ("A rocket", 512))):
        button = page.locator("#photo-examples button").nth(number)
        assert button.inner_text() == name
        before = updates(page)
        button.click()
        explained(page, before)
        assert square(page)[1] == width


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_a_photo_that_is_dropped_or_pasted(page, way):
    before = updates(page)
    hand_over(page, "rocket.jpg", (pictures() / "rocket.jpg").read_bytes(), way, "image/jpeg")
    explained(page, before)
    assert square(page) == (342, 512, 342)


def test_what_is_no_photo_is_said_and_the_photo_stays(page):
    seen = square(page)
    hand_over(page, "ink.json", b"[[[0, 0], [9, 9]]]")
    page.wait_for_function("() => document.getElementById('inside-problem').textContent.includes('holds no picture')")
    hand_over(page, "photo.png", b"no picture at all")
    page.wait_for_function("() => document.getElementById('inside-problem').textContent.includes('is not a picture')")
    assert square(page) == seen


def sent(page):
    """The newest square that Python got, (side, side, 4)."""
    return page.evaluate("""() => {
        const { args } = talk.calls.findLast(({ name }) => name === "photos.look");
        return [args[0], args[1]];
    }""")


def newest(page):
    content, side = sent(page)
    return np.array(content, np.uint8).reshape(side, side, 4)


def test_the_square_is_cropped_with_the_pointer(page):
    box = page.locator("#photo-pad").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    with Image.open(pictures() / "chelsea.png") as picture:
        whole = np.asarray(picture.convert("RGB")).astype(float)

    def shows(left, side):
        """Whether Python got this square of the photo: by its mean colours, quarter by quarter."""
        part = whole[:, left : left + side]
        got = newest(page)[..., :3].astype(float)
        return all(np.abs(quarter(part, i, j) - quarter(got, i, j)).max() < 3 for i in range(2) for j in range(2))

    def quarter(array, i, j):
        height, width = array.shape[0] // 2, array.shape[1] // 2
        return array[i * height : (i + 1) * height, j * width : (j + 1) * width].mean(axis=(0, 1))

    assert shows(75, 300)
    before = updates(page)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 2 * box["width"], middle[1], steps=4)  # farther than there is photo
    page.mouse.up()
    explained(page, before)
    assert shows(0, 300)
    before = updates(page)
    page.mouse.move(*middle)
    page.mouse.wheel(0, -400)
    explained(page, before)
    assert square(page)[0] < 200
    for _ in range(2):
        before = updates(page)
        page.click("#photo-undo")
        explained(page, before)
    assert square(page)[0] == 300 and shows(75, 300), "dragging is one step of undo, turning the wheel another"


def test_the_square_is_cropped_with_the_keyboard(page):
    pad = page.locator("#photo-pad")
    pad.focus()
    first = newest(page)
    before = updates(page)
    pad.press("+")
    explained(page, before)
    assert square(page)[0] == round(300 * 0.85)
    for key in ("ArrowRight", "ArrowDown", "Shift+ArrowLeft", "-"):
        before = updates(page)
        pad.press(key)
        explained(page, before)
    assert square(page)[0] == 300
    assert newest(page).shape == first.shape and not np.array_equal(newest(page), first), "it has moved to the right"
    page.keyboard.press("Control+z")
    page.keyboard.press("Escape")
    page.wait_for_selector('#inside[data-empty="true"]')
    assert page.get_attribute("#photo-pad", "aria-label") == "Photo: none yet"
    page.keyboard.press("Control+z")
    page.wait_for_selector('#inside[data-empty="false"]')


def test_two_fingers_zoom_about_what_lies_between_them(page):
    """As far as they move apart, the photo grows; both let go, and that was one step of undo."""
    fingers = Contacts(page, "photo-pad")
    before = updates(page)
    for pointer, x in ((11, 0.4), (12, 0.6)):
        fingers.send("down", pointer, "touch", x, 0.5)
    for step in range(1, 6):
        for pointer, way in ((11, -1), (12, 1)):
            fingers.send("move", pointer, "touch", 0.5 + way * (0.1 + 0.04 * step), 0.5)
    for pointer, x in ((11, 0.2), (12, 0.8)):
        fingers.send("up", pointer, "touch", x, 0.5)
    explained(page, before)
    assert square(page)[0] == pytest.approx(100, abs=1)
    page.click("#photo-undo")
    assert square(page)[0] == 300


def test_zoom_has_a_slider(page):
    before = updates(page)
    page.locator("#photo-zoom").fill("1")
    explained(page, before)
    assert square(page)[0] == 32
    assert newest(page).shape == (32, 32, 4)


def test_every_step_is_shown_and_every_kind_of_arithmetic_adds_up(page):
    names = page.locator("#overview .name").all_text_contents()
    assert names[0] == "Picture" and names[-1] == "Softmax" and "Addition 1" in names
    assert page.locator("#network a").count() == len(names)
    page.wait_for_function("() => document.querySelector('#overview [data-step=\"1\"] canvas').width > 1")
    choose(page, "Addition 1")
    page.wait_for_function("() => document.getElementById('arithmetic-body').dataset.kind === 'add'")
    settle(page)
    assert term(page, "value") + term(page, "shortcut") == pytest.approx(term(page, "result"), abs=1e-5)
    choose(page, "Pooling 4")
    page.wait_for_function("() => document.getElementById('arithmetic-body').dataset.kind === 'mean'")
    settle(page)
    window = grid(page, "window")
    assert sum(window) / len(window) == pytest.approx(term(page, "result"), abs=1e-4)
    assert page.locator("#layer-winners").is_hidden(), "nobody wins where the mean is taken"
    choose(page, "Softmax")
    page.wait_for_function("() => document.getElementById('arithmetic-body').dataset.kind === 'softmax'")
    settle(page)
    assert term(page, "exponential") / term(page, "sum") == pytest.approx(term(page, "result"), abs=1e-6)
    choose(page, "Picture")
    page.wait_for_function("() => document.getElementById('arithmetic-body').dataset.kind === 'input'")
    assert "light" in page.text_content("#arithmetic-body")


def test_a_cell_of_the_first_convolution_adds_up_three_planes(page):
    choose(page, "Convolution 1")
    maps = page.locator("#layer-maps")
    maps.focus()
    for key in ("Home", "ArrowRight", "ArrowDown"):
        maps.press(key)
    page.wait_for_function(
        "() => document.getElementById('arithmetic-title').textContent === 'Convolution 1, map 1, row 2, column 2'"
    )
    settle(page)
    chips = page.locator(".sums li").all_text_contents()
    assert [chip.split()[0] for chip in chips] == ["red", "green", "blue"]
    sums = [float(value) for value in page.locator(".sums data").evaluate_all("all => all.map(one => one.value)")]
    assert sum(sums) + term(page, "bias") == pytest.approx(term(page, "result"), abs=1e-4)
    for channel in range(3):
        page.locator(".sums li").nth(channel).click()
        window, kernel, products = (grid(page, each) for each in ("window", "kernel", "products"))
        assert all(abs(a * b - c) < 1e-4 for a, b, c in zip(window, kernel, products))
        assert sum(products) == pytest.approx(sums[channel], abs=1e-4)
    # Its receptive field on the photo: pixels 0 to 2 of 32.
    pad, light = (page.locator(each).bounding_box() for each in ("#photo-pad", "#inside-light"))
    assert light["width"] / pad["width"] == pytest.approx(3 / 32, abs=0.01)
    assert (light["x"] - pad["x"]) / pad["width"] == pytest.approx(0, abs=0.01)


def test_why_and_fool_and_dream_and_what_if(page):
    page.locator("#why").scroll_into_view_if_needed()
    settle(page)
    page.wait_for_selector('#why[data-state="done"]', timeout=BOOT)
    for canvas in ("#why-input", "#why-gradient", "#why-occlusion"):
        assert painted(page, canvas) > 20
    answer = page.text_content("#inside-answer")
    page.locator("#fool").scroll_into_view_if_needed()
    other = page.input_value("#fool-label")
    assert other in NAMES and other != answer, "the second best is offered"
    page.locator("#fool-start").click()
    page.wait_for_selector('#fool[data-state="done"][data-read]', timeout=BOOT)
    assert page.get_attribute("#fool", "data-read") == other
    assert "of the full range of light" in page.text_content("#fool-words")
    assert "stronger than it is" in page.text_content("#fool-words")
    assert page.get_by_text("What this means:").is_visible()
    before, after = pixels(page, "#fool-before"), pixels(page, "#fool-after")
    assert 0 < np.abs(before - after).max() < 70, "side by side they look alike"
    page.locator("#dream").scroll_into_view_if_needed()
    page.locator("#dream-start").click()
    page.wait_for_selector('#dream[data-state="done"]', timeout=BOOT)
    assert painted(page, "#dream-picture") > 200 and page.text_content("#dream-words").startswith("Step 60: seen as")
    page.locator("#what-if").scroll_into_view_if_needed()
    assert page.locator("#what-if-form [name=channels] option").all_text_contents() == [
        "all, each by itself", "red", "green", "blue",
    ]  # fmt: skip
    page.wait_for_selector('#what-if[data-state="done"]')
    together = painted(page, "#what-if-convolved")
    page.locator("#what-if-form [name=channels]").select_option("green")
    page.wait_for_function(
        """(before) => {
            const canvas = document.getElementById("what-if-convolved");
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return new Set(new Uint32Array(data.buffer)).size !== before;
        }""",
        arg=together,
    )


def test_every_figure_of_the_article_is_live_for_photos(page):
    for figure in page.locator("#story [data-figure]").all():
        figure.scroll_into_view_if_needed()
        figure.locator(".live > *").first.wait_for(state="visible", timeout=BOOT)
        assert not figure.locator(".problem").count()


def test_ink_and_photo_keep_what_is_on_them(page):
    page.locator("#subject-ink").check()
    page.wait_for_selector('#inside[data-subject="ink"]')
    draw(page, "R")
    drawing = page.get_attribute("#pad", "aria-label")
    assert page.text_content("#inside-answer") == "R" and page.locator("#overview .name").count() == 26
    page.locator("#subject-photo").check()
    page.wait_for_selector('#inside[data-subject="photo"][data-empty="false"]')
    page.wait_for_function("(names) => names.includes(document.getElementById('inside-answer').textContent)", arg=NAMES)
    assert square(page) == (300, 451, 300)
    # Undo and Escape are the photo's now, and the letter stays.
    page.keyboard.press("Escape")
    page.wait_for_selector('#inside[data-empty="true"]')
    page.locator("#subject-ink").check()
    page.wait_for_selector('#inside[data-subject="ink"][data-empty="false"]')
    assert page.get_attribute("#pad", "aria-label") == drawing != "Drawing area, empty"
    page.locator("#subject-photo").check()
    page.wait_for_selector('#inside[data-subject="photo"]')


def opened(open_page, *asked, **options):
    def listen(page):
        page.on("request", lambda request: "/assets/" in request.url and asked[0].append(request.url.split("/")[-1]))
        page.add_init_script(EAR)

    page = open_page("/#inside", prepare=listen if asked else lambda page: page.add_init_script(EAR), **options)
    wait_until(page, "ready")
    page.wait_for_selector('#inside[data-state="ready"]')
    return page


def test_it_arrives_when_chosen_and_not_with_the_first_visit(open_page):
    asked = []
    page = opened(open_page, asked, service_workers="block")
    ours = ("photos-", "chelsea-", "coffee-", "rocket-")
    assert not [name for name in asked if name.startswith(ours)]
    page.evaluate("""() => {
        globalThis.told = [];
        new MutationObserver(([{ target }]) => told.push(target.textContent))
          .observe(document.getElementById("photo-progress"), { childList: true });
    }""")
    choose_photos(page)
    page.wait_for_function("() => document.querySelectorAll('#photo-examples img[src]').length === 3", timeout=BOOT)
    assert {name.split("-")[0] for name in asked if name.startswith(ours)} == {"photos", "chelsea", "coffee", "rocket"}
    told = page.evaluate("told")
    assert any(" MB" in words for words in told) and told[-1] == ""
    assert not page.watch.errors and not page.watch.outside


def test_the_photo_outlives_a_reload(open_page):
    page = opened(open_page)
    choose_photos(page)
    put(page, "rocket.jpg")
    page.locator("#photo-pad").focus()
    before = updates(page)
    page.keyboard.press("+")
    explained(page, before)
    seen, answer = square(page), page.text_content("#inside-answer")
    page.reload()
    wait_until(page, "ready")
    page.wait_for_selector('#inside[data-subject="photo"][data-empty="false"]', timeout=BOOT)
    assert square(page) == seen and page.text_content("#inside-answer") == answer


def test_without_a_network_photos_are_explained_though_none_ever_was(open_page, server):
    page = opened(open_page)
    page.wait_for_selector("html[data-offline=ready]", timeout=BOOT)
    server.is_down = True
    try:
        page.reload()
        wait_until(page, "ready")
        choose_photos(page)
        page.wait_for_function("() => document.querySelectorAll('#photo-examples img[src]').length === 3", timeout=BOOT)
        before = updates(page)
        page.locator("#photo-examples button").first.click()
        explained(page, before)
    finally:
        server.is_down = False


KILL = """() => talk.workers.at(-1).dispatchEvent(
  new MessageEvent("message", { data: { type: "failed", stage: "", message: "It broke.", detail: "" } }))"""


@CHROMIUM
def test_python_that_is_started_anew_explains_the_photo_again(open_page):
    page = opened(open_page)
    choose_photos(page)
    put(page, "chelsea.png")
    before = updates(page)
    page.evaluate(KILL)
    explained(page, before)
    page.wait_for_function("(names) => names.includes(document.getElementById('inside-answer').textContent)", arg=NAMES)


@CHROMIUM
def test_what_could_not_arrive_is_said_and_can_be_asked_for_again(open_page):
    page = opened(open_page, service_workers="block")
    page.route("**/photos-*", lambda route: route.fulfill(status=404))
    page.locator("#subject-photo").check()
    page.wait_for_function("() => document.getElementById('inside-trouble').textContent.includes('could not be downloaded')")
    page.unroute("**/photos-*")
    page.locator("#inside-trouble button").click()
    page.wait_for_selector('#inside[data-subject="photo"]', timeout=BOOT)
    assert page.text_content("#inside-trouble") == ""


def test_on_a_phone(open_page):
    page = opened(open_page, viewport={"width": 390, "height": 844}, has_touch=True)
    choose_photos(page)
    put(page, "chelsea.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for each in ("#photo-open", "#photo-camera", "#photo-undo", "#photo-clear", "#photo-examples button", ".subject label"):
        box = page.locator(each).first.bounding_box()
        assert box["height"] >= 43.9 and box["width"] >= 43.9, each
    figure = page.locator("[data-figure=planes] .planes")
    figure.scroll_into_view_if_needed()
    box = figure.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    # The square stays in sight, and a finger moves it.
    pad = page.locator("#photo-pad").bounding_box()
    assert 0 <= pad["y"] < 200
    assert (
        json.loads(page.evaluate("JSON.stringify(getComputedStyle(document.getElementById('photo-pad')).touchAction)"))
        == "none"
    )


@CHROMIUM
@pytest.mark.parametrize("way", [{}, {"color_scheme": "dark"}, {"forced_colors": "active"}], ids=["day", "night", "forced"])
def test_axe_finds_nothing(open_page, way):
    page = opened(open_page, **way)
    choose_photos(page)
    page.wait_for_function("() => document.querySelectorAll('#photo-examples img[src]').length === 3", timeout=BOOT)
    put(page, "chelsea.png")
    page.evaluate(AXE.read_text())
    assert page.evaluate(RUN) == []
