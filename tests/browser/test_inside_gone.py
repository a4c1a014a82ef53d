"""Python dies under the Inside view, or never comes: every figure and every button says so, and can be tried again."""

import pytest
from browsing import BOOT, in_workers, wait_until
from contacts import frames
from hand import EAR, Hand
from inside_pen import open_inside

BAR = [(0.5, 0.2 + 0.6 * step / 10) for step in range(11)]
GONE = "Python"
REJECTED = """
  window.rejected = [];
  addEventListener("unhandledrejection", ({ reason }) => rejected.push(String(reason?.message ?? reason)));
"""
KILL = """() => {
  const worker = talk.workers.at(-1);
  window.Kept = window.Worker;
  window.Worker = class { constructor() { throw new Error("none left"); } };
  worker.dispatchEvent(new MessageEvent("message", { data: { type: "failed", stage: "", message: "It broke.", detail: "" } }));
}"""

# Controls that ask Python something, and where it is said that it did not answer.
ASKING = {
    "fool-start": "#fool-words",
    "dream-start": "#dream-words",
    "dropout-on": "#dropout-problem",
    "dropout-again": "#dropout-problem",
    "why-label": "#why-problem",
    "channels": "#what-if-trouble",
    "kernel": "#what-if-trouble",
    "size": "#what-if-trouble",
    "stride": "#what-if-trouble",
    "padding": "#what-if-trouble",
    "pooling": "#what-if-trouble",
    "window": "#what-if-trouble",
    "Swap again": "[data-figure=swapped] .problem",
    "layer-before": "#layer-problem",
    "layer-after": "#layer-problem",
    "subject-photo": "#inside-trouble",
}
# What works without Python, or only chooses what another control asks for.
OTHERS = {
    "data-example", "data-scale", "layer-all", "arithmetic-close", "arithmetic-open", "fool-label", "dream-label",
    "fool-size", "Try again", "step", "subject-ink", "photo-open", "photo-file", "photo-camera", "photo-zoom",
    "Take the picture", "Close the camera", "Look into a photo",
}  # fmt: skip
CONTROLS = """() => [...document.querySelectorAll(".inside-body :is(button, input, select)")].map((each) => each.id || each.name ||
  ["data-example", "data-scale"].find((name) => each.hasAttribute(name)) || (each.matches(".step") ? "step" : each.textContent))"""
PRESS = """(name) => {
    const all = [...document.querySelectorAll(".inside-body :is(button, input, select)")];
    const control = all.find((each) => [each.id, each.name, each.textContent].includes(name));
    control.checkVisibility() || control.scrollIntoView();
    if (control.matches("select, input:not([type=checkbox], [type=radio])")) {
      control.dispatchEvent(new Event("input", { bubbles: true }));
      control.dispatchEvent(new Event("change", { bubbles: true }));
    } else control.click();
}"""


@pytest.fixture
def gone(open_page):
    """Inside, with a stroke on the pad, whose Python has died for good before a figure came into sight."""
    page = open_page(prepare=lambda page: [page.add_init_script(script) for script in (EAR, REJECTED)],
                     viewport={"width": 1280, "height": 800})  # fmt: skip
    wait_until(page, "ready")
    Hand(page).draw([BAR])
    open_inside(page)
    page.wait_for_function("() => document.getElementById('inside-answer').textContent !== ''")
    page.evaluate(KILL)
    page.wait_for_selector("html[data-state=failed]", state="attached")
    yield page
    assert page.evaluate("rejected") == []


def says(page, selector, words=GONE):
    page.wait_for_function(
        "([selector, words]) => document.querySelector(selector)?.checkVisibility() && document.querySelector(selector).textContent.includes(words)",
        arg=[selector, words],
    )


def figures(page):
    """Those that show something of ink."""
    shown = "(all) => all.filter((each) => !each.querySelector('.live.of-photo')).map((each) => each.dataset.figure)"
    return page.locator("#story [data-figure]").evaluate_all(shown)


def test_every_figure_says_that_python_is_gone_and_comes_to_life_again(gone):
    page = gone
    assert GONE in page.text_content("#inside-caption") and page.text_content("#inside-answer") == ""
    says(page, "#overview-problem")
    says(page, "#layer-problem")
    names = figures(page)
    assert len(names) == 11
    for name in names:
        page.locator(f"[data-figure={name}]").scroll_into_view_if_needed()
        if name == "counts":  # it counts weights, for which Python was asked when the view was opened
            page.wait_for_function("() => document.querySelectorAll('[data-figure=counts] .rows li').length === 3")
            continue
        says(page, f"[data-figure={name}] .problem")
        assert page.is_visible(f"[data-figure={name}] button.link")

    # Trying again is tried, and said; with a worker to be had it starts Python, and all comes to life.
    page.locator("[data-figure=swapped] button.link").click()
    says(page, "[data-figure=swapped] .problem")
    page.wait_for_function("() => /Python/.test(document.getElementById('announcer').textContent)")
    page.evaluate("() => { window.Worker = window.Kept; }")
    page.locator("[data-figure=swapped] button.link").click()
    page.wait_for_selector("html[data-state=ready]", state="attached", timeout=BOOT)
    page.wait_for_function("() => /^Before: /.test(document.querySelector('[data-figure=swapped] .live p').textContent)")
    for name in names:
        page.locator(f"[data-figure={name}]").scroll_into_view_if_needed()
        page.wait_for_selector(f"[data-figure={name}] .problem", state="detached")
        page.wait_for_function("(name) => document.querySelector(`[data-figure=${name}] .live`).firstElementChild", arg=name)
    assert page.text_content("[data-figure=shifted] .live").startswith("Picture1.000") is False
    page.wait_for_selector("[data-figure=chain] [data-term=slope]", state="attached")
    page.wait_for_selector("#overview-problem:empty", state="attached")
    assert page.text_content("#inside-answer") != ""


