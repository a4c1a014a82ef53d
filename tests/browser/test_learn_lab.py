"""The lab: a network trained in the page, by the page's own controls."""

import io
import re

import numpy as np
import pytest
from browsing import Watch, wait_until
from hand import EAR, Hand, fitted, plain, samples

from inkling import Recognizer


@pytest.fixture(scope="module")
def lab(browser, server):
    """A page with the lab open, its ink loaded."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    watch = Watch(page, server.address)
    page.add_init_script(EAR)
    page.goto(f"{server.address}/#learn")
    wait_until(page, "ready")
    page.wait_for_selector("#learn[data-state=ready]", timeout=60_000)
    yield page
    context.close()
    assert not watch.errors and not watch.outside


def steps(page):
    return int(page.get_attribute("#lab", "data-steps"))


def fresh(page, **settings):
    """The settings given, the rest as it comes; a new network, not yet trained."""
    if page.get_attribute("#lab", "data-training") == "running":
        page.click("#lab-start")
    page.evaluate("document.getElementById('lab-settings').reset()")
    for name, value in settings.items():
        page.evaluate(
            """([name, value]) => {
            const field = document.getElementById('lab-settings').elements[name];
            field.value = value;
            field.dispatchEvent(new Event('input', { bubbles: true }));
        }""",
            [name, str(value)],
        )
    page.evaluate("document.getElementById('lab-settings').dispatchEvent(new Event('input', { bubbles: true }))")


def test_ten_digits_in_a_minute(lab, record_property):
    """90% on writers it never saw is meant to be reached within 60 s; 80% is held, on machines that do other things."""
    fresh(lab)
    began = lab.evaluate("performance.now()")
    lab.click("#lab-start")
    lab.wait_for_function("() => Number(lab.dataset.accuracy) >= 0.8", timeout=150_000)
    eighty = (lab.evaluate("performance.now()") - began) / 1000
    lab.wait_for_function(
        "([began]) => Number(lab.dataset.accuracy) >= 0.9 || performance.now() - began > 60_000",
        arg=[began],
        timeout=150_000,
    )
    seconds = (lab.evaluate("performance.now()") - began) / 1000
    accuracy = float(lab.get_attribute("#lab", "data-accuracy"))
    record_property("seconds", seconds)
    print(f"\n80% after {eighty:.0f} s; {accuracy:.1%} after {seconds:.0f} s, {steps(lab)} steps")
    assert accuracy >= 0.8


def test_updates_come_often_and_the_page_stays_responsive(lab):
    """Measured against each other: answers to the page's askings, and frames painted, while training goes on."""
    if lab.get_attribute("#lab", "data-training") != "running":
        fresh(lab)
        lab.click("#lab-start")
    found = lab.evaluate("""async () => {
        const answers = () => talk.calls.filter(({ name }) => name === "learning.step").length;
        const before = answers();
        const began = performance.now();
        let longest = 0;
        for (let last = began; performance.now() - began < 4000;) {
          const now = await new Promise(requestAnimationFrame);
          longest = Math.max(longest, performance.now() - last);
          last = performance.now();
        }
        return { updates: (answers() - before) / 4, longest };
    }""")
    print(f"\n{found['updates']:.1f} updates a second, longest frame {found['longest']:.0f} ms")
    assert found["updates"] >= 1  # on a quiet machine 4 or more; this one may be busy
    assert found["longest"] < 1500


def test_it_goes_on_while_another_view_is_shown_and_the_pad_is_read(lab):
    assert lab.get_attribute("#lab", "data-training") == "running"
    lab.evaluate("location.hash = '#read'")
    lab.wait_for_selector("#read:not([hidden])")
    before = steps(lab)
    _, strokes = samples()[0]
    hand = Hand(lab)
    for stroke in fitted(strokes):
        hand.stroke(plain(stroke))
    lab.wait_for_function("() => document.getElementById('answer').textContent !== ''", timeout=60_000)
    lab.wait_for_function("(before) => Number(lab.dataset.steps) > before", arg=before, timeout=60_000)
    lab.keyboard.press("Escape")
    lab.evaluate("location.hash = '#learn'")
    lab.wait_for_selector("#learn:not([hidden])")


def test_leaving_asks(lab):
    asked = lab.evaluate("""() => {
        const event = new Event("beforeunload", { cancelable: true });
        dispatchEvent(event);
        return event.defaultPrevented;
    }""")
    assert asked


def test_pause_step_and_reset(lab):
    if lab.get_attribute("#lab", "data-training") != "running":
        fresh(lab)
        lab.click("#lab-start")
    lab.wait_for_selector("#lab[data-training=running]")
    lab.click("#lab-start")
    lab.wait_for_selector("#lab[data-training=paused]")
    lab.wait_for_function("() => talk.pending === 0")
    before = steps(lab)
    lab.click("#lab-step")
    lab.wait_for_function("(before) => Number(lab.dataset.steps) === before + 1", arg=before)
    lab.click("#lab-reset")
    lab.wait_for_function("() => lab.dataset.steps === '0' && lab.dataset.accuracy === ''")
    lab.click("#lab-step")
    lab.wait_for_function("() => lab.dataset.steps === '1'")


