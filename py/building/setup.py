"""Everything the project needs from outside: Python tools, Pyodide, browsers.

Each step leaves a stamp that names what it installed, so that a second run has nothing to do.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .errors import BuildError
from .paths import CACHE, NODE_MODULES, PYODIDE, ROOT, VENV

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
# Debian's names of the browsers, and where its packages put them (tests/browser/conftest.py
# looks at the same places).
SYSTEM_BROWSERS = {"chromium": "/usr/bin/chromium", "firefox-esr": "/usr/bin/firefox-esr"}


def venv_python():
    """The interpreter of .venv, where numpy and the test tools live."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def python_tools():
    """Make .venv with the pinned packages of requirements.txt."""
    if sys.version_info < (3, 11):
        raise BuildError(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    stamp = VENV / "installed"
    wanted = _digest(REQUIREMENTS.read_bytes() + sys.version.encode())
    if _reads(stamp, wanted) and venv_python().exists():
        return
    say("Installing Python tools into .venv")
    run([sys.executable, "-m", "venv", *([] if venv_python().exists() else ["--clear"]), str(VENV)])
    run([venv_python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r", REQUIREMENTS])
    stamp.write_text(wanted)


def node_packages():
    """Install what package-lock.json pins."""
    _check_node()
    stamp = NODE_MODULES / "installed"
    wanted = _digest((ROOT / "package-lock.json").read_bytes())
    if _reads(stamp, wanted) and PYODIDE.exists():
        return
    say("Installing Pyodide and what joins the page's scripts from npm")
    run([_tool("npm"), "ci", "--include=dev", "--silent"])
    stamp.write_text(wanted)


def browsers():
    """Have Chromium and Firefox to test with: Debian's packages where apt works, else Playwright's own."""
    missing = [name for name, path in SYSTEM_BROWSERS.items() if not Path(path).exists()]
    stamp = CACHE / "playwright-browsers"
    if not missing or stamp.exists():
        return
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        say(f"Installing {' and '.join(missing)} with apt")
        quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        if (
            subprocess.run(["apt-get", "update", "-q"], **quiet).returncode == 0
            and subprocess.run(["apt-get", "install", "-qy", *missing], **quiet).returncode == 0
        ):
            return
    say("Installing Chromium and Firefox with Playwright")
    run([venv_python(), "-m", "playwright", "install", "chromium", "firefox"])
    CACHE.mkdir(exist_ok=True)
    stamp.write_text("chromium firefox\n")


def say(line):
    """One line of progress."""
    print(line, flush=True)


def run(command, cwd=ROOT, **options):
    """Run a command; a failure is a BuildError that repeats it."""
    command = [str(part) for part in command]
    done = subprocess.run(command, cwd=cwd, **options)
    if done.returncode:
        raise BuildError(f"This command failed (exit {done.returncode}): {' '.join(command)}")
    return done


def node():
    """The path of Node."""
    return _tool("node")


def _tool(name):
    path = shutil.which(name)
    if not path:
        raise BuildError(f"`{name}` was not found. Install Node 20 or newer, which brings node and npm.")
    return path


def _check_node():
    version = subprocess.run([node(), "--version"], capture_output=True, text=True).stdout.strip()
    if int(version.lstrip("v").split(".")[0] or 0) < 20:
        raise BuildError(f"Node 20 or newer is needed; `node --version` says {version!r}.")


def _digest(content):
    return hashlib.sha256(content).hexdigest()


def _reads(path, text):
    return path.exists() and path.read_text() == text
