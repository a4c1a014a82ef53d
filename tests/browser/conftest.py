"""A real browser on the real built page, served on a free port."""

import pytest
from browsing import PATIENCE, Watch, launch, wait_until
from hand import EAR, Hand
from playwright.sync_api import sync_playwright

from building import assets
from building.serve import Server


@pytest.fixture(scope="session")
def dist(tmp_path_factory):
    """A folder with the built page."""
    folder = tmp_path_factory.mktemp("build") / "dist"
    assets.build(folder)
    return folder


@pytest.fixture(scope="session")
def server(dist):
    """The built page on a free port; `server.address` is its URL."""
    with Server(dist) as server:
        yield server


@pytest.fixture(scope="session")
def playwright():
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session", params=["chromium", "firefox"])
def browser_name(request):
    return request.param


@pytest.fixture(scope="session")
def browsers(playwright):
    """{name: browser} of those that were started; they stay until the end, so that files may take turns."""
    started = {}
    yield started
    for browser in started.values():
        browser.close()


@pytest.fixture(scope="session")
def browser(playwright, browsers, browser_name):
    if browser_name not in browsers:
        browsers[browser_name] = launch(playwright, browser_name)
    return browsers[browser_name]


@pytest.fixture(scope="module")
def page(browser, server):
    """The page, booted once for the module. At its end it must have been quiet: see Watch."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    watch = Watch(page, server.address)
    page.add_init_script(EAR)
    page.goto(server.address)
    wait_until(page, "ready")
    yield page
    context.close()
    assert not watch.errors and not watch.outside


@pytest.fixture
def hand(page):
    """Draws on the module's page."""
    return Hand(page)


@pytest.fixture
def open_page(browser, server):
    """open_page(path="/", prepare=None, address=..., **options of the context) -> a page of its own, not yet waited for.

    `prepare(page)` runs before the address is opened; `page.watch` is its Watch.
    """
    contexts = []

    def open_page(path="/", prepare=None, address=server.address, **options):
        contexts.append(browser.new_context(**options))
        contexts[-1].set_default_timeout(PATIENCE)
        page = contexts[-1].new_page()
        page.watch = Watch(page, address)
        if prepare:
            prepare(page)
        page.goto(address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def fresh(open_page):
    """A page of its own, that nobody taught."""
    page = open_page(prepare=lambda page: page.add_init_script(EAR), viewport={"width": 1280, "height": 800})
    wait_until(page, "ready")
    yield page
    assert not page.watch.errors and not page.watch.outside
