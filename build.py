#!/usr/bin/env python3
"""Everything about Inkling that is one command: see `python3 build.py --help`."""

import argparse
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "py"))

from building import assets, budget, package, serve, setup, single
from building import check as checking
from building.errors import BuildError
from building.paths import DIST, PY, ROOT, TESTS


def build(_options: argparse.Namespace) -> None:
    """Set up what is missing, build dist/, and print how much of it visitors download."""
    build_page()
    print("\n".join(budget.table(DIST)))


def build_page() -> None:
    """Set up what is missing and build dist/."""
    began = time.monotonic()
    setup.tools()
    assets.build()
    print(f"Built {DIST.relative_to(ROOT)}/ in {time.monotonic() - began:.1f} s", flush=True)


def serve_page(options: argparse.Namespace) -> None:
    """Build, then serve the page on this machine."""
    build_page()
    try:
        serve.serve(options.port, options.open)
    except OSError as problem:
        raise BuildError(
            f"Port {options.port} cannot be used ({problem.strerror}); choose another with --port."
        ) from problem


def single_file(_options: argparse.Namespace) -> None:
    """Build, then write dist/inkling.html: the whole page in one file, to be opened by double click."""
    build_page()
    written(single.build())


def wheel(_options: argparse.Namespace) -> None:
    """Write the Python package as an sdist and a wheel into py/dist/."""
    setup.tools()
    for path in package.build():
        written(path)


def written(path: Path) -> None:
    """Say that a file was written."""
    print(f"Wrote {path.relative_to(ROOT)}, {path.stat().st_size / 1e6:.1f} MB", flush=True)


def check(_options: argparse.Namespace) -> None:
    """Check lint, form and types of all Python and JavaScript, without running it."""
    setup.tools()
    checking.check()


def test(options: argparse.Namespace) -> int:
    """Check, build, then run the tests (all, or those that the arguments for pytest select)."""
    check(options)
    build_page()
    setup.browsers()
    # All of them side by side, but for a few that are asked for; one more at a time than there are processors, since
    # browsers often wait. A file stays together: what its tests share, such as a page, is made once. Those of browsers
    # come first, or the longest would be left to the end.
    side_by_side = ["-n", str(min(4, (os.cpu_count() or 1) + 1)), "--dist", "loadfile", "--no-loadscope-reorder"]
    chosen = options.pytest or [*side_by_side, "--durations", "15", TESTS]
    return setup.python("-m", "pytest", "-c", TESTS / "pytest.ini", *chosen, importing=[PY])


def pictures(options: argparse.Namespace) -> int:
    """Build, then make the README's pictures (all, or those named) from the page."""
    build_page()
    setup.browsers()
    return setup.python(TESTS / "browser" / "pictures.py", *options.names, importing=[PY])


def bench(options: argparse.Namespace) -> int:
    """Build, then measure (everything, or what is named) and print the tables."""
    known = sorted(path.stem for path in (TESTS / "bench").glob("*.py"))
    if unknown := set(options.names) - set(known):
        raise BuildError(f"There is no bench named {', '.join(sorted(unknown))}; there are {', '.join(known)}.")
    build_page()
    setup.browsers()
    for name in options.names or known:
        if code := setup.python(TESTS / "bench" / f"{name}.py", importing=[PY, TESTS / "browser"]):
            return code
    return 0


def parser() -> argparse.ArgumentParser:
    """The command line."""
    line = argparse.ArgumentParser(prog="build.py", description="Builds, serves and tests Inkling.")
    commands = line.add_subparsers(dest="command", required=True)
    functions = {
        "serve": serve_page,
        "build": build,
        "single": single_file,
        "wheel": wheel,
        "check": check,
        "test": test,
        "bench": bench,
        "pictures": pictures,
    }
    added = {}
    for name, function in functions.items():
        added[name] = commands.add_parser(name, help=function.__doc__, description=function.__doc__)
        added[name].set_defaults(function=function)
    added["serve"].add_argument("--port", type=int, default=8000, help="default 8000")
    added["serve"].add_argument("--open", action="store_true", help="open it in the browser")
    added["test"].add_argument("pytest", nargs="*", help="arguments for pytest, options too")
    added["bench"].add_argument("names", nargs="*", help="files of tests/bench/, as in `bench convolution`")
    added["pictures"].add_argument("names", nargs="*", help="names in tests/browser/pictures.py")
    return line


def main() -> int:
    """Do what the command line says; the exit status."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["test"] and arguments[1:] not in (["-h"], ["--help"]):
        arguments.insert(1, "--")  # the rest is pytest's, even what begins with a dash
    options = parser().parse_args(arguments)
    try:
        return options.function(options) or 0
    except BuildError as problem:
        print(f"build.py: {problem}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
