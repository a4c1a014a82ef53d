"""What goes into the one file: every module with its references resolved, or an error that names the one at fault."""

import base64
import gzip
import hashlib
import json
import re

import pytest

from building import single
from building.errors import BuildError
from building.paths import WEB


def test_scripts_refer_to_files_by_name():
    app = {
        "main.js": b'import { a } from "./start.js";\nconst data = new URL("./data/b.gz", import.meta.url);\n',
        "start.js": b"export const a = 1;\n",
        "worker.js": b'export { c } from "./c.js";\n',
        "c.js": b"",
        "data/b.gz": b"\0",
        "unused.js": b"",
    }
    found = single.modules(app)
    assert set(found) == {"main.js", "start.js", "worker.js"}
    assert found["main.js"] == 'import { a } from "inkling:start.js";\nconst data = new URL("inkling:data/b.gz");\n'
    assert found["worker.js"] == 'export { c } from "inkling:c.js";\n'
    with pytest.raises(BuildError, match="worker.js refers to c.js"):
        single.modules({name: content for name, content in app.items() if name != "c.js"})


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
    inline = [
        re.search(r'(?s)<script type="module" id="loader">(.*?)</script>', text)[1],
        *re.findall(r"(?s)<style>(.*?)</style>", text),
    ]
    hashes = {f"sha256-{base64.b64encode(hashlib.sha256(each.encode()).digest()).decode()}" for each in inline}
    assert hashes == set(re.findall(r"'(sha256-[^']+)'", policy))


def test_modules_and_files_come_out_as_they_went_in(text):
    modules = json.loads(re.search(r'(?s)id="modules">(.*?)</script>', text)[1])
    [worker] = re.findall(r'import .* from "(inkling:[^"]+)"', modules["main.js"])
    assert worker == "inkling:start.js"
    assert "import.meta.url" not in modules["start.js"] and "carried.files" in modules["worker.js"], "the stand-ins"
    held = re.findall(r'data-file="([^"]+)" data-zipped="[a-z]+">([^<]*)<', text)
    files = {name: base64.b85decode(content.replace(",", "<")) for name, content in held}
    assert files["learn/lab/data/test.jsonl.gz"] == (WEB / "learn/lab/data/test.jsonl.gz").read_bytes()
    assert gzip.decompress(files["pyodide.asm.wasm"])[:4] == b"\0asm"
