"""Scripts and styles of web/ joined into a few files, which arrive at once and not one level after the other.

All of them lie at the top of the built folder. So in a module of any room, `new URL("./notes.txt", import.meta.url)`
means the file beside that module, and is rewritten here to be right from the top.
"""

import posixpath
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from .paths import CACHE
from .setup import node_tool, run

# {path in web/: name of the file that it and what it imports are joined into}
ENTRIES = {
    "app/main.js": "main.js",
    "app/guard.js": "guard.js",
    "app/refetch.js": "refetch.js",
    "app/unopened.js": "unopened.js",
    "app/page.css": "page.css",
    "python/page/start.js": "start.js",
    "python/worker/worker.js": "worker.js",
}
# index.html has it started before main.js, which imports the very same module.
SHARED = "python/page/start.js"
JOINED = (".js", ".css")
REFERENCE = re.compile(r'(?P<before>\bfrom |\bnew URL\()"(?P<path>\.[^"]+)"')


def joined(web: Mapping[str, bytes], entries: Mapping[str, str] = ENTRIES) -> dict[str, bytes]:
    """{path: content} of web/ with its code joined into `entries`; BuildError where something imported is missing."""
    code = {path: content for path, content in web.items() if path.endswith(JOINED)}
    CACHE.mkdir(exist_ok=True)
    # Within the checkout, for esbuild writes down where a package was, from here.
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        source, output = Path(folder, "web"), Path(folder, "joined")
        for path, content in code.items():
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            (source / path).write_text(_from_the_top(path, content.decode(), entries), encoding="utf-8")
        run(
            [
                node_tool("esbuild"),
                "--bundle",
                "--format=esm",
                "--charset=utf8",
                "--log-level=warning",
                f"--external:./{ENTRIES[SHARED]}",
                f"--outdir={output}",
                *(f"{Path(name).stem}={entry}" for entry, name in entries.items()),
            ],
            cwd=source,
        )
        return {path: content for path, content in web.items() if path not in code} | {
            name: (output / name).read_bytes() for name in entries.values()
        }


def _from_the_top(path: str, text: str, entries: Mapping[str, str]) -> str:
    """A module's text with its addresses of files, and its import of the shared module, as seen from the top."""

    def lead(reference: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), reference["path"]))
        if reference["before"] == "from " and target != SHARED:
            return reference[0]
        return f'{reference["before"]}"./{({**ENTRIES, **entries}).get(target, target)}"'

    return REFERENCE.sub(lead, text) if path.endswith(".js") else text
