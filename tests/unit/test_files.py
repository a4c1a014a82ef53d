"""Files written whole or not at all: by the package and by the build."""

import os
import subprocess
import sys

import pytest

from building import assets
from building.errors import BuildError
from building.files import open_zip, read_json, write_whole
from building.paths import PY
from inkling.files import atomic_write


def test_a_file_takes_the_place_of_the_one_before_only_when_it_is_whole(tmp_path):
    path = tmp_path / "weights.npz"
    for content in (b"first", b"second"):
        with atomic_write(path) as file:
            file.write(content)
            assert not path.exists() or path.read_bytes() == b"first"
        assert path.read_bytes() == content

    def fail_half_way():
        with atomic_write(path) as file:
            file.write(b"half of a third")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert path.read_bytes() == b"second" and [each.name for each in tmp_path.iterdir()] == ["weights.npz"]


def test_the_build_writes_in_the_same_way(tmp_path, monkeypatch):
    path = tmp_path / "new" / "folder" / "snapshot.gz"
    write_whole(path, b"first")
    write_whole(path, b"second")
    assert path.read_bytes() == b"second"
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError("the disk is full")))
    with pytest.raises(OSError, match="full"):
        write_whole(path, b"third")
    assert path.read_bytes() == b"second" and [each.name for each in path.parent.iterdir()] == ["snapshot.gz"]


@pytest.mark.parametrize("content", [None, b"", b"hello", b"PK\x03\x04", b"\xff"])
def test_a_damaged_package_is_named(tmp_path, content):
    path = tmp_path / "package" / "file"
    path.parent.mkdir()
    if content is not None:
        path.write_bytes(content)
    for read in (read_json, open_zip):
        with pytest.raises(
            BuildError, match="package/file is missing or damaged. Remove the folder .*package and build again"
        ):
            read(path)


def test_a_build_clears_its_own_folders_and_nobody_else_s_files(tmp_path):
    mine, others = ["app-2/main.js", "assets/b-2.bin", "index.html"], ["inkling.html", "inkling-1.0-py3-none-any.whl"]
    for name in ("app-1/main.js", "app-1/learn/data/train.gz", "assets/a-1.bin", "index.html", *others):
        write_whole(tmp_path / name, b"of before")
    assets.write(tmp_path, dict.fromkeys(mine, b"new"))
    assets.write(tmp_path, dict.fromkeys(mine, b"new"))
    found = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert found == dict.fromkeys(mine, b"new") | dict.fromkeys(others, b"of before")
    assert not (tmp_path / "app-1").exists()


def test_two_builds_at_once_write_the_same_file(tmp_path):
    """Each of two processes writes it 200 times: neither fails, and nobody ever sees but one of the contents, whole."""
    path = tmp_path / "file"
    script = (
        "import sys; from pathlib import Path; from building.files import write_whole\n"
        "for _ in range(200): write_whole(Path(sys.argv[1]), sys.argv[2].encode() * 100_000)"
    )
    environment = {**os.environ, "PYTHONPATH": str(PY)}
    both = [subprocess.Popen([sys.executable, "-c", script, path, letter], env=environment) for letter in "ab"]
    seen = set()
    while any(process.poll() is None for process in both):
        if path.exists():
            seen.add(path.read_bytes())
    assert [process.returncode for process in both] == [0, 0]
    assert seen <= {b"a" * 100_000, b"b" * 100_000} and [each.name for each in tmp_path.iterdir()] == ["file"]
