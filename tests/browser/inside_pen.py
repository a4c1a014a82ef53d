"""Drawing real ink on the small pad of the Inside view."""

import json
from pathlib import Path

SAMPLES = Path(__file__).parents[1] / "ink_62.jsonl"


def ink_of(label):
    """The strokes of a real sample of this character."""
    for line in SAMPLES.read_text().splitlines():
        sample = json.loads(line)
        if sample["label"] == label:
            return sample["strokes"]
    raise KeyError(label)


def places(page, strokes, most=24, share=0.66):
    """The strokes on the pad, in CSS pixels; of each about `most` points, because every one is a slow call."""
    box = page.locator("#inside-pad").bounding_box()
    points = [point for stroke in strokes for point in stroke]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    scale = share * box["width"] / max(max(xs) - min(xs), max(ys) - min(ys), 1)
    left = box["x"] + box["width"] / 2 - scale * (min(xs) + max(xs)) / 2
    top = box["y"] + box["height"] / 2 - scale * (min(ys) + max(ys)) / 2
    return [
        [(left + x * scale, top + y * scale) for x, y in [*stroke[:: max(1, len(stroke) // most)], stroke[-1]]]
        for stroke in strokes
    ]


def draw(page, label):
    """Draw a sample in place of what is there and wait until its answer stands."""
    page.locator("#inside-pad").focus()
    page.keyboard.press("Escape")
    page.wait_for_selector('#inside[data-empty="true"]')
    for first, *rest in places(page, ink_of(label)):
        page.mouse.move(*first)
        page.mouse.down()
        for place in rest:
            page.mouse.move(*place)
        page.mouse.up()
    settle(page)


def settle(page):
    """Until the answer stands, and what is asked only once the pen rests (REST of web/inside/live.js) is answered, too."""
    at_rest(page, 4, '#inside[data-empty="false"]')


def at_rest(page, rounds=2, selector="#inside"):
    """Until eight frames have passed so often without a call to Python, none is unanswered, and `selector` is there.

    For pages that were opened with `EAR`: an update that is shown says nothing of one that is still on its way.
    """
    page.evaluate(
        """async ([rounds, selector]) => {
        const frame = () => new Promise(requestAnimationFrame);
        for (let quiet = 0, calls = -1, until = Date.now() + 120_000; quiet < rounds;) {
          if (Date.now() > until) throw new Error(`${talk.pending} calls are unanswered, or there is no ${selector}`);
          for (let i = 0; i < 8; i += 1) await frame();
          quiet = calls === talk.calls.length && !talk.pending && document.querySelector(selector) ? quiet + 1 : 0;
          calls = talk.calls.length;
        }
    }""",
        [rounds, selector],
    )


def still(page, selector):
    """The box of an element on the screen, once it has stopped moving: what comes into sight above it gets its height."""
    box = page.locator(selector).evaluate("""async (element) => {
        const place = () => JSON.stringify(element.getBoundingClientRect());
        let last = "";
        for (let quiet = 0; quiet < 8;) {
          await new Promise(requestAnimationFrame);
          quiet = place() === last ? quiet + 1 : 0;
          last = place();
        }
        return JSON.parse(last);
    }""")
    return {side: box[side] for side in ("x", "y", "width", "height")}


def open_inside(page):
    page.evaluate("location.hash = '#inside'")
    page.wait_for_selector('#inside[data-state="ready"]')


def scroll_to(page, top):
    """Scroll as a wheel does, after which the page no longer puts anything into its place."""
    page.evaluate("(top) => { dispatchEvent(new WheelEvent('wheel')); scrollTo(0, top); }", top)


def explains_its_strongest_cell(page, name):
    """Wait until the arithmetic is of the strongest cell of the layer, under a title that begins with `name`."""
    page.wait_for_function(
        """(name) => {
            const greatest = document.querySelector('#layer-numbers [data-name="greatest"]')?.textContent.replace("−", "-");
            const { result } = document.getElementById("arithmetic-body").dataset;
            return document.getElementById("arithmetic-title").textContent.startsWith(name)
              && Math.abs(result - greatest) <= 6e-4;
        }""",
        arg=name,
    )


def term(page, name):
    """A number of the arithmetic, at full precision."""
    return float(page.locator(f'#arithmetic-body [data-term="{name}"]').first.get_attribute("value"))


def grid(page, name):
    """The numbers of one small table of the arithmetic."""
    return [
        float(value) for value in page.locator(f'[data-grid="{name}"] data').evaluate_all("all => all.map(one => one.value)")
    ]


def choose(page, name):
    """Pick a step of the overview by its title."""
    page.locator("#overview .step", has=page.locator(f'.name:text-is("{name}")')).click()
    page.wait_for_function("name => document.getElementById('layer-title').textContent === name", arg=name)


def painted(page, selector):
    """How many different colours a canvas shows."""
    return page.locator(selector).evaluate("""canvas => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size;
    }""")
