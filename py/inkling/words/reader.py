"""The reader of text: ink of a word or a line in, texts with probabilities and places out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from .. import ink
from ..files import shipped
from ..nn import Network, WeightsError, load
from .alphabet import ALPHABET, BLANK
from .explanation import Explanation, explained
from .frame import HEIGHT, Line
from .growing import Growing, Maps
from .language import Language
from .live import LiveRow
from .own import Node, tree
from .picture import CHANNELS, draw
from .places import Columns
from .readings import Decoder, Text, Word
from .rows import rows_of
from .scoring import CAPITAL_WORD, UPPER_WORD, Scorer, Weights

LANGUAGES = {"en": "en.txt.gz"}


class TextReader:
    """Reads words and lines.

    network : nn.Network, (N, 3, 48, W) -> (N, K + 1, 1, W / 4) logits of `ALPHABET` and the blank
    weights : how much the language counts against the ink
    temperature : what scores are divided by, so that probabilities are as frequent as they say
    """

    def __init__(self, network: Network, weights: Weights = Weights(), temperature: float = 1.0):
        if not network.any_width or network.input_shape[:2] != (CHANNELS, HEIGHT):
            raise ValueError(
                f"the network takes {network.input_shape}, lines are drawn as ({CHANNELS}, {HEIGHT}, any width)"
            )
        outputs, rows = network.shapes[-1][:2]
        if (outputs, rows) != (len(ALPHABET) + 1, 1):
            raise ValueError(f"the network has outputs of {outputs} x {rows}, the alphabet needs {len(ALPHABET) + 1} x 1")
        self.network, self.weights, self.temperature = network, weights, temperature
        self._scorers: dict[str, Scorer] = {}
        self._own: Node | None = None
        self._growing = Growing(network)

    @classmethod
    def load(cls, path: str | Path | None = None) -> TextReader:
        """The shipped weights, or those of a file. WeightsError names the file and the field."""
        path = Path(path) if path is not None else shipped("words.npz")
        network, header = load(path)
        if header["labels"] != ALPHABET + BLANK:
            raise WeightsError(f"{path}: field 'header.labels': not the alphabet of text, {ALPHABET}")
        meta = header["meta"]
        weights, temperature = meta.get("weights", list(Weights())), meta.get("temperature", 1.0)
        if not isinstance(weights, list) or len(weights) != len(Weights()) or not all(_is_number(w) for w in weights):
            raise WeightsError(f"{path}: field 'header.meta.weights': {weights!r} is not {len(Weights())} numbers")
        if not _is_number(temperature) or not 0.01 <= temperature <= 100:
            raise WeightsError(f"{path}: field 'header.meta.temperature': {temperature!r} is not from 0.01 to 100")
        try:
            return cls(network.folded(), Weights(*weights), temperature)
        except ValueError as error:
            raise WeightsError(f"{path}: field 'header.input_shape': {error}") from None

    def use_language(self, name: str, language: Language) -> None:
        """Read by `language` when `read` is asked for the one called `name`."""
        self._scorers[name] = Scorer(language, self.weights, self._own)

    def read(
        self, strokes: ink.Strokes, allowed: str | None = None, language: str | None = "en", top: int = 5
    ) -> list[Text]:
        """What was written, as one row.

        Parameters
        ----------
        strokes : list of (n, 2) arrays, x to the right and y down, in any unit
        allowed : only these characters, and spaces if it holds one, may be read
        language : "en", or None to go by the ink alone
        top : how many texts at most; what the ink alone says is always among them

        Returns
        -------
        list of Text, best first, empty where there is no ink. ValueError, which says what was received, for ink that
        is none, for characters and languages that the reader does not know.
        """
        _check(top)
        decoder = self._decoder(allowed, language)
        columns = self.look(strokes, allowed)
        return decoder.texts(columns, top) if columns else []

    def read_words(
        self, strokes: ink.Strokes, allowed: str | None = None, language: str | None = "en", top: int = 5
    ) -> tuple[Text, list[Word]]:
        """What was written, as one row, and its words, each with what else it may be.

        Takes what `read` takes; `top` is of the readings of each word. The text is the first that `read` returns, an
        empty one without words where there is no ink.
        """
        _check(top)
        decoder = self._decoder(allowed, language)
        columns = self.look(strokes, allowed)
        return decoder.words(columns, top) if columns else (Text("", 0.0, []), [])

    def follow(self, allowed: str | None = None, language: str | None = "en") -> LiveRow:
        """For a row that is to be read again with every stroke: much faster than to read all of it anew.

        Takes what `read` takes. What it reads so may differ a little from what `read_words` makes of the whole row.
        """
        return LiveRow(self._growing, self._barred(allowed), self._decoder(allowed, language))

    def explain(self, strokes: ink.Strokes, allowed: str | None = None, language: str | None = "en") -> Explanation | None:
        """How a row is read, None where there is no ink; takes what `read` takes."""
        scorer = self._usable(allowed, language)
        columns = self.look(strokes, allowed)
        return explained(columns, scorer) if columns else None

    def look(self, strokes: ink.Strokes, allowed: str | None = None) -> Columns | None:
        """What the network sees of a row of ink, or None where there is no ink; takes what `read` takes."""
        return LiveRow(self._growing, self._barred(allowed), Decoder(None, self.temperature)).look(strokes)

    def read_rows(
        self, strokes: ink.Strokes, allowed: str | None = None, language: str | None = "en", top: int = 5
    ) -> list[tuple[list[int], list[Text]]]:
        """What was written in several rows, from the upper to the lower.

        Returns a list of (strokes of the row: list of their numbers, list of Text whose spans count the strokes given).
        """
        drawn = [stroke.astype(float) for stroke in ink.validate(strokes)]
        read = []
        for numbers in rows_of(drawn):
            texts = self.read([drawn[number] for number in numbers], allowed, language, top)
            read.append((numbers, [_renumbered(text, numbers) for text in texts]))
        return read

    def logits(self, line: Line) -> np.ndarray:
        """(T, K + 1) logits of each column of a line."""
        maps = Maps(self._growing)
        maps.put(draw(line), 0)
        return maps.outputs

    def learn_words(self, words: Mapping[str, int]) -> None:
        """Have the language count words of one's own: where the ink allows it, they are read before any other.

        Parameters
        ----------
        words : {word as it is written: how often it was used}; they take the place of those learned before, and an
            empty one forgets all. Words of small letters are known with a capital and in capitals too.

        Raises
        ------
        ValueError
            Names a word that has characters outside the alphabet, or a space, or was used less than once.
        """
        self._own = tree(words, CAPITAL_WORD, UPPER_WORD)
        for name, scorer in self._scorers.items():
            self.use_language(name, scorer.of)

    def _decoder(self, allowed: str | None, language: str | None) -> Decoder:
        return Decoder(self._usable(allowed, language), self.temperature)

    def _usable(self, allowed: str | None, language: str | None) -> Scorer | None:
        scorer = self._scorer(language)
        # Letters that may not be read cannot make words.
        return None if self._barred(allowed).any() else scorer

    def _scorer(self, language: str | None) -> Scorer | None:
        if language is None:
            return None
        if language not in self._scorers:
            if language not in LANGUAGES:
                raise ValueError(f"there is no language {language!r}; there is {', '.join(LANGUAGES)}, or None")
            self.use_language(language, Language.load(shipped(LANGUAGES[language])))
        return self._scorers[language]

    @staticmethod
    def _barred(allowed: str | None) -> np.ndarray:
        """(K + 1,) which outputs may not be read; the blank may."""
        barred = np.zeros(len(ALPHABET) + 1, bool)
        if allowed is not None:
            unknown = sorted(set(allowed) - set(ALPHABET))
            if unknown or not allowed:
                raise ValueError(f"allowed are some of {ALPHABET}, not {allowed!r}")
            barred[:-1] = [character not in allowed for character in ALPHABET]
        return barred


def _check(top: int) -> None:
    if top < 1:
        raise ValueError(f"top is at least 1, not {top}")


def _renumbered(text: Text, numbers: Sequence[int]) -> Text:
    return text._replace(
        characters=[c._replace(spans=[s._replace(stroke=numbers[s.stroke]) for s in c.spans]) for c in text.characters]
    )


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e6
