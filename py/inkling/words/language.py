"""What a language expects: a character n-gram counted from a list of words with their frequencies.

A file of a language is gzip'd text: lines that begin with # say where the words are from and under which licence; each
other line is a Zipf value (log10 of the occurrences in a billion words) and a word, most frequent first:

    7.73 the

P(c | h) is smoothed by Witten and Bell's method C ("The zero-frequency problem", 1991): a history h that was followed by
T different characters gives T parts of its probability to the history that is one character shorter.
"""

from __future__ import annotations

import gzip
import io
import zlib
from array import array
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

ORDER = 7
# Occurrences count by this power of their number: a list of words knows words better than how often they are used.
TEMPER = 0.7
# Of the n-gram's alphabet: the border of a word, letters, the apostrophe. Histories are numbers of this base.
LETTERS = "abcdefghijklmnopqrstuvwxyz'"
BASE = len(LETTERS) + 1
_NUMBER = {letter: index for index, letter in enumerate(LETTERS, 1)}
MOST_WORDS = 500_000
# Histories whose probabilities are kept: who writes on meets ever more. Of those of at most SHORT letters all are.
MOST_HISTORIES, SHORT = 5_000, 2
LARGEST_FILE = 16 * 2**20


class Language:
    """P(next letter | letters so far in this word).

    words : {word: Zipf value}, of lower-case letters and apostrophes
    """

    def __init__(self, words: Mapping[str, float], order: int = ORDER, temper: float = TEMPER):
        if not words:
            raise ValueError("a language without words")
        self.words, self.order = dict(words), order
        zipf = np.array(list(words.values()))
        weights = 10 ** (temper * (zipf - zipf.min()))
        # All words in one row, (order - 1) borders before each and one behind: histories never reach into another word.
        gap = order - 1
        lengths = np.array([len(word) for word in words]) + 1 + gap
        text = np.zeros(lengths.sum(), np.int8)
        starts = np.cumsum(lengths) - lengths + gap
        letters = np.frombuffer("".join(words).encode("ascii"), np.uint8)
        place = np.arange(len(letters)) + np.repeat(
            starts - np.cumsum(lengths - 1 - gap) + lengths - 1 - gap, lengths - 1 - gap
        )
        table = np.zeros(128, np.int8)
        table[[ord(letter) for letter in LETTERS]] = np.arange(1, BASE)
        text[place] = table[letters]
        # Every place at which something is predicted: the letters and the border behind them.
        predicted = np.ones(len(text), bool)
        predicted[np.concatenate([starts - 1 - back for back in range(gap)])] = False
        at = np.flatnonzero(predicted)
        histories = np.zeros(len(at), np.int32 if BASE**gap < 2**31 else np.int64)
        for back in range(1, order):
            histories = histories * BASE + text[at - back]
        # Sorted by the last letter first, all places with one history, however short it is taken, stand together.
        by_history = np.argsort(histories, kind="stable")
        self._histories = histories[by_history]
        self._next = text[at][by_history]
        self._weights = np.repeat(weights, lengths - gap)[by_history]
        self._short: dict[tuple[int, int], np.ndarray] = {}
        # Where the log probabilities of a history begin. They stand in one array, made once: kept as objects of their own
        # among what is made for each stroke they would leave holes in memory that nothing fits in.
        self._begins: dict[int, int] = {}
        self._logarithms = array("d", bytes(8 * BASE * MOST_HISTORIES))

    @classmethod
    def load(cls, path: str | Path, order: int = ORDER, temper: float = TEMPER) -> Language:
        """Read a file of a language. ValueError names the file, the line and what is wrong with it."""
        return cls(read_words(path), order, temper)

    def history(self, history: int, letter: str) -> int:
        """The history after one more letter, a number whose first digit is the last letter; 0 begins a word."""
        return _NUMBER[letter] * BASE ** (self.order - 2) + history // BASE

    def log_probability(self, history: int, letter: str) -> float:
        """log P(letter | history); "" for the end of the word."""
        begin = self._begins.get(history)
        if begin is None:
            begin = self._remember(history)
        return self._logarithms[begin + _NUMBER[letter] if letter else begin]

    def _remember(self, history: int) -> int:
        """Where the log probabilities of a history, which are computed for it, begin from now on."""
        if len(self._begins) >= len(self._logarithms) // BASE:
            self._begins.clear()
        begin = self._begins[history] = BASE * len(self._begins)
        found = np.log(self._probabilities(history, self.order - 1))
        self._logarithms[begin : begin + BASE] = array("d", found.tobytes())
        return begin

    def _probabilities(self, history: int, length: int) -> np.ndarray:
        """(BASE,) probabilities of what follows the last `length` letters of a history; length -1: of anything, the same."""
        if length < 0:
            return np.full(BASE, 1 / BASE)
        unit = BASE ** (self.order - 1 - length)
        begin = history // unit * unit
        found = self._short.get((begin, length))
        if found is None:
            # Of the same kind as they are, or numpy would make all of them anew.
            borders = np.array((begin, begin + unit), self._histories.dtype)
            first, beyond = np.searchsorted(self._histories, borders)
            found = self._probabilities(history, length - 1)
            if first < beyond:
                counts = np.bincount(self._next[first:beyond], self._weights[first:beyond], BASE)
                different = np.count_nonzero(counts)
                found = (counts + different * found) / (counts.sum() + different)
            if length <= SHORT:
                self._short[begin, length] = found
        return found


def read_words(path: str | Path) -> dict[str, float]:
    """{word: Zipf value} of a file of a language, checked line by line."""
    try:
        with gzip.open(path) as file:
            content = file.read(LARGEST_FILE + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ValueError(f"{path}: not the gzip'd words of a language, or cut short ({error})") from None
    if len(content) > LARGEST_FILE:
        raise ValueError(f"{path}: more than {LARGEST_FILE // 2**20} MB of words")
    words: dict[str, float] = {}
    try:
        for number, line in enumerate(content.decode("ascii").splitlines(), 1):
            if line.startswith("#") or not line:
                continue
            zipf, _, word = line.partition(" ")
            if not word or word.strip(LETTERS) or not 0 <= float(zipf) <= 9:
                raise ValueError(f"line {number} is not a Zipf value from 0 to 9 and a word of {LETTERS}: {line[:40]!r}")
            words[word] = float(zipf)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    if not 0 < len(words) <= MOST_WORDS:
        raise ValueError(f"{path}: {len(words):,} words; a language has 1 to {MOST_WORDS:,}")
    return words


def write_words(path: str | Path, frequencies: Iterable[tuple[str, float]], most: int, source: str) -> int:
    """Write a file of a language: the first `most` (word, Zipf value) that are letters only. Returns how many.

    source : where the words are from and under which licence, one line
    """
    lines = [f"# {source}"]
    for word, zipf in frequencies:
        if word.strip(LETTERS) or not word.strip("'"):
            continue
        lines.append(f"{zipf:.2f} {word}")
        if len(lines) > most:
            break
    packed = io.BytesIO()
    # Neither name nor time of writing in the header, so that equal words are equal bytes.
    with gzip.GzipFile(filename="", fileobj=packed, mode="wb", compresslevel=9, mtime=0) as packer:
        packer.write(("\n".join(lines) + "\n").encode("ascii"))
    Path(path).write_bytes(packed.getvalue())
    return len(lines) - 1
