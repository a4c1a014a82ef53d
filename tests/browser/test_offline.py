"""Kept for offline use: opened without a server, taken up anew when a build is deployed, or refused by the device."""

import functools
import http.server
import json
import re
import shutil
import threading

import inside_pen
import pytest
from browsing import BOOT, wait_until
from faulty import FaultyServer
from hand import EAR, Hand

from building import assets

CHROMIUM = pytest.mark.parametrize("browser_name", ["chromium"], indirect=True)  # where browsers do not differ
BAR = [(0.5, 0.2 + 0.6 * step / 10) for step in range(11)]


@pytest.fixture
def server(dist):
    """In place of the shared one: this one can be stopped, and its folder changed."""
    with FaultyServer(dist) as server:
        yield server


def opened(open_page, *scripts, **options):
    page = open_page(prepare=lambda page: [page.add_init_script(script) for script in (EAR, *scripts)], **options)
    wait_until(page, "ready")
    return page


def wait_for_offline(page, state):
    page.wait_for_selector(f"html[data-offline={state}]", timeout=BOOT)


def reads(page):
    hand = Hand(page)
    hand.draw([BAR])
    assert hand.answer() != ""
    hand.clear()


def kept(page):
    """{name of a cache: addresses in it, from the page's own on}"""
    return page.evaluate("""async () => {
        const found = {};
        for (const name of await caches.keys()) {
          const requests = await (await caches.open(name)).keys();
          found[name] = requests.map(({ url }) => url.slice(location.origin.length + 1));
        }
        return found;
    }""")


def build_of(dist):
    """What the service worker was told: version, files, views, later."""
    return json.JSONDecoder().raw_decode((dist / "service-worker.js").read_text().removeprefix("const BUILD = "))[0]


def described(page):
    return page.get_attribute("meta[name=description]", "content")


@pytest.fixture
def second(tmp_path, monkeypatch):
    """Another build: a statement and the page's description differ."""
    web = shutil.copytree(assets.WEB, tmp_path / "web")
    (web / "app/main.js").write_text(
        (web / "app/main.js").read_text() + "document.documentElement.dataset.build = 'second';\n"
    )
    page = (web / "index.html").read_text()
    (web / "index.html").write_text(re.sub('(name="description"[^>]*content=)"[^"]*"', r'\1"The second"', page))
    monkeypatch.setattr(assets, "WEB", web)
    assets.build(tmp_path / "second")
    return tmp_path / "second"


def test_opens_without_a_server(open_page, server, dist):
    page = opened(open_page)
    wait_for_offline(page, "ready")
    assert "Ready for offline" in page.text_content("#about-offline")
    build = build_of(dist)
    [(name, files)] = kept(page).items()
    assert name == f"inkling / {build['version']}"
    assert sorted(files) == sorted(
        {file.removeprefix("./") for part in (build["files"], *build["views"].values()) for file in part}
    )
    server.is_down = True
    page.reload()
    wait_until(page, "ready")
    assert page.text_content("#about-boot").startswith("Python started from a snapshot")
    reads(page)
    inside_pen.open_inside(page)
    page.evaluate("location.hash = '#learn'")  # never opened before
    page.wait_for_selector("#learn[data-state=ready]", timeout=BOOT)
    page.goto(f"{server.address}/index.html?boot=snapshot#read")
    wait_until(page, "ready")
    assert not page.watch.errors and not page.watch.outside


def test_a_second_build_is_taken_up(open_page, server, dist, second):
    old = opened(open_page)
    wait_for_offline(old, "ready")
    first, last = build_of(dist)["version"], build_of(second)["version"]
    server.folder = second
    visit = old.context.new_page()
    visit.goto(server.address)
    wait_for_offline(visit, "newer")
    assert "opens with your next visit" in visit.text_content("#about-offline")
    visit.reload()
    wait_until(visit, "ready")
    wait_for_offline(visit, "ready")
    assert described(visit) == "The second"
    loaded = visit.evaluate(
        "performance.getEntriesByType('resource').map(({ name }) => name.match(/app-\\w+/)?.[0]).filter(Boolean)"
    )
    assert set(loaded) == {last}
    # The old tab goes on, and finds what it may still need, though the server has it no more.
    reads(old)
    assert described(old) != "The second"
    assert old.evaluate("async (url) => (await fetch(url)).status", f"{first}/main.js") == 200
    old.close()
    for _ in range(10):  # the worker may still count a tab that was just closed: then the next visit tidies up
        visit.reload()
        wait_for_offline(visit, "ready")
        if len(kept(visit)) == 1:
            break
    [(name, files)] = kept(visit).items()
    assert name == f"inkling / {last}" and not any(first in file for file in files)


def test_a_host_that_redirects_the_page_s_address(open_page, server):
    """Browsers refuse to open a page from a response that was redirected."""
    server.redirects = {"/": "/index.html"}
    page = opened(open_page)
    wait_for_offline(page, "ready")
    server.is_down = True
    for address in ("/", "/index.html"):
        page.goto(server.address + address)
        wait_until(page, "ready")
    # An earlier worker of this page may have stored it redirected: the next visit puts that right.
    server.is_down = False
    page.evaluate("""async () => {
        const cache = await caches.open((await caches.keys())[0]);
        const page = await fetch("/?asked=anew", { cache: "reload" });
        await cache.put("/", page.redirected ? page : Promise.reject("not redirected"));
    }""")
    page.goto(server.address)
    wait_until(page, "ready")


