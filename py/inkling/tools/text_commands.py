"""The commands for text: read, train-words, calibrate-words, compose, cut-words, language; `evaluate` of texts."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from ..data import Sample
from .arguments import whole
from .kinds import kind_of

LANGUAGES = ("en", "none")


def add_to(command: Callable[[str, Callable[[Namespace], None]], ArgumentParser]) -> None:
    """Add the commands; `command` is what `cli` adds its own with."""
    added = command("read", _read)
    added.add_argument("file", help="ink as JSON (a list of strokes of [x, y])")
    added.add_argument("--weights", help="weights file; default: the shipped one")
    added.add_argument("--allowed", help="read only these characters")
    added.add_argument("--language", choices=LANGUAGES, default="en")
    added.add_argument("--top", type=int, default=1, help="so many readings of each row, with their probabilities")

    added = command("train-words", _train_words)
    added.add_argument("--data", nargs="+", required=True, help="words, lines, and single characters to compose more from")
    added.add_argument("--split", required=True, help="split file that tells who is in which part")
    added.add_argument("--out", required=True, help="weights file to write")
    added.add_argument("--run-dir", help="checkpoint, metrics.csv and prepared lines; default: runs/<name of the weights>")
    added.add_argument(
        "--resume", action="store_true", help="go on from the checkpoint; --epochs may be others than they were"
    )
    added.add_argument(
        "--start", metavar="FILE", help="begin with the averaged weights of another run's checkpoint, or with weights"
    )
    added.add_argument("--epochs", type=float, default=8)
    added.add_argument("--rate", type=float, default=4e-3, help="peak learning rate of the one cycle")
    added.add_argument("--columns", type=int, default=8000, help="of all pictures in a batch together")
    added.add_argument("--composed", type=int, default=24_000, help="lines composed from single characters and words")
    added.add_argument("--singles", type=int, default=8_000, help="single characters as lines of one letter")
    added.add_argument("--dropout", type=float, default=0.2)
    added.add_argument(
        "--blocks", type=whole(1), help="only so many residual blocks along the line; --start may have fewer still"
    )
    added.add_argument("--strength", type=float, default=1.0, help="of augmentation; 0: none")
    added.add_argument("--seed", type=int, default=0)
    added.add_argument("--workers", type=int, default=2, help="threads; the result depends on their number")
    added.add_argument("--skip-bad", action="store_true", help="leave bad lines out and count them")

    added = command("calibrate-words", _calibrate_text)
    added.add_argument("weights", help="weights file, which is changed in place")
    added.add_argument("samples", nargs="+", help="a file of each kind of text: words, lines, codes ...")
    added.add_argument("--split", required=True)
    added.add_argument("--most", type=int, default=300, help="samples of each file, by lot; the files count the same")
    added.add_argument("--skip-bad", action="store_true")

    added = command("compose", _compose)
    added.add_argument("--kind", required=True, choices=("digits", "codes", "random", "lines"))
    added.add_argument("--data", nargs="+", required=True, help="single characters; for lines, words too")
    added.add_argument("--split", required=True)
    added.add_argument("--part", choices=("train", "validation", "test"), default="test")
    added.add_argument("--count", type=int, default=1000)
    added.add_argument("--seed", type=int, default=0)
    added.add_argument("--out", required=True, help="OUT.jsonl.gz")
    added.add_argument("--skip-bad", action="store_true")

    added = command("cut-words", _cut_words)
    added.add_argument("samples", nargs="+", help="words")
    added.add_argument("--weights", help="of the reader that checks each cut; default: the shipped ones")
    added.add_argument("--out", required=True, help="OUT.jsonl.gz")
    added.add_argument("--skip-bad", action="store_true", help="leave bad lines out and count them")

    added = command("extend-split", _extend_split)
    added.add_argument("split", help="split file, which is changed in place")
    added.add_argument("samples", nargs="+", help="words")
    added.add_argument("--writers", type=int, default=30, help="of words, in each of the two parts")
    added.add_argument("--seed", type=int, default=2026)
    added.add_argument("--skip-bad", action="store_true", help="leave bad lines out and count them")

    added = command("language", _language)
    added.add_argument("--code", default="en")
    added.add_argument("--words", type=int, default=80_000)
    added.add_argument("--out", required=True, help="OUT.txt.gz")


def reads_text(options: Namespace) -> bool:
    """Whether `evaluate` is asked for a reader of text: by its weights, or by samples that have texts."""
    from ..data.formats import read_samples

    if options.weights:
        return kind_of(options.weights) == "text"
    return any(sample.is_text for sample in _first(read_samples(options.samples[0], True)))


def evaluate(options: Namespace) -> None:
    """`evaluate`, of texts."""
    from ..data.formats import read_samples
    from ..words.reader import TextReader
    from .evaluate_text import evaluate_text
    from .loading import progress
    from .split import Split

    reader = TextReader.load(options.weights)
    split = Split.load(options.split) if options.part else None
    sources = [(path, read_samples(path, options.skip_bad)) for path in options.samples]

    def samples() -> Iterator[Sample]:
        for path, source in sources:
            for place, sample in enumerate(progress(source, f"reading {Path(path).name}")):
                if split is None or split.part(sample.writer, place) == options.part:
                    yield sample

    language = None if options.language == "none" else options.language
    result = evaluate_text(
        reader, samples(), options.allowed, language, options.skip_bad, ", ".join(map(str, options.samples))
    )
    if options.report:
        from .report_text import write_report

        write_report(options.report, result, reader)
    if options.json:
        print(json.dumps(result.figures))
        return
    for name, value in result.figures.items():
        if name != "by_style":
            print(f"{name:22} {value:>9,}")
    for style, figures in result.figures["by_style"].items():
        print(f"{style:10} {figures['samples']:>7,} samples, CER {figures['cer']:.4f}, whole {figures['accuracy']:.4f}")


def _read(options: Namespace) -> None:
    """read words and lines of ink, one line of text a row"""
    from ..data.ink_file import read_ink
    from ..words.reader import TextReader

    reader = TextReader.load(options.weights)
    ink = read_ink(options.file)
    if ink.left_out:
        print(f"read: {options.file}: points without a place were left out: {ink.left_out:,}", file=sys.stderr)
    rows = reader.read_rows(
        ink.strokes, options.allowed, None if options.language == "none" else options.language, options.top
    )
    if not rows:
        print("no ink", file=sys.stderr)
    for _, texts in rows:
        if options.top == 1:
            print(texts[0].text)
        else:
            print("\n".join(f"{text.probability:.4f}  {text.text}" for text in texts), end="\n\n")


def _train_words(options: Namespace) -> None:
    """learn weights that read words and lines"""
    from .. import nn
    from ..training.checkpoint import is_weights
    from ..training.line_augment import Strength
    from ..training.line_trainer import LineTrainer, Settings
    from ..words import model
    from ..words.alphabet import ALPHABET, BLANK
    from .split import Split
    from .text_training import LineTrainingRun, cached, material
    from .training_run import started

    folder = Path(options.run_dir or Path("runs") / Path(options.out).stem)
    folder.mkdir(parents=True, exist_ok=True)
    split = Split.load(options.split)
    stats = [(path, Path(path).stat().st_size, Path(path).stat().st_mtime_ns) for path in options.data]
    key = (
        stats,
        sorted(split.test),
        sorted(split.validation),
        sorted(split.contributors),
        options.composed,
        options.singles,
        options.seed,
    )
    lines = cached(
        folder, key, lambda: material(options.data, split, options.composed, options.singles, options.seed, options.skip_bad)
    )
    from_weights = bool(options.start) and is_weights(options.start)
    if from_weights:
        print(
            f"{options.start}: batch norms are folded away in weights; a run's checkpoint learns on far better",
            file=sys.stderr,
        )
        network: nn.Network = started(options.start, ALPHABET + BLANK, options.dropout)
    else:
        network = model.build(residual=model.RESIDUAL[: options.blocks], dropout=options.dropout, seed=options.seed)
    settings = Settings(
        epochs=options.epochs, columns=options.columns, rate=options.rate, seed=options.seed, workers=options.workers,
        augmentation=Strength(*(options.strength * deviation for deviation in Strength())),
    )  # fmt: skip
    trainer = LineTrainer(network, lines["train"], settings)
    if options.start and not from_weights:
        trainer.start_from(options.start)
    print(network)
    print(f"{trainer.per_epoch:,} lines, {trainer.steps_per_epoch:,} steps an epoch")
    LineTrainingRun(trainer, folder, Path(options.out), lines["validation"]).go(resume=options.resume)


def _calibrate_text(options: Namespace) -> None:
    """choose how much the language counts, and the temperature, on validation writers"""
    from ..words.reader import TextReader
    from .calibrate_text import calibrate

    reader = TextReader.load(options.weights)
    kinds = [_samples([path], options.split, "validation", options.skip_bad) for path in options.samples]
    print(calibrate(options.weights, reader, kinds, options.most))


def _compose(options: Namespace) -> None:
    """lines that nobody wrote, from words and single characters of one person each"""
    from ..data.jsonlines import write_samples
    from ..training.compose import compose, hands

    words: dict[str, list[Sample]] = {}
    characters = []
    for sample in _samples(options.data, options.split, options.part, options.skip_bad):
        if not sample.is_text:
            characters.append(sample)
        elif len(sample.label) > 1 and " " not in sample.label:
            words.setdefault(sample.writer, []).append(sample)
    count = write_samples(options.out, compose(options.kind, hands(characters), words, options.count, options.seed))
    print(f"{count:,} samples written to {options.out}")


def _cut_words(options: Namespace) -> None:
    """single characters from words whose letters stand apart, each checked by a reader"""
    from ..characters.recognizer import Recognizer
    from ..data.formats import read_samples
    from ..data.jsonlines import write_samples
    from .cutting import Outcome, cut
    from .loading import progress

    sources = [read_samples(path, options.skip_bad) for path in options.samples]
    words = (sample for source in sources for sample in progress(source, f"cutting {source.path.name}") if sample.is_text)
    outcome = Outcome()
    count = write_samples(options.out, cut(words, Recognizer.load(options.weights), outcome))
    for line in outcome.report():
        print(line)
    for source in sources:
        if source.skipped:
            print(source.report(), file=sys.stderr)
    print(f"{count:,} characters by {len(outcome.people):,} people written to {options.out}")


def _extend_split(options: Namespace) -> None:
    """draw test and validation writers among those of words, until there are enough; nobody changes sides"""
    from collections import Counter

    from ..data.formats import read_samples
    from .split import Split, extend

    counts: dict[str, Counter[str]] = {}
    for path in options.samples:
        for sample in read_samples(path, options.skip_bad):
            if sample.writer:
                counts.setdefault(sample.writer, Counter())[sample.style] += 1
    styles = {writer: counts[writer].most_common(1)[0][0] for writer in sorted(counts)}
    extend(Split.load(options.split), styles, options.writers, options.seed).save(options.split)


def _language(options: Namespace) -> None:
    """the file of a language, from the word frequencies of the package wordfreq"""
    try:
        import wordfreq
    except ImportError:
        raise ValueError(
            "the frequencies are the package wordfreq's, which is not installed: pip install wordfreq"
        ) from None
    from ..words.language import write_words

    frequencies = wordfreq.get_frequency_dict(options.code, wordlist="large")
    ordered = sorted(frequencies, key=lambda word: (-frequencies[word], word))
    source = f"words of '{options.code}' by frequency, from wordfreq (R. Speer, doi 10.5281/zenodo.7199437), CC BY-SA 4.0"
    count = write_words(
        options.out, ((word, wordfreq.freq_to_zipf(frequencies[word])) for word in ordered), options.words, source
    )
    print(f"{count:,} words written to {options.out}")


def _samples(paths: list[str], split_path: str, part: str, skip_bad: bool) -> Iterator[Sample]:
    """Samples of one part of a split."""
    from ..data.formats import read_samples
    from .loading import progress
    from .split import Split

    split = Split.load(split_path)
    for path in paths:
        for place, sample in enumerate(progress(read_samples(path, skip_bad), f"reading {Path(path).name}")):
            if split.part(sample.writer, place) == part:
                yield sample


def _first(items: Iterable[Sample]) -> list[Sample]:
    return list(islice(items, 1))
