"""web/ joined into few files: nothing left behind, nothing that speaks of files from another place than it was written for."""

import re

import pytest

from building import page
from building.bundle import ENTRIES, joined
from building.errors import BuildError
from building.paths import ROOT, WEB


@pytest.fixture(scope="module")
def web():
    files = {path.relative_to(WEB).as_posix(): path.read_bytes() for path in WEB.rglob("*") if path.is_file()}
    table = b"export const lock = {}, libraries = [], sources = [], table = {}, later = {};"
    return files | page.view_list(WEB) | {"python/assets/table.js": table}


@pytest.fixture(scope="module")
def app(web):
    return joined(web)


@pytest.fixture(scope="module")
def parts(app):
    """{joined file: the files that went into it, each named by a comment}."""
    assert set(ENTRIES.values()) <= set(app)
    return {
        name: set(re.findall(r"^(?://|/\*) (\S+\.(?:js|css))", app[name].decode(), re.MULTILINE))
        for name in ENTRIES.values()
    }


def test_every_script_and_style_is_in_it(web, parts):
    ours = {path for path in web if path.endswith((".js", ".css"))} - {"app/service-worker.js"}
    found = set().union(*parts.values())
    # A style of nothing but imports leaves no comment.
    imports = {
        path for path in ours if re.fullmatch(r"(?s)(\s|/\*.*?\*/|@import [^;]+;|@layer [^;]+;)*", web[path].decode())
    }
    assert ours - found <= imports
    assert any("uPlot" in path for path in found) and any("idb" in path for path in found)


def test_addresses_hold_in_the_joined_files(app):
    """What a module says of the file beside it is said, in the joined file at the top, of that same file."""
    addresses = {
        path
        for name in ENTRIES.values()
        for path in re.findall(r'new URL\("([^"]+)", import\.meta\.url\)', app[name].decode())
    }
    assert {"./worker.js", "./refetch.js", "./learn/lab/data/train.jsonl.gz"} <= addresses
    assert {path.removeprefix("./") for path in addresses} <= set(app)


def test_addresses_are_led_from_any_room(web):
    module = (
        b'import { SIDE } from "../ink/ink.js";\nexport const notes = [SIDE, new URL("./notes.txt", import.meta.url)];\n'
    )
    app = joined(web | {"inside/talk.js": module, "inside/notes.txt": b"Hello"}, {"inside/talk.js": "talk.js"})
    assert 'new URL("./inside/notes.txt", import.meta.url)' in app["talk.js"].decode()
    assert app["inside/notes.txt"] == b"Hello"


def test_everything_else_stays_as_it_is(web, app):
    assert app["learn/lab/data/train.jsonl.gz"] == web["learn/lab/data/train.jsonl.gz"]
    assert not any(path.startswith("ink/") for path in app)
    assert app == joined(web)
    assert not any(
        part.encode() in content for content in app.values() for part in (ROOT.as_posix(), ROOT.as_posix()[1:])
    ), "no path of this machine"


def test_the_page_starts_the_worker_module_itself(app):
    """main.js must not hold a copy of the module that index.html starts before it: there would be two workers."""
    main = app["main.js"].decode()
    assert re.search(r'^import \{ startWorker \} from "\./start\.js";$', main, re.MULTILINE) and "makeWorker" not in main


def test_what_is_missing_is_an_error(web, capfd):
    with pytest.raises(BuildError, match="esbuild"):
        joined({path: content for path, content in web.items() if path != "ink/brush.js"})
    assert "./brush.js" in capfd.readouterr().err
