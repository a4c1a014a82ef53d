"""What tools find in the code without running it: lint, form and types of Python and JavaScript."""

import subprocess
import time
from pathlib import Path

from .errors import BuildError
from .paths import CACHE, PY, ROOT, WEB
from .setup import node_tool, say, venv_python

CONFIGURATION = PY / "pyproject.toml"
PYTHON = ("build.py", "py", "tests")
TYPED = ("build.py", "py/hatch_build.py", "py/building", "py/inkling", "py/tab")
STYLED = ("web/**/*.{js,ts,css,json}", "py/**/*.{js,mjs}", "tests/**/*.{js,mjs}", "package.json")


def check() -> None:
    """Run all tools, print what they say, and raise BuildError if one found something."""
    ruff: list[str | Path] = [venv_python(), "-m", "ruff"]
    prettier: list[str | Path] = [node_tool("prettier"), "--cache", "--cache-location", CACHE / "prettier"]
    steps: dict[str, list[str | Path]] = {
        "ruff check": [*ruff, "check", "--config", CONFIGURATION, *PYTHON],
        "ruff format": [*ruff, "format", "--check", "--config", CONFIGURATION, *PYTHON],
        "prettier": [*prettier, "--check", "--log-level", "warn", *STYLED],
        "mypy": [venv_python(), "-m", "mypy", "--config-file", CONFIGURATION, "--cache-dir", CACHE / "mypy", *TYPED],
        "tsc": [node_tool("tsc"), "--project", WEB],
        "tsc offline": [node_tool("tsc"), "--project", WEB / "app" / "service-worker.tsconfig.json"],
    }
    failed = []
    for name, command in steps.items():
        began = time.monotonic()
        done = subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=True, text=True, check=False)
        say(f"{name:12} {time.monotonic() - began:5.1f} s  {'as it should be' if done.returncode == 0 else 'found faults'}")
        if done.returncode:
            failed.append(name)
            say(done.stdout + done.stderr)
    if failed:
        raise BuildError(
            f"Found by {', '.join(failed)}: see above. `.venv/bin/ruff format --config py/pyproject.toml .` and "
            "`npx prettier --write` put form right; `ruff check --fix` some of the rest."
        )
