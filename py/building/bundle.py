"""Scripts and styles of web/ joined into a few files, which arrive at once and not one level after the other.

A module that speaks of other files by import.meta.url speaks of them from where its bundle lies: so such modules
stand in the folder of an entry that needs them.
"""

import shutil
import tempfile
from pathlib import Path

from .errors import BuildError
from .paths import CACHE, NODE_MODULES
from .setup import run

ENTRIES = ("main.js", "guard.js", "refetch.js", "worker/start.js", "worker/worker.js", "style/page.css")
# index.html has it started before main.js, which imports the very same module.
SHARED = "./worker/start.js"
JOINED = (".js", ".css")


def joined(web, entries=ENTRIES):
    """{path: content} of web/ with its code joined into `entries`; BuildError where something imported is missing."""
    code = {path: content for path, content in web.items() if path.endswith(JOINED)}
    CACHE.mkdir(exist_ok=True)
    # Within the checkout, for esbuild writes down where a package was, from here.
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        source, output = Path(folder, "web"), Path(folder, "joined")
        for path, content in code.items():
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            (source / path).write_bytes(content)
        run(
            [
                _esbuild(),
                "--bundle",
                "--format=esm",
                "--charset=utf8",
                "--log-level=warning",
                f"--external:{SHARED}",
                f"--outbase={source}",
                f"--outdir={output}",
                *(source / entry for entry in entries),
            ],
            cwd=source,
        )
        return {path: content for path, content in web.items() if path not in code} | {
            entry: (output / entry).read_bytes() for entry in entries
        }


def _esbuild():
    path = shutil.which("esbuild", path=NODE_MODULES / ".bin")
    if not path:
        raise BuildError("esbuild is missing from node_modules; delete that folder, and it is installed anew.")
    return path
