"""Bytes that visitors download, and their limits."""

import gzip
import json
from fnmatch import fnmatchcase
from pathlib import Path

# At most so many bytes, gzip'd: all of a first visit, and the snapshot in it.
LIMITS = {"first visit": 9.6e6, "snapshot": 4.5e6}
# The names of a part's files, as patterns; all else is the page itself.
PARTS = {
    "snapshot": ("assets/snapshot-*",),
    "Pyodide": ("assets/pyodide*",),
    "numpy's libraries": ("assets/libraries-*",),
    "ordinary boot": ("assets/python_stdlib-*", "assets/numpy-*", "assets/python-*", "assets/inkling-*"),
    "for installing": ("icon*", "manifest*"),
    "the lab's samples": ("assets/lab-*",),
    "what Write reads with": ("assets/writing-*", "assets/words-*", "assets/en.*"),
    "what sees photos": ("assets/photos-*", "assets/chelsea-*", "assets/coffee-*", "assets/rocket-*"),
    "the model card": ("assets/model-card-*",),
}


# {"first visit" or "later": {part: (bytes, bytes gzip'd)}}
Sizes = dict[str, dict[str, tuple[int, int]]]


def measure(dist: Path) -> Sizes:
    """The sizes of a built page.

    A first visit downloads what the service worker keeps; the rest is for other boots and for views opened later.
    """
    worker = (dist / "service-worker.js").read_text()
    first = set(json.loads(worker[worker.index("{") : worker.index(";\n")])["files"]) | {"index.html", "service-worker.js"}
    sizes: Sizes = {"first visit": {}, "later": {}}
    for path in sorted(path for path in dist.rglob("*") if path.is_file()):
        name, content = path.relative_to(dist).as_posix(), path.read_bytes()
        parts = sizes["first visit" if name in first else "later"]
        part = _part(name)
        raw, zipped = parts.get(part, (0, 0))
        parts[part] = raw + len(content), zipped + min(len(content), len(gzip.compress(content, 6)))
    return sizes


def _part(name: str) -> str:
    return next((part for part, patterns in PARTS.items() if any(fnmatchcase(name, each) for each in patterns)), "the page")


def totals(sizes: Sizes) -> dict[str, int]:
    """Bytes gzip'd of each entry of LIMITS."""
    return {
        "first visit": sum(zipped for _, zipped in sizes["first visit"].values()),
        "snapshot": sizes["first visit"]["snapshot"][1],
    }


def table(dist: Path) -> list[str]:
    """The sizes of a built page as lines to print."""
    sizes = measure(dist)
    found = totals(sizes)
    lines = [f"{'Bytes':26}{'raw':>12}{'gzip':>12}{'at most':>12}"]
    for when, parts in sizes.items():
        lines.append(f"{when}:")
        for part, (raw, zipped) in sorted(parts.items(), key=lambda each: -each[1][1]):
            limit = f"{LIMITS[part]:12,.0f}" if part in LIMITS else ""
            lines.append(f"  {part:24}{raw:12,}{zipped:12,}{limit}")
        if when in LIMITS:
            lines.append(
                f"  {'together':24}{sum(raw for raw, _ in parts.values()):12,}{found[when]:12,}{LIMITS[when]:12,.0f}"
            )
    return lines
