"""Words of a writer's own list, as a tree of their characters: names, abbreviations, what no list of a language holds."""

from __future__ import annotations

import math
from collections.abc import Mapping

from ..labels import CAPITALS, LOWER
from .alphabet import encode

IMPOSSIBLE = -1e9
# A word that was used n times has a probability of n / (n + RARE): as likely as the most frequent words of a language.
RARE = 1.0


class Node:
    """Where words of the list begin alike.

    end : log probability of the word that ends here, `IMPOSSIBLE` where none does
    best : that of the likeliest word that goes through here
    children : by the next character
    """

    __slots__ = ("best", "children", "end")

    def __init__(self, end: float = IMPOSSIBLE):
        self.end = self.best = end
        self.children: dict[str, Node] = {}


def tree(words: Mapping[str, int], capital: float, upper: float) -> Node | None:
    """The root of a list's tree, or None for an empty list.

    Words of small letters may be written with a capital too, and all words in capitals, at a cost.

    words : {word as it is written: how often it was used}, of the alphabet's characters but spaces
    capital, upper : log probabilities of words being written so

    Raises
    ------
    ValueError
        Names the word that cannot be read, or whose count is not at least 1.
    """
    root = Node()
    for word, count in words.items():
        check(word, count)
        likely = math.log(count / (count + RARE))
        _add(root, word, likely)
        if word[0] in LOWER:
            _add(root, word[0].upper() + word[1:], likely + capital)
        if any(letter in LOWER for letter in word) and not any(letter in CAPITALS for letter in word[1:]):
            _add(root, word.upper(), likely + upper)
    return root if root.children else None


def check(word: str, count: int) -> None:
    """ValueError names a word that cannot be in a list, or whose count is not at least 1."""
    if not word or word.split() != [word]:
        raise ValueError(f"a word without spaces is expected, not {word!r}")
    encode(word)
    if not count >= 1:
        raise ValueError(f"{word!r} was used at least once, not {count} times")


def _add(root: Node, word: str, likely: float) -> None:
    node = root
    node.best = max(node.best, likely)
    for character in word:
        node = node.children.setdefault(character, Node())
        node.best = max(node.best, likely)
    node.end = max(node.end, likely)
