"""The commands of the command line, a function each: options of `cli` in, files and lines of text out.

What only one command needs is imported when it runs, for reading ink needs nothing but numpy.
"""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np

from .. import nn
from ..characters import model
from ..characters.recognizer import Recognizer
from ..data import Sample
from ..data.formats import read_samples
from ..files import shipped
from ..labels import LABELS, NOTHING
from ..teaching.hand_size import Population
from ..teaching.rehearsal import Rehearsal
from ..training.dataset import Collection
from . import photo_commands, text_commands
from .kinds import character_reader, kind_of
from .split import Split, draw, leave_out


def evaluate(options: Namespace) -> None:
    """how well a reader reads samples"""
    if photo_commands.sees_photos(options):
        photo_commands.evaluate(options)
        return
    if options.part and not options.split:
        raise ValueError("--part needs --split, the file that says who is in it")
    if text_commands.reads_text(options):
        text_commands.evaluate(options)
    else:
        _evaluate_characters(options)


def _evaluate_characters(options: Namespace) -> None:
    from .evaluate import evaluate
    from .loading import load_collection

    reader, _ = character_reader(options.weights)
    split = Split.load(options.split) if options.part else None
    collection = load_collection(options.samples, split, options.part, options.skip_bad)
    result = evaluate(reader, collection, options.allowed)
    if options.report:
        from .report import write_report

        write_report(options.report, result, collection)
    if options.json:
        print(json.dumps(result.figures))
        return
    for name, value in result.figures.items():
        print(f"{name:18} {value:>9,}")
    print("\nmost frequent confusions (drawn, read as, times)")
    for (truth, answer), count in result.confusions[:10]:
        print(f"  {truth}  {answer}  {count:5}")


def train(options: Namespace) -> None:
    """learn weights from samples"""
    from ..training.augment import Strength
    from ..training.checkpoint import is_weights
    from ..training.structure import Structure
    from ..training.trainer import Settings, Trainer
    from .distilling import taught_by
    from .loading import load_parts, mixture
    from .training_run import TrainingRun, started

    folder = Path(options.run_dir or Path("runs") / Path(options.out).stem)
    folder.mkdir(parents=True, exist_ok=True)
    split = Split.load(options.split) if options.split else _split_for_training(options)
    parts = load_parts(options.data, split, ["train", "validation"], options.skip_bad, folder)
    if not parts["train"]:
        raise ValueError("there are no samples to train on")
    if options.trust:
        parts["train"] = [_trusted(collection, options.trust) for collection in parts["train"]]
    collection, weights = mixture(
        parts["train"], options.shares or [len(c) for c in parts["train"]], options.contributor_balance
    )
    others = sorted(set(collection.labels.tolist()) - set(LABELS))
    labels = LABELS + "".join(others) + NOTHING
    from_weights = bool(options.start) and is_weights(options.start)
    if from_weights:
        network = started(options.start, labels, options.dropout)
    else:
        network = model.build(
            len(labels), options.blocks or model.BLOCKS, options.hidden or model.HIDDEN, options.dropout, options.seed
        )
    settings = Settings(
        epochs=options.epochs, batch=options.batch, rate=options.rate, balance=options.balance,
        smoothing=options.smoothing, traced=options.traced, distilled=options.distil if options.teachers else 0.0,
        seed=options.seed, workers=options.workers,
        augmentation=Strength(*(options.strength * deviation for deviation in Strength())),
        restructure=Structure(options.joins, options.loops) if options.joins or options.loops else None,
    )  # fmt: skip
    teachers = (
        taught_by([Recognizer.load(file) for file in options.teachers], collection, labels) if options.teachers else None
    )
    trainer = Trainer(network, collection, labels, settings, weights, teachers)
    if options.start and not from_weights:
        trainer.start_from(options.start)
    print(network)
    TrainingRun(trainer, folder, options.out, parts["validation"]).go(resume=options.resume)


