"""What the page shows and does while Python starts, when it does not, and when it dies."""

import re

import pytest
from browsing import wait_until
from hand import EAR, Hand

BAR = [(0.5, 0.2 + 0.6 * step / 10) for step in range(11)]


def test_shows_stages_and_bytes_and_draws_meanwhile(open_page):
    """Ink drawn before Python is there is seen at once, and read when it is."""
    is_let_go = False
    held = []  # what Python cannot start without, until the ink is drawn

    def prepare(page):
        page.context.route("**/assets/pyodide.asm-*", lambda route: route.continue_() if is_let_go else held.append(route))
        page.add_init_script(EAR)
        page.add_init_script("""
            window.lines = [];
            addEventListener("DOMContentLoaded", () => {
              const line = document.getElementById("foot-line");
              new MutationObserver(() => lines.push(line.textContent)).observe(line, { childList: true });
            });""")

    page = open_page(prepare=prepare)
    hand = Hand(page)
    page.wait_for_function(
        "() => document.getElementById('pad').width === Math.round(document.getElementById('pad').clientWidth)"
    )
    assert page.evaluate("document.documentElement.dataset.state") == "booting"
    assert page.is_visible("#ghost") and page.is_visible("#invitation")
    hand.stroke(BAR)
    page.wait_for_function("() => document.getElementById('caption').textContent.includes('still starting')")
    assert hand.inked() > 0 and hand.answer() == ""
    is_let_go = True
    for route in held:
        route.continue_()
    wait_until(page, "ready")
    page.wait_for_function("() => document.getElementById('answer').textContent !== ''")
    assert len(hand.sent()) == 1
    lines = page.evaluate("lines")
    assert any(re.search(r"step \d of \d: .+, \d+\.\d of \d+\.\d MB", line) for line in lines), lines
    assert page.is_hidden("#boot-line")
    assert not page.watch.errors and not page.watch.outside


@pytest.mark.parametrize("pattern", ["**/assets/pyodide.asm-*", "**/app-*/worker.js"])
def test_failure_is_told_and_retry_works(open_page, pattern):
    def prepare(page):
        page.add_init_script(EAR)
        # For the whole context: what a worker fetches is not the page's own request.
        page.context.route(pattern, lambda route: route.fulfill(status=404, body=""))

    page = open_page(prepare=prepare)
    hand = Hand(page)
    hand.stroke(BAR)
    wait_until(page, "failed")
    assert page.is_visible("#failure") and page.is_visible("#retry")
    message = page.text_content("#failure-message")
    assert len(message) > 20 and not message.startswith("Error")
    assert hand.inked() > 0, "the drawing stays"
    page.context.unroute(pattern)
    page.click("#retry")
    wait_until(page, "ready")
    page.wait_for_function("() => document.getElementById('answer').textContent !== ''")
    assert page.is_hidden("#failure")
    assert not page.watch.outside
