"""What the snapshot is made of, and that it holds what the package computes; packing and unpacking heaps in Node."""

import gzip
import io
import json
import struct
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import pytest

from building import assets, snapshot
from building.numpy_wheel import numpy_wheel
from building.paths import PYODIDE, WEB
from building.setup import node
from building.squeeze import squeeze
from inkling import Recognizer
from tab import known

PAGE = 65536  # bytes of WebAssembly's memory


@pytest.fixture(scope="module")
def recorded():
    """(Pyodide's head, known answer, heap's length, [[first block, blocks], ...], bytes of the blocks)."""
    content = gzip.decompress(snapshot.record(assets.sources()))
    parts, at = [], 0
    for _ in range(2):
        (length,) = struct.unpack_from("<I", content, at)
        parts.append(content[at + 4 : at + 4 + length])
        at += 4 + length
    at += -len(parts[1]) % 4
    heap, _, count = struct.unpack_from("<III", content, at)
    runs = np.frombuffer(content, np.uint32, 2 * count, at + 12).reshape(-1, 2)
    return parts[0], json.loads(parts[1]), heap, runs, len(content) - at - 12 - 8 * count


def test_known_answer_is_what_the_package_reads(recorded):
    expected = Recognizer.load().read(known.STROKES)
    assert [label for label, _ in recorded[1]] == [label for label, _ in expected]
    assert np.allclose([p for _, p in recorded[1]], [p for _, p in expected], atol=1e-4)


def test_head_is_what_the_page_makes_room_for(recorded):
    head = recorded[0]
    assert head[:4] == b"\0snp" and len(head) == 128
    assert f"const HEAD = {len(head)};" in (WEB / "python/worker/boot-snapshot.js").read_text()


def test_runs_lie_in_the_heap_in_order_and_apart(recorded):
    _, _, heap, runs, stored = recorded
    assert heap % PAGE == 0
    ends = runs.sum(axis=1)
    assert (runs[1:, 0] > ends[:-1]).all() and 256 * int(ends[-1]) <= heap
    assert 256 * int(runs[:, 1].sum()) == stored < heap / 2


def test_an_unchanged_project_is_not_recorded_again(monkeypatch, recorded):
    monkeypatch.setattr(snapshot, "_record", lambda sources: pytest.fail("recorded again"))
    snapshot.record(assets.sources())


def test_libraries_are_those_of_the_wheel_in_the_order_to_load_them():
    found = snapshot.libraries()
    assert [path.split("/numpy/")[1].split(".")[0] for path, _ in found] == snapshot.LIBRARIES
    with zipfile.ZipFile(numpy_wheel()) as wheel:
        for path, content in found:
            assert content[:4] == b"\0asm" and content == wheel.read(path.removeprefix(f"{snapshot.SITE_PACKAGES}/"))
    assert gzip.decompress(snapshot.squeezed_libraries(found)) == b"".join(content for _, content in found)


def test_slim_library_lacks_what_is_left_out_and_has_the_stubs():
    with (
        zipfile.ZipFile(PYODIDE / "python_stdlib.zip") as archive,
        zipfile.ZipFile(io.BytesIO(snapshot.slim_library())) as slim,
    ):
        whole, left = set(archive.namelist()), set(slim.namelist())
        assert slim.testzip() is None
        assert "ssl.py" in whole and "ssl.py" not in left and "json/__init__.py" in left
        for name in left:
            assert not name.startswith(snapshot.LEFT_OUT) or name in snapshot.stubs("library")
        stubs = snapshot.stubs("library")
        assert stubs and all(slim.read(name) == content for name, content in stubs.items())


def test_heaps_are_packed_and_laid_out_again():
    """In Node: random heaps; other runtimes, and heaps that grew, are refused before anything changes."""
    script = """
        import assert from "node:assert";
        import { apply, difference } from %s;
        const size = 256 * 400;
        let seed = 1;
        const random = () => (seed = (seed * 48271) %% 2147483647) / 2147483647;
        for (let round = 0; round < 50; round++) {
          const fresh = Uint8Array.from({ length: size }, () => 256 * random());
          const other = fresh.slice();
          for (let i = 0; i < round %% 3; i++) other[Math.floor(random() * size)] ^= 1; // what differs from run to run
          const heap = fresh.slice();
          for (let i = 0; i < round; i++) heap[Math.floor(random() * size)] ^= 1 + 254 * random();
          const packed = difference(heap, [fresh, other]);
          assert(packed.length < size);
          for (const start of [fresh, other]) {
            const page = start.slice();
            apply(page, packed);
            assert.deepStrictEqual(page, heap);
          }
          const strange = fresh.map((byte) => byte ^ 1);
          const before = strange.slice();
          assert.throws(() => apply(strange, packed), /not the one/);
          assert.throws(() => apply(strange.slice(256), packed), /bytes, not/);
          assert.deepStrictEqual(strange, before);
          assert.throws(() => difference(heap, [fresh, new Uint8Array(size + 256)]), /grew/);
        }
    """ % json.dumps((WEB / "python/worker/boot-memory.js").as_uri())
    done = subprocess.run([node(), "--input-type=module", "-e", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("content", [b"", b"x", b"ink " * 1000, Path(__file__).read_bytes() * 3])
def test_squeezed_content_is_gzip_and_always_the_same(content):
    squeezed = squeeze(content)
    assert gzip.decompress(squeezed) == content
    assert squeezed == squeeze(content)


def test_squeezing_beats_gzip_on_what_is_shipped():
    (_, library), *_ = snapshot.libraries()
    assert len(squeeze(library)) < 0.98 * len(gzip.compress(library, 9))
