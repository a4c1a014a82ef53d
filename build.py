#!/usr/bin/env python3
"""Everything about Inkling that is one command: see `python3 build.py --help`."""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "py"))

from building import assets, budget, package, serve, setup, single
from building.errors import BuildError
from building.paths import DIST, PY, ROOT, TESTS


def build(options):
    """Set up what is missing, build dist/, and print how much of it visitors download."""
    set_up(options)
    print("\n".join(budget.table(DIST)))


def set_up(options):
    began = time.monotonic()
    setup.python_tools()
    setup.node_packages()
    assets.build()
    print(f"Built {DIST.relative_to(ROOT)}/ in {time.monotonic() - began:.1f} s", flush=True)


def serve_page(options):
    """Build, then serve the page on this machine."""
    set_up(options)
    try:
        serve.serve(options.port, options.open)
    except OSError as problem:
        raise BuildError(f"Port {options.port} cannot be used ({problem.strerror}); choose another with --port.")


def single_file(options):
    """Build, then write dist/inkling.html: the whole page in one file, to be opened by double click."""
    set_up(options)
    path = single.build()
    print(f"Wrote {path.relative_to(ROOT)}, {path.stat().st_size / 1e6:.1f} MB", flush=True)


def wheel(options):
    """Write the Python package as an sdist and a wheel into py/dist/."""
    setup.python_tools()
    for path in package.build():
        print(f"Wrote {path.relative_to(ROOT)}, {path.stat().st_size / 1e6:.1f} MB", flush=True)


def test(options):
    """Build, then run the tests (all, or those that the arguments for pytest select)."""
    set_up(options)
    setup.browsers()
    chosen = options.pytest or [str(TESTS)]
    environment = {**os.environ, "PYTHONPATH": str(PY)}
    return subprocess.run(
        [setup.venv_python(), "-m", "pytest", "-c", str(TESTS / "pytest.ini"), *chosen], cwd=ROOT, env=environment
    ).returncode


def pictures(options):
    """Build, then make the README's pictures (all, or those named) from the page."""
    set_up(options)
    setup.browsers()
    environment = {**os.environ, "PYTHONPATH": str(PY)}
    return subprocess.run(
        [setup.venv_python(), str(TESTS / "browser" / "pictures.py"), *options.names], cwd=ROOT, env=environment
    ).returncode


def bench(options):
    """Build, then measure (everything, or what is named) and print the tables."""
    known = sorted(path.stem for path in (TESTS / "bench").glob("*.py"))
    if unknown := set(options.names) - set(known):
        raise BuildError(f"There is no bench named {', '.join(sorted(unknown))}; there are {', '.join(known)}.")
    set_up(options)
    setup.browsers()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(PY), str(TESTS / "browser")])}
    for name in options.names or known:
        done = subprocess.run([setup.venv_python(), str(TESTS / "bench" / f"{name}.py")], cwd=ROOT, env=environment)
        if done.returncode:
            return done.returncode
    return 0


def parser():
    """The command line."""
    line = argparse.ArgumentParser(prog="build.py", description="Builds, serves and tests Inkling.")
    commands = line.add_subparsers(dest="command", required=True)

    def command(name, function):
        added = commands.add_parser(name, help=function.__doc__, description=function.__doc__)
        added.set_defaults(function=function)
        return added

    serving = command("serve", serve_page)
    serving.add_argument("--port", type=int, default=8000, help="default 8000")
    serving.add_argument("--open", action="store_true", help="open it in the browser")
    command("build", build)
    command("single", single_file)
    command("wheel", wheel)
    command("test", test).add_argument("pytest", nargs="*", help="arguments for pytest, options too")
    command("bench", bench).add_argument("names", nargs="*", help="files of tests/bench/, as in `bench convolution`")
    command("pictures", pictures).add_argument("names", nargs="*", help="names in tests/browser/pictures.py")
    return line


def main():
    arguments = sys.argv[1:]
    if arguments[:1] == ["test"] and arguments[1:] not in (["-h"], ["--help"]):
        arguments.insert(1, "--")  # what follows is pytest's, however it begins
    options = parser().parse_args(arguments)
    try:
        return options.function(options) or 0
    except BuildError as problem:
        print(f"build.py: {problem}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
