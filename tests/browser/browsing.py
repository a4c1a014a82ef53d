"""Starting a browser, waiting for the page, and watching what it must not do."""

import json
from pathlib import Path

CHROMIUM, FIREFOX = Path("/usr/bin/chromium"), Path("/usr/bin/firefox-esr")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
BOOT = 120_000  # ms: a machine shared with others boots Python slowly; waiting ends as soon as it is up
PATIENCE = 60_000  # ms: for all else that is waited for there


def launch(playwright, name, args=(), **options):
    """Start Debian's browser, or Playwright's own where that is what build.py installed; `args` are Chromium's."""
    if name == "chromium":
        own = {"executable_path": str(CHROMIUM)} if CHROMIUM.exists() else {}
        return playwright.chromium.launch(args=[*QUIET, *args], **own, **options)
    own = {"executable_path": str(FIREFOX), "channel": "moz-firefox"} if FIREFOX.exists() else {}
    return playwright.firefox.launch(**own, **options)


def in_workers(script):
    """A script for a page, to come before its own: `script` runs in each of its workers before the worker's own."""
    return """
      window.Worker = class extends Worker {
        constructor(url, options) {
          // Read and not imported, for the page allows no scripts from blobs but its workers.
          const request = new XMLHttpRequest();
          request.open("GET", url, false);
          request.send();
          super(URL.createObjectURL(new Blob([%s, request.responseText], { type: "text/javascript" })), options);
        }
      };""" % json.dumps(f"{script}\n")


class Watch:
    """What a page must not do: `errors` on its console, requests to hosts `outside` its own."""

    def __init__(self, page, address):
        self.errors, self.outside = [], []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda line: line.type == "error" and self.errors.append(line.text))
        page.context.on("request", lambda request: self._see(request.url, address))

    def _see(self, url, address):
        if not url.startswith((address, "data:", "blob:", "about:")):
            self.outside.append(url)


def show(page, fragment):
    """Go to a view, or to a part of Learn, by its fragment. It shows a moment later, once the page has heard of it."""
    page.evaluate("(fragment) => { location.hash = fragment; }", fragment)
    part = {"learn": "lab"}.get(fragment, fragment.split("/")[-1])
    page.wait_for_function("(id) => !document.getElementById(id).closest('[hidden]')", arg=part)


def resize(page, width, height):
    """Give the window another size, and wait until the page has it and has measured itself anew."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("(size) => matchMedia(size).matches", arg=f"(width: {width}px) and (height: {height}px)")
    page.evaluate("async () => { for (let i = 0; i < 3; i += 1) await new Promise(requestAnimationFrame); }")


def wait_until(page, state):
    """Wait for <html data-state>; a boot that ends in the other state fails at once, with the page's words."""
    page.wait_for_function("() => ['ready', 'failed'].includes(document.documentElement.dataset.state)", timeout=BOOT)
    found = page.evaluate("document.documentElement.dataset.state")
    assert found == state, f"the page is {found}: {page.inner_text('body')}"
