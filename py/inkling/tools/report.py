"""A self-contained HTML page on what a recogniser gets wrong.

The confusion matrix as a picture, the reliability diagram, and the worst mistakes as ink.
Plots by matplotlib, as SVG inside the page; nothing is loaded from anywhere.
"""

from __future__ import annotations

import html
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..files import atomic_write
from ..labels import LOOK_ALIKE, other_case
from ..training.dataset import Collection
from .evaluate import ECE_BINS, Evaluation, calibration

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MISTAKES = 100
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem }
body { color: #1d1b2e; background: #fbfaf6 }
table { border-collapse: collapse; font-variant-numeric: tabular-nums } td { padding: .15rem 1rem .15rem 0 }
.ink { display: grid; grid-template-columns: repeat(auto-fill, minmax(7rem, 1fr)); gap: 1rem }
figure { margin: 0 } .ink svg { width: 100%; background: #fff; border: 1px solid #d9d6cc }
figcaption { font-size: .85rem } .figures svg { max-width: 100%; height: auto }
"""


def write_report(path: str | Path, result: Evaluation, collection: Collection) -> None:
    """Write the page for an evaluation of `collection`."""
    truth = collection.labels[result.kept]
    known = collection.case_known[result.kept]
    target = np.array([result.labels.index(label) for label in truth.tolist()])
    answer = result.probabilities.argmax(axis=1)
    # Where the case is unknown, both are right.
    other = np.array([result.labels.find(other_case(label)) for label in result.labels])
    right = (answer == target) | (~known & (answer == other[target]))
    rows = "".join(f"<tr><td>{html.escape(name)}</td><td>{value:,}</td></tr>" for name, value in result.figures.items())
    page = f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Inkling: evaluation</title><style>{STYLE}</style>
<h1>What is read, and what is not</h1><table>{rows}</table>
<p>Of shapes (accuracy_shapes) characters that look alike count as one: {html.escape(", ".join(LOOK_ALIKE))}. What is
wrong among them no reader of single characters can put right; what is wrong otherwise is a mistake.</p>
<h2>Confusions</h2><p>Rows: what was drawn. Columns: what it was read as. Each row sums to 1.</p>
<div class="figures">{confusion_plot(target, answer, result.labels)}</div>
<h2>Calibration</h2><p>When it says 80%, is it right 80% of the time? On the diagonal it is.</p>
<div class="figures">{reliability_plot(result.probabilities.max(axis=1), right)}</div>
<h2>The {MISTAKES} surest mistakes</h2><div class="ink">{_mistakes(result, collection, truth, answer, right)}</div></html>"""
    with atomic_write(path) as file:
        file.write(page.encode())


def _svg(figure: Figure) -> str:
    text = io.StringIO()
    figure.savefig(text, format="svg", bbox_inches="tight")
    return text.getvalue()[text.getvalue().index("<svg") :]


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure

    figure = Figure((width, height))
    return figure, figure.add_subplot()


def confusion_plot(target: np.ndarray, answer: np.ndarray, labels: Sequence[str]) -> str:
    """Rows: what is shown, columns: the answers; both as places in `labels`."""
    counts = np.zeros((len(labels), len(labels)))
    np.add.at(counts, (target, answer), 1)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, axes = _figure(11, 11)
    image = axes.imshow(np.sqrt(shares), cmap="Purples", vmin=0, vmax=1)
    axes.set_xticks(range(len(labels)), labels, rotation=0 if isinstance(labels, str) else 90)
    axes.set_yticks(range(len(labels)), labels)
    axes.tick_params(labelsize=7, length=0, top=True, labeltop=True)
    axes.set_xlabel("read as")
    axes.set_ylabel("drawn")
    bar = figure.colorbar(image, shrink=0.5, ticks=np.sqrt([0, 0.01, 0.05, 0.2, 0.5, 1]))
    bar.ax.set_yticklabels(["0", "1%", "5%", "20%", "50%", "100%"])
    return _svg(figure)


def reliability_plot(confidence: np.ndarray, right: np.ndarray) -> str:
    """How often answers are right of each confidence."""
    error, table = calibration(confidence, right)
    figure, axes = _figure(5, 4)
    said, was, _ = map(np.array, zip(*table))
    axes.plot([0, 1], [0, 1], color="#999", linewidth=1)
    axes.bar(said, was, width=0.8 / ECE_BINS, color="#4f46e5")
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="probability it gave", ylabel="share that was right", title=f"ECE {error:.3f}")
    return _svg(figure)


def _mistakes(result: Evaluation, collection: Collection, truth: np.ndarray, answer: np.ndarray, right: np.ndarray) -> str:
    wrong = np.flatnonzero(~right)
    surest = wrong[np.argsort(-result.probabilities[wrong, answer[wrong]], kind="stable")][:MISTAKES]
    figures = []
    for n in surest:
        caption = f"{truth[n]} read as {result.labels[answer[n]]}, {result.probabilities[n, answer[n]]:.0%}"
        writer = collection.writers[result.kept[n]]
        words = f"<figcaption>{html.escape(caption)}<br>{html.escape(writer)}</figcaption>"
        figures.append(f"<figure>{_ink(collection, result.kept[n])}{words}</figure>")
    return "".join(figures)


def _ink(collection: Collection, n: int) -> str:
    trail, _ = collection.batch(np.array([n]))
    paths, start = [], 0
    for end in np.flatnonzero(trail.ends).tolist():
        points = " L".join(f"{x:.3f} {y:.3f}" for x, y in trail.nodes[start : end + 1])
        paths.append(f"M{points}")
        start = end + 1
    return (
        '<svg viewBox="-.62 -.62 1.24 1.24"><path fill="none" stroke="#1d1b2e" stroke-width=".05" '
        f'stroke-linecap="round" stroke-linejoin="round" d="{" ".join(paths)}"/></svg>'
    )
