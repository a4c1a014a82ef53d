"""dist/inkling.html: the whole page in one file, which opens by double click and asks nobody for anything.

web/ goes in as it is, but for three modules which single_file/ replaces. Its scripts and styles are joined first. The page
of a file: address can import modules from blobs only: single_file/loader.js makes those, and fills in their addresses. The
big files go in in base 85, five characters for four bytes, where base64 takes five and a third.
"""

import base64
import hashlib
import html
import json
import posixpath
import re
from collections.abc import Sequence
from pathlib import Path

from . import assets, page
from .assets import Asset, Files
from .bundle import ENTRIES, joined
from .errors import BuildError
from .files import write_whole
from .paths import DIST, WEB
from .squeeze import squeeze

OWN = Path(__file__).with_name("single_file")
# What a script says of other files: `from "./ink.js"`, `new URL("./ink.json", import.meta.url)`.
REFERENCE = re.compile(r'(?P<before>\bfrom |\bnew URL\()"(?P<path>\.[^"]+)"(?:, import\.meta\.url)?')
LOADED_AS_TEXT = (".js", ".css", ".svg")
# Those of the big files that are not compressed yet.
PLAIN = (".js", ".wasm", ".json")


def build(path: Path = DIST / "inkling.html") -> Path:
    """Write the file, and return its path."""
    big, web = assets.parts()
    web |= {each.relative_to(OWN).as_posix(): each.read_bytes() for each in OWN.rglob("*.js")}
    loader = web.pop("loader.js").decode()
    app = joined(web)
    write_whole(path, inlined(page.html(WEB), loader, modules(app), carried(big, app), app).encode())
    return path


def modules(app: Files) -> dict[str, str]:
    """{name: source} of the page's and its worker's scripts, with "inkling:name" for what they refer to."""

    def named(name: str) -> str:
        def lead(reference: re.Match[str]) -> str:
            other = posixpath.normpath(posixpath.join(posixpath.dirname(name), reference["path"]))
            if other not in app:
                raise BuildError(f"{name} refers to {other}, which is not there.")
            return f'{reference["before"]}"inkling:{other}"'

        return REFERENCE.sub(lead, app[name].decode())

    return {name: named(name) for name in ("main.js", "start.js", "worker.js")}


def carried(big: Sequence[Asset], app: Files) -> list[str]:
    """Elements that hold the files that are not modules, in base 85 with a comma in place of what would begin a tag."""
    files = {asset.name: squeeze(asset.content) if asset.suffix in PLAIN else asset.content for asset in big}
    zipped = {asset.name for asset in big if asset.suffix in PLAIN}
    files |= {name: content for name, content in app.items() if not name.endswith(LOADED_AS_TEXT)}
    return [
        f'<script type="text/plain" data-file="{name}" data-zipped="{str(name in zipped).lower()}">'
        f"{base64.b85encode(content).decode().replace('<', ',')}</script>"
        for name, content in files.items()
    ]


def inlined(source: str, loader: str, sources: dict[str, str], files: list[str], app: Files) -> str:
    """index.html with everything in it, and with a Content-Security-Policy that allows nothing else."""
    styles: list[str] = []

    def style(link: re.Match[str]) -> str:
        styles.append(app[ENTRIES[link[1]]].decode())
        return f"<style>{styles[-1]}</style>"

    source = re.sub(r'<link rel="stylesheet" href="([^"]+)">', style, source)
    icon = base64.b64encode(app["app/icon.svg"]).decode()
    source = re.sub(r'(<link rel="icon" href=")[^"]+"', rf'\1data:image/svg+xml;base64,{icon}"', source)
    source = re.sub(
        r'href="(licences/[^"]+)" target="_blank"', lambda link: f'href="{_data(app[link[1]])}" download', source
    )
    source = re.sub(r'\s*<(?:link rel="manifest"|script (?:type="module"|defer))[^>]*>(?:</script>)?', "", source)
    source = re.sub(
        r'\s*(?:<!--(?:(?!-->).)*-->\s*)?<meta http-equiv="Content-Security-Policy"[^>]*>', "", source, flags=re.DOTALL
    )
    policy = html.escape(
        "; ".join(
            [
                "default-src 'none'",
                f"script-src {_hash(loader)} blob: 'wasm-unsafe-eval'",
                "worker-src data: blob:",
                "connect-src data: blob:",
                "img-src data: blob:",
                f"style-src {' '.join(map(_hash, styles))}",
                "base-uri 'none'",
                "form-action 'none'",
            ]
        ),
        quote=True,
    )
    source = source.replace(
        '<meta charset="utf-8">', f'<meta charset="utf-8">\n  <meta http-equiv="Content-Security-Policy" content="{policy}">'
    )
    text = json.dumps(sources, ensure_ascii=False).replace("<", "\\u003c")
    body = [
        f'<script type="application/json" id="modules">{text}</script>',
        *files,
        f'<script type="module" id="loader">{loader}</script>',
    ]
    return source.replace("</body>", "\n".join([*body, "</body>"]))


def _data(text: bytes) -> str:
    return f"data:text/plain;charset=utf-8;base64,{base64.b64encode(text).decode()}"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
