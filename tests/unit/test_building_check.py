"""What `build.py check` finds: each tool runs by the project's configuration, and a fault of its kind stops the tests."""

import shutil

import pytest

from building import check
from building.errors import BuildError
from building.paths import ROOT

TOOLS = ["ruff check", "ruff format", "prettier", "mypy", "tsc", "tsc offline"]
COPIED = (
    "package.json", "py/pyproject.toml", "py/hatch_build.py", "py/building/errors.py", "py/building/single_file/loader.js",
    "py/inkling/files.py", "tests/bench/pages/script.js", "web/tsconfig.json", "web/app/refetch.js",
    "web/app/service-worker.js", "web/app/service-worker-globals.d.ts", "web/app/service-worker.tsconfig.json",
)  # fmt: skip
FAULTS = {
    "py/inkling/fault.py": '"""An import for nothing, too many spaces, no types."""\n\nimport os\n\n\ndef f(x):\n    return  x\n',
    "web/app/fault.css": "a{color:red}\n",
    "web/app/fault.js": '/** No such name; null, unsaid. */\nexport const fault = nowhere ?? document.getElementById("it").id;\n',
    "web/app/service-worker-globals.d.ts": "declare const BUILD: { version: string };\n",
}


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of what is checked, small: a module, a script and a style, with the project's configuration."""
    for folder in ("py/building", "py/tab"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "build.py").write_text('"""Nothing."""\n')
    (tmp_path / "py" / "tab" / "__init__.py").write_text('"""Nothing."""\n')
    monkeypatch.setattr(check, "ROOT", tmp_path)
    monkeypatch.setattr(check, "WEB", tmp_path / "web")
    monkeypatch.setattr(check, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(check, "CONFIGURATION", tmp_path / "py" / "pyproject.toml")
    return tmp_path


def test_every_tool_finds_its_faults_and_only_those(copy, capsys):
    check.check()
    assert capsys.readouterr().out.count("as it should be") == len(TOOLS)
    for name, content in FAULTS.items():
        (copy / name).write_text(content)
    with pytest.raises(BuildError, match=f"Found by {', '.join(TOOLS)}:"):
        check.check()
    said = capsys.readouterr().out
    for words in (
        "F401",
        "fault.py",
        "fault.css",
        "[no-untyped-def]",
        "Cannot find name 'nowhere'",
        "Object is possibly 'null'",
        "'files' does not exist",
    ):
        assert words in said
