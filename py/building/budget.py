"""What visitors download, in bytes, against what they may have to."""

import gzip
import json

# Bytes at most, gzip'd: of all that a first visit downloads, and of the snapshot therein.
LIMITS = {"first visit": 10e6, "snapshot": 4.5e6}
# Parts by how their files' names begin, in assets/ or at the top; all else is the page itself.
PARTS = {
    "snapshot": "snapshot-",
    "Pyodide": "pyodide",
    "numpy's libraries": "libraries-",
    "our Python": "python-",
    "ordinary boot": ("python_stdlib-", "numpy-", "inkling-"),
    "for installing": ("icon", "manifest"),
}


def measure(dist):
    """{"first visit" | "later": {part: (bytes, bytes gzip'd)}} of a built page.

    A first visit downloads what the service worker keeps; what it leaves, other boots and views ask for.
    """
    worker = (dist / "service-worker.js").read_text()
    first = set(json.loads(worker[worker.index("{") : worker.index(";\n")])["files"]) | {"index.html", "service-worker.js"}
    sizes = {"first visit": {}, "later": {}}
    for path in sorted(path for path in dist.rglob("*") if path.is_file()):
        name, content = path.relative_to(dist).as_posix(), path.read_bytes()
        parts = sizes["first visit" if name in first else "later"]
        part = _part(name)
        raw, zipped = parts.get(part, (0, 0))
        parts[part] = raw + len(content), zipped + min(len(content), len(gzip.compress(content, 6)))
    return sizes


def _part(name):
    if "/data/" in name:
        return "the lab's samples"
    return next((part for part, start in PARTS.items() if name.removeprefix("assets/").startswith(start)), "the page")


def totals(sizes):
    """{name: bytes gzip'd} of what LIMITS limits."""
    return {
        "first visit": sum(zipped for _, zipped in sizes["first visit"].values()),
        "snapshot": sizes["first visit"]["snapshot"][1],
    }


def table(dist):
    """The lines to print."""
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