def test_a_damaged_copy_is_replaced_by_the_same_build(open_page, server, dist):
    page = opened(open_page)
    wait_for_offline(page, "ready")
    damaged = next(f"/{file}" for file in build_of(dist)["files"] if file.startswith("assets/libraries-"))
    length = """async (url) => (await (await (await caches.open((await caches.keys())[0])).match(url)).arrayBuffer()).byteLength"""
    whole = page.evaluate(length, damaged)
    page.evaluate("async (url) => (await caches.open((await caches.keys())[0])).put(url, new Response('{}'))", damaged)
    assert page.evaluate(length, damaged) == 2
    page.reload()
    wait_until(page, "ready")
    assert page.evaluate(length, damaged) == whole
    server.is_down = True
    page.reload()
    wait_until(page, "ready")


@CHROMIUM
def test_offline_but_for_the_lab(open_page, server):
    """The lab's samples do not arrive: that is said, and Start is off and says why; the next visit has them."""
    server.faults = {"lab-train": "missing"}
    page = opened(open_page, path="/#learn")
    wait_for_offline(page, "partly")
    assert "but for the lab" in page.text_content("#about-offline")
    page.wait_for_function("() => /could not be loaded/.test(document.getElementById('lab-said').textContent)")
    assert page.get_attribute("#lab-start", "aria-disabled") == "true"
    server.faults = {}
    page.reload()
    wait_for_offline(page, "ready")
    page.wait_for_selector("#lab-start[aria-disabled=false]", timeout=BOOT)


@CHROMIUM
def test_nothing_is_kept_by_halves(open_page, server):
    """What the service worker gets as index.html is not the tab's."""

    def answered(response):  # long before the page is ready, when keeping begins
        if response.url == f"{server.address}/":
            server.faults = {"index.html": "an HTML page"}

    page = open_page(prepare=lambda page: [page.add_init_script(EAR), page.once("response", answered)])
    assert server.faults
    wait_for_offline(page, "denied")
    assert "not all of it could be kept" in page.text_content("#about-offline")
    assert kept(page) == {}
    reads(page)
    server.faults = {}
    page.reload()
    wait_for_offline(page, "ready")


DENIED = {
    "no service workers, no storage": """
        Object.defineProperty(Navigator.prototype, "serviceWorker", { get: () => undefined });
        for (const name of ["indexedDB", "caches", "localStorage", "sessionStorage"]) {
          Object.defineProperty(window, name, { get() { throw new DOMException("The operation is insecure.", "SecurityError"); } });
        }""",
    "all refused": """
        if (isSecureContext) { // which a blank page before it is not
          ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException("The operation is insecure.", "SecurityError"));
          IDBFactory.prototype.open = () => { throw new DOMException("A mutation operation was attempted on a database that did not allow mutations."); };
          CacheStorage.prototype.open = () => Promise.reject(new DOMException("The operation is insecure.", "SecurityError"));
          StorageManager.prototype.persist = () => Promise.reject(new TypeError("no"));
        }""",
}


@CHROMIUM
@pytest.mark.parametrize("denied", DENIED)
def test_a_device_that_denies_storage(open_page, denied):
    page = opened(open_page, DENIED[denied])
    wait_for_offline(page, "denied")
    assert "does not keep the page for offline use" in page.text_content("#about-offline")
    reads(page)
    page.evaluate("location.hash = '#learn/hand'")
    page.click("#hand-keep")
    page.wait_for_function("() => document.getElementById('hand-said').textContent !== ''")
    assert "does not let the page keep drawings" in page.text_content("#hand-said")
    assert not page.watch.errors


@CHROMIUM
def test_a_plain_server_under_a_sub_path(open_page, dist, tmp_path):
    """Python's own http.server, which zips nothing and knows few types."""
    (tmp_path / "name").symlink_to(dist)

    class Plain(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    plain = functools.partial(Plain, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), plain) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = opened(open_page, address=f"http://127.0.0.1:{server.server_port}/name")
        assert page.text_content("#about-boot").startswith("Python started from a snapshot")
        wait_for_offline(page, "ready")
        reads(page)
        page.evaluate("location.hash = '#learn'")
        page.wait_for_selector("#learn[data-state=ready]", timeout=60_000)
        assert all(file.startswith("name/") for files in kept(page).values() for file in files)
        server.shutdown()
        assert not page.watch.errors and not page.watch.outside


def test_two_projects_on_one_origin_leave_each_other_s_caches(open_page, tmp_path, dist, second):
    """/a and /b, each deployed anew; the lab's data stay where they are, and are not downloaded again."""
    for name in "ab":
        shutil.copytree(dist, tmp_path / "both" / name)
    with FaultyServer(tmp_path / "both") as server:
        a = open_page("/a/#learn/lab", address=server.address)
        wait_until(a, "ready")
        a.wait_for_selector("#learn[data-state=ready]", timeout=BOOT)
        wait_for_offline(a, "ready")
        b = a.context.new_page()
        b.goto(f"{server.address}/b/")
        wait_until(b, "ready")
        wait_for_offline(b, "ready")
        first, last = build_of(dist)["version"], build_of(second)["version"]
        assert sorted(kept(a)) == [f"inkling /a/ {first}", f"inkling /b/ {first}"]
        shutil.copytree(second, tmp_path / "both/b", dirs_exist_ok=True)
        b.reload()
        wait_for_offline(b, "newer")
        b.reload()
        wait_until(b, "ready")
        wait_for_offline(b, "ready")
        assert f"inkling /a/ {first}" in kept(b) and f"inkling /b/ {last}" in kept(b)
        assert all(build_of(dist)[part] == build_of(second)[part] for part in ("views", "later")), "named by their content"
