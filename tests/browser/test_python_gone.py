"""Python that is gone, hangs or never comes, and browsers that run no module: said in words, and nothing waits for ever."""

import pytest
from browsing import BOOT, in_workers, wait_until
from hand import EAR, Hand
from inside_pen import settle

CHROMIUM = pytest.mark.parametrize("browser_name", ["chromium"], indirect=True)  # where browsers do not differ
BAR = [(0.5, 0.2 + 0.6 * step / 10) for step in range(11)]


def said(page):
    return page.evaluate("document.body.innerText")


def test_opened_by_double_click(browser, dist):
    """From a folder, where browsers run no modules (or where one does: then it reads)."""
    page = browser.new_page()
    page.goto(f"file://{dist}/index.html")
    page.wait_for_selector("html:is([data-state=unopened], [data-state=ready])", timeout=BOOT)
    if page.get_attribute("html", "data-state") == "unopened":
        assert page.is_visible("#unopened") and page.is_hidden("#read")
        assert "build.py serve" in said(page) and "inkling.html" in said(page)
    assert "Starting Python" not in said(page)
    page.close()


def test_in_a_sandboxed_frame(open_page, server):
    page = open_page(prepare=lambda page: page.route("**/frame", lambda route: route.fulfill(
        content_type="text/html", body='<iframe sandbox="allow-scripts" src="/" width="900" height="700"></iframe>')),
        path="/frame")  # fmt: skip
    frame = page.frame_locator("iframe")
    frame.locator("#unopened").wait_for()
    words = frame.locator("body").inner_text()
    assert "Inkling did not start" in words and "tab of its own" in words and "Starting Python" not in words


@CHROMIUM
def test_a_page_that_starts_says_nothing_of_that(open_page):
    page = open_page()
    page.wait_for_selector("html:is([data-state=booting], [data-state=ready])")
    assert page.is_hidden("#unopened")
    wait_until(page, "ready")
    assert page.is_hidden("#unopened")


LACKING = {
    "WebAssembly": (in_workers("delete globalThis.WebAssembly;"), "This browser does not run WebAssembly"),
    "workers": ("delete window.Worker;", "This browser did not let the page start a worker"),
}


@pytest.mark.parametrize("lacking", LACKING)
def test_what_a_browser_lacks_is_said(open_page, lacking):
    script, words = LACKING[lacking]
    page = open_page(prepare=lambda page: page.add_init_script(script))
    wait_until(page, "failed")
    assert words in page.text_content("#failure-message") and words in page.text_content("#foot-line")


HURRY = "{ const every = setInterval; globalThis.setInterval = (work, time) => every(work, time / 20); }"


@CHROMIUM
def test_a_boot_that_hangs_after_its_downloads(open_page):
    """The page's clock runs twenty times as fast, and the runtime is never there."""
    hang = in_workers("WebAssembly.instantiate = () => new Promise(() => {});")
    page = open_page(prepare=lambda page: [page.add_init_script(script) for script in (HURRY, hang)])
    wait_until(page, "failed")
    assert "Python did not come up" in page.text_content("#failure-message")
    assert page.is_visible("#retry")


@CHROMIUM
def test_a_malformed_answer_rejects_its_call_at_once(open_page):
    """No clock runs: nothing but the answer itself can end the wait."""
    still = "globalThis.setInterval = () => 0;"
    page = open_page(prepare=lambda page: [page.add_init_script(script) for script in (EAR, still)])
    wait_until(page, "ready")
    page.evaluate("""() => {
        const worker = talk.workers.at(-1);
        worker.postMessage = ({ id }) =>
          queueMicrotask(() => worker.dispatchEvent(new MessageEvent("message", { data: { type: "error", id } })));
    }""")
    Hand(page).stroke(BAR)
    page.wait_for_function("() => document.body.innerText.includes('answer was not what it should be')")
    assert page.get_attribute("html", "data-state") == "ready"


# Python dies for good: its worker says so, and no other can be made. What is rejected to nobody is kept.
REJECTED = """
  window.rejected = [];
  addEventListener("unhandledrejection", ({ reason }) => rejected.push(String(reason?.message ?? reason)));
"""
KILL = """() => {
  const worker = talk.workers.at(-1);
  window.Worker = class { constructor() { throw new Error("none left"); } };
  worker.dispatchEvent(new MessageEvent("message", { data: { type: "failed", stage: "", message: "It broke.", detail: "" } }));
}"""


def busy(page):
    return page.evaluate("[...document.querySelectorAll('main [data-state=busy]')].map(({ id }) => id)")


def test_every_button_with_python_gone(open_page):
    """Nothing waits for ever, nothing rejects to nobody, and what cannot be done says so where it was asked for."""
    page = open_page(prepare=lambda page: [page.add_init_script(script) for script in (EAR, REJECTED)],
                     viewport={"width": 1280, "height": 800})  # fmt: skip
    wait_until(page, "ready")
    Hand(page).draw([BAR])
    for view in ("learn", "inside"):  # made when they are opened for the first time
        page.evaluate("(view) => { location.hash = view; }", view)
        page.wait_for_selector(f"#{view}[data-state=ready]", timeout=BOOT)
    page.wait_for_function("() => document.getElementById('inside-answer').textContent !== ''")
    settle(page)  # which offers the second best to be fooled into
    begun = page.evaluate("""() => {
        for (const id of ["fool-start", "dream-start"]) document.getElementById(id).click();
        return ["fool", "dream"].map((id) => document.getElementById(id).dataset.state);
    }""")
    assert begun == ["busy", "busy"]
    page.evaluate(KILL)
    page.wait_for_selector("html[data-state=failed]", state="attached")
    for words in ("#fool-words", "#dream-words"):
        page.wait_for_function("(id) => /That did not work: Python/.test(document.querySelector(id).textContent)", arg=words)
    assert busy(page) == []
    assert "It broke" in page.text_content("#failure-message") or "start a worker" in page.text_content("#failure-message")
    pressed = 0
    for view in ("inside", "learn/lab", "learn/hand", "learn/collect", "read"):
        page.evaluate("(view) => { location.hash = view; }", view)
        page.wait_for_selector(f"#{view.split('/')[-1]}:not([hidden])")
        pressed += page.evaluate("""() => {
            const shown = [...document.querySelectorAll("main button")].filter((button) =>
              button.checkVisibility() && button.id !== "retry" && button.getAttribute("aria-disabled") !== "true" && !/open|import/.test(button.id));
            for (const button of shown) button.click();
            for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
            return shown.length;
        }""")
    assert pressed > 15
    page.evaluate("() => { location.hash = 'inside'; }")
    for button, words in (("fool-start", "fool-words"), ("dream-start", "dream-words")):
        page.evaluate("(id) => { document.getElementById(id).textContent = ''; }", words)
        page.evaluate("(id) => document.getElementById(id).click()", button)
        page.wait_for_function("(id) => document.getElementById(id).textContent !== ''", arg=words)
    page.wait_for_function("() => !document.querySelector('main [data-state=busy]')")
    assert page.evaluate("rejected") == []
    assert not [error for error in page.watch.errors if "none left" not in error]
