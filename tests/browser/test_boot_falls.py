"""The snapshot's falls, each on purpose: the ordinary boot follows by itself. Files that are wrong: said, and put right."""

import gzip
import json
import re
import struct

import pytest
from browsing import BOOT, in_workers, wait_until
from faulty import FaultyServer, rebuilt
from hand import EAR, Hand

from building.paths import ROOT

CHROMIUM = pytest.mark.parametrize("browser_name", ["chromium"], indirect=True)  # where browsers do not differ
BAR = [(0.5, 0.2 + 0.6 * step / 10) for step in range(11)]
# Assets of the ordinary boot, by the start of their file's name, and what the page calls them.
ASSETS = {
    "pyodide-": "pyodide.mjs", "pyodide.asm-": "pyodide.asm", "python_stdlib-": "python_stdlib.zip", "numpy-": "numpy.whl",
    "libraries-": "libraries", "python-": "python.json", "inkling-": "inkling.npz",
}  # fmt: skip
STREAMED = ("pyodide.asm-", "libraries-")  # used while they arrive
WRONG = ["missing", "an HTML page", "truncated", "a byte flipped"]
# Those in all ways; the others, which are all fetched alike, with a byte flipped and in one way more.
ROUNDS = [
    (asset, wrong)
    for i, asset in enumerate(ASSETS)
    for wrong in (WRONG if asset in STREAMED else [WRONG[i % 3], "a byte flipped"])
]


def parts(snapshot):
    """Pyodide's head, the known answer, and the memory, as the worker takes them apart."""
    content = gzip.decompress(snapshot)
    [head] = struct.unpack_from("<I", content)
    [answer] = struct.unpack_from("<I", content, 4 + head)
    memory = 8 + head + answer + (-answer & 3)
    return content[4 : 4 + head], content[8 + head : 8 + head + answer], content[memory:]


def joined(head, answer, memory):
    padding = bytes(-len(answer) & 3)
    content = struct.pack("<I", len(head)) + head + struct.pack("<I", len(answer)) + answer + padding + memory
    return gzip.compress(content, 1, mtime=0)


def other_answer(snapshot):
    head, answer, memory = parts(snapshot)
    [[label, probability], *others] = json.loads(answer)
    return joined(head, json.dumps([[label, probability - 0.001], *others]).encode(), memory)


def other_heap(snapshot):
    """The heap that it was recorded from is said to be another one."""
    head, answer, memory = parts(snapshot)
    return joined(head, answer, memory[:4] + bytes([memory[4] ^ 1]) + memory[5:])


def other_build(snapshot):
    """Of another Pyodide: its BUILD_ID, a SHA-256, stands after the first four words of the head."""
    head, answer, memory = parts(snapshot)
    return joined(head[:16] + bytes([head[16] ^ 1]) + head[17:], answer, memory)


FALLS = {
    "known-answer": (other_answer, "A known drawing was read as R 0."),
    "restore-throws": (other_heap, "The fresh heap is not the one that was recorded from"),
    "build-id": (other_build, "Snapshot build id mismatch)"),
}


@pytest.mark.parametrize(
    "browser_name, fall", [*(("chromium", fall) for fall in FALLS), ("firefox", "known-answer")], indirect=["browser_name"]
)
def test_the_ordinary_boot_follows_by_itself(open_page, dist, tmp_path, fall):
    change, reason = FALLS[fall]
    with FaultyServer(rebuilt(dist, tmp_path / "dist", "snapshot", change)) as server:
        page = open_page(address=server.address, prepare=lambda page: page.add_init_script(EAR))
        wait_until(page, "ready")
        said = page.text_content("#about-boot")
        assert said.startswith("Python started the ordinary way (") and reason in said
        hand = Hand(page)
        hand.draw([BAR])
        assert hand.answer() != ""
        assert not page.watch.outside


@CHROMIUM
def test_a_wrong_snapshot_is_not_used(open_page, dist):
    with FaultyServer(dist) as server:
        server.faults = {"snapshot-": "a byte flipped"}
        page = open_page(address=server.address)
        wait_until(page, "ready")
        assert "(snapshot is not the file it should be: its hash differs)" in page.text_content("#about-boot")


@CHROMIUM
def test_wrong_files_are_told_and_retry_works(open_page, dist):
    """Every asset, one after the other: Retry always asks anew, and works once all is right."""
    with FaultyServer(dist, is_cached=False) as server:
        page = None
        for asset, wrong in ROUNDS:
            server.faults = {asset: wrong}
            if page is None:
                page = open_page("/?boot=plain", address=server.address)
            else:
                page.click("#retry")
            wait_until(page, "failed")
            message = page.text_content("#failure-message")
            assert message.startswith(ASSETS[asset]), (asset, wrong, message)
            assert re.search(r"404 Not Found" if wrong == "missing" else r"is not the file it should be: ", message), (
                asset,
                wrong,
            )
            assert page.is_visible("#retry")
        server.faults = {}
        page.click("#retry")
        wait_until(page, "ready")


