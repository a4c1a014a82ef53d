"""Which tests stay together where several processes share them out (`-n`, of pytest-xdist)."""

import pytest


@pytest.hookimpl(tryfirst=True)  # xdist reads the marks in the same hook
def pytest_collection_modifyitems(items):
    """A file, or in a browser what one browser does of it: what its tests share is made once."""
    for item in items:
        browser = item.callspec.params.get("browser_name", "") if hasattr(item, "callspec") else ""
        item.add_marker(pytest.mark.xdist_group(f"{item.path.name} {browser}".strip()))
