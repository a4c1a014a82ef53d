"""The Inside view on the real page, with real ink: the three levels, the trials, the article."""

import re

import pytest
from inside_pen import choose, draw, grid, ink_of, open_inside, painted, places, settle, still, term


@pytest.fixture(scope="module")
def inside(page):
    """The view, opened with an R on the pad."""
    open_inside(page)
    assert page.locator("#inside").get_attribute("data-empty") == "true"
    assert page.locator("[data-example]").is_visible()
    draw(page, "R")
    return page


@pytest.fixture(autouse=True)
def at_the_top(inside):
    inside.evaluate("scrollTo(0, 0)")


def wait_for(page, script, arg=None, timeout=60_000):
    page.wait_for_function(script, arg=arg, timeout=timeout)


def test_shows_every_step_with_shape_and_parameters(inside):
    names = inside.locator("#overview .name").all_text_contents()
    assert names[0] == "Picture" and names[-1] == "Softmax" and len(names) == 26
    assert {name.split(" ")[0] for name in names} == {
        "Picture", "Convolution", "ReLU", "Pooling", "Flatten", "Dropout", "Dense", "Softmax",
    }  # fmt: skip
    assert inside.locator("#overview .shape").nth(1).text_content() == "16 maps of 32 × 32"
    assert inside.locator("#overview .count").nth(1).text_content() == "448 learned numbers"  # 16 * (3 * 9 + 1)
    counts = inside.locator("#overview .count").all_text_contents()
    total = sum(int(count.split(" ")[0].replace(",", "")) for count in counts if count[0].isdigit())
    inside.locator("#help-open").click()
    wait_for(inside, "() => /of [\\d,]+ weights/.test(document.getElementById('about-network').textContent)")
    told = re.search(r"of ([\d,]+) weights", inside.text_content("#about-network"))[1]
    inside.keyboard.press("Escape")
    assert total == int(told.replace(",", ""))
    assert all(inside.locator("#overview li > p").nth(i).text_content() for i in range(26))
    assert painted(inside, '#overview [data-step="1"] canvas') > 20


def test_answers_as_the_read_view_does(inside):
    assert inside.text_content("#inside-answer") == "R"
    assert re.fullmatch(r"capital R, >?\d+%", inside.text_content("#inside-caption"))


def test_follows_the_pen_while_it_is_down(inside):
    """Every movement shows in the maps before the pen is lifted."""
    view = inside.locator("#inside")
    before = int(view.get_attribute("data-updates"))
    stroke = places(inside, ink_of("S"))[0]
    inside.mouse.move(*stroke[0])
    inside.mouse.down()
    seen = set()
    for place in stroke[1:7]:
        inside.mouse.move(*place)
        wait_for(inside, "before => Number(document.getElementById('inside').dataset.updates) > before", before)
        before = int(view.get_attribute("data-updates"))
        seen.add(inside.locator('#overview [data-step="0"] canvas').evaluate("canvas => canvas.toDataURL()"))
    inside.mouse.up()
    assert len(seen) >= 4
    draw(inside, "R")


@pytest.mark.parametrize("name", ["Convolution 1", "Convolution 3"])
def test_a_convolution_adds_up(inside, name):
    choose(inside, name)
    canvas = inside.locator("#layer-maps")
    canvas.focus()
    for key in ("Home", "PageDown", "ArrowRight", "ArrowDown"):
        canvas.press(key)
    cell = f"{name}, map 2, row 2, column 2"
    wait_for(inside, "(cell) => document.getElementById('arithmetic-title').textContent === cell", cell)
    settle(inside)
    sums = [float(value) for value in inside.locator(".sums data").evaluate_all("all => all.map(one => one.value)")]
    assert sum(sums) + term(inside, "bias") == pytest.approx(term(inside, "result"), abs=1e-4)
    slider = inside.locator("#arithmetic-body input")
    for channel in (1, 2, 3):
        slider.fill(str(channel))
        window, kernel, products = (grid(inside, each) for each in ("window", "kernel", "products"))
        assert len(products) == 9
        assert all(abs(a * b - c) < 1e-4 for a, b, c in zip(window, kernel, products))
        assert sum(products) == pytest.approx(sums[channel - 1], abs=1e-4)
    slider.focus()
    before = inside.get_attribute("#inside", "data-updates")
    inside.evaluate("() => { for (const id of ['inside-undo', 'inside-redo']) document.getElementById(id).click(); }")
    wait_for(inside, "(before) => document.getElementById('inside').dataset.updates !== before", before)
    settle(inside)
    assert inside.evaluate("document.activeElement.type") == "range", "the numbers are new, and the slider has the focus"
    slider.scroll_into_view_if_needed()
    box = still(inside, "#arithmetic-body input")
    inside.mouse.move(box["x"] + 8, box["y"] + box["height"] / 2)
    inside.mouse.down()
    inside.mouse.move(box["x"] + box["width"] - 1, box["y"] + box["height"] / 2, steps=5)
    inside.mouse.up()
    assert slider.input_value() == str(len(sums)), "it follows the hand, though the numbers change"
    shown = inside.locator('#arithmetic-body [data-term="result"]').text_content().replace("−", "-")
    assert float(shown) == pytest.approx(term(inside, "result"), abs=6e-4)


