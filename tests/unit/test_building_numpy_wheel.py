"""The numpy wheel is the very file that Pyodide's lock names, wherever it comes from, or an error tells what to do."""

import hashlib
import io
import json
import zipfile

import pytest

from building import numpy_wheel as wheel
from building.errors import BuildError
from building.paths import PYODIDE

NAME, SHA256 = "numpy-9-wasm32.whl", hashlib.sha256(b"the wheel").hexdigest()


@pytest.fixture(autouse=True)
def small_wheel(monkeypatch):
    monkeypatch.setattr(wheel, "wanted", lambda: (NAME, SHA256))


def right(name):
    """The right place."""
    assert name == NAME
    return b"the wheel"


def wrong(name):
    """A place with another file."""
    return b"another wheel"


def gone(name):
    """A place that is gone."""
    raise OSError("no route")


def never(name):
    """A place that must not be asked."""
    raise AssertionError("asked")


def test_lock_names_numpy():
    lock = json.loads((PYODIDE / "pyodide-lock.json").read_text())["packages"]["numpy"]
    name, sha256 = lock["file_name"], lock["sha256"]
    assert name.startswith("numpy-") and name.endswith("wasm32.whl") and len(bytes.fromhex(sha256)) == 32


def test_is_fetched_once_and_kept(tmp_path):
    path = wheel.numpy_wheel(tmp_path / "cache", [right])
    assert path.read_bytes() == b"the wheel" and path.name == NAME
    assert wheel.numpy_wheel(tmp_path / "cache", [never]) == path
    assert [each.name for each in path.parent.iterdir()] == [NAME], "nothing unfinished is left"


def test_the_next_source_is_asked_where_one_fails_or_has_another_file(tmp_path):
    assert wheel.numpy_wheel(tmp_path, [gone, wrong, right, never]).read_bytes() == b"the wheel"


def test_a_swapped_file_in_the_cache_is_replaced(tmp_path):
    (tmp_path / NAME).write_bytes(b"something else")
    assert wheel.numpy_wheel(tmp_path, [right]).read_bytes() == b"the wheel"


def test_without_any_source_the_error_says_what_was_tried_and_what_to_do(tmp_path):
    (tmp_path / NAME).write_bytes(b"something else")
    with pytest.raises(BuildError) as raised:
        wheel.numpy_wheel(tmp_path, [gone, wrong])
    for words in (
        "its sha256 differs",
        "A place that is gone: no route",
        "A place with another file",
        NAME,
        SHA256,
        str(tmp_path),
    ):
        assert words in str(raised.value)
    assert (tmp_path / NAME).read_bytes() == b"something else"


def test_without_takes_out_what_is_named_and_what_is_not_imported(tmp_path, monkeypatch):
    files = {
        "numpy/__init__.py": b"a = 1\n" * 500,
        "numpy/__init__.pyi": b"stub",
        "numpy/_core/fast.so": b"wasm",
        "numpy/other.so": b"w",
        "numpy/f2py/main.py": b"x",
        "numpy-9.dist-info/LICENSE.txt": b"terms",
    }
    with zipfile.ZipFile(tmp_path / NAME, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    monkeypatch.setattr(wheel, "numpy_wheel", lambda: tmp_path / NAME)
    content = wheel.without({"numpy/_core/fast.so"})
    assert content == wheel.without({"numpy/_core/fast.so"}), "the same bytes each time: their hash is the file's name"
    with zipfile.ZipFile(io.BytesIO(content)) as slim:
        assert slim.testzip() is None
        assert {name: slim.read(name) for name in slim.namelist()} == {
            name: files[name] for name in ("numpy/__init__.py", "numpy/other.so", "numpy-9.dist-info/LICENSE.txt")
        }
