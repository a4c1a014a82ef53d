"""The lab: a network trained in the page, by the page's own controls.

The tests share a page, and each brings the lab into the state that it needs: any of them runs alone, in any order.
"""

import io
import re

import numpy as np
import pytest
from browsing import Watch, wait_until
from contacts import frames
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


def state(page):
    """empty, paused, running or stopped."""
    return page.get_attribute("#lab", "data-training")


def pause(page):
    if state(page) == "running":
        page.click("#lab-start")
    page.wait_for_function("() => lab.dataset.training !== 'running' && talk.pending === 0")


def choose(page, **settings):
    """The settings given, the rest as it comes; nothing is trained."""
    pause(page)
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
    page.wait_for_function("() => talk.pending === 0")


def begin(page, **settings):
    """A new network of these settings, in training."""
    choose(page, **settings)
    if state(page) in ("paused", "stopped"):
        page.click("#lab-reset")
        page.wait_for_function("() => lab.dataset.training === 'paused' && lab.dataset.steps === '0' && talk.pending === 0")
    page.click("#lab-start")
    page.wait_for_function("() => Number(lab.dataset.steps) > 0 || lab.dataset.training === 'stopped'", timeout=60_000)


def trained(page):
    """A network of the usual settings that was trained until its first test, at rest; the one there is, if it is that."""
    usual = "() => lab.dataset.accuracy !== '' && document.getElementById('lab-stale').hidden"
    if state(page) not in ("paused", "running") or not page.evaluate(usual):
        begin(page)
        page.wait_for_function("() => lab.dataset.accuracy !== ''", timeout=150_000)
    pause(page)


def test_ten_digits_are_learned(lab):
    """Nine of ten by writers it never saw, within twelve times through the ink (a minute where nothing else is going on)."""
    begin(lab)
    lab.wait_for_function(
        "() => Number(lab.dataset.accuracy) >= 0.9 || Number(document.getElementById('lab-epoch').textContent) > 12",
        timeout=300_000,
    )
    print(f"\n{lab.get_attribute('#lab', 'data-accuracy')} after {steps(lab)} steps")
    assert float(lab.get_attribute("#lab", "data-accuracy")) >= 0.9


def test_every_answer_is_shown_and_the_page_paints_meanwhile(lab):
    """While it trains: each piece of training shows, and between two there is time for frames."""
    begin(lab)
    found = lab.evaluate("""async () => {
        const asked = () => talk.calls.filter(({ name }) => name === "learning.step");
        const before = asked().length;
        const shown = new Set();
        let frames = 0;
        while (asked().length < before + 12) {
          await new Promise(requestAnimationFrame);
          frames += 1;
          shown.add(lab.dataset.steps);
        }
        return { answers: asked().length - before, shown: shown.size, frames, slice: asked().at(-1).args };
    }""")
    print(f"\n{found}")
    assert found["slice"] == [140, False]  # milliseconds of training at a time
    assert found["frames"] >= found["answers"]
    assert found["shown"] >= 0.75 * found["answers"]


def test_it_goes_on_while_another_view_is_shown_and_the_pad_is_read(lab):
    begin(lab)
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
    begin(lab)
    asked = lab.evaluate("""() => {
        const event = new Event("beforeunload", { cancelable: true });
        dispatchEvent(event);
        return event.defaultPrevented;
    }""")
    assert asked


def test_pause_step_and_reset(lab):
    begin(lab)
    pause(lab)
    assert state(lab) == "paused"
    before = steps(lab)
    lab.click("#lab-step")
    lab.wait_for_function("(before) => Number(lab.dataset.steps) === before + 1", arg=before)
    lab.click("#lab-reset")
    lab.wait_for_function("() => lab.dataset.steps === '0' && lab.dataset.accuracy === ''")
    lab.click("#lab-step")
    lab.wait_for_function("() => lab.dataset.steps === '1'")