def test_pooling_shows_the_window_and_its_winner(inside):
    choose(inside, "Pooling 1")
    inside.locator("#layer-maps").focus()
    inside.locator("#layer-maps").press("ArrowUp")
    wait_for(inside, "() => document.getElementById('arithmetic-body').dataset.kind === 'maximum'")
    settle(inside)  # the cell above was asked for after the strongest
    window = grid(inside, "window")
    assert len(window) == 4 and max(window) == term(inside, "result")
    winner = float(inside.locator("[data-winner] data").get_attribute("value"))
    assert winner == max(window)
    assert painted(inside, "#winner-maps") > 10


def test_softmax_shows_exponentials_and_their_sum(inside):
    choose(inside, "Softmax")
    wait_for(inside, "() => document.getElementById('arithmetic-body').dataset.kind === 'softmax'")
    settle(inside)
    assert term(inside, "exponential") / term(inside, "sum") == pytest.approx(term(inside, "result"), abs=1e-6)
    exponentials = inside.locator("#arithmetic-body tbody tr td:nth-of-type(1) data").evaluate_all(
        "all => all.map(one => one.value)"
    )
    assert sum(map(float, exponentials)) == pytest.approx(term(inside, "sum"), rel=1e-5)


def test_dense_adds_up(inside):
    choose(inside, "Dense 2")
    wait_for(inside, "() => document.getElementById('arithmetic-body').dataset.kind === 'dense'")
    settle(inside)
    products = inside.locator("#arithmetic-body tbody td:last-child data").evaluate_all("all => all.map(one => one.value)")
    assert sum(map(float, products)) == pytest.approx(term(inside, "sum"), abs=1e-4)
    assert term(inside, "sum") + term(inside, "bias") == pytest.approx(term(inside, "result"), abs=1e-4)


def test_statistics_are_those_of_the_maps(inside):
    choose(inside, "ReLU 1")
    wait_for(inside, "() => document.querySelector('#layer-numbers [data-name=least]')?.textContent === '0.000'")
    assert int(inside.text_content('#layer-numbers [data-name="zeros"]')[:-1]) > 10


def test_the_receptive_field_lights_up_on_the_drawing(inside):
    light = inside.locator("#inside-light")
    widths = []
    for name in ("Convolution 1", "Convolution 3", "Convolution 5"):
        choose(inside, name)
        wait_for(inside, "name => document.getElementById('arithmetic-title').textContent.startsWith(name)", name)
        settle(inside)  # at the strongest cell, which may be known later than the step
        assert light.is_visible()
        widths.append(light.bounding_box()["width"])
    assert widths == sorted(widths) and widths[0] < widths[1] < widths[2]


def test_pointing_at_a_cell_explains_it(inside):
    choose(inside, "Convolution 1")
    inside.locator("#layer-maps").evaluate("canvas => canvas.scrollIntoView({ block: 'start' })")
    box = still(inside, "#layer-maps")
    inside.mouse.move(box["x"] + 12, box["y"] + 12)
    wait_for(inside, "() => /map 1, row \\d+, column \\d+/.test(document.getElementById('arithmetic-title').textContent)")
    first = inside.text_content("#arithmetic-title")
    inside.mouse.move(box["x"] + 60, box["y"] + 40)
    wait_for(inside, "first => document.getElementById('arithmetic-title').textContent !== first", first)


