"""The numpy wheel built for Pyodide, which neither npm's `pyodide` nor PyPI's `numpy` holds."""

import hashlib
import http.client
import io
import subprocess
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from .errors import BuildError
from .files import read_json, write_whole
from .paths import CACHE, PYODIDE
from .setup import say, venv_python

CDN = "https://cdn.jsdelivr.net/pyodide/v{version}/full/{name}"
# Where that host cannot be reached: a package of another project that contains a whole Pyodide distribution.
CARRIER, CARRIER_FOLDER = "open-webui==0.12.4", "open_webui/frontend/pyodide/"


def numpy_wheel(cache: Path = CACHE, sources: Sequence[Callable[[str], bytes]] = ()) -> Path:
    """Path of the numpy wheel named by pyodide-lock.json, its sha256 checked.

    sources : functions that return the content of the file of a name; the first one whose content has the right
        sha256 is used. Not asked if the file is in the folder `cache`; by default the CDN, then the carrier.

    BuildError tells what was tried.
    """
    name, sha256 = wanted()
    path = cache / name
    tried = []
    if path.exists():
        if _sha256(path.read_bytes()) == sha256:
            return path
        tried.append(f"{path}: another file of that name (its sha256 differs)")
    for source in sources or (from_cdn, from_carrier):
        title = (source.__doc__ or source.__name__).splitlines()[0].rstrip(".")
        say(f"Fetching {name} ({title})")
        try:
            content = source(name)
        except (BuildError, OSError, http.client.HTTPException, zipfile.BadZipFile, KeyError) as problem:
            tried.append(f"{title}: {problem}")
            continue
        if _sha256(content) != sha256:
            tried.append(f"{title}: the file's sha256 differs")
            continue
        write_whole(path, content)
        return path
    raise BuildError(
        "The numpy wheel for Pyodide was not found. Tried:\n  "
        + "\n  ".join(tried)
        + f"\nPut {name} (sha256 {sha256}) into {path.parent} by hand and run this again."
    )


def without(names: Collection[str]) -> bytes:
    """The wheel without the files of these names, and without those that nothing here imports."""
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


def wanted() -> tuple[str, str]:
    """(file name, sha256) of numpy in pyodide-lock.json."""
    numpy = read_json(PYODIDE / "pyodide-lock.json")["packages"]["numpy"]
    return numpy["file_name"], numpy["sha256"]


def from_cdn(name: str) -> bytes:
    """Pyodide's CDN."""
    version = read_json(PYODIDE / "package.json")["version"]
    with urllib.request.urlopen(CDN.format(version=version, name=name), timeout=20) as answer:
        return bytes(answer.read())


def from_carrier(name: str) -> bytes:
    """The copy in the wheel of open-webui."""
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
            check=False,
        )
        if done.returncode:
            raise BuildError(f"pip download {CARRIER} failed: {done.stderr.strip().splitlines()[-1:]}")
        (carrier,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(carrier) as archive:
            return archive.read(CARRIER_FOLDER + name)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
