"""A self-contained HTML page on what a reader of photographs gets wrong: confusions, calibration, the surest mistakes."""

from __future__ import annotations

import base64
import html
import io
from pathlib import Path

import numpy as np

from ..data.cifar import Photos
from ..files import atomic_write
from .evaluate_photos import PhotoEvaluation
from .report import MISTAKES, STYLE, confusion_plot, reliability_plot


def write_report(path: str | Path, result: PhotoEvaluation, photos: Photos) -> None:
    """Write the page for an evaluation of `photos`."""
    target, answer = photos.labels.astype(int), result.probabilities.argmax(axis=1)
    best, right = result.probabilities.max(axis=1), answer == target
    numbers = {name: value for name, value in result.figures.items() if isinstance(value, int | float)}
    numbers |= {f"accuracy, {name}": value for name, value in result.figures["by_class"].items()}
    rows = "".join(f"<tr><td>{html.escape(name)}</td><td>{value:,}</td></tr>" for name, value in numbers.items())
    wrong = np.flatnonzero(~right)
    surest = wrong[np.argsort(-best[wrong], kind="stable")][:MISTAKES]
    captions = [f"{photos.names[target[n]]} seen as {photos.names[answer[n]]}, {best[n]:.0%}" for n in surest]
    figures = "".join(
        f'<figure><img alt="" src="{_png(photos.pixels[n])}"><figcaption>{html.escape(caption)}</figcaption></figure>'
        for n, caption in zip(surest, captions)
    )
    page = f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Inkling: photographs</title><style>{STYLE}
img {{ image-rendering: pixelated; width: 100% }}</style>
<h1>What is seen, and what is not</h1><table>{rows}</table>
<h2>Confusions</h2><p>Rows: what is shown. Columns: what it was seen as. Each row sums to 1.</p>
<div class="figures">{confusion_plot(target, answer, photos.names)}</div>
<h2>Calibration</h2><p>When it says 80%, is it right 80% of the time? On the diagonal it is.</p>
<div class="figures">{reliability_plot(best, right)}</div>
<h2>The {len(surest)} surest mistakes</h2><div class="ink">{figures}</div></html>"""
    with atomic_write(path) as file:
        file.write(page.encode())


def _png(pixels: np.ndarray) -> str:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
