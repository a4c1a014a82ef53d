"""Which writers are trained on, validated on and tested on: drawn once and kept in a file."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..data.streams import decode_json
from ..files import atomic_write

# Fields of a split that are sets, and of whom.
_SETS = {"test": "writers", "validation": "writers", "contributors": "contributors"}


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
    contributors : frozenset of str
        Where there are any, their people are "validation", but for those in `test`, and the writers of `validation`
        are in no part: nobody who ever was on another side is trained on.
    """

    test: frozenset[str]
    validation: frozenset[str]
    seed: int
    test_percent: int = 10
    validation_percent: int = 3
    contributors: frozenset[str] = frozenset()

    def part(self, writer: str, place: int) -> str:
        """Of which part a sample is, "train", "validation", "test" or "none": the one at `place` (from 0) in its file."""
        if writer:
            if writer in self.test:
                return "test"
            if contributor(writer) in self.contributors:
                return "validation"
            return "train" if writer not in self.validation else "none" if self.contributors else "validation"
        bucket = zlib.crc32(f"{self.seed}:{place}".encode()) % 100
        if bucket < self.test_percent:
            return "test"
        return "validation" if bucket < self.test_percent + self.validation_percent else "train"

    def save(self, path: str | Path) -> None:
        fields = {**self._asdict(), **{name: sorted(getattr(self, name)) for name in _SETS}}
        if not self.contributors:
            del fields["contributors"]
        with atomic_write(path) as file:
            file.write(f"{json.dumps(fields, indent=1)}\n".encode())

    @classmethod
    def load(cls, path: str | Path) -> Split:
        """ValueError names the file and what is wrong with it."""
        try:
            fields = decode_json(Path(path).read_bytes())
        except ValueError as error:
            raise ValueError(f"{path}: {error}; a split file is JSON, as `split` writes it") from None
        if not isinstance(fields, dict) or {*fields, "contributors"} != set(cls._fields):
            raise ValueError(f"{path}: a split file holds {', '.join(cls._fields[:-1])}")
        fields.setdefault("contributors", [])
        for name in _SETS:
            if not isinstance(fields[name], list) or not all(isinstance(writer, str) for writer in fields[name]):
                raise ValueError(f"{path}: field '{name}' is not a list of {_SETS[name]}")
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


def leave_out(split: Split, contributors: Collection[str], writers: set[str]) -> Split:
    """A split whose validation part is the people of some contributors, all of them but test writers.

    What such people's ink is read with says how a reader does on other schools and devices; people drawn one by one
    leave others of their own kind among those trained on. ValueError for contributors that are not among `writers`.
    """
    unknown = sorted(set(contributors) - {contributor(writer) for writer in writers - split.test})
    if unknown:
        raise ValueError(f"nobody of {', '.join(unknown)} is among the writers who are not tested on")
    return split._replace(contributors=frozenset(contributors))


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
        others = {w: contributor(w) + ", " + style for w, style in styles.items() if "_x" in w}
        others = {w: stratum for w, stratum in others.items() if not any(w in part for part in parts.values())}
        parts[name] = members | set(draw_writers(sorted(others), max(missing, 0), rng, others.__getitem__))
    return split._replace(test=frozenset(parts["test"]), validation=frozenset(parts["validation"]))


def contributor(writer: str) -> str:
    """A writer's name up to "_w", "_x" or ":"."""
    return re.split("_[wx]|:", writer)[0]


def draw_writers(
    writers: Sequence[str], count: int, rng: np.random.Generator, stratum: Callable[[str], str] = contributor
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
