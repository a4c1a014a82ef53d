"""How long the Write view's Python takes from ink to text, in Pyodide (in Node): `python3 build.py bench write`."""

import base64

from measuring.in_pyodide import evaluate

from building.paths import TESTS

# Milliseconds aimed at, by kind of row: of the whole row, and of each further stroke at the median.
AIMS = {"word": {"whole": 60, "stroke": 30}, "line": {"whole": 200}}


def main():
    ink = base64.b64encode((TESTS / "unit" / "lines.jsonl.gz").read_bytes()).decode()
    found = evaluate(
        "import base64, pathlib\n"
        f"pathlib.Path('/ink.jsonl.gz').write_bytes(base64.b64decode('{ink}'))\n"
        "from measuring.writing import measured\n"
        "measured('/ink.jsonl.gz')\n"
    )
    print(f"ready {found['ready']:.0f} ms after its files have arrived")
    for name, aims in AIMS.items():
        row = found[name]
        print(
            f"{name}, {row['rows']} of {row['characters']:.0f} characters at the median, {row['strokes']} further strokes:"
        )
        for what in ("whole", "stroke", "slow stroke"):
            aim = f" (aim {aims[what]}, {'met' if row[what] <= aims[what] else 'missed'})" if what in aims else ""
            print(f"  {what:12} {row[what]:6.1f} ms{aim}")


if __name__ == "__main__":
    main()
