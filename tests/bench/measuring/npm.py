"""The packages of tests/bench/package.json, which nothing but the benches needs."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parents[1]
NODE_MODULES = BENCH / "node_modules"


def install():
    """Install what package-lock.json pins, unless it is there; SystemExit where npm fails."""
    stamp, lock = NODE_MODULES / "installed", (BENCH / "package-lock.json").read_bytes()
    wanted = hashlib.sha256(lock).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Installing what the benches compare with (about 500 MB) into tests/bench/node_modules", flush=True)
    if subprocess.run([shutil.which("npm"), "ci", "--silent", "--no-audit", "--no-fund"], cwd=BENCH, check=False).returncode:
        sys.exit("npm could not install the packages of tests/bench/package.json: see above.")
    stamp.write_text(wanted)


def version(package):
    return json.loads((NODE_MODULES / package / "package.json").read_text())["version"]
