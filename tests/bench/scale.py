"""How time and memory grow with the batch and with the picture, on the desktop and in Pyodide.

    python3 build.py bench scale

Writes .github/pictures/scale.png. Fails where time grows faster than the arithmetic, which is linear in the batch and
quadratic in the side.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy: slopes are of the arithmetic, not of how threads share it

import sys

import matplotlib
import numpy as np
from measuring import growth, in_pyodide
from measuring.table import megabytes, milliseconds, setting, table
from PIL import Image

from building.paths import ROOT

COMMAND = "python3 build.py bench scale"
PICTURE = ROOT / ".github" / "pictures" / "scale.png"
STEEPEST = 1.1  # slope of time over arithmetic, both as logarithms
COLORS = {"desktop": "#4f46e5", "Pyodide": "#b45309"}


def slope(xs, ys):
    """Of the straight line through the points on logarithmic axes, by least squares."""
    return float(np.polyfit(np.log(xs), np.log(ys), 1)[0])


def values(measurements, name):
    return [each[name] for each in measurements if "seconds" in each]


def draw(results):
    """Time above, memory below; against the batch on the left, the side on the right."""
    matplotlib.use("Agg")
    from matplotlib import pyplot

    pyplot.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False})
    figure, axes = pyplot.subplots(2, 2, figsize=(9, 6.6), layout="constrained")
    for row, (what, unit, factor) in enumerate(
        [("seconds", "ms of processor time", 1e3), ("bytes", "MB at the peak", 1e-6)]
    ):
        for column, (size, title) in enumerate(
            [("batch", f"batch, {growth.SIDE} x {growth.SIDE} pixels"), ("side", f"side in pixels, batch {growth.BATCH}")]
        ):
            axis = axes[row][column]
            for platform, found in results.items():
                for task, line in (("training", "-"), ("reading", "--")):
                    points = found[f"{task} by {size}"]
                    xs, ys = values(points, size), np.array(values(points, what)) * factor
                    axis.loglog(
                        xs,
                        ys,
                        line,
                        marker="o",
                        markersize=3,
                        color=COLORS[platform],
                        label=f"{task}, {platform}: slope {slope(xs, ys):.2f}",
                    )
            ticks = growth.BATCHES if size == "batch" else growth.SIDES
            axis.set_xticks(ticks, [str(tick) for tick in ticks])
            axis.minorticks_off()
            axis.yaxis.set_major_formatter("{x:g}")
            axis.set_ylim(top=axis.get_ylim()[1] * 5)  # room for the legend
            axis.set_xlabel(title)
            axis.set_ylabel(unit)
            axis.grid(alpha=0.25)
            axis.legend(frameon=False, fontsize=8, loc="upper left")
    figure.savefig(PICTURE, dpi=110, metadata={"Software": None})
    Image.open(PICTURE).convert("RGB").quantize(64).save(PICTURE, optimize=True)  # a quarter of the bytes


def main():
    pyodide = in_pyodide.evaluate("import json; from measuring.growth import grow; json.dumps(grow())", seconds=3000)
    results = {"desktop": growth.grow(), "Pyodide": pyodide}
    draw(results)
    rows, steep = [], []
    for platform, found in results.items():
        for name, points in found.items():
            grown = slope(values(points, "work"), values(points, "seconds"))
            largest = [each for each in points if "seconds" in each][-1]
            if len(values(points, "work")) < len(points):
                name += f" (no more than {largest['batch']} of side {largest['side']} fit)"
            rows.append(
                [
                    f"{name}, {platform}",
                    f"{grown:.2f}",
                    f"{slope(values(points, 'work'), values(points, 'bytes')):.2f}",
                    milliseconds(largest["seconds"] * 1e3),
                    megabytes(largest["bytes"]),
                ]
            )
            if grown > STEEPEST:
                steep.append(f"{name}, {platform}: {grown:.2f}")
    print("\n### Scale\n")
    print(table(["", "time over arithmetic, slope", "memory, slope", "time of the largest", "memory of the largest"], rows))
    print(
        f"\nBatches of {growth.BATCHES[0]} to {growth.BATCHES[-1]}, sides of {growth.SIDES[0]} to {growth.SIDES[-1]}; slopes on "
        f"logarithmic axes, 1 is as the multiply-adds grow. One thread, Pyodide in Node. {setting(COMMAND)}."
    )
    if steep:
        sys.exit("Grows faster than its arithmetic: " + "; ".join(steep))


if __name__ == "__main__":
    main()