def test_results_are_drawn(lab):
    assert lab.locator(".uplot canvas").count() == 2
    lab.locator("#lab-results").scroll_into_view_if_needed()
    lab.wait_for_function("() => document.getElementById('lab-filters-words').textContent.includes('8 filters')")
    lab.wait_for_function("() => document.querySelectorAll('#lab-wrong li').length > 0")
    painted = """(id) => { const canvas = document.getElementById(id);
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        return data.some((value) => value); }"""
    assert lab.evaluate(painted, "lab-confusion") and lab.evaluate(painted, "lab-filters")


def test_every_cell_of_the_confusions_can_be_read(lab):
    """12 drawings of each digit are tested on; how many of the zeros were read as what adds up to them."""
    lab.locator("#lab-confusion").scroll_into_view_if_needed()
    found = []
    for column in range(10):
        found.append(
            lab.locator("#lab-confusion").evaluate(
                """(canvas, column) => {
            const { left, top, width } = canvas.getBoundingClientRect();
            const at = (cell) => (width / 11) * (cell + 1.5);
            canvas.dispatchEvent(new PointerEvent("pointermove", { clientX: left + at(column), clientY: top + at(0) }));
            return document.getElementById("lab-confusion-cell").textContent;
        }""",
                column,
            )
        )
    counts = [
        re.fullmatch(rf"0 was read as {column} in (\d+) of 12 drawings\.", words) for column, words in enumerate(found)
    ]
    assert all(counts), found
    assert sum(int(count[1]) for count in counts) == 12


def test_legends_say_the_newest_values_or_those_pointed_at(lab):
    legend = lab.locator("#plot-accuracy .u-legend")
    lab.wait_for_function(
        """() => document.querySelector("#plot-accuracy .u-legend").textContent.includes(document.getElementById("lab-accuracy").textContent)"""
    )
    lab.locator("#plot-accuracy .u-over").hover(position={"x": 1, "y": 20})
    lab.wait_for_function("() => document.querySelector('#plot-accuracy .u-legend .u-value').textContent === '1'")
    assert legend.locator(".u-value").last.text_content().endswith("%")  # the test nearest to it


def test_the_network_is_tried_saved_and_opened_again(lab, tmp_path):
    _, strokes = samples()[3]
    lab.locator("#lab-pad").scroll_into_view_if_needed()
    box = lab.locator("#lab-pad").bounding_box()
    for stroke in fitted(strokes):
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in plain(stroke)]
        lab.mouse.move(*places[0])
        lab.mouse.down()
        for place in places[1:]:
            lab.mouse.move(*place)
        lab.mouse.up()
    lab.wait_for_function("() => document.querySelectorAll('#lab-candidates li').length === 3")
    lab.wait_for_function("() => talk.pending === 0")
    points, lengths = lab.evaluate("talk.calls.findLast((call) => call.name === 'learning.read').args")
    lab.evaluate("talk.saved = null")
    lab.click("#lab-save")
    name, content = Hand(lab).saved()
    assert name == "inkling-lab.npz"
    path = tmp_path / name
    path.write_bytes(content)
    reader = Recognizer.load(path)
    assert reader.labels == "0123456789"
    ink = np.split(np.array(points, np.float32).reshape(-1, 2), np.cumsum(lengths)[:-1])
    shown = lab.eval_on_selector_all(
        "#lab-candidates li", "rows => rows.map((row) => [row.dataset.label, Number(row.dataset.probability)])"
    )
    expected = reader.read(ink, top=3)
    assert [label for label, _ in shown] == [c.label for c in expected]
    assert np.allclose([p for _, p in shown], [c.probability for c in expected], atol=1e-3)
    lab.set_input_files("#lab-file", path)
    lab.wait_for_function(
        "() => document.getElementById('lab-said').textContent.includes('is open') && lab.dataset.steps === '1'"
    )


@pytest.mark.parametrize(
    "content, words", [(b"hello", "wrong.npz: not a weights file"), (None, "field 'header' is missing")]
)
def test_a_wrong_file_gets_the_package_s_error_and_loses_nothing(lab, content, words):
    if content is None:
        packed = io.BytesIO()
        np.savez(packed, images=np.zeros(3))
        content = packed.getvalue()
    before = steps(lab)
    lab.set_input_files("#lab-file", {"name": "wrong.npz", "mimeType": "application/octet-stream", "buffer": content})
    lab.wait_for_function("(words) => document.getElementById('lab-said').textContent.includes(words)", arg=words)
    assert steps(lab) == before


def test_what_cannot_be_built_says_why(lab):
    fresh(lab, layers=4, window=4)
    lab.wait_for_function("() => document.getElementById('lab-total').textContent.includes('does not fit into maps of')")
    assert lab.get_attribute("#lab-step", "aria-disabled") == "true"
    fresh(lab, classes="picked", picked="a")
    lab.wait_for_function("() => document.getElementById('lab-total').textContent.includes('at least two characters')")
    fresh(lab)
    lab.wait_for_function("() => document.getElementById('lab-total').textContent.startsWith('11,642 parameters')")


def test_divergence_is_stopped_and_explained(lab):
    fresh(lab, optimizer="sgd", rate=10000)
    lab.click("#lab-reset")
    lab.wait_for_function("() => lab.dataset.steps === '0'")
    lab.click("#lab-start")
    lab.wait_for_selector("#lab[data-training=stopped]", timeout=60_000)
    assert "smaller learning rate" in lab.text_content("#lab-said")
    fresh(lab)