def _split_for_training(options: Namespace) -> Split:
    """A tenth of the writers for testing and a tenth for validation; nobody where there are too few."""
    writers = _writers(options.data, options.skip_bad)
    if len(writers) <= 2:
        return Split(frozenset(), frozenset(), 2026)
    return draw(writers, max(1, len(writers) // 10), seed=2026)


def _trusted(collection: Collection, weights: str) -> Collection:
    from .cleaning import trusted

    kept = trusted(Recognizer.load(weights), collection)
    print(f"{np.count_nonzero(~kept):,} of {len(collection):,} samples left out: their labels are doubtful")
    return collection.select(kept)


def average(options: Namespace) -> None:
    """the mean of several training runs' weights, of networks of the shipped shape"""
    from ..training.averaging import average, average_weights
    from ..training.checkpoint import is_weights

    labels = LABELS + NOTHING
    shares = options.shares or [1.0] * len(options.files)
    if is_weights(options.files[0]):
        network, labels = average_weights(options.files, shares)
    else:
        network = average(model.build(len(labels)), options.files, shares)
    nn.save(options.out, network.folded(), labels, dtype="float16")


def predict(options: Namespace) -> None:
    """read one drawing or picture"""
    from ..data.ink_file import looks_like_ink, read_ink
    from ..data.picture_file import read_picture

    kind = kind_of(options.weights) if options.weights else "characters"
    with Path(options.file).open("rb") as file:
        is_ink = looks_like_ink(file.read(1024))
    is_ink = is_ink or Path(options.file).suffix.lower() in (".json", ".jsonl")
    if kind == "photos":
        if is_ink:
            raise ValueError(f"{options.file} is ink; {options.weights} sees photographs")
        photo_commands.predict(options)
        return
    if kind == "text":
        raise ValueError(f"{options.weights} reads text: use `read`")
    reader, names = character_reader(options.weights)
    if is_ink:
        ink = read_ink(options.file)
        if ink.left_out:
            print(f"predict: {options.file}: points without a place were left out: {ink.left_out:,}", file=sys.stderr)
        reading = reader.examine(ink.strokes, options.allowed, options.top)
    else:
        reading = reader.examine_image(read_picture(options.file), options.allowed, options.top)
    for label, probability in reading.candidates:
        print(f"{names.get(label, label)}  {probability:.4f}")
    if not reading.candidates:
        print("no ink")
    elif not reading.confident:
        print("not sure: is it one character?")
    elif reading.look_alikes:
        print(f"{reading.candidates[0].label}, or {' or '.join(reading.look_alikes)}: shape alone cannot tell")


def import_pickle(options: Namespace) -> None:
    """the tutorial's network from its pickle, which is read without running it"""
    from .import_pickle import import_pickle

    network, vocabulary = import_pickle(options.pickle, options.out)
    print(network)
    print(f"{len(vocabulary)} labels: {' '.join(vocabulary)}")


def calibrate(options: Namespace) -> None:
    """fit all that goes with a network into its file: temperature, reject threshold, heights, hand sizes, rehearsal"""
    from . import calibrate
    from .loading import load_collection
    from .sizes import fit_heights

    validation = load_collection(options.samples, Split.load(options.split), "validation", options.skip_bad)
    network, header = nn.load(options.weights)
    reader = Recognizer(network.folded(), header["labels"])
    reader.temperature = calibrate.fit_temperature(reader, validation)
    reader.reject_threshold = calibrate.fit_reject_threshold(reader, validation)
    fields = {**_population(options).fields(), **_rehearsal(options).fields()}
    # Written at once: a program that is killed leaves the weights as they were.
    nn.update(
        options.weights,
        fields,
        temperature=round(reader.temperature, 4),
        reject_threshold=round(reader.reject_threshold, 5),
        heights=fit_heights(_samples(options, "train", "validation")),
    )
    print(f"temperature {reader.temperature:.3f}, reject threshold {reader.reject_threshold:.4f}")


def hand_sizes(options: Namespace) -> None:
    """fit how large people draw each character, on the training writers, into a weights file"""
    nn.update(options.weights, _population(options).fields())


def rehearsal(options: Namespace) -> None:
    """choose what teaching rehearses, of the training writers, into a weights file"""
    nn.update(options.weights, _rehearsal(options).fields())


def _population(options: Namespace) -> Population:
    from .sizes import fit_population

    return fit_population(sample for sample in _samples(options, "train") if sample.writer)


def _rehearsal(options: Namespace) -> Rehearsal:
    from . import rehearsal
    from .loading import load_collection

    training = load_collection(options.samples, Split.load(options.split), "train", options.skip_bad)
    return rehearsal.make(Recognizer.load(options.weights), training)


def replay(options: Namespace) -> None:
    """how much teaching helps: real writers replayed, as a Markdown table"""
    from .replay import table

    weights = options.weights or shipped("inkling.npz")
    learned = Recognizer.load(weights), Rehearsal.load(weights), Population.load(weights)
    for line in table(*learned, _samples(options, options.part)):
        print(line)


def excerpt(options: Namespace) -> None:
    """draw the small set of real ink that the page's lab trains on"""
    from .excerpt import write_excerpts

    samples = chain.from_iterable(read_samples(path, options.skip_bad) for path in options.samples)
    for line in write_excerpts(samples, Split.load(options.split), Path(options.out), options.seed):
        print(line)


def split(options: Namespace) -> None:
    """draw test and validation writers by seed, from all contributors in proportion, or validate on whole contributors"""
    writers = _writers(options.samples, options.skip_bad)
    split = Split.load(options.base) if options.base else draw(writers, options.writers, options.seed)
    (leave_out(split, options.leave_out, set(writers)) if options.leave_out else split).save(options.out)


def convert(options: Namespace) -> None:
    """samples of any format to this project's own"""
    from ..data.formats import convert

    done = convert(options.samples, options.out, options.skip_bad)
    print(f"{done.written:,} samples written to {options.out}")
    if done.duplicates:
        print(f"{done.duplicates:,} exact duplicates left out")
    for report in done.reports:
        print(report)


def _samples(options: Namespace, *parts: str) -> Iterator[Sample]:
    """The samples of some parts of the split."""
    split = Split.load(options.split)
    for path in options.samples:
        for place, sample in enumerate(read_samples(path, options.skip_bad)):
            if split.part(sample.writer, place) in parts:
                yield sample


def _writers(paths: list[str], skip_bad: bool) -> list[str]:
    return sorted({sample.writer for path in paths for sample in read_samples(path, skip_bad) if sample.writer})
