"""The reader of text: ink of a word or a line in, texts with probabilities and places out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .. import ink
from ..files import shipped
from ..nn import Inference, Network, WeightsError, load, log_softmax
from .alphabet import ALPHABET, BLANK
from .decode import Found, texts_of
from .frame import HEIGHT, STRIDE, Line, frame
from .language import Language
from .picture import CHANNELS, draw
from .places import Character, Columns, characters, places
from .readings import Word, words
from .rows import rows_of
from .scoring import Scorer, Weights

# Pictures are widened by empty paper to multiples of this, so that words of about one width are read by the same arrays.
ROUND_WIDTH = 32
WIDTHS_KEPT = 6
LANGUAGES = {"en": "en.txt.gz"}


class Text(NamedTuple):
    """A text, the probability, 0 to 1, that it is what was written, and its characters."""

    text: str
    probability: float
    characters: list[Character]


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
        self._inferences: dict[int, Inference] = {}

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
        self._scorers[name] = Scorer(language, self.weights)

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
        if top < 1:
            raise ValueError(f"top is at least 1, not {top}")
        scorer = self._scorer(language)
        columns = self.look(strokes, allowed)
        return [] if columns is None else self._texts(columns, scorer, top)

    def read_words(
        self, strokes: ink.Strokes, allowed: str | None = None, language: str | None = "en", top: int = 5
    ) -> tuple[Text, list[Word]]:
        """What was written, as one row, and its words, each with what else it may be.

        Takes what `read` takes; `top` is of the readings of each word. The text is the first that `read` returns, an
        empty one without words where there is no ink.
        """
        if top < 1:
            raise ValueError(f"top is at least 1, not {top}")
        scorer = self._scorer(language)
        columns = self.look(strokes, allowed)
        if columns is None:
            return Text("", 0.0, []), []
        text = self._texts(columns, scorer, 1)[0]
        if not text.text:
            return text, []
        found = places(text.text, columns.log_probabilities)
        scorer = scorer if columns.is_free else None
        return text, words(text.text, columns, found, text.characters, scorer, self.temperature, top)

    def look(self, strokes: ink.Strokes, allowed: str | None = None) -> Columns | None:
        """What the network sees of a row of ink, or None where there is no ink; takes what `read` takes."""
        barred = self._barred(allowed)
        drawn = ink.validate(strokes)
        if not drawn:
            return None
        lengths = drawn.lengths.tolist()
        line = frame(drawn.points, lengths)
        logits = self.logits(line)
        logits[:, barred] = -np.inf
        # Letters that may not be read cannot make words.
        return Columns(np.maximum(log_softmax(logits), -1e4), line, lengths, not barred[:-1].any())

    def _texts(self, columns: Columns, scorer: Scorer | None, top: int) -> list[Text]:
        scorer = scorer if columns.is_free else None
        found = texts_of(columns.log_probabilities, scorer)
        best = found[:top]
        if scorer is not None and top > 1:
            literal = self._literal(columns.log_probabilities, found)
            if literal not in best:
                best = [*best[: top - 1], literal]
        # What else the beam holds counts too: a text among many near ones is less sure.
        scores = np.array([one.score for one in found])
        total = np.log(np.exp((scores - scores[0]) / self.temperature).sum())
        return [
            Text(
                one.text,
                float(np.exp((one.score - scores[0]) / self.temperature - total)),
                characters(one.text, columns),
            )
            for one in best
        ]

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
        width = -(-line.width // ROUND_WIDTH) * ROUND_WIDTH
        maps = self._inference(width)(draw(line, width))
        return np.ascontiguousarray(maps[:, 0, : line.width // STRIDE].T)

    def _inference(self, width: int) -> Inference:
        """The network for pictures of this width; those of the last few widths are kept, since each has its arrays."""
        found = self._inferences.pop(width, None) or Inference(Network(self.network.layers, (CHANNELS, HEIGHT, width)))
        self._inferences[width] = found
        if len(self._inferences) > WIDTHS_KEPT:
            del self._inferences[next(iter(self._inferences))]
        return found

    @staticmethod
    def _literal(log_probabilities: np.ndarray, found: Sequence[Found]) -> Found:
        """What the ink alone says, scored as it was found, or just below the worst that was."""
        literal = texts_of(log_probabilities, None)[0]
        for one in found:
            if one.text == literal.text:
                return one
        return literal._replace(score=min(one.score for one in found) - 1.0)

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


def _renumbered(text: Text, numbers: Sequence[int]) -> Text:
    return text._replace(
        characters=[c._replace(spans=[s._replace(stroke=numbers[s.stroke]) for s in c.spans]) for c in text.characters]
    )


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e6
