"""How well a reader of text reads: error rates of characters and words, whole texts, by style."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from ..data import DataError, Sample
from ..labels import merged_35
from ..words import Text, TextReader
from ..words.alphabet import ALPHABET
from ..words.greedy import edit_distance


class TextEvaluation(NamedTuple):
    """figures : dict as `inkling evaluate --json` prints it

    misread : (sample, texts) of the samples that were not read whole, in their order
    """

    figures: dict[str, Any]
    misread: list[tuple[Sample, list[Text]]]


class _Counts:
    """Sums over some samples."""

    def __init__(self) -> None:
        self.samples = self.characters = self.errors = self.words = self.word_errors = self.whole = self.among = 0
        self.blind_errors = self.blind_whole = self.spaceless = self.spaceless_errors = self.whole_35 = 0

    def add(self, truth: str, texts: Sequence[str]) -> None:
        truth = " ".join(truth.split())
        answer = texts[0] if texts else ""
        self.samples += 1
        self.characters += len(truth)
        self.errors += edit_distance(answer, truth)
        self.words += len(truth.split())
        self.word_errors += edit_distance(answer.split(), truth.split())
        self.whole += answer == truth
        self.among += truth in texts[:5]
        self.blind_errors += edit_distance(answer.lower(), truth.lower())
        self.blind_whole += answer.lower() == truth.lower()
        bare, bare_answer = truth.replace(" ", ""), answer.replace(" ", "")
        self.spaceless += len(bare)
        self.spaceless_errors += edit_distance(bare_answer, bare)
        self.whole_35 += "".join(map(merged_35, answer)) == "".join(map(merged_35, truth))

    def figures(self) -> dict[str, Any]:
        samples, characters = max(self.samples, 1), max(self.characters, 1)
        shares = {
            "cer": self.errors / characters,
            "wer": self.word_errors / max(self.words, 1),
            "accuracy": self.whole / samples,
            "cer_case_blind": self.blind_errors / characters,
            "accuracy_case_blind": self.blind_whole / samples,
            "accuracy_35": self.whole_35 / samples,
            "cer_without_spaces": self.spaceless_errors / max(self.spaceless, 1),
            "top5": self.among / samples,
        }
        return {"samples": self.samples, **{name: round(value, 4) for name, value in shares.items()}}


def evaluate_text(
    reader: TextReader,
    samples: Iterable[Sample],
    allowed: str | None = None,
    language: str | None = "en",
    skip_bad: bool = False,
    path: str = "",
) -> TextEvaluation:
    """Read all samples; with `allowed`, those whose text it holds.

    DataError, which names the line, for a text outside the alphabet; `skip_bad` leaves such samples out, and the
    figures count them ("left_out").
    """
    everything = _Counts()
    by_style: dict[str, _Counts] = {}
    misread: list[tuple[Sample, list[Text]]] = []
    left_out, seconds = 0, 0.0
    for sample in samples:
        unknown = sorted(set(sample.label) - set(ALPHABET))
        if sample.strokes is None or unknown:
            if not skip_bad:
                reason = f"{' '.join(unknown)} is not in the alphabet" if unknown else "a picture, where ink is read"
                raise DataError(path or "samples", reason, sample.line)
            left_out += 1
            continue
        if allowed is not None and set(sample.label) - set(allowed):
            continue
        began = time.perf_counter()
        texts = reader.read(sample.strokes, allowed, language)
        seconds += time.perf_counter() - began
        answers = [text.text for text in texts]
        everything.add(sample.label, answers)
        by_style.setdefault(sample.style, _Counts()).add(sample.label, answers)
        if answers[:1] != [" ".join(sample.label.split())]:
            misread.append((sample, texts))
    if not everything.samples:
        raise ValueError("there is no sample to read")
    figures = everything.figures()
    figures["ms_per_sample"] = round(1000 * seconds / everything.samples, 2)
    if left_out:
        figures["left_out"] = left_out
    figures["by_style"] = {style: counts.figures() for style, counts in sorted(by_style.items())}
    return TextEvaluation(figures, misread)
