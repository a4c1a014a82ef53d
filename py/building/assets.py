"""dist/: the page as it is deployed.

    index.html, service-worker.js, manifest.webmanifest    names that must not change
    app-<hash>/        web/, its scripts and styles joined into a few files (bundle.py), with the generated
                       python/assets/table.js in them that says where the big files are
    assets/<name>-<hash>.<suffix>   the big files: Pyodide, numpy, the Python package, the weights

The hash is that of the content, so whatever lies under app-* and assets/ may be cached for ever.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import page, snapshot
from .bundle import ENTRIES, joined
from .errors import BuildError
from .files import read_json, write_whole
from .icons import icons
from .later import LATER, later_sources, pictures
from .numpy_wheel import without
from .paths import DIST, NODE_MODULES, PYODIDE, ROOT, WEB, WEIGHTS
from .sources import sources

# What is joined into the page's scripts from npm, whose licences go with it.
JOINED_IN = ("idb", "uplot")
# The lab's samples and the model card, in web/.
DATA, CARD = "learn/lab/data/", "licences/model-card.txt"
# Files of web/ whose names must not change; the service worker's place also says what it is in charge of.
AT_THE_TOP = ("app/service-worker.js", "app/manifest.webmanifest")
# What is part of index.html, and what only tells tsc of types.
IN_NO_BUILD = (".html", ".d.ts", "tsconfig.json")

# {path: content}
Files = dict[str, bytes]


@dataclass(frozen=True)
class Asset:
    """A file of dist/assets.

    name : what the page asks for
    suffix : what it is served with; .js instead of .mjs, whose type not every static server knows
    """

    name: str
    content: bytes
    suffix: str

    @property
    def sha256(self) -> bytes:
        """Of the content."""
        return hashlib.sha256(self.content).digest()

    @property
    def file_name(self) -> str:
        """Its name in dist/assets."""
        return f"{Path(self.name).stem}-{self.sha256.hex()[:12]}{self.suffix}"


def build(dist: Path = DIST) -> None:
    """Write dist/; what former builds left in its folders goes, what others put beside them stays."""
    assets, web = parts()
    app = joined(web)
    data = data_assets(app)
    # Not part of a first visit: it has its time once the page is at work.
    card = Asset(Path(CARD).name, app.pop(CARD), ".txt")
    folder = f"app-{_digest(app)}"
    files = {f"assets/{asset.file_name}": asset.content for asset in (*assets, *data, card)}
    files |= {f"{folder}/{name}": content for name, content in app.items()}
    files["index.html"] = point_to(folder, page.html(WEB), app, {CARD: f"assets/{card.file_name}"}).encode()
    files |= installable(folder, files)
    write(dist, files)


def data_assets(app: Files) -> list[Asset]:
    """The lab's samples out of the page's files, so that their names stay while their content does, whatever else changes.

    `app` loses them, and its script gets their new addresses.
    """
    data = []
    for path in sorted(path for path in app if path.startswith(DATA)):
        asset = Asset(f"lab-{Path(path).name.partition('.')[0]}", app.pop(path), ".bin")
        app["main.js"] = app["main.js"].replace(f'"./{path}"'.encode(), f'"../assets/{asset.file_name}"'.encode())
        data.append(asset)
    return data


def parts() -> tuple[list[Asset], Files]:
    """What the page is made of, but for index.html: the big files, and those of web/."""
    if not WEIGHTS.exists():
        raise BuildError(f"{WEIGHTS} is missing: the page has nothing to read with.")
    python = sources()
    libraries = snapshot.libraries()
    assets = [*pyodide_assets(libraries), *python_assets(python), *snapshot_assets(python, libraries), *later_assets(python)]
    return assets, web_files(assets, libraries, python)


def pyodide_assets(libraries: Sequence[snapshot.Library]) -> Iterator[Asset]:
    """What boots Pyodide with numpy, without the libraries, which are an asset of their own."""
    carried = {path.removeprefix(f"{snapshot.SITE_PACKAGES}/") for path, _ in libraries}
    yield Asset("pyodide.mjs", (PYODIDE / "pyodide.mjs").read_bytes(), ".js")
    yield Asset("pyodide.asm.mjs", (PYODIDE / "pyodide.asm.mjs").read_bytes(), ".js")
    yield Asset("pyodide.asm.wasm", (PYODIDE / "pyodide.asm.wasm").read_bytes(), ".wasm")
    yield Asset("python_stdlib.zip", (PYODIDE / "python_stdlib.zip").read_bytes(), ".zip")
    yield Asset("numpy.whl", without(carried), ".whl")


def python_assets(python: Mapping[str, str]) -> Iterator[Asset]:
    """Our Python, laid out as in the checkout, and the weights."""
    yield Asset("python.json", json.dumps(python, ensure_ascii=False).encode(), ".json")
    yield Asset("inkling.npz", WEIGHTS.read_bytes(), ".npz")


def later_assets(python: Mapping[str, str]) -> Iterator[Asset]:
    """What arrives when a view opens (later.py)."""
    for module in LATER:
        yield Asset(f"{module}.json", json.dumps(later_sources(module, python), ensure_ascii=False).encode(), ".json")
    for name in dict.fromkeys(name for each in LATER.values() for name in each.weights):
        # Of .gz some servers say that browsers are to unpack it.
        yield Asset(name, (WEIGHTS.parent / name).read_bytes(), ".bin" if name.endswith(".gz") else Path(name).suffix)
    for name in (name for each in LATER.values() for name in each.pictures):
        yield Asset(name, (pictures() / name).read_bytes(), Path(name).suffix)


def snapshot_assets(python: Mapping[str, str], libraries: Sequence[snapshot.Library]) -> Iterator[Asset]:
    """What boots from a snapshot: gzip'd, since not every server does that, and named .bin, since some would unpack it."""
    yield Asset("libraries", snapshot.squeezed_libraries(libraries), ".bin")
    yield Asset("snapshot", snapshot.record(python), ".bin")


