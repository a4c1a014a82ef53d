"""The memory snapshot that the page starts from, recorded in Node by recording/record.mjs."""

import hashlib
import io
import json
import tempfile
import zipfile
from pathlib import Path

from .paths import CACHE, PYODIDE, ROOT, WEB, WEIGHTS
from .setup import node, run, say
from .squeeze import squeeze
from .wheel import numpy_wheel

RECORDING = Path(__file__).with_name("recording")
STANDINS = RECORDING / "standins"  # smaller modules in place of ones that nothing here needs whole
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
# Modules that Pyodide or numpy import if they are there, and do without if they are not.
LEFT_OUT = ("asyncio/", "compression/zstd/", "ctypes/", "bz2.py", "lzma.py", "ssl.py")


def record(sources):
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
    kept = CACHE / f"snapshot-{inputs.hexdigest()[:16]}.gz"
    if not kept.exists():
        say("Recording the snapshot")
        content = squeeze(_record(sources))
        for old in sorted(CACHE.glob("snapshot-*.gz"), key=lambda path: path.stat().st_mtime)[:-4]:
            old.unlink(missing_ok=True)
        unfinished = kept.with_suffix(".part")
        unfinished.write_bytes(content)
        unfinished.replace(kept)
    return kept.read_bytes()


def squeezed_libraries(parts):
    """The gzip'd libraries, one after the other; from the cache if there."""
    whole = b"".join(content for _, content in parts)
    kept = CACHE / f"libraries-{hashlib.sha256(whole).hexdigest()[:16]}.gz"
    if not kept.exists():
        unfinished = kept.with_suffix(".part")
        unfinished.write_bytes(squeeze(whole))
        unfinished.replace(kept)
    return kept.read_bytes()


def libraries():
    """[(path in Pyodide, content)] of numpy's dynamic libraries, in the order to load them."""
    with zipfile.ZipFile(numpy_wheel()) as wheel:
        names = [name for name in wheel.namelist() if name.endswith(".so")]
        chosen = [next(name for name in names if name.startswith(f"numpy/{library}.")) for library in LIBRARIES]
        return [(f"{SITE_PACKAGES}/{name}", wheel.read(name)) for name in chosen]


def _record(sources):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        (folder / "library.zip").write_bytes(slim_library())
        with zipfile.ZipFile(numpy_wheel()) as wheel:
            wheel.extractall(
                folder,
                [
                    name
                    for name in wheel.namelist()
                    if name.endswith(".py") and "/tests/" not in name and not name.startswith("numpy/f2py/")
                ],
            )
        for path, content in standins("numpy").items():
            (folder / "numpy" / path).write_bytes(content)
        for i, (_, content) in enumerate(libraries()):
            (folder / f"{i}.so").write_bytes(content)
        for path, text in sources.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
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


def slim_library():
    """Pyodide's standard library without LEFT_OUT, and with the stand-ins."""
    slim = io.BytesIO()
    with zipfile.ZipFile(PYODIDE / "python_stdlib.zip") as whole, zipfile.ZipFile(slim, "w") as archive:
        files = {name: whole.read(name) for name in whole.namelist() if not name.startswith(LEFT_OUT)}
        for name, content in (files | standins("library")).items():
            archive.writestr(name, content)
    return slim.getvalue()


def standins(folder):
    """{path: content} of the stand-ins for a folder's modules."""
    top = STANDINS / folder
    return {path.relative_to(top).as_posix(): path.read_bytes() for path in sorted(top.rglob("*.py"))}
