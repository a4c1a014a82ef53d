"""web/ joined into few files: nothing left behind, nothing that speaks of files from another place than it was written for."""

import re

import pytest

from building.bundle import ENTRIES, joined
from building.errors import BuildError
from building.paths import ROOT, WEB


@pytest.fixture(scope="module")
def web():
    files = {path.relative_to(WEB).as_posix(): path.read_bytes() for path in WEB.rglob("*") if path.is_file()}
    return files | {"worker/assets.js": b"export const lock = {}, libraries = [], table = {};"}


@pytest.fixture(scope="module")
def parts(web):
    """{entry: the files that went into it, each named by a comment}."""
    app = joined(web)
    assert set(ENTRIES) <= set(app)
    return {entry: set(re.findall(r"^(?://|/\*) (\S+\.(?:js|css))", app[entry].decode(), re.MULTILINE)) for entry in ENTRIES}


def test_every_script_and_style_is_in_it(web, parts):
    ours = {path for path in web if path.endswith((".js", ".css"))} - {"service-worker.js"}
    found = set().union(*parts.values())
    # A style of nothing but imports leaves no comment.
    assert ours - found <= {"style/page.css"}
    assert any("uPlot" in path for path in found) and any("idb" in path for path in found)


def test_addresses_hold_in_the_joined_files(web, parts):
    """A module that uses import.meta.url lies in the folder of each file that it goes into."""
    folder = lambda path: path.rpartition("/")[0]  # noqa: E731
    speaking = {path for path, content in web.items() if path.endswith(".js") and b"import.meta.url" in content}
    assert speaking
    for entry, found in parts.items():
        assert {folder(path) for path in found & speaking} <= {folder(entry)}, entry


def test_everything_else_stays_as_it_is(web):
    app = joined(web)
    assert app["data/train.jsonl.gz"] == web["data/train.jsonl.gz"]
    assert not any(path.startswith("pad/") for path in app)
    assert app == joined(web)
    assert not any(
        part.encode() in content for content in app.values() for part in (ROOT.as_posix(), ROOT.as_posix()[1:])
    ), "no path of this machine"


def test_the_page_starts_the_worker_module_itself(web):
    """main.js must not hold a copy of the module that index.html starts before it: there would be two workers."""
    main = joined(web)["main.js"].decode()
    assert (
        re.search(r'^import \{ startWorker \} from "\./worker/start\.js";$', main, re.MULTILINE) and "makeWorker" not in main
    )


def test_what_is_missing_is_an_error(web, capfd):
    with pytest.raises(BuildError, match="esbuild"):
        joined({path: content for path, content in web.items() if path != "pad/brush.js"})
    assert "./brush.js" in capfd.readouterr().err