def web_files(assets: Sequence[Asset], libraries: Sequence[snapshot.Library], python: Mapping[str, str]) -> Files:
    """The files of web/ that lie in the folder app-<hash>, and those made here: lists of views and of big files."""
    files = {
        path.relative_to(WEB).as_posix(): path.read_bytes()
        for path in sorted(WEB.rglob("*"))
        if path.is_file() and path.relative_to(WEB).as_posix() not in AT_THE_TOP and not path.name.endswith(IN_NO_BUILD)
    }
    table = {
        asset.name: {
            "url": f"../assets/{asset.file_name}",
            "bytes": len(asset.content),
            "sha256": base64.b64encode(asset.sha256).decode(),
        }
        for asset in assets
    }
    files |= page.view_list(WEB)
    files |= {f"licences/{name}.txt": (NODE_MODULES / name / "LICENSE").read_bytes() for name in JOINED_IN}
    files["licences/inkling.txt"] = (ROOT / "LICENSE").read_bytes()
    files[CARD] = (WEIGHTS.parent / "README.md").read_bytes()
    # Pyodide wants a lock file that names its ABI. It lists no packages: numpy is loaded without its help.
    lock = {"info": read_json(PYODIDE / "pyodide-lock.json")["info"], "packages": {}}
    parts = [[path, len(content)] for path, content in libraries]
    later = {module: {"sources": f"{module}.json", "weights": each.weights} for module, each in LATER.items()}
    files["python/assets/table.js"] = (
        f"export const lock = {json.dumps(lock)};\n"
        f"export const libraries = {json.dumps(parts, indent=1)};\n"
        f"export const sources = {json.dumps(list(python), indent=1)};\n"
        f"export const table = {json.dumps(table, indent=1)};\n"
        f"export const later = {json.dumps(later, indent=1)};\n"
    ).encode()
    return files


def installable(version: str, files: Files) -> Files:
    """What makes a page of these files one that can be installed and opens offline."""
    # The ordinary boot's files are kept once they are used, which is where the snapshot does not work.
    ordinary = tuple(f"assets/{name}-" for name in ("python_stdlib", "numpy", "python", "inkling"))
    # What only some views need is kept once the page is at work.
    views = {"the lab": ("assets/lab-",), "the model card": ("assets/model-card-",)} | {
        each.view: tuple(f"assets/{Path(name).stem}-" for name in (f"{module}.json", *each.weights, *each.pictures))
        for module, each in LATER.items()
    }
    build: dict[str, Any] = {"version": version, "files": {}, "views": {view: {} for view in views}, "later": {}}
    for name, content in sorted(files.items()):
        parts = [build["views"][view] for view, starts in views.items() if name.startswith(starts)]
        for part in parts or [build["later" if name.startswith(ordinary) else "files"]]:
            part["./" if name == "index.html" else name] = integrity(content)
    return {
        "service-worker.js": f"const BUILD = {json.dumps(build, indent=1)};\n".encode()
        + (WEB / "app/service-worker.js").read_bytes(),
        "manifest.webmanifest": (WEB / "app/manifest.webmanifest").read_bytes(),
        "icon.svg": (WEB / "app/icon.svg").read_bytes(),
    } | icons((WEB / "app/icon.svg").read_text())


def integrity(content: bytes) -> str:
    """The hash that `fetch` checks."""
    return f"sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}"


def point_to(folder: str, html: str, app: Files, others: Mapping[str, str]) -> str:
    """index.html, its addresses of files of web/ changed to where these lie: in `folder`, or where `others` says."""

    def lead(match: re.Match[str]) -> str:
        if match["path"] in others:
            return f'{match["attribute"]}="./{others[match["path"]]}"'
        path = ENTRIES.get(match["path"], match["path"])
        return f'{match["attribute"]}="./{folder}/{path}"' if path in app else match[0]

    return re.sub(r'(?P<attribute>\b(?:src|href))="(?P<path>[^"#?:]+)"', lead, html)


def write(dist: Path, files: Files) -> None:
    """Make the folder hold these files; those already there are left untouched.

    Of others, those in the folders app-* and assets go, which are this build's own. What lies at the top stays: its names
    never change, and other commands write there too (the single file).
    """
    for name, content in files.items():
        path = dist / name
        if path.exists() and path.read_bytes() == content:
            continue
        write_whole(path, content)
    for path in sorted(dist.rglob("*"), reverse=True):
        name = path.relative_to(dist).as_posix()
        if not name.startswith(("app-", "assets/")) or name in files:
            continue
        if path.is_file():
            path.unlink()
        elif not any(path.iterdir()):
            path.rmdir()


def _digest(files: Files) -> str:
    content = hashlib.sha256()
    for name, data in sorted(files.items()):
        content.update(f"{name}\0{len(data)}\0".encode() + data)
    return content.hexdigest()[:12]
