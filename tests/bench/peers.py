"""Single handwritten characters read by inkling and by tesseract.js: how many rightly, how fast.

    python3 build.py bench peers

Tesseract is made for print, for lines of it in pages: this says what happens when it is used for what inkling does,
not how good it is. Both get the same pictures; inkling also gets the ink itself, as on its page.
"""

import base64
import json
import tempfile
from pathlib import Path

import numpy as np
from measuring import in_pyodide, npm
from measuring.table import median, milliseconds, setting, table
from PIL import Image, ImageDraw

from inkling.data.formats import read_samples
from inkling.labels import LABELS, merged_35

COMMAND = "python3 build.py bench peers"
INK = Path(__file__).resolve().parents[1] / "unit" / "ink.jsonl.gz"
SIDE, MARGIN, PEN = 64, 20, 5  # pixels: the character's longer side, paper around it, the line
FINER = 4  # drawn so many times as large, then scaled down, for smooth edges
READERS = {
    "ink": "inkling, from the ink",
    "picture": "inkling, from the pictures",
    "lstm": "tesseract.js, its LSTM",
    "legacy": "tesseract.js, its older engine",
}


def picture(strokes):
    """uint8 (H, W): dark ink on white paper."""
    points = np.concatenate(strokes)
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    scale = SIDE * FINER / max(extent.max(), 1e-9)
    size = np.rint(extent * scale + 2 * MARGIN * FINER).astype(int)
    large = Image.new("L", tuple(size.tolist()), 255)
    pen, width = ImageDraw.Draw(large), PEN * FINER
    for stroke in strokes:
        places = (stroke - low) * scale + MARGIN * FINER
        pen.line([tuple(place) for place in places.tolist()], fill=0, width=width, joint="curve")
        for x, y in places[[0, -1]].tolist():  # round ends
            pen.ellipse([x - width / 2, y - width / 2, x + width / 2, y + width / 2], fill=0)
    return np.asarray(large.resize((max(1, size[0] // FINER), max(1, size[1] // FINER)), Image.Resampling.BOX))


def row(title, result, truth):
    answers = result["answers"]
    right = np.mean([answer == label for answer, label in zip(answers, truth)])
    merged = np.mean([answer != "" and merged_35(answer[0]) == merged_35(label) for answer, label in zip(answers, truth)])
    none = sum(answer == "" for answer in answers)
    return [
        title,
        f"{right:.3f}",
        f"{merged:.3f}",
        none,
        *(milliseconds(of(result["milliseconds"])) for of in (min, median)),
    ]


def main():
    npm.install()
    samples = list(read_samples(INK))
    truth = [sample.label for sample in samples]
    inks = [[np.asarray(stroke, float) for stroke in sample.strokes] for sample in samples]
    pictures = [picture(ink) for ink in inks]
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for number, pixels in enumerate(pictures):
            Image.fromarray(pixels).save(folder / f"{number}.png")
        grey = [[*pixels.shape, base64.b64encode(pixels.tobytes()).decode()] for pixels in pictures]
        (folder / "pictures.json").write_text(json.dumps(grey))
        (folder / "inks.json").write_text(json.dumps([[stroke.tolist() for stroke in ink] for ink in inks]))
        results = in_pyodide.run("peers.mjs", npm.NODE_MODULES, LABELS, folder, seconds=1200)
    rows = [row(title, results[name], truth) for name, title in READERS.items()]
    print("\n### Handwritten characters, one at a time\n")
    print(table(["", "62 classes", "35 classes", "no answer", "fastest", "median"], rows))
    versions = [f"{name} {npm.version(name)}" for name in ("tesseract.js", "@tesseract.js-data/eng")]
    print(
        f"\n{len(truth)} characters, {len({s.writer for s in samples})} writers whom inkling never learned from, drawn "
        f"{SIDE} pixels high or wide. Tesseract is made for lines of print, not for this; it was told that there is one "
        f"character, and which there are. Interleaved, in one process of Node. {setting(COMMAND, *versions)}."
    )


if __name__ == "__main__":
    main()