def test_keys_reach_every_step_and_cell_and_tell_the_value(inside):
    choose(inside, "Convolution 1")
    inside.locator('#overview [data-step="1"]').focus()
    for _ in range(25):
        inside.keyboard.press("ArrowRight")
    assert inside.evaluate("document.activeElement.dataset.step") == "25"
    inside.keyboard.press("Home")
    inside.keyboard.press("Enter")
    wait_for(inside, "() => document.getElementById('layer-title').textContent === 'Picture'")
    maps = inside.locator("#layer-maps")
    maps.focus()
    maps.press("Home")
    wait_for(inside, "() => document.getElementById('announcer').textContent.startsWith('Map 1, row 1, column 1: ')")
    maps.press("End")
    wait_for(inside, "() => document.getElementById('announcer').textContent.startsWith('Map 3, row 32, column 32: ')")
    maps.press("Enter")
    assert inside.evaluate("document.activeElement.id") == "arithmetic"
    inside.keyboard.press("Escape")
    assert inside.evaluate("document.activeElement.id") == "layer-maps"
    assert inside.locator("#inside").get_attribute("data-empty") == "false"  # Escape did not clear the drawing


def test_dropout_is_off_and_can_be_turned_on(inside):
    choose(inside, "Dropout 1")
    assert not inside.locator("#dropout-on").is_checked()
    inside.locator("#dropout-on").check()
    inside.wait_for_selector("#dropout-masks li")
    masks = inside.locator("#dropout-masks canvas")
    pictures = masks.evaluate_all("all => all.map(canvas => canvas.toDataURL())")
    assert len(set(pictures)) == len(pictures) == 4
    assert "R" in inside.locator("#dropout-masks li").evaluate_all("all => all.map(one => one.dataset.label)")
    inside.locator("#dropout-on").uncheck()
    wait_for(inside, "() => !document.querySelector('#dropout-masks li')")


def test_why_shows_gradient_and_occlusion_for_any_class(inside):
    inside.locator("#why").scroll_into_view_if_needed()
    inside.wait_for_selector('#why[data-state="done"]', timeout=60_000)
    assert painted(inside, "#why-gradient") > 50 and painted(inside, "#why-occlusion") > 20
    best = inside.locator("#why-gradient").evaluate("canvas => canvas.toDataURL()")
    words = inside.text_content("#why-words")
    agreement = float(re.search(r"correlation (−?\d\.\d\d)\.", words)[1].replace("−", "-"))
    assert -1 <= agreement <= 1 and agreement != 0 and ("Little:" in words) == (agreement < 0.3)
    inside.locator("#why-label").select_option("B")
    inside.wait_for_selector('#why[data-label="B"][data-state="done"]', timeout=60_000)
    assert inside.locator("#why-gradient").evaluate("canvas => canvas.toDataURL()") != best


def test_it_is_fooled_by_a_small_change_and_not_by_a_redrawn_letter(inside):
    inside.locator("#fool").scroll_into_view_if_needed()
    inside.locator("#fool-label").select_option("A")
    inside.locator("#fool-start").click()
    inside.wait_for_selector('#fool[data-state="done"][data-read]', timeout=120_000)
    fool = inside.locator("#fool")
    assert fool.get_attribute("data-read") == "A" and fool.get_attribute("data-redrawn") == "R"
    most = float(re.search(r"more than ([\d.]+)%", inside.text_content("#fool-words"))[1])
    assert 0 < most < 25
    for canvas in ("#fool-before", "#fool-change", "#fool-after", "#fool-wobble"):
        assert painted(inside, canvas) > 5
    inside.locator("#fool-size").fill("0")
    inside.wait_for_selector('#fool[data-read="R"]')


def test_it_dreams_step_by_step(inside):
    inside.locator("#dream-label").select_option("R")
    inside.locator("#dream-start").click()
    wait_for(inside, "() => Number(document.getElementById('dream').dataset.step) >= 3")
    early = inside.locator("#dream-picture").evaluate("canvas => canvas.toDataURL()")
    inside.wait_for_selector('#dream[data-state="done"]', timeout=120_000)
    assert inside.locator("#dream").get_attribute("data-read") == "R"
    assert inside.locator("#dream-picture").evaluate("canvas => canvas.toDataURL()") != early


