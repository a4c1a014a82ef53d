"""What goes into the one file: every module with its references resolved, or an error that names the one at fault."""

import base64
import gzip
import hashlib
import json
import posixpath
import re

import pytest

from building import single
from building.errors import BuildError
from building.paths import WEB


def test_modules_refer_to_each_other_by_name():
    found = single.modules({
        "main.js": b'import { a } from "./pad/a.js";\nconst data = new URL("./data/b.gz", import.meta.url);\n',
        "pad/a.js": b'export { c } from "../c.js";\n', "c.js": b"export const c = 1;\n", "data/b.gz": b"\0",
        "worker/worker.js": b'import "../c.js";\n', "unused.js": b""})
    assert set(found) == {"main.js", "pad/a.js", "c.js", "worker/worker.js"}
    assert found["main.js"] == 'import { a } from "inkling:pad/a.js";\nconst data = new URL("inkling:data/b.gz");\n'
    assert found["pad/a.js"] == 'export { c } from "inkling:c.js";\n'


def test_worker_names_all_modules_that_it_needs():
    """So that they arrive at once: none is known only from within another."""
    app = {path.relative_to(WEB).as_posix(): path.read_bytes() for path in WEB.rglob("*.js")}
    needed = set(single.modules(app | {"main.js": b"", "worker/assets.js": b""})) - {"main.js", "worker/worker.js"}
    named = re.findall(r'^import (?:.* from )?"([^"]+)"', (WEB / "worker/worker.js").read_text(), re.M)
    assert {posixpath.normpath(f"worker/{name}") for name in named} == needed


def test_circles_and_missing_modules_are_named():
    with pytest.raises(BuildError, match="main.js -> a.js -> main.js"):
        single.modules({"main.js": b'import "./a.js";', "a.js": b'import "./main.js";'})
    with pytest.raises(BuildError, match="main.js refers to gone.js"):
        single.modules({"main.js": b'import "./gone.js";'})


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    return single.build(tmp_path_factory.mktemp("single") / "inkling.html").read_text(encoding="utf-8")


def test_nothing_in_it_has_an_address_elsewhere(text):
    elements = re.sub(r"(?s)(<(?:script|style)\b[^>]*>).*?(</(?:script|style)>)", r"\1\2", text)
    addresses = re.findall(r'<(?:link|script|img|iframe)\b[^>]*\b(?:href|src)="([^"]+)"', elements)
    assert addresses and all(address.startswith("data:") for address in addresses)


def test_policy_allows_its_own_script_and_styles_only(text):
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)[1].replace("&#x27;", "'")
    assert text.count("Content-Security-Policy") == 1 and policy.startswith("default-src 'none'")
    assert not re.search(r"https?:|\*|unsafe-inline|'unsafe-eval'", policy)
    inline = [re.search(r'(?s)<script type="module" id="loader">(.*?)</script>', text)[1],
              *re.findall(r"(?s)<style>(.*?)</style>", text)]
    hashes = {f"sha256-{base64.b64encode(hashlib.sha256(each.encode()).digest()).decode()}" for each in inline}
    assert hashes == set(re.findall(r"'(sha256-[^']+)'", policy))


def test_modules_and_files_come_out_as_they_went_in(text):
    modules = json.loads(re.search(r'(?s)id="modules">(.*?)</script>', text)[1])
    assert modules["pad/brush.js"] == re.sub(r'from "\./', 'from "inkling:pad/', (WEB / "pad/brush.js").read_text())
    files = dict(re.findall(r'data-file="([^"]+)" data-zipped="[a-z]+">([^<]*)<', text))
    assert base64.b64decode(files["data/test.jsonl.gz"]) == (WEB / "data/test.jsonl.gz").read_bytes()
    assert gzip.decompress(base64.b64decode(files["pyodide.asm.wasm"]))[:4] == b"\0asm"
