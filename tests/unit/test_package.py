"""What `build.py wheel` makes, installed into an empty environment and used there."""

import email
import itertools
import json
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
from hatchling.metadata.core import ProjectMetadata
from hatchling.plugin.manager import PluginManager
from packaging.requirements import Requirement

import inkling
from building import package
from building.errors import BuildError
from building.paths import PY, ROOT

DRAWING = [[[0, 10], [5, 0], [10, 10]], [[2, 6], [8, 6]]]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """(sdist, the wheel made from it, the wheel made from the checkout)."""
    sdist, by_sdist = package.build(tmp_path_factory.mktemp("built"))
    return sdist, by_sdist, package.wheel(PY, tmp_path_factory.mktemp("direct"))


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """The folder of programs of a new environment that holds the wheel, numpy and nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(run(programs / "python", "-c", ask).stdout.strip())
    here = Path(np.__file__).parents[1]
    for name in ("numpy", "numpy.libs", f"numpy-{version('numpy')}.dist-info"):
        if (here / name).exists():
            (site / name).symlink_to(here / name)
    # No index and yet all that the package depends on: pip fails if numpy is not enough.
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python", programs / "python"]
    run(*pip, "install", "--no-index", built[1])
    return programs


def run(*command, fails=False):
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, env={}, cwd=Path(sys.prefix).anchor, check=False
    )
    assert (done.returncode != 0) == fails, done.stderr
    return done


def contents(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_wheel_is_the_same_by_way_of_the_sdist(built):
    by_sdist, direct = map(contents, built[1:])
    record = f"inkling-{inkling.__version__}.dist-info/RECORD"  # lists the files in the order in which they were found
    assert sorted(by_sdist.pop(record).splitlines()) == sorted(direct.pop(record).splitlines())
    assert by_sdist == direct


def test_wheel_holds_the_package_whole_and_nothing_else(built):
    found = contents(built[1])
    info = f"inkling-{inkling.__version__}.dist-info/"
    inside = {name: content for name, content in found.items() if not name.startswith(info)}
    package_files = {
        path.relative_to(PY).as_posix(): path.read_bytes()
        for path in (PY / "inkling").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    weights = {f"inkling/weights/{path.name}": path.read_bytes() for path in (ROOT / "weights").iterdir()}
    assert "inkling/py.typed" in package_files and "inkling/weights/inkling.npz" in weights
    assert inside == package_files | weights
    assert found[f"{info}licenses/LICENSE"] == (ROOT / "LICENSE").read_bytes()


def test_sdist_holds_what_the_wheel_is_made_from(built):
    with tarfile.open(built[0]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "inkling/weights/inkling.npz"} <= names
    assert not [name for name in names if name.startswith(("tab", "building"))]


def test_a_package_without_weights_is_not_built(tmp_path, capfd):
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "inkling/__init__.py"):
        path = tmp_path / "py" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((PY / name).read_bytes())
    with pytest.raises(BuildError):
        package.wheel(tmp_path / "py", tmp_path)
    assert "no weights to put into the package" in capfd.readouterr().err
    assert not list(tmp_path.glob("*.whl"))


def test_metadata_says_what_it_needs_and_whose_it_is(built):
    found = contents(built[1])
    metadata = email.message_from_bytes(found[f"inkling-{inkling.__version__}.dist-info/METADATA"])
    needs = {}
    for line in metadata.get_all("Requires-Dist"):
        requirement = Requirement(line)
        needs.setdefault(str(requirement.marker or "always"), set()).add(requirement.name)
    assert needs == {
        "always": {"numpy"},
        'extra == "pictures"': {"pillow"},
        'extra == "train"': {"pillow", "tqdm", "threadpoolctl", "matplotlib"},
    }
    assert metadata["License-Expression"] == "MIT" and metadata["Requires-Python"] == ">=3.11"
    assert all(metadata[field] for field in ("Summary", "Author", "Keywords"))
    assert "10.5281/zenodo.1195803" in metadata.get_payload() and "EMNIST" in metadata.get_payload()


def test_versions_agree_and_what_is_tested_with_is_what_is_asked_for():
    assert inkling.__version__ == json.loads((ROOT / "package.json").read_text())["version"]
    project = ProjectMetadata(str(PY), PluginManager())
    needs = [*project.core.dependencies, *itertools.chain(*project.core.optional_dependencies.values())]
    for requirement in map(Requirement, needs):
        assert requirement.specifier.contains(version(requirement.name)), requirement
    (backend,) = tomllib.loads((PY / "pyproject.toml").read_text())["build-system"]["requires"]
    assert backend in (PY / "building" / "requirements.txt").read_text().splitlines()


def test_licences_are_one():
    assert (PY / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_installed_package_reads_from_python(installed):
    script = f"""
import json, inkling
reader = inkling.Recognizer.load()
print(json.dumps([inkling.__file__, reader.read({DRAWING})]))
"""
    path, candidates = json.loads(run(installed / "python", "-c", script).stdout)
    assert Path(path).is_relative_to(installed.parent)
    expected = inkling.Recognizer.load().read(DRAWING)
    assert [label for label, _ in candidates] == [candidate.label for candidate in expected]
    assert np.allclose([p for _, p in candidates], [candidate.probability for candidate in expected], atol=1e-5)
    assert candidates[0][0] == "A"


def test_installed_command_reads(installed, tmp_path):
    (tmp_path / "R.json").write_text(json.dumps(DRAWING))
    lines = run(installed / "inkling", "predict", tmp_path / "R.json").stdout.splitlines()
    label, probability = lines[0].split()[:2]
    assert label == "A" and float(probability) == pytest.approx(
        inkling.Recognizer.load().read(DRAWING)[0].probability, abs=1e-3
    )
    assert run(installed / "inkling", "--help").stdout.startswith("usage: inkling ")


def test_what_needs_more_than_numpy_says_how_to_get_it(installed, tmp_path):
    picture = ROOT / ".github" / "pictures" / "read.png"
    error = run(installed / "inkling", "predict", picture, fails=True).stderr
    assert "inkling[pictures]" in error and "Traceback" not in error
    error = run(
        installed / "inkling", "train", "--data", ROOT / "tests/ink_62.jsonl", "--out", tmp_path / "mine.npz", fails=True
    ).stderr
    assert "the package's extra `train` brings it" in error and "Traceback" not in error