def test_results_are_drawn(lab):
    trained(lab)
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
    trained(lab)
    lab.locator("#lab-confusion").scroll_into_view_if_needed()
    frames(lab)  # what comes into sight shows the newest test
    lab.wait_for_function("() => talk.pending === 0")
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
    trained(lab)
    legend = lab.locator("#plot-accuracy .u-legend")
    lab.wait_for_function(
        """() => document.querySelector("#plot-accuracy .u-legend").textContent.includes(document.getElementById("lab-accuracy").textContent)"""
    )
    lab.locator("#plot-accuracy .u-over").hover(position={"x": 1, "y": 20})
    lab.wait_for_function("() => document.querySelector('#plot-accuracy .u-legend .u-value').textContent === '1'")
    assert legend.locator(".u-value").last.text_content().endswith("%")  # the test nearest to it


def test_the_network_is_tried_saved_and_opened_again(lab, tmp_path):
    trained(lab)
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
        "() => document.getElementById('lab-said').textContent.includes('is open') && lab.dataset.steps === '0' && lab.dataset.accuracy !== ''"
    )


@pytest.mark.parametrize(
    "content, words", [(b"hello", "wrong.npz: not a weights file"), (None, "field 'header' is missing")]
)
def test_a_wrong_file_gets_the_package_s_error_and_loses_nothing(lab, content, words):
    trained(lab)
    if content is None:
        packed = io.BytesIO()
        np.savez(packed, images=np.zeros(3))
        content = packed.getvalue()
    before = steps(lab)
    lab.set_input_files("#lab-file", {"name": "wrong.npz", "mimeType": "application/octet-stream", "buffer": content})
    lab.wait_for_function("(words) => document.getElementById('lab-said').textContent.includes(words)", arg=words)
    assert steps(lab) == before


def test_what_cannot_be_built_says_why(lab):
    choose(lab, layers=4, window=4)
    lab.wait_for_function("() => document.getElementById('lab-total').textContent.includes('does not fit into maps of')")
    assert lab.get_attribute("#lab-step", "aria-disabled") == "true"
    said = wrong(lab)
    assert said["names"] == ["window"] and "convolution 3" in said["words"] and "(" not in said["words"]
    assert said["waits"] == f"Start waits: {said['words']}"
    choose(lab, filters2=99)
    assert wrong(lab)["names"] == ["filters2"] and wrong(lab)["words"] == "Filters 2: a whole number from 1 to 64, not 99."
    choose(lab, rate="")
    assert wrong(lab)["words"] == "Learning rate: a number not below 0, not empty."
    choose(lab, classes="picked", picked="a")
    lab.wait_for_function("() => document.getElementById('lab-total').textContent.includes('at least two characters')")
    choose(lab)
    lab.wait_for_function("() => document.getElementById('lab-total').textContent.startsWith('11,642 parameters')")
    assert wrong(lab) == {"names": [], "words": None, "waits": ""}


def wrong(page):
    """The fields that are marked as wrong, what describes them, and what stands beside Start."""
    return page.evaluate("""() => {
        const marked = [...document.querySelectorAll("#lab-settings [aria-invalid=true]")];
        const words = document.getElementById(marked[0]?.getAttribute("aria-describedby"))?.textContent ?? null;
        return { names: marked.map((each) => each.name), words, waits: document.getElementById("lab-waits").textContent };
    }""")


def test_training_that_does_not_learn_says_what_to_change(lab):
    begin(lab, rate=5)
    lab.wait_for_function("() => document.getElementById('lab-advice').textContent", timeout=240_000)
    pause(lab)
    said = lab.text_content("#lab-advice")
    assert "guessing would read 10.0%" in said and "A learning rate of 5 is too large: set 0.01" in said
    begin(lab)
    assert lab.text_content("#lab-advice") == "", "a new network has not failed yet"


def test_divergence_is_stopped_and_explained(lab):
    begin(lab, optimizer="sgd", rate=10000)
    lab.wait_for_selector("#lab[data-training=stopped]", timeout=60_000)
    assert "smaller learning rate" in lab.text_content("#lab-said")
