"""Which writers are trained on, validated on and tested on: drawn once and kept in a file."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..data.streams import decode_json
from ..files import atomic_write

PARTS = ("train", "validation", "test")


class Split(NamedTuple):
    """Which part each sample belongs to.

    Attributes
    ----------
    test, validation : frozenset of str
        Writers of those parts; every other writer is in "train".
    seed : int
        For samples without a writer, told apart by their place in the file.
    test_percent, validation_percent : int
        Of the samples without a writer.
    """

    test: frozenset[str]
    validation: frozenset[str]
    seed: int
    test_percent: int = 10
    validation_percent: int = 3

    def part(self, writer: str, place: int) -> str:
        """Of which part a sample is, "train", "validation" or "test": the one at `place` (from 0) in its file."""
        if writer:
            return "test" if writer in self.test else "validation" if writer in self.validation else "train"
        bucket = zlib.crc32(f"{self.seed}:{place}".encode()) % 100
        if bucket < self.test_percent:
            return "test"
        return "validation" if bucket < self.test_percent + self.validation_percent else "train"

    def save(self, path: str | Path) -> None:
        fields = {**self._asdict(), "test": sorted(self.test), "validation": sorted(self.validation)}
        with atomic_write(path) as file:
            file.write(f"{json.dumps(fields, indent=1)}\n".encode())

    @classmethod
    def load(cls, path: str | Path) -> Split:
        """ValueError names the file and what is wrong with it."""
        try:
            fields = decode_json(Path(path).read_bytes())
        except ValueError as error:
            raise ValueError(f"{path}: {error}; a split file is JSON, as `split` writes it") from None
        if not isinstance(fields, dict) or set(fields) != set(cls._fields):
            raise ValueError(f"{path}: a split file holds {', '.join(cls._fields)}")
        for name in ("test", "validation"):
            if not isinstance(fields[name], list) or not all(isinstance(writer, str) for writer in fields[name]):
                raise ValueError(f"{path}: field '{name}' is not a list of writers")
            fields[name] = frozenset(fields[name])
        for name in ("seed", "test_percent", "validation_percent"):
            if type(fields[name]) is not int:
                raise ValueError(f"{path}: field '{name}' is not a whole number")
        if fields["test"] & fields["validation"]:
            raise ValueError(f"{path}: writers in both parts: {', '.join(sorted(fields['test'] & fields['validation']))}")
        return cls(**fields)


def draw(writers: Sequence[str], count: int, seed: int) -> Split:
    """`count` test and `count` validation writers, from all contributors in proportion, by seed."""
    rng = np.random.default_rng(seed)
    test = draw_writers(writers, count, rng)
    validation = draw_writers(sorted(set(writers) - set(test)), count, rng)
    return Split(frozenset(test), frozenset(validation), seed)


def extend(split: Split, styles: Mapping[str, str], count: int, seed: int) -> Split:
    """A split in which at least `count` test and `count` validation writers are among those of `styles`.

    Who already has a part keeps it. The others are drawn, by seed, among the people of no file of characters
    (their ids have "_x"), in proportion to contributor and style.

    Parameters
    ----------
    styles : {writer: the style that most of this writer's samples have}
    """
    rng = np.random.default_rng(seed)
    parts = {"test": split.test, "validation": split.validation}
    for name, members in parts.items():
        missing = count - len(members & styles.keys())
        others = {w: _contributor(w) + ", " + style for w, style in styles.items() if "_x" in w}
        others = {w: stratum for w, stratum in others.items() if not any(w in part for part in parts.values())}
        parts[name] = members | set(draw_writers(sorted(others), max(missing, 0), rng, others.__getitem__))
    return split._replace(test=frozenset(parts["test"]), validation=frozenset(parts["validation"]))


def _contributor(writer: str) -> str:
    """A writer's name up to "_w", "_x" or ":"."""
    return re.split("_[wx]|:", writer)[0]


def draw_writers(
    writers: Sequence[str], count: int, rng: np.random.Generator, stratum: Callable[[str], str] = _contributor
) -> list[str]:
    """`count` writers, of each stratum (their contributor) a share in proportion.

    Whole shares first, then one more for those with the largest remainders (Hare and Niemeyer).
    """
    groups: dict[str, list[str]] = {}
    for writer in sorted(set(writers)):
        groups.setdefault(stratum(writer), []).append(writer)
    total = sum(map(len, groups.values()))
    if count > total:
        raise ValueError(f"{count} writers cannot be drawn from {total}")
    quotas = {name: count * len(group) / total for name, group in groups.items()}
    seats = {name: int(quota) for name, quota in quotas.items()}
    by_remainder = sorted(quotas, key=lambda name: (seats[name] - quotas[name], name))
    for name in by_remainder[: count - sum(seats.values())]:
        seats[name] += 1
    return [writer for name, group in groups.items() for writer in rng.choice(group, seats[name], replace=False).tolist()]
