"""The numpy wheel built for Pyodide, which neither npm's `pyodide` nor PyPI's `numpy` holds."""

import hashlib
import io
import json
import subprocess
import tempfile
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

from .errors import BuildError
from .paths import CACHE, PYODIDE
from .setup import say, venv_python

CDN = "https://cdn.jsdelivr.net/pyodide/v{version}/full/{name}"
# A PyPI wheel of an unrelated project that carries a whole Pyodide distribution inside.
CARRIER, CARRIER_FOLDER = "open-webui==0.12.4", "open_webui/frontend/pyodide/"


def numpy_wheel(cache=CACHE, sources=None):
    """Path of the numpy wheel named by pyodide-lock.json, its sha256 checked.

    It comes from `cache` or else from the first of `sources` (functions of the file's name that
    return its bytes) that has the very file. Raises BuildError telling what was tried.
    """
    name, sha256 = wanted()
    path = Path(cache) / name
    tried = []
    if path.exists():
        if _sha256(path.read_bytes()) == sha256:
            return path
        tried.append(f"{path}: another file of that name (its sha256 differs)")
    for source in sources or (from_cdn, from_carrier):
        say(f"Fetching {name} ({source.__doc__.splitlines()[0].rstrip('.')})")
        try:
            content = source(name)
        except Exception as problem:  # whatever goes wrong with one source, the next may do
            tried.append(f"{source.__doc__.splitlines()[0].rstrip('.')}: {problem}")
            continue
        if _sha256(content) != sha256:
            tried.append(f"{source.__doc__.splitlines()[0].rstrip('.')}: the file's sha256 differs")
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(content)
        unfinished.replace(path)
        return path
    raise BuildError(
        "The numpy wheel for Pyodide was not found. Tried:\n  "
        + "\n  ".join(tried)
        + f"\nPut {name} (sha256 {sha256}) into {path.parent} by hand and run this again."
    )


def without(names):
    """The content of the wheel less its files of these names, and less what nothing here imports."""
    slim = io.BytesIO()
    with (
        zipfile.ZipFile(numpy_wheel()) as wheel,
        zipfile.ZipFile(slim, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
    ):
        for entry in wheel.infolist():
            is_needed = entry.filename.endswith((".py", ".so")) or ".dist-info/" in entry.filename
            if is_needed and entry.filename not in names and not entry.filename.startswith("numpy/f2py/"):
                archive.writestr(zipfile.ZipInfo(entry.filename), wheel.read(entry), zipfile.ZIP_DEFLATED)
    return slim.getvalue()


def wanted():
    """(file name, sha256) of numpy in pyodide-lock.json."""
    numpy = json.loads((PYODIDE / "pyodide-lock.json").read_text())["packages"]["numpy"]
    return numpy["file_name"], numpy["sha256"]


def from_cdn(name):
    """Pyodide's CDN."""
    version = json.loads((PYODIDE / "package.json").read_text())["version"]
    with urllib.request.urlopen(CDN.format(version=version, name=name), timeout=20) as answer:
        return answer.read()


def from_carrier(name):
    """the copy inside the wheel of open-webui."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [
                venv_python(),
                "-m",
                "pip",
                "download",
                "--quiet",
                "--disable-pip-version-check",
                "--no-deps",
                "--only-binary=:all:",
                "--ignore-requires-python",
                "--dest",
                folder,
                CARRIER,
            ],
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise BuildError(f"pip download {CARRIER} failed: {done.stderr.strip().splitlines()[-1:]}")
        (carrier,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(carrier) as archive:
            return archive.read(CARRIER_FOLDER + name)


def _sha256(content):
    return hashlib.sha256(content).hexdigest()
