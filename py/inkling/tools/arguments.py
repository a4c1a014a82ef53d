"""Numbers on the command line, each with its range: what argparse calls to read one, and whose words it prints."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable


def whole(least: int) -> Callable[[str], int]:
    """Reads whole numbers from `least` on."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if number < least:
            raise argparse.ArgumentTypeError(f"a whole number from {least} on, not {text!r}")
        return number

    return read


def number(low: float, high: float = math.inf, more_than: bool = False, less_than: bool = False) -> Callable[[str], float]:
    """Reads finite numbers from `low` to `high`; without `low` itself, or `high`, if it is to be more or less."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        is_above = value > low if more_than else value >= low
        is_below = value < high if less_than else value <= high
        if not (is_above and is_below and math.isfinite(value)):
            start = f"above {low:g}" if more_than else f"from {low:g} on"
            end = "" if high == math.inf else f" and below {high:g}" if less_than else f" and at most {high:g}"
            raise argparse.ArgumentTypeError(f"a number {start}{end}, not {text!r}")
        return value

    return read


share = number(0, more_than=True)


def blocks(text: str) -> list[list[int]]:
    """Reads filters as in "16;32,32": a block between semicolons, a convolution between commas."""
    try:
        read = [[int(filters) for filters in block.split(",")] for block in text.split(";")]
    except ValueError:
        read = [[0]]
    if min(map(min, read)) < 1:
        raise argparse.ArgumentTypeError(f"filters as in 16;32,32;64,64, not {text!r}")
    return read
