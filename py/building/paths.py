"""Where things lie in the checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
DIST = ROOT / "dist"
NODE_MODULES = ROOT / "node_modules"
PYODIDE = NODE_MODULES / "pyodide"
PY = ROOT / "py"
TESTS = ROOT / "tests"
VENV = ROOT / ".venv"
WEB = ROOT / "web"
WEIGHTS = ROOT / "weights" / "inkling.npz"
