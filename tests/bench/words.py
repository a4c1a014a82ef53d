"""How long a word and a line take from all their ink to text, in Pyodide (in Node): `python3 build.py bench words`."""

import base64

from measuring.in_pyodide import evaluate

from building.paths import ROOT, TESTS
from inkling.files import shipped

# Milliseconds aimed at, from all the ink to text.
AIMS = {"word": 60, "line": 200}


def main():
    ink = TESTS / "unit" / "lines.jsonl.gz"
    found = evaluate(
        "import base64, pathlib\n"
        f"pathlib.Path('/ink.jsonl.gz').write_bytes(base64.b64decode('{_base64(ink)}'))\n"
        "from measuring.text import measured\n"
        f"measured('/ink.jsonl.gz', '/inkling/{shipped('words.npz').relative_to(ROOT).as_posix()}', '/inkling/weights/en.txt.gz')\n"
    )  # fmt: skip
    print(f"the language is ready after {found['language']:.0f} ms")
    for name, aim in AIMS.items():
        times = found[name]
        parts = ", ".join(f"{step} {times[step]:.1f}" for step in ("frame", "picture", "picture and network", "beam"))
        met = "met" if times["all"] <= aim else "missed"
        print(
            f"{name} of {len(times['text'])} characters, {times['columns']} columns: {times['all']:.1f} ms (aim {aim}, {met}); {parts}"
        )


def _base64(path):
    return base64.b64encode(path.read_bytes()).decode()


if __name__ == "__main__":
    main()
