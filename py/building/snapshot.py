"""The memory snapshot that the page starts from, recorded in Node by recording/record.mjs."""

import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .files import open_zip, write_whole
from .numpy_wheel import numpy_wheel
from .paths import CACHE, PYODIDE, ROOT, WEB, WEIGHTS
from .setup import node, run, say
from .squeeze import squeeze

RECORDING = Path(__file__).with_name("recording")
STUBS = RECORDING / "stubs"  # small modules that replace large ones of which little is used
SITE_PACKAGES = "/lib/python3.14/site-packages"
# numpy's dynamic libraries, in the order in which numpy loads them.
LIBRARIES = [
    "_core/_multiarray_umath",
    "linalg/_umath_linalg",
    "fft/_pocketfft_umath",
    "random/_common",
    "random/bit_generator",
    "random/_bounded_integers",
    "random/_pcg64",
    "random/_generator",
]
# Modules that Pyodide and numpy import where they exist, and do without where they do not.
LEFT_OUT = ("asyncio/", "compression/zstd/", "ctypes/", "bz2.py", "lzma.py", "ssl.py")


KEPT = 4  # so that going back and forth between branches records nothing again
# A file of Pyodide's file system: its path there and its content.
Library = tuple[str, bytes]


def record(sources: Mapping[str, str]) -> bytes:
    """The gzip'd snapshot of Python with `sources` ({path: text}) and the weights; from the cache if nothing changed."""
    inputs = hashlib.sha256(json.dumps(sources, sort_keys=True).encode())
    for path in (
        WEIGHTS,
        numpy_wheel(),
        PYODIDE / "package.json",
        Path(__file__),
        WEB / "python/worker/boot-libraries.js",
        WEB / "python/worker/boot-memory.js",
        *sorted(p for p in RECORDING.rglob("*") if p.suffix in (".py", ".mjs")),
    ):
        inputs.update(path.read_bytes())
    return _cached("snapshot", inputs.hexdigest(), lambda: _record(sources))


def squeezed_libraries(parts: Sequence[Library]) -> bytes:
    """The libraries one after the other, gzip'd; from the cache if nothing changed."""
    whole = b"".join(content for _, content in parts)
    return _cached("libraries", hashlib.sha256(whole).hexdigest(), lambda: whole)


def libraries() -> list[Library]:
    """numpy's dynamic libraries, in the order to load them."""
    with zipfile.ZipFile(numpy_wheel()) as wheel:
        names = [name for name in wheel.namelist() if name.endswith(".so")]
        chosen = [next(name for name in names if name.startswith(f"numpy/{library}.")) for library in LIBRARIES]
        return [(f"{SITE_PACKAGES}/{name}", wheel.read(name)) for name in chosen]


def slim_library() -> bytes:
    """Pyodide's standard library as a zip file, without LEFT_OUT and with the stubs."""
    slim = io.BytesIO()
    with open_zip(PYODIDE / "python_stdlib.zip") as whole, zipfile.ZipFile(slim, "w") as archive:
        files = {name: whole.read(name) for name in whole.namelist() if not name.startswith(LEFT_OUT)}
        for name, content in (files | stubs("library")).items():
            archive.writestr(name, content)
    return slim.getvalue()


def stubs(folder: str) -> dict[str, bytes]:
    """{path: content} of the stubs for the modules of "library" or "numpy"."""
    top = STUBS / folder
    return {path.relative_to(top).as_posix(): path.read_bytes() for path in sorted(top.rglob("*.py"))}


def _cached(name: str, key: str, make: Callable[[], bytes]) -> bytes:
    """What `make` returns, gzip'd; the last few are kept in the cache."""
    kept = CACHE / f"{name}-{key[:16]}.gz"
    if not kept.exists():
        say(f"Making the {name} of the page's Python")
        write_whole(kept, squeeze(make()))
        for old in sorted(CACHE.glob(f"{name}-*.gz"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
            old.unlink(missing_ok=True)
    return kept.read_bytes()


def _record(sources: Mapping[str, str]) -> bytes:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "library.zip").write_bytes(slim_library())
        with zipfile.ZipFile(numpy_wheel()) as wheel:
            wheel.extractall(folder, [name for name in wheel.namelist() if _is_needed(name)])
        for path, content in stubs("numpy").items():
            (folder / "numpy" / path).write_bytes(content)
        for i, (_, content) in enumerate(libraries()):
            (folder / f"{i}.so").write_bytes(content)
        for path, text in sources.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        job = {
            "pyodide": f"{PYODIDE}/",
            "library": str(folder / "library.zip"),
            "numpy": str(folder / "numpy"),
            "libraries": [[path, str(folder / f"{i}.so")] for i, (path, _) in enumerate(libraries())],
            "files": {f"/inkling/{path}": str(folder / path) for path in sources}
            | {f"/inkling/{WEIGHTS.relative_to(ROOT).as_posix()}": str(WEIGHTS)},
            "script": str(RECORDING / "record.py"),
            "output": str(folder / "snapshot"),
        }
        (folder / "job.json").write_text(json.dumps(job))
        run([node(), RECORDING / "record.mjs", folder / "job.json"])
        return (folder / "snapshot").read_bytes()


def _is_needed(name: str) -> bool:
    """Whether a file of numpy's wheel is Python that may be imported in the page."""
    return name.endswith(".py") and "/tests/" not in name and not name.startswith("numpy/f2py/")
