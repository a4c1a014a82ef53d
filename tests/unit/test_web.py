"""The page's modules that need no page, by node's own test runner: tests/web/."""

import re
import subprocess

from building.paths import TESTS, WEB
from building.setup import node


def test_modules_of_the_page():
    files = sorted((TESTS / "web").glob("*.test.js"))
    assert files
    done = subprocess.run([node(), "--test", *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_attributes_are_for_styles_or_listed_as_hooks_for_tests():
    """What scripts write as data-* is used by a style sheet or stands in ui/hooks.js: nothing is left behind unsaid."""
    scripts = {path: path.read_text() for path in WEB.rglob("*.js")}
    styles = "".join(path.read_text() for path in WEB.rglob("*.css"))
    written = {
        (path.name, re.sub(r"(?<!^)([A-Z])", r"-\1", name).lower())
        for path, text in scripts.items()
        for name in re.findall(r"\bdataset\.(\w+) = |\"data-([\w-]+)\"", text)
        for name in name
        if name
    }
    assert len(written) > 5
    assert {(path, name) for path, name in written if f"[data-{name}" not in styles} == set()
    hooks = re.findall(r"^  (\w+):", scripts[WEB / "ui/hooks.js"], re.MULTILINE)
    used = {
        name
        for text in scripts.values()
        for call in re.findall(r"\bhook\(.*", text)
        for name in hooks
        if re.search(rf"\b{name}\b[ :,]", call)
    }
    assert used == set(hooks)
    # "state" is also what styles go by, on other elements.
    assert [name for name in hooks if f"[data-{name}" in styles] == ["state"]


def test_one_function_writes_the_status_line():
    assert [path.name for path in WEB.rglob("*.js") if "foot-line" in path.read_text()] == ["status.js"]


def test_dark_colours_are_said_once_and_nothing_is_important():
    styles = {path.name: path.read_text() for path in WEB.rglob("*.css")}
    assert all("!important" not in text and "prefers-color-scheme" not in text for text in styles.values())
    assert [name for name, text in styles.items() if "light-dark(" in text] == ["colors.css"]
