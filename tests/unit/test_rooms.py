"""How the rooms of py/inkling hang together: imports run downward, never in a circle; the page ships what it imports."""

import json
import os
import subprocess
import sys

import pytest

from building.paths import PY
from building.sources import imported, sources

# What each room may import. Each names lower ones only, so the table holds no circle.
BELOW = {
    "labels": set(),
    "arrays": set(),
    "files": set(),
    "ink": set(),
    "nn": {"arrays", "files"},
    "data": {"arrays", "files", "ink", "labels"},
    "explain": {"nn"},
    "characters": {"files", "ink", "labels", "nn"},
    "teaching": {"characters", "files", "ink", "labels", "nn"},
    "words": {"files", "ink", "labels", "nn"},
    "photos": {"files", "ink", "nn"},
    "training": {"arrays", "data", "files", "ink", "labels", "nn", "photos", "words"},
    "tools": {"characters", "data", "explain", "files", "ink", "labels", "nn", "photos", "teaching", "training", "words"},
    "__main__": {"tools"},
    "__init__": {"characters"},
}
MODULES = {
    ".".join(path.relative_to(PY).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((PY / "inkling").rglob("*.py"))
}


def imports_of(name):
    """Modules of the package that a module imports, itself left out."""
    path = MODULES[name]
    return {other for other in imported(name, path, path.read_text()) if other in MODULES} - {name}


def room(name):
    return name.split(".")[1] if "." in name else "__init__"


def test_every_room_has_its_place():
    assert {room(name) for name in MODULES} == set(BELOW)
    for name, lower in BELOW.items():
        assert all(name not in BELOW[other] for other in lower)


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_downward(name):
    allowed = BELOW[room(name)] | {room(name)}
    # `from .. import nn` names the package on its way to a room.
    assert {room(other) for other in imports_of(name) - {"inkling"}} <= allowed


def test_no_imports_run_in_a_circle():
    """Packages aside, which import what they hold: modules in an order in which each comes after what it imports."""
    left = {
        name: {other for other in imports_of(name) if not name.startswith(f"{other}.")}
        for name, path in MODULES.items()
        if path.name != "__init__.py"
    }
    while left:
        ready = [name for name, needs in left.items() if not needs & left.keys()]
        assert ready, f"imports run in a circle among {', '.join(sorted(left))}"
        for name in ready:
            del left[name]


def test_the_page_ships_what_it_imports_and_nothing_else():
    """In a Python of its own, as the page starts: every module shipped is loaded, and none that is not shipped."""
    script = "import json, sys, tab, tab.known; print(json.dumps(sorted(sys.modules[name].__file__ for name in sys.modules "
    script += "if name.split('.')[0] in ('inkling', 'tab'))))"
    environment = {**os.environ, "PYTHONPATH": str(PY)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    loaded = {f"py/{path.removeprefix(f'{PY}{os.sep}')}" for path in json.loads(done.stdout)}
    assert set(sources()) == loaded
    assert not [path for path in loaded if path.startswith("py/inkling/tools/")]


def test_imports_are_found_however_they_are_written(tmp_path):
    text = "import a.b\nfrom . import c\nfrom ..d import e, f\ndef later():\n    from .g.h import i\n"
    text += "if TYPE_CHECKING:\n    import never\n"
    assert list(imported("top.room.module", tmp_path / "module.py", text)) == [
        "a.b", "top.room", "top.room.c", "top.d", "top.d.e", "top.d.f", "top.room.g.h", "top.room.g.h.i",
    ]  # fmt: skip
    assert list(imported("top.room", tmp_path / "__init__.py", "from .a import b")) == ["top.room.a", "top.room.a.b"]
