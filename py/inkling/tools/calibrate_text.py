"""How much a language counts against the ink, and how sure to be: chosen on validation writers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from .. import nn
from ..data import Sample
from ..files import shipped
from ..nn import log_softmax
from ..words.alphabet import ALPHABET
from ..words.decode import Search
from ..words.greedy import edit_distance
from ..words.language import Language
from ..words.reader import LANGUAGES, TextReader
from ..words.scoring import Scorer, Weights

# What is tried for each weight, the others being as they are.
TRIED = {
    "language": (0.6, 0.7, 0.8, 0.9, 1.0),
    "letter": (0.9, 1.2, 1.5, 1.8, 2.1),
    "literal": (-9.5, -8.0, -6.5, -5.5, -5.0),
    "literal_letter": (-1.1, -0.9, -0.75, -0.6, -0.45),
}
ROUNDS = 2

# Log probabilities (T, K + 1) of a line and its text.
Columns = tuple[np.ndarray, str]


def calibrate(path: str | Path, reader: TextReader, kinds: Sequence[Iterable[Sample]], most: int, seed: int = 0) -> str:
    """Fit weights and temperature on `most` samples of each kind, by lot, and write them into the weights file at `path`.

    Every kind counts the same, however many samples there are of it: words alone would have it all read as words. On some
    hundred samples of a kind they come out by chance: whether 9 or 10 of a hundred are misread is what there is to choose.
    The file's kernels become bytes.
    Returns what was chosen, in a sentence.
    """
    columns = [[_looked_at(reader, sample) for sample in _by_lot(samples, most, seed)] for samples in kinds]
    columns = [kind for kind in columns if kind]
    if not columns:
        raise ValueError("there are no samples of the validation writers")
    language = Language.load(shipped(LANGUAGES["en"]))
    weights = fit_weights(columns, language)
    temperature = fit_temperature([line for kind in columns for line in kind], Scorer(language, weights))
    network, header = nn.load(path)
    meta = {**header["meta"], "weights": list(weights), "temperature": round(temperature, 3)}
    nn.save(path, network, header["labels"], dtype="int8", **meta)
    cer = _cer(columns, Scorer(language, weights))
    count = sum(map(len, columns))
    return f"{weights}, temperature {temperature:.2f}, CER of {count:,} samples, the kinds' mean, {cer:.4f}"


def _by_lot(samples: Iterable[Sample], most: int, seed: int) -> list[Sample]:
    known = [sample for sample in samples if sample.strokes is not None and not set(sample.label) - set(ALPHABET)]
    return [known[i] for i in np.sort(np.random.default_rng(seed).permutation(len(known))[:most])]


def _looked_at(reader: TextReader, sample: Sample) -> Columns:
    columns = reader.look(sample.ink)
    assert columns, "a sample has ink"
    return columns.log_probabilities, " ".join(sample.label.split())


def fit_weights(columns: Sequence[Sequence[Columns]], language: Language, start: Weights = Weights()) -> Weights:
    """One weight after the other, what reads most characters right, all kinds of text alike."""
    best, lowest = start, _cer(columns, Scorer(language, start))
    for _ in range(ROUNDS):
        before = best
        for name, values in TRIED.items():
            for value in values:
                tried = best._replace(**{name: value})
                if tried != best and (cer := _cer(columns, Scorer(language, tried))) < lowest:
                    best, lowest = tried, cer
        if best == before:
            break
    return best


def fit_temperature(columns: Sequence[Columns], scorer: Scorer) -> float:
    """The temperature under which the true texts, where the beam has them, are likeliest (Guo et al. 2017, 4.2)."""
    scored = []
    for log_probabilities, truth in columns:
        found = Search(scorer).texts(log_probabilities)
        places = [place for place, one in enumerate(found) if one.text == truth]
        if places:
            scored.append((np.array([one.score for one in found]), places[0]))
    tried = np.exp(np.linspace(np.log(0.5), np.log(8), 29))

    def unlikeliness(temperature: float) -> float:
        return -sum(float(log_softmax(scores / temperature)[place]) for scores, place in scored)

    return float(min(tried, key=unlikeliness))


def _cer(columns: Sequence[Sequence[Columns]], scorer: Scorer) -> float:
    """The geometric mean of the kinds' character error rates: kinds with many errors would else weigh more."""
    return float(np.exp(np.mean([np.log(max(_cer_of(kind, scorer), 1e-6)) for kind in columns])))


def _cer_of(columns: Sequence[Columns], scorer: Scorer) -> float:
    errors = sum(
        edit_distance(Search(scorer).texts(log_probabilities)[0].text, truth) for log_probabilities, truth in columns
    )
    return errors / sum(len(truth) for _, truth in columns)