@pytest.mark.parametrize("browser_name, script, wrong", [
    ("chromium", "main.js", "missing"), ("chromium", "main.js", "truncated"), ("chromium", "start.js", "truncated"),
    ("chromium", "worker.js", "missing"), ("chromium", "worker.js", "truncated"), ("firefox", "worker.js", "an HTML page"),
], indirect=["browser_name"])  # fmt: skip
def test_wrong_scripts_are_told_and_retry_works(open_page, dist, script, wrong):
    """Even when the browser may keep the wrong one for ever."""
    with FaultyServer(dist) as server:
        server.faults = {script: wrong}
        page = open_page(address=server.address)
        wait_until(page, "failed")
        assert len(page.text_content("#failure-message")) > 20
        server.faults = {}
        page.click("#retry")
        page.wait_for_selector("html[data-state=ready]", timeout=BOOT)


def test_a_network_that_dies_half_way_and_comes_back(open_page, dist):
    with FaultyServer(dist) as server:
        server.faults = {"pyodide.asm-": "broken off"}
        page = open_page(address=server.address, prepare=lambda page: page.add_init_script(EAR))
        hand = Hand(page)
        hand.stroke(BAR)
        wait_until(page, "failed")
        assert re.search(
            r"The download of pyodide.asm.* broke off after \d+ of \d+ bytes", page.text_content("#failure-message")
        )
        server.is_down = True
        page.click("#retry")
        wait_until(page, "failed")
        assert "Is there a connection?" in page.text_content("#failure-message")
        assert page.evaluate("async () => (await caches.keys()).length") == 0
        server.is_down, server.faults = False, {}
        page.click("#retry")
        wait_until(page, "ready")
        page.wait_for_function("() => document.getElementById('answer').textContent !== ''")


@CHROMIUM
def test_a_connection_that_falls_silent(open_page, dist):
    """No byte for 20 seconds; the clocks of page and worker run eight times as fast, which a slow machine's other files stand."""
    hurry = "{ const wait = setTimeout; globalThis.setTimeout = (work, time) => wait(work, time / 8); }"
    prepare = lambda page: [page.add_init_script(script) for script in (hurry, in_workers(hurry))]  # noqa: E731
    with FaultyServer(dist, is_cached=False) as server:
        server.faults = {"pyodide.asm-": "silent"}
        page = open_page(address=server.address, prepare=prepare)
        wait_until(page, "failed")
        assert "broke off" in page.text_content("#failure-message")
        server.faults = {"snapshot-": "silent"}
        page.click("#retry")
        wait_until(page, "ready")
        assert "the ordinary way (The download of snapshot broke off" in page.text_content("#about-boot")


# Calls Python with what is no ink; the traceback.
FAIL = """() => new Promise((resolve) => {
  const worker = talk.workers.at(-1);
  worker.addEventListener("message", ({ data }) => data.id === 1e6 && resolve(data.detail));
  worker.postMessage({ type: "call", id: 1e6, name: "reading.read", args: [new Float32Array([NaN, 0]), new Uint32Array([1])] });
})"""


def test_errors_of_python_after_a_snapshot_have_a_traceback(page):
    assert page.text_content("#about-boot").startswith("Python started from a snapshot")
    detail = page.evaluate(FAIL)
    quoted = re.findall(r'File "/inkling/(py/[^"]+)", line (\d+), in (\w+)\n\s+(.+)', detail)
    assert ("py/tab/reading.py", "read") in {(file, function) for file, _, function, _ in quoted}
    for file, line, _, text in quoted:
        assert (ROOT / file).read_text().splitlines()[int(line) - 1].strip() == text
    assert re.fullmatch(r"ValueError: .*not finite.*", detail.strip().splitlines()[-1])


@CHROMIUM
def test_a_traceback_whose_files_cannot_be_fetched_names_them_all_the_same(open_page, dist):
    with FaultyServer(dist) as server:
        page = open_page(address=server.address, prepare=lambda page: page.add_init_script(EAR), service_workers="block")
        wait_until(page, "ready")
        assert page.text_content("#about-boot").startswith("Python started from a snapshot")
        server.is_down = True
        detail = page.evaluate(FAIL)
    assert re.search(r'File "/inkling/py/tab/reading.py", line \d+, in read\n', detail)
    assert re.fullmatch(r"ValueError: .*not finite.*", detail.strip().splitlines()[-1])
