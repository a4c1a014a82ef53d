"""Python in Pyodide, in Node: the same interpreter and numpy as in the page, without a browser."""

import json
import subprocess
import tempfile
from pathlib import Path

from building.numpy_wheel import numpy_wheel
from building.paths import PYODIDE, ROOT
from building.setup import node

FOLDER = Path(__file__).parent


def evaluate(script, seconds=300):
    """What the last expression of `script` is, a text of JSON; RuntimeError where it fails. What it prints to stderr is seen."""
    with tempfile.NamedTemporaryFile("w", suffix=".py") as file:
        file.write(script)
        file.flush()
        return run("evaluate.mjs", file.name, seconds=seconds)


def run(module, *arguments, seconds=300):
    """The JSON that a module of this folder prints last, which is given Pyodide, numpy's wheel, the checkout, `arguments`."""
    command = [node(), FOLDER / module, f"{PYODIDE}/", numpy_wheel(), ROOT, *arguments]
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True, timeout=seconds, check=False)
    if done.returncode:
        raise RuntimeError(f"{module} in Node failed: see above.")
    return json.loads(done.stdout.splitlines()[-1])
