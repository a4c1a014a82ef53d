"""From the click to a Python that reads: from the snapshot against the ordinary boot of the same page.

    python3 build.py bench boot

Each visit is timed by the page's own clock, from navigation to data-state=ready; both ways take turns. Cold: a new
profile for each visit. Warm: the HTTP cache of a profile that has been there, by that way alone: browsers keep compiled
code beside a file, and what the ordinary boot runs would be compiled for nothing. Kept: the service worker answers.
"""

import contextlib
import itertools
import tempfile
from pathlib import Path

from browsing import BOOT, CHROMIUM, FIREFOX, QUIET
from measuring.table import median, megabytes, setting, table, verdict
from playwright.sync_api import sync_playwright

from building import assets
from building.serve import Handler, Server

VISITS = 7
WAYS = {"snapshot": "", "plain": "?boot=plain"}
# Seconds at most with a warm cache, and how many times faster than the ordinary boot.
TARGETS = {"chromium": (1.0, 6), "firefox": (2.0, 4)}
CLOCK = """
  window.booted = new Promise((resolve, reject) => {
    new MutationObserver(() => {
      const { state } = document.documentElement?.dataset ?? {};
      if (state === "ready") resolve(performance.now());
      if (state === "failed") reject(new Error("The page did not start."));
    }).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-state"] });
  });
"""


class Counting(Handler):
    """Counts what is sent, as it goes over the wire: `server.sent` bytes."""

    def answer(self, send):
        def counted(content):
            self.server.sent += len(content)
            return send(content)

        super().answer(counted)


def main():
    rows, versions, verdicts = [], [], []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        dist = Path(folder) / "dist"
        assets.build(dist)
        with Server(dist, handler=Counting) as server:
            for name in TARGETS:
                for cache in ("cold", "warm", "kept"):
                    found, version = measure(playwright, name, server, cache)
                    rows.append(row(name, cache, found))
                    if cache == "warm":
                        verdicts += judged(name, found)
                versions.append(f"{name.title()} {version}")
    print(table(["", "snapshot", "ordinary boot", "times faster", "bytes, snapshot", "bytes, ordinary"], rows))
    print(f"\nSeconds to ready, median of {VISITS} visits (fastest to slowest); bytes over the wire, gzip'd, of a visit.\n")
    print(table(["with a warm cache", "found", "target", ""], verdicts))
    print(f"\n{setting('python3 build.py bench boot', *versions)}")


def measure(playwright, name, server, cache):
    """({way: [(seconds, bytes), ...]}, version of the browser)."""
    found = {way: [] for way in WAYS}
    with contextlib.ExitStack() as stack:
        profiles = {}
        if cache != "cold":
            profiles = {way: stack.enter_context(opened(playwright, name, keeps=cache == "kept")) for way in WAYS}
            for way in [*WAYS, *WAYS]:
                visit(profiles[way], server, way, settle=True)
        for _, way in itertools.product(range(VISITS), WAYS):
            with contextlib.nullcontext(profiles[way]) if profiles else opened(playwright, name) as context:
                found[way].append(visit(context, server, way))
                version = context.browser.version
    return found, version


def row(name, cache, found):
    seconds = {way: [taken for taken, _ in visits] for way, visits in found.items()}
    sent = {way: median([sent for _, sent in visits]) for way, visits in found.items()}
    return [
        f"{name.title()}, {cache}",
        *(shown(seconds[way]) for way in WAYS),
        f"{ratio(found):.1f}",
        *(megabytes(sent[way]) for way in WAYS),
    ]


def shown(seconds):
    return f"{median(seconds):.2f} ({min(seconds):.2f} to {max(seconds):.2f}) s"


def ratio(found):
    """How many times faster the snapshot is."""
    snapshot, plain = (median([taken for taken, _ in found[way]]) for way in WAYS)
    return plain / snapshot


def judged(name, found):
    """Lines of the table of targets."""
    seconds, times = TARGETS[name]
    taken = median([taken for taken, _ in found["snapshot"]])
    return [
        [f"{name.title()}, seconds to ready", f"{taken:.2f}", f"at most {seconds}", verdict(taken, seconds)],
        [
            f"{name.title()}, times faster",
            f"{ratio(found):.1f}",
            f"at least {times}",
            verdict(ratio(found), times, at_most=False),
        ],
    ]


@contextlib.contextmanager
def opened(playwright, name, keeps=False):
    """A browser with a new profile on disk; `keeps`: one that lets service workers keep the page."""
    own = {"chromium": (CHROMIUM, {"args": QUIET}), "firefox": (FIREFOX, {"channel": "moz-firefox"})}
    path, options = own[name]
    if path.exists():
        options |= {"executable_path": str(path)}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        context = getattr(playwright, name).launch_persistent_context(
            folder, service_workers="allow" if keeps else "block", **options
        )
        context.add_init_script(CLOCK)
        yield context
        context.close()


def visit(context, server, way, settle=False):
    """(seconds to ready, bytes sent until then) of a visit; `settle` waits until everything is in caches."""
    server.sent = 0
    page = context.new_page()
    page.goto(f"{server.address}/{WAYS[way]}", timeout=BOOT)
    milliseconds = page.evaluate("booted")
    sent = server.sent
    if settle:
        page.wait_for_timeout(3000)
    page.close()
    return milliseconds / 1000, sent


if __name__ == "__main__":
    main()
