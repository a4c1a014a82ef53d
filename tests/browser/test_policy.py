"""The page's Content-Security-Policy: all that the page does is allowed, and nothing goes elsewhere.

No browser test sets the policy aside. Here page and worker also tell of everything that it refused.
"""

import re

import inside_pen
import pytest
from browsing import Watch, in_workers, wait_until
from hand import EAR, Hand

from building.serve import Handler, Server

# Both sides tell on one channel what was refused; on another the worker is told to fetch something.
LISTEN = """
  window.refused = [];
  new BroadcastChannel("refused").onmessage = ({ data }) => refused.push(data);
  addEventListener("securitypolicyviolation", (event) => refused.push(`page: ${event.effectiveDirective} ${event.blockedURI}`));
""" + in_workers("""
  const refused = new BroadcastChannel("refused");
  addEventListener("securitypolicyviolation", (event) => refused.postMessage("worker: " + event.effectiveDirective + " " + event.blockedURI));
  new BroadcastChannel("fetch").onmessage = ({ data }) => fetch(data, { mode: "no-cors" }).catch(() => {});
""")
BAR = [(0.5, 0.2 + 0.6 * step / 10) for step in range(11)]


@pytest.fixture
def elsewhere():
    """Another server; `asked` holds what arrived."""

    class Listening(Handler):
        def do_GET(self):
            self.server.asked.append(self.path)
            super().do_GET()

    with Server(handler=Listening) as server:
        server.asked = []
        yield server


@pytest.fixture(scope="module")
def listened(browser, server):
    """A page with LISTEN, not yet opened."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.watch = Watch(page, server.address)
    page.add_init_script(LISTEN)
    page.add_init_script(EAR)
    yield page
    context.close()


def reads(page):
    wait_until(page, "ready")
    hand = Hand(page)
    hand.draw([BAR])
    assert hand.answer() != ""


def test_the_ordinary_boot_works_under_the_policy(listened, server):
    listened.goto(f"{server.address}/?boot=plain")
    reads(listened)
    assert listened.evaluate("refused") == [] and not listened.watch.errors and not listened.watch.outside


def test_everything_works_under_the_policy(listened, server):
    listened.goto(server.address)
    reads(listened)
    inside_pen.open_inside(listened)
    listened.wait_for_selector('#inside[data-empty="false"]')
    listened.evaluate("location.hash = '#learn'")
    listened.wait_for_selector("#learn[data-state=ready]", timeout=60_000)
    listened.click("#lab-step")
    listened.wait_for_function("() => lab.dataset.steps === '1'")
    assert listened.evaluate("refused") == [] and not listened.watch.errors and not listened.watch.outside


def test_neither_page_nor_worker_can_send_anything_elsewhere(listened, server, elsewhere):
    listened.goto(server.address)
    wait_until(listened, "ready")
    address = elsewhere.address
    listened.evaluate(
        """(address) => {
        fetch(`${address}/fetch`, { mode: "no-cors" }).catch(() => {});
        new BroadcastChannel("fetch").postMessage(`${address}/worker`);
        navigator.sendBeacon(`${address}/beacon`, "ink");
        const image = new Image();
        image.src = `${address}/image`;
        const form = document.createElement("form");
        form.method = "post";
        form.action = `${address}/form`;
        document.body.append(form);
        try { form.submit(); } catch { /* Firefox throws */ }
    }""",
        address,
    )
    listened.wait_for_function("() => refused.length >= 5")
    assert sorted(listened.evaluate("refused")) == [
        f"page: connect-src {address}/beacon", f"page: connect-src {address}/fetch",
        f"page: form-action {address}/form", f"page: img-src {address}/image", f"worker: connect-src {address}/worker",
    ]  # fmt: skip
    assert elsewhere.asked == []


def test_the_policy_starts_from_nothing(dist):
    html = (dist / "index.html").read_text()
    policy = re.search(r'Content-Security-Policy"\s+content="([^"]+)"', html)[1]
    assert policy.startswith("default-src 'none';")
    assert not re.search(r"'unsafe-(eval|inline)'|https?:|\*", policy)