def test_what_if_shows_sizes_and_says_what_does_not_fit(inside):
    section = inside.locator("#what-if")
    section.scroll_into_view_if_needed()
    form = inside.locator("#what-if-form")

    def convolved(size, stride, padding):
        form.locator("[name=size]").fill(str(size))
        form.locator("[name=stride]").fill(str(stride))
        form.locator("[name=padding]").select_option(padding)
        side = {"full": (32 + size - 2) // stride + 1, "same": -(-32 // stride), "valid": (32 - size) // stride + 1}[padding]
        wait_for(
            inside,
            "words => document.getElementById('what-if-convolved-words').textContent === words",
            f"Convolved: {side} × {side}",
        )

    for size, stride, padding in ((3, 1, "full"), (3, 1, "valid"), (5, 2, "same"), (4, 3, "valid")):
        convolved(size, stride, padding)
    form.locator("[name=pooling]").select_option("average")
    form.locator("[name=window]").fill("11")
    wait_for(inside, "() => document.getElementById('what-if').dataset.state === 'failed'")
    assert "window of 11 does not fit" in inside.text_content("#what-if-problem")
    form.locator("[name=window]").fill("")
    wait_for(inside, "() => document.getElementById('what-if-problem').textContent.includes('whole number')")
    form.locator("[name=window]").fill("2")
    wait_for(inside, "() => document.getElementById('what-if-pooled-words').textContent === 'Pooled: 5 × 5'")
    before = inside.locator("#what-if-convolved").evaluate("canvas => canvas.toDataURL()")
    form.locator("[name=kernel]").select_option("emboss")
    wait_for(inside, "before => document.getElementById('what-if-convolved').toDataURL() !== before", before)


def test_every_figure_of_the_article_is_live(inside):
    """Each figure shows other things for another drawing."""
    figures = inside.locator("#story [data-figure]:has(.live:not(.of-photo))")
    assert figures.count() == 11
    state = """figure => figure.querySelector(".live").innerText
      + [...figure.querySelectorAll("canvas")].map((canvas) => canvas.toDataURL()).join()"""
    names = figures.evaluate_all("all => all.map(one => one.dataset.figure)")

    # What a figure holds once it has come to life; most hold nothing before.
    alive = {"chain": "[data-term=slope]", "swapped": ".live p:not(:empty)"}
    first = {}
    for name in names:
        figure = inside.locator(f'[data-figure="{name}"]')
        figure.scroll_into_view_if_needed()
        figure.locator(alive.get(name, ".live > *")).first.wait_for(state="attached", timeout=60_000)
        settle(inside)
        first[name] = figure.evaluate(state)
    up, down = (inside.locator(f'[data-term="{name}"]').first for name in ("gradient", "slope"))
    assert float(up.get_attribute("value")) == pytest.approx(float(down.get_attribute("value")), rel=1e-3, abs=1e-9)
    words = inside.locator("#story section:not(.sources) p").all_text_contents()
    assert 900 < sum(len(text.split()) for text in words) < 1500
    draw(inside, "4")
    for name in names:
        inside.locator(f'[data-figure="{name}"]').scroll_into_view_if_needed()
        if name != "counts":  # counts weights, not ink
            script = f"([name, before]) => ({state})(document.querySelector(`[data-figure=${{name}}]`)) !== before"
            wait_for(inside, script, [name, first[name]])
    draw(inside, "R")


def test_an_empty_pad_invites_and_draws_an_example(inside):
    inside.locator("#inside-clear").click()
    inside.wait_for_selector('#inside[data-empty="true"]')
    assert inside.text_content("#inside-answer") == "" and inside.locator("#inside-light").is_hidden()
    inside.locator("[data-example]").click()
    settle(inside)
    assert inside.text_content("#inside-answer") in "Rr"
    inside.locator("#inside-undo").click()
    inside.wait_for_selector('#inside[data-empty="true"]')
    draw(inside, "R")


def test_what_was_asked_of_ink_that_is_gone_is_not_shown(inside):
    choose(inside, "Convolution 1")
    wait_for(inside, "() => /^Convolution 1,/.test(document.getElementById('arithmetic-title').textContent)")
    inside.evaluate("""() => {
        const canvas = document.getElementById("layer-maps");
        const { left, top } = canvas.getBoundingClientRect();
        canvas.dispatchEvent(new PointerEvent("pointermove", { clientX: left + 9, clientY: top + 9, bubbles: true }));
        document.getElementById("inside-clear").click();
    }""")
    inside.locator("#network a", has_text="Dense 1").click()
    # Python answers in the order of the questions: what was asked of the cell before is answered by now.
    wait_for(inside, "() => /^What /.test(document.getElementById('filter-words').textContent)")
    assert inside.get_attribute("#arithmetic-body", "data-kind") == ""
    assert inside.locator("#inside-light").is_hidden()
    draw(inside, "R")


def test_the_read_view_catches_up(inside):
    draw(inside, "4")
    inside.evaluate("location.hash = '#read'")
    wait_for(inside, "() => document.getElementById('answer').textContent === '4'")
    inside.evaluate("location.hash = '#inside'")
    wait_for(inside, "() => !document.getElementById('inside').hidden")
    draw(inside, "R")
