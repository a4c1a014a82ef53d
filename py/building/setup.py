"""Everything the project needs from outside: Python tools, Pyodide, browsers.

Each step leaves a stamp that names what it installed, so that a second run has nothing to do.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from .errors import BuildError
from .paths import CACHE, NODE_MODULES, PYODIDE, ROOT, VENV

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20
# Debian's packages of the browsers, and where they put them (tests/browser/browsing.py looks there too).
SYSTEM_BROWSERS = {"chromium": "/usr/bin/chromium", "firefox-esr": "/usr/bin/firefox-esr"}


def tools() -> None:
    """Install whatever is missing of what the build itself needs."""
    python_tools()
    node_packages()


def python_tools() -> None:
    """Make .venv with the pinned packages of requirements.txt."""
    if sys.version_info < OLDEST_PYTHON:
        raise BuildError(f"Python {'.'.join(map(str, OLDEST_PYTHON))} or newer is needed; this is {sys.version.split()[0]}.")
    stamp = VENV / "installed"
    wanted = _digest(REQUIREMENTS.read_bytes() + sys.version.encode())
    if _reads(stamp, wanted) and venv_python().exists():
        return
    say("Installing Python tools into .venv")
    run([sys.executable, "-m", "venv", *([] if venv_python().exists() else ["--clear"]), VENV])
    run([venv_python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r", REQUIREMENTS])
    stamp.write_text(wanted)


def node_packages() -> None:
    """Install what package-lock.json pins."""
    _check_node()
    stamp = NODE_MODULES / "installed"
    wanted = _digest((ROOT / "package-lock.json").read_bytes())
    if _reads(stamp, wanted) and PYODIDE.exists():
        return
    say("Installing Pyodide and what joins and checks the page's scripts from npm")
    run([_tool("npm"), "ci", "--include=dev", "--silent"])
    stamp.write_text(wanted)


def browsers() -> None:
    """Have Chromium and Firefox to test with: Debian's packages where apt works, else Playwright's own."""
    missing = [name for name, path in SYSTEM_BROWSERS.items() if not Path(path).exists()]
    stamp = CACHE / "playwright-browsers"
    if not missing or stamp.exists():
        return
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        say(f"Installing {' and '.join(missing)} with apt")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        steps = (["apt-get", "update", "-q"], ["apt-get", "install", "-qy", *missing])
        if not any(
            subprocess.run(step, stdout=subprocess.DEVNULL, env=environment, check=False).returncode for step in steps
        ):
            return
    say("Installing Chromium and Firefox with Playwright")
    run([venv_python(), "-m", "playwright", "install", "chromium", "firefox"])
    CACHE.mkdir(exist_ok=True)
    stamp.write_text("chromium firefox\n")


def venv_python() -> Path:
    """The interpreter of .venv, where numpy and the test tools live."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def python(*arguments: str | Path, importing: Sequence[Path]) -> int:
    """Run .venv's Python on `arguments`, which finds modules in the folders `importing`; its exit status."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, importing))}
    return subprocess.run([venv_python(), *arguments], cwd=ROOT, env=environment, check=False).returncode


def node() -> str:
    """The path of Node."""
    return _tool("node")


def node_tool(name: str) -> str:
    """The path of a program that a package of package.json brings."""
    path = shutil.which(name, path=NODE_MODULES / ".bin")
    if not path:
        raise BuildError(f"{name} is missing from node_modules; delete that folder, and it is installed anew.")
    return path


def run(command: Sequence[str | Path], cwd: Path = ROOT) -> None:
    """Run a command; a failure is a BuildError that repeats it."""
    words = [str(part) for part in command]
    status = subprocess.run(words, cwd=cwd, check=False).returncode
    if status:
        raise BuildError(f"This command failed (exit {status}): {' '.join(words)}")


def say(line: str) -> None:
    """One line of progress."""
    print(line, flush=True)


def _tool(name: str) -> str:
    path = shutil.which(name)
    if not path:
        raise BuildError(f"`{name}` was not found. Install Node {OLDEST_NODE} or newer, which brings node and npm.")
    return path


def _check_node() -> None:
    done = subprocess.run([node(), "--version"], capture_output=True, text=True, check=False)
    version = done.stdout.strip()
    if int(version.lstrip("v").split(".")[0] or 0) < OLDEST_NODE:
        raise BuildError(f"Node {OLDEST_NODE} or newer is needed; `node --version` says {version!r}.")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _reads(path: Path, text: str) -> bool:
    return path.exists() and path.read_text() == text
