"""The page put together from its shell and the parts of its views."""

import re
from html.parser import HTMLParser

import pytest

from building import page
from building.errors import BuildError
from building.paths import WEB


class Elements(HTMLParser):
    """All ids and the addresses of all for=, aria-labelledby= and aria-describedby=."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.meant = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id":
                self.ids.append(value)
            elif name in ("for", "aria-labelledby", "aria-describedby"):
                self.meant += value.split()


def test_the_shell_is_small():
    assert len((WEB / "index.html").read_text().splitlines()) <= 150


def test_every_placeholder_is_filled_and_every_part_used():
    text = page.html(WEB)
    assert not re.search(r"<!-- *(views|parts?)\b", text)
    for part in WEB.rglob("*.html"):
        first = part.read_text().splitlines()[0].strip()
        assert text.count(first) == 1, f"{part.name}: {first}"


def test_ids_are_used_once_and_meant_ones_are_there():
    found = Elements(page.html(WEB))
    assert len(found.ids) == len(set(found.ids))
    assert set(found.meant) <= set(found.ids)


def test_each_view_is_a_folder_with_page_style_and_script():
    names = page.views(WEB)
    assert names[0] == "read" and len(names) == len(set(names))
    text = page.html(WEB)
    for name in names:
        assert all((WEB / name / f"view.{suffix}").exists() for suffix in ("html", "css", "js"))
        assert len(re.findall(rf'<main id="{name}" class="[^"]*\b{name}\b[^"]*" tabindex="-1"', text)) == 1
    # Shown before any script runs: the first.
    assert re.findall(r'<main id="(\w+)"(?:(?! hidden).)*?>', text) == names[:1]


def test_a_view_is_added_by_a_folder_and_its_name(tmp_path):
    (tmp_path / "index.html").write_text("<body>\n  <!-- views: read write -->\n</body>\n")
    for name, text in {
        "read": "<main>\n  <p>Read</p>\n\n  <!-- part: more.html -->\n</main>\n",
        "write": "<main></main>",
    }.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "view.html").write_text(text)
    (tmp_path / "read" / "more.html").write_text("<p>More</p>\n")
    assert page.html(tmp_path) == (
        "<body>\n  <main>\n    <p>Read</p>\n\n    <p>More</p>\n  </main>\n\n  <main></main>\n</body>\n"
    )
    assert page.view_list(tmp_path) == {
        "app/view-list.js": b'import { connect as read } from "../read/view.js";\n'
        b'import { connect as write } from "../write/view.js";\nexport const VIEWS = { read, write };\n',
        "app/view-list.css": b'@import "../read/view.css";\n@import "../write/view.css";\n',
    }


def test_what_is_missing_is_named(tmp_path):
    (tmp_path / "index.html").write_text("<!-- views: read -->\n")
    with pytest.raises(BuildError, match=r"read/view\.html"):
        page.html(tmp_path)
    (tmp_path / "index.html").write_text("<p>No list</p>\n")
    with pytest.raises(BuildError, match="list the views once"):
        page.views(tmp_path)
