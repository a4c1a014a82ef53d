"""The installable package: py/dist/inkling-<version>.tar.gz, and the wheel made from it."""

from pathlib import Path

from .paths import PY
from .setup import run, venv_python

OUTPUT = PY / "dist"  # not the page's dist/, which is deployed as it stands


def build(folder: Path = OUTPUT) -> tuple[Path, Path]:
    """Write sdist and wheel of py/ into `folder` and return their paths; older ones there go.

    The wheel is made from the sdist, so that one cannot be right without the other. Nothing is fetched:
    the backend is the one that requirements.txt pins.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in [*folder.glob("inkling-*.tar.gz"), *folder.glob("inkling-*.whl")]:
        old.unlink()
    run([venv_python(), "-m", "hatchling", "build", "--target", "sdist", "--directory", folder.resolve()], cwd=PY)
    (sdist,) = folder.glob("inkling-*.tar.gz")
    return sdist, wheel(sdist, folder)


def wheel(source: Path, folder: Path) -> Path:
    """Write the wheel of an sdist, or of a folder that holds a pyproject.toml, into `folder` and return its path."""
    pip: list[str | Path] = [venv_python(), "-m", "pip", "--quiet", "--disable-pip-version-check", "wheel"]
    run([*pip, "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, source])
    (written,) = folder.glob("inkling-*.whl")
    return written