def test_every_control_says_that_python_is_gone(gone):
    page = gone
    page.locator("[data-figure=swapped]").scroll_into_view_if_needed()
    page.locator("#network a", has_text="Dropout 1").click()
    says(page, "#arithmetic-body")
    says(page, "[data-figure=swapped] .problem")
    controls = set(page.evaluate(CONTROLS))
    assert controls <= {*ASKING, *OTHERS} and {*ASKING} <= controls
    for control, place in ASKING.items():
        page.locator(place).evaluate("(place) => { (place.closest('section') ?? place).scrollIntoView(); }")
        frames(page)  # a figure that comes into sight says its own
        # "Trying again" is taken away, so that words found are this control's.
        page.locator(place).evaluate("(place) => { (place.querySelector('.problem') ?? place).textContent = ''; }")
        page.evaluate(PRESS, control)
        says(page, place)
        if control.startswith("layer"):
            says(page, "#arithmetic-body")
    page.locator("#network a", has_text="Conv 3").click()
    for place in ("#layer-problem", "#arithmetic-body", "#filter-problem"):
        says(page, place)
    assert page.is_hidden("#filters-all") and page.is_hidden("#filter-one")  # those of another step
    page.locator("#network a", has_text="Dense 1").click()
    says(page, "#filter-problem")
    page.locator('[data-step="2"]').click()
    says(page, "#layer-problem")
    page.locator(".intro button[data-example]").click()
    says(page, "#inside-caption")


def test_one_call_that_fails_is_said_and_can_be_tried_again(open_page):
    """The worker lives, but answers these with an error once."""
    page = open_page(prepare=lambda page: page.add_init_script(EAR), viewport={"width": 1280, "height": 800})
    wait_until(page, "ready")
    Hand(page).draw([BAR])
    page.evaluate("""() => {
        const worker = talk.workers.at(-1);
        const send = worker.postMessage.bind(worker);
        const failing = new Set(["shifted", "chain_rule", "swapped", "filters", "weights_to", "arithmetic", "saliency", "try_out", "drop"]
          .map((name) => `inside.${name}`));
        talk.failing = failing;
        worker.postMessage = (message, transfer) => {
          if (!failing.has(message.name)) return send(message, transfer);
          const data = { type: "error", id: message.id, message: "It slipped.", detail: "" };
          queueMicrotask(() => worker.dispatchEvent(new MessageEvent("message", { data })));
        };
    }""")
    open_inside(page)
    places = [
        ("arithmetic", "#arithmetic-body", "#arithmetic-body [data-term=result]"),
        ("filters", "#filter-problem", "#filter-words:not(:empty)"),
        ("saliency", "#why-problem", "#why-words:not(:empty)"),
        ("try_out", "#what-if-trouble", "#what-if-padded-words:not(:empty)"),
        ("shifted", "[data-figure=shifted] .problem", "[data-figure=shifted] .rows"),
        ("chain_rule", "[data-figure=chain] .problem", "[data-figure=chain] [data-term=slope]"),
        ("swapped", "[data-figure=swapped] .problem", "[data-figure=swapped] .live p:not(:empty)"),
    ]
    for door, place, alive in places:
        holder = place.removesuffix(" .problem")
        page.locator(holder).evaluate("(place) => place.closest('section').scrollIntoView()")
        # All at once, before the part asks again by itself.
        page.wait_for_function(
            """([place, holder, door]) => {
                const words = document.querySelector(place);
                const again = document.querySelector(`${holder} button.link`);
                if (!words?.checkVisibility() || !words.textContent.includes("It slipped.") || !again) return false;
                talk.failing.delete(`inside.${door}`);
                again.click();
                return true;
            }""",
            arg=[place, holder, door],
        )
        page.wait_for_selector(alive, state="attached", timeout=60_000)
        page.wait_for_function("(place) => !document.querySelector(place)?.textContent.includes('It slipped.')", arg=place)


def test_inside_where_python_never_came(open_page):
    page = open_page(prepare=lambda page: page.add_init_script(in_workers("delete globalThis.WebAssembly;")))
    wait_until(page, "failed")
    page.evaluate("location.hash = '#inside'")
    says(page, "#inside-trouble")
    for figure in figures(page):
        words = page.locator(f"[data-figure={figure}] .live").evaluate(
            "(live) => getComputedStyle(live, '::before').content"
        )
        assert "when Python runs" in words
    for button in ("fool-start", "dream-start", "layer-after"):
        page.evaluate("() => { document.getElementById('inside-caption').textContent = ''; }")
        page.locator(f"#{button}").click()
        assert page.text_content("#inside-caption") == "Python is not running."
    page.locator("#inside-trouble button").click()
    says(page, "#inside-trouble")
