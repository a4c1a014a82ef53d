"""axe-core finds nothing in any view: by day and by night, in forced colours, without motion, on a phone."""

import json
from pathlib import Path

import pytest
from browsing import show, wait_until
from hand import EAR, Hand, fitted, plain, samples

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
R = [plain(stroke) for stroke in fitted(dict(samples())["R"], 0.5)]
VIEWS = ["read", "write", "inside", "learn", "learn/hand", "learn/collect"]
WAYS = {
    "by day": {},
    "by night": {"color_scheme": "dark"},
    "in forced colours": {"forced_colors": "active"},
    "without motion": {"reduced_motion": "reduce"},
    "from right to left": {},
    "text at 200%": {},
    "on a phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
}
# What the reader's browser does to the page.
CHANGES = {
    "from right to left": "document.documentElement.dir = 'rtl'",
    "text at 200%": "document.documentElement.style.fontSize = '200%'",
}
RUN = """() => axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }).then(
    ({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html.slice(0, 160))]))"""


@pytest.fixture
def opened(open_page, browser_name):
    """opened(**options of the context) -> a page with an R drawn on it, and axe-core in it."""
    if browser_name != "chromium":
        pytest.skip("axe-core reads the page's own markup and colours: one browser is enough")

    def opened(**options):
        page = open_page(prepare=lambda page: page.add_init_script(EAR), **options)
        wait_until(page, "ready")
        Hand(page).draw(R)
        page.evaluate(AXE.read_text())
        return page

    return opened


def open_view(page, view):
    show(page, view)
    if view in ("write", "inside", "learn"):
        page.wait_for_selector(f'#{view}[data-state="ready"]')


@pytest.mark.parametrize("way", WAYS)
def test_axe_finds_nothing(opened, way):
    page = opened(**WAYS[way])
    if way in CHANGES:
        page.evaluate(CHANGES[way])
    found = {}
    for view in VIEWS:
        open_view(page, view)
        found[view] = page.evaluate(RUN)
    page.click("#help-open")
    found["help"] = page.evaluate(RUN)
    assert not any(found.values()), json.dumps({view: each for view, each in found.items() if each}, indent=1)
