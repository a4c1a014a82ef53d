"""The page put together: index.html is a shell, in which each view's own part takes the place of a comment.

    <!-- views: read inside learn -->   the views, in the order of their tabs: of each its view.html, view.css and view.js
    <!-- part: help.html -->            one file, as seen from the file that asks for it

The list of views stands nowhere else: scripts and styles get it as app/view-list.js and app/view-list.css, made here.
"""

import re
from pathlib import Path

from .errors import BuildError

VIEWS = re.compile(r"<!-- views: (?P<names>[\w ]+) -->")
PLACEHOLDER = re.compile(r"^(?P<indent> *)<!-- (?P<kind>views|part): (?P<what>[^>]+) -->$", re.MULTILINE)


def views(web: Path) -> list[str]:
    """The names of the views; BuildError where index.html does not list them, once."""
    lists = VIEWS.findall((web / "index.html").read_text(encoding="utf-8"))
    if len(lists) != 1:
        raise BuildError(f"{web / 'index.html'} must list the views once, as in <!-- views: read inside -->.")
    return lists[0].split()


def html(web: Path) -> str:
    """index.html with every placeholder filled; BuildError naming a part that is not there."""
    return _filled(web / "index.html")


def view_list(web: Path) -> dict[str, bytes]:
    """{path in web/: content} of the script and the style that name every view."""
    names = views(web)
    imports = "".join(f'import {{ connect as {name} }} from "../{name}/view.js";\n' for name in names)
    return {
        "app/view-list.js": f"{imports}export const VIEWS = {{ {', '.join(names)} }};\n".encode(),
        "app/view-list.css": "".join(f'@import "../{name}/view.css";\n' for name in names).encode(),
    }


def _filled(path: Path) -> str:
    def fill(placeholder: re.Match[str]) -> str:
        what = placeholder["what"]
        parts = [f"{name}/view.html" for name in what.split()] if placeholder["kind"] == "views" else [what]
        text = "\n\n".join(_part(path.parent / part, path).rstrip("\n") for part in parts)
        return re.sub(r"^(?=.)", placeholder["indent"], text, flags=re.MULTILINE)

    return PLACEHOLDER.sub(fill, path.read_text(encoding="utf-8"))


def _part(path: Path, asking: Path) -> str:
    if not path.exists():
        raise BuildError(f"{asking} asks for {path}, which is not there.")
    return _filled(path)
