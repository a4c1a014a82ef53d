"""Tables in Markdown, as they go into RESULTS.md, and what was measured on."""

import datetime
import os
import platform
import statistics
from pathlib import Path

import numpy as np


def table(head, rows):
    """Markdown: `head` and rows of texts or numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def setting(command, *versions):
    """The sentence under a table: the machine, versions, the date, the command."""
    versions = ", ".join([f"numpy {np.__version__}", *versions])
    return (
        f"{processor()}, {os.cpu_count()} cores, {platform.system()}; Python {platform.python_version()}, {versions}; "
        f"{datetime.datetime.now(datetime.UTC).date()}; `{command}`"
    )


def processor():
    """The name that the processor gives itself."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.partition(": ")[2] for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def median(values):
    return statistics.median(values)


def percentile(values, share):
    """The value that `share` (0 to 1) of the values do not exceed."""
    return float(np.quantile(values, share))


def milliseconds(value):
    """Three digits are what a measurement on a shared machine is worth; from a second on, in seconds."""
    return f"{value:.3g} ms" if value < 999.5 else f"{value / 1000:.3g} s"


def megabytes(value):
    return f"{value / 1e6:.1f} MB"


def verdict(value, limit, at_most=True):
    """ "met" or "missed"."""
    return "met" if (value <= limit if at_most else value >= limit) else "**missed**"
