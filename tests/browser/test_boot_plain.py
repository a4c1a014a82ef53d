"""The ordinary boot: everything imported from its files."""

from browsing import wait_until


def test_becomes_ready_and_says_how(open_page):
    page = open_page("/?boot=plain")
    wait_until(page, "ready")
    assert not page.watch.errors and not page.watch.outside
