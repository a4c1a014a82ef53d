"""One self-contained page that shows a person what a reader of text gets wrong: the ink, what was read, the columns."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .. import ink
from ..data import Sample
from ..nn import softmax
from ..words import Text, TextReader
from ..words.alphabet import ALPHABET
from ..words.frame import HEIGHT, STRIDE, Line, frame
from ..words.greedy import edit_distance
from .evaluate_text import TextEvaluation

MISTAKES = 100
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem }
body { color: #1d1b2e; background: #fbfaf6 }
table { border-collapse: collapse; font-variant-numeric: tabular-nums } td { padding: .15rem 1rem .15rem 0 }
figure { margin: 0 0 2rem; overflow-x: auto } svg { background: #fff; border: 1px solid #d9d6cc }
path { fill: none; stroke: #1d1b2e; stroke-width: 1.6; stroke-linecap: round }
text { font: 9px system-ui; text-anchor: middle }
"""


def write_report(path: str | Path, result: TextEvaluation, reader: TextReader) -> None:
    """Write the page: the figures, then the samples that were misread most, by characters wrong, longest first."""
    figures = {name: value for name, value in result.figures.items() if name != "by_style"}
    rows = "".join(f"<tr><td>{html.escape(name)}</td><td>{value:,}</td></tr>" for name, value in figures.items())
    worst = sorted(result.misread, key=lambda one: -_errors(*one))[:MISTAKES]
    page = f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Inkling: texts</title><style>{STYLE}</style>
<h1>What is read, and what is not</h1><table>{rows}</table>
<h2>The {len(worst)} worst</h2>
<p>Under the ink, for each of the network's columns, what it most likely shows; darker is surer.</p>
{"".join(_mistake(sample, texts, reader) for sample, texts in worst)}</html>"""
    Path(path).write_text(page, encoding="utf-8")


def _errors(sample: Sample, texts: Sequence[Text]) -> int:
    return edit_distance(texts[0].text if texts else "", sample.label)


def _mistake(sample: Sample, texts: Sequence[Text], reader: TextReader) -> str:
    drawn = ink.validate(sample.ink)
    line = frame(drawn.points, drawn.lengths.tolist())
    read = ", ".join(f"{text.text!r} {text.probability:.2f}" for text in texts)
    words = f"line {sample.line}, {sample.writer}: {sample.label!r} was read as {read or 'nothing'}"
    columns = softmax(reader.logits(line))
    below = "".join(_column(number, row) for number, row in enumerate(columns))
    return (
        f'<figure><figcaption>{html.escape(words)}</figcaption><svg width="{2 * line.width}" '
        f'viewBox="0 0 {line.width} {HEIGHT + 14}"><path d="{_path(line)}"/>{below}</svg></figure>'
    )


def _path(line: Line) -> str:
    begins = np.concatenate(([True], line.ends[:-1]))
    points = line.nodes + np.array([0, HEIGHT / 2])
    return "".join(f"{'M' if begin else 'L'}{x:.1f} {y:.1f}" for begin, (x, y) in zip(begins, points))


def _column(number: int, probabilities: np.ndarray) -> str:
    best = int(probabilities.argmax())
    if best == len(ALPHABET):
        return ""
    label = "␣" if ALPHABET[best] == " " else ALPHABET[best]
    shade = f"fill-opacity:{float(probabilities[best]):.2f}"
    return f'<text x="{(number + 0.5) * STRIDE:.0f}" y="{HEIGHT + 10}" style="{shade}">{html.escape(label)}</text>'
