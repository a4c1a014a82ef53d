"""What a text costs beside its ink: tokens that a language explains, or that stand as they are written.

Each token (what stands between spaces) is read in three ways at once, and the best one counts: as language, words by the
n-gram with a cost for their case, numbers, marks where marks belong; as a word of the writer's own list; and literally, at
a flat cost a character. So codes, names and passwords lose little, and words gain much.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from ..labels import CAPITALS, DIGITS
from .language import LETTERS, Language
from .own import IMPOSSIBLE, Node

_CLOSING = ".,!?;:)\"'%"
_OPENING = "(\"'"
_JOINING = "-/&"

# Natural logarithms of rough frequencies in running text.
LOWER_WORD, CAPITAL_WORD, UPPER_WORD, MIXED_CASE = math.log(0.83), math.log(0.14), math.log(0.03), math.log(0.001)
# Of the first word: sentences and names that stand alone begin with a capital.
LOWER_FIRST, CAPITAL_FIRST = math.log(0.6), math.log(0.33)
NUMBER = math.log(0.03)
DIGIT, NEXT_DIGIT = math.log(0.1), math.log(0.07)
MARK = math.log(0.02)


class Weights(NamedTuple):
    """How much the language counts against the ink, in natural logarithms; chosen on validation writers.

    language : factor of the language's log probabilities
    letter : added for each character that is read as language, since each costs
    literal : for a token that is read as it is written; literal_letter : for each of its characters
    """

    language: float = 0.8
    letter: float = 1.2
    literal: float = -8.0
    literal_letter: float = -0.6


class Token(NamedTuple):
    """The token so far.

    history : of the word's n-gram
    case : before the first letter "first" in the text's first token and "" in others, then "lower", "capital" (one capital
        so far), "Capital", "UPPER" or "mixed"
    kind : "start", "word", "number" or "closed" (only marks may follow)
    language, literal : what it costs so far in these two ways; length : characters
    own, marks : where it is in the tree of the writer's own words, None where it is none of them; the log probability of
        the marks around it
    """

    history: int = 0
    case: str = ""
    kind: str = "start"
    language: float = 0.0
    literal: float = 0.0
    length: int = 0
    own: Node | None = None
    marks: float = 0.0


START = Token(case="first")
AFTER_SPACE = Token()


class Scorer:
    """Scores of texts, character by character.

    own : root of the tree of the writer's own words, if there are any
    first, next : a text's first token and its others, before their first character
    most : what one more character adds to a text's score at most, since probabilities are at most 1
    """

    def __init__(self, language: Language, weights: Weights = Weights(), own: Node | None = None):
        self.of, self.weights, self._root = language, weights, own
        self.most = max(0.0, weights.letter, weights.literal_letter, weights.literal + weights.literal_letter)
        self.first, self.next = START._replace(own=own), AFTER_SPACE._replace(own=own)

    def step(self, token: Token, character: str) -> tuple[Token, float]:
        """The token after one more character, and what was settled by it: the cost of the token that it ended, or 0."""
        if character == " ":
            return self.next, self.end(token) + self.weights.letter
        weights = self.weights
        literal = token.literal + weights.literal_letter + (0.0 if token.length else weights.literal)
        kind, case, history, cost = self._language_step(token, character)
        language = token.language + weights.language * cost + weights.letter
        own, marks = self._own_step(token, character) if token.own else (None, 0.0)
        return Token(history, case, kind, max(language, IMPOSSIBLE), literal, token.length + 1, own, marks), 0.0

    def open(self, token: Token) -> float:
        """The cost of a token that may go on."""
        if not token.length:
            return 0.0
        cost = max(token.language, token.literal)
        return max(cost, self._own_cost(token, token.own.best)) if token.own else cost

    def end(self, token: Token) -> float:
        """The cost of a token that ends here."""
        if not token.length:
            return 0.0
        language = token.language
        if token.kind == "word":
            language += self.weights.language * self.of.log_probability(token.history, "")
        cost = max(language, token.literal)
        return max(cost, self._own_cost(token, token.own.end)) if token.own else cost

    def _own_cost(self, token: Token, likely: float) -> float:
        return self.weights.language * (likely + token.marks) + self.weights.letter * token.length

    def _own_step(self, token: Token, character: str) -> tuple[Node | None, float]:
        """The place in the tree of one's own words after one more character, and the marks around the word."""
        node = token.own
        assert node
        if character in node.children:
            return node.children[character], token.marks
        if character in _CLOSING and node.end > IMPOSSIBLE:
            return Node(node.end), token.marks + MARK
        if character in _OPENING and node is self._root:
            return node, token.marks + MARK
        return None, 0.0

    def _language_step(self, token: Token, character: str) -> tuple[str, str, int, float]:
        """(kind, case, history, log probability) after one more character of language."""
        letter = character.lower()
        if character in DIGITS:
            if token.kind in ("start", "number"):
                return "number", "", 0, NUMBER + DIGIT if token.kind == "start" else NEXT_DIGIT
            return "closed", "", 0, IMPOSSIBLE
        if letter in LETTERS and (character != "'" or token.kind == "word"):
            if token.kind in ("closed", "number"):
                return "closed", "", 0, IMPOSSIBLE
            case, cost = _next_case(token.case if token.kind in ("word", "start") else "", character)
            return (
                "word",
                case,
                self.of.history(token.history, letter),
                cost + self.of.log_probability(token.history, letter),
            )
        ended = self.of.log_probability(token.history, "") if token.kind == "word" else 0.0
        if character in _JOINING and token.kind in ("word", "number"):
            return "start", "", 0, ended + MARK
        if character in ".,:" and token.kind == "number":
            return "number", "", 0, MARK
        if character in _CLOSING and token.kind != "start":
            return "closed", "", 0, ended + MARK
        if character in _OPENING and token.kind == "start":
            return "start", token.case, 0, MARK
        return "closed", "", 0, ended + 2 * MARK


def _next_case(case: str, character: str) -> tuple[str, float]:
    """The case of a word after one more letter, and the change of its log probability."""
    is_upper = character in CAPITALS
    if case == "first":
        return ("capital", CAPITAL_FIRST) if is_upper else ("lower", LOWER_FIRST)
    if case == "":
        return ("capital", CAPITAL_WORD) if is_upper else ("lower", LOWER_WORD)
    if character == "'" or case == "mixed":
        return case, 0.0
    if case == "capital":
        return ("UPPER", UPPER_WORD - CAPITAL_WORD) if is_upper else ("Capital", 0.0)
    if is_upper == (case == "UPPER"):
        return case, 0.0
    return "mixed", MIXED_CASE
