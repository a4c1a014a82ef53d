"""The command line, `inkling` or `python -m inkling`: evaluate, train, calibrate, predict, split, convert."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from ..labels import LABELS, NOTHING


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        return options.run(options) or 0
    except (ValueError, OSError) as error:
        print(f"{options.command}: {_in_words(error)}", file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        print(f"{options.command}: {error.name} is not installed; the package's extra `train` brings it", file=sys.stderr)
        return 1


def _in_words(error: Exception) -> str:
    """One line: of the system's errors without their number."""
    text = str(error)
    if isinstance(error, OSError) and error.strerror and (name := error.filename2 or error.filename):
        text = f"{name}: {error.strerror[0].lower()}{error.strerror[1:]}"
    return " ".join(text.split())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="inkling", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name, run, about):
        added = commands.add_parser(name, help=about, description=about)
        added.set_defaults(run=run)
        return added

    def with_samples(added):
        added.add_argument("--skip-bad", action="store_true", help="leave bad lines out and count them")
        added.add_argument("--split", help="split file that tells who is in which part")

    added = command("evaluate", _evaluate, "how well a recogniser reads samples")
    added.add_argument("samples", nargs="+", help="ink (.jsonl, .jsonl.gz, UNIPEN) or pictures (.npz, IDX)")
    added.add_argument("--weights", help="weights file; default: the shipped one")
    added.add_argument("--allowed", help="answer only these labels, and take only samples of them")
    added.add_argument("--part", choices=("train", "choose", "test"), help="of the split; default: all samples")
    added.add_argument("--json", action="store_true", help="figures as one JSON object")
    added.add_argument("--report", metavar="OUT.html", help="write a page with confusions, calibration and mistakes")
    with_samples(added)

    added = command("train", _train, "learn weights from samples")
    added.add_argument("--data", nargs="+", required=True, action="extend", help="ink or pictures, several files")
    added.add_argument("--shares", nargs="+", type=float, help="how much of each batch each file gets, in proportion")
    added.add_argument("--out", required=True, help="weights file to write")
    added.add_argument("--run-dir", help="checkpoint and metrics.csv; default: runs/<name of the weights>")
    added.add_argument("--resume", action="store_true", help="go on from the checkpoint")
    added.add_argument(
        "--start", metavar="FILE", help="begin with the averaged weights of another run's checkpoint, or with weights"
    )
    added.add_argument("--trust", metavar="WEIGHTS", help="leave out samples whose label these weights plainly contradict")
    added.add_argument("--blocks", default="", help="filters, as in 16;32,32;64,64;128,128")
    added.add_argument("--hidden", type=int, help="units of the dense layer before the last")
    added.add_argument("--epochs", type=float, default=10)
    added.add_argument("--batch", type=int, default=128)
    added.add_argument("--rate", type=float, default=4e-3, help="peak learning rate of the one cycle")
    added.add_argument("--balance", type=float, default=0.5, help="0: classes as they come, 1: equally often")
    added.add_argument("--dropout", type=float, default=0.3)
    added.add_argument("--smoothing", type=float, default=0.05)
    added.add_argument("--strength", type=float, default=1.0, help="of augmentation; 0: none")
    added.add_argument("--traced", type=float, default=0.2, help="share of the pictures that are shown as traced strokes")
    added.add_argument("--seed", type=int, default=0)
    added.add_argument("--workers", type=int, default=2, help="threads; the result depends on their number")
    with_samples(added)

    added = command("average", _average, "the mean of several courses of training, of networks of the shipped shape")
    added.add_argument("files", nargs="+", help="their checkpoints, or weights files of one shape")
    added.add_argument("--shares", nargs="+", type=float, help="how much each counts, in proportion; default: the same")
    added.add_argument("--out", required=True, help="weights file to write")

    added = command("predict", _predict, "read one drawing or picture")
    added.add_argument("file", help="ink as JSON (a list of strokes of [x, y]), or a picture (PNG, JPEG ...)")
    added.add_argument("--weights")
    added.add_argument("--allowed")
    added.add_argument("--top", type=int, default=5)

    added = command("calibrate", _calibrate, "fit temperature, doubt and heights, on all but the test writers")
    added.add_argument("weights", help="weights file, which is changed in place")
    added.add_argument("samples", nargs="+", help="ink")
    with_samples(added)

    added = command("split", _split, "draw test and choosing writers by seed, from all contributors in proportion")
    added.add_argument("samples", nargs="+")
    added.add_argument("--out", required=True)
    added.add_argument("--writers", type=int, default=30, help="in each of the two parts")
    added.add_argument("--seed", type=int, default=2026)
    added.add_argument("--skip-bad", action="store_true")

    added = command("convert", _convert, "samples of any format to this project's own")
    added.add_argument("samples", nargs="+")
    added.add_argument("out", help="OUT.jsonl.gz for ink, OUT.npz for pictures")
    added.add_argument("--skip-bad", action="store_true")
    return parser


def _evaluate(options) -> None:
    from ..characters.recognizer import Recognizer
    from .evaluate import evaluate
    from .loading import load_collection
    from .split import Split

    if options.part and not options.split:
        raise ValueError("--part needs --split, the file that says who is in it")
    reader = Recognizer.load(options.weights)
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
        print(f"{name:14} {value:>9,}")
    print("\nmost frequent confusions (drawn, read as, times)")
    for (truth, answer), count in result.confusions[:10]:
        print(f"  {truth}  {answer}  {count:5}")


def _train(options) -> None:
    from ..characters import model
    from ..training.augment import Strength
    from ..training.checkpoint import is_weights
    from ..training.trainer import Settings, Trainer
    from .loading import load_parts, mixture
    from .split import Split, draw
    from .training_run import TrainingRun, started

    if options.split:
        split = Split.load(options.split)
    else:
        from ..data import read_samples

        writers = {s.writer for path in options.data for s in read_samples(path, options.skip_bad) if s.writer}
        split = (
            draw(sorted(writers), max(1, len(writers) // 10), seed=2026)
            if len(writers) > 2
            else Split(frozenset(), frozenset(), 2026)
        )
    folder = Path(options.run_dir or Path("runs") / Path(options.out).stem)
    folder.mkdir(parents=True, exist_ok=True)
    parts = load_parts(options.data, split, ["train", "choose"], options.skip_bad, folder)
    if not parts["train"]:
        raise ValueError("there are no samples to train on")
    if options.trust:
        parts["train"] = [_trusted(collection, options.trust) for collection in parts["train"]]
    collection, weights = mixture(parts["train"], options.shares or [len(c) for c in parts["train"]])
    others = sorted(set(collection.labels.tolist()) - set(LABELS))
    labels = LABELS + "".join(others) + NOTHING
    blocks = [[int(f) for f in block.split(",")] for block in options.blocks.split(";")] if options.blocks else model.BLOCKS
    from_weights = bool(options.start) and is_weights(options.start)
    if from_weights:
        network = started(options.start, labels, options.dropout)
    else:
        network = model.build(len(labels), blocks, options.hidden or model.HIDDEN, options.dropout, options.seed)
    settings = Settings(
        epochs=options.epochs, batch=options.batch, rate=options.rate, balance=options.balance,
        smoothing=options.smoothing, traced=options.traced, seed=options.seed, workers=options.workers,
        augmentation=Strength(*(options.strength * deviation for deviation in Strength())),
    )  # fmt: skip
    trainer = Trainer(network, collection, labels, settings, weights)
    if options.start and not from_weights:
        trainer.start_from(options.start)
    print(network)
    TrainingRun(trainer, folder, options.out, parts["choose"]).go(resume=options.resume)


def _trusted(collection, weights: str):
    from ..characters.recognizer import Recognizer
    from .cleaning import trusted

    kept = trusted(Recognizer.load(weights), collection)
    print(f"{np.count_nonzero(~kept):,} of {len(collection):,} samples left out: their labels are doubtful")
    return collection.select(kept)


def _average(options) -> None:
    from .. import nn
    from ..characters import model
    from ..training.averaging import average, average_weights
    from ..training.checkpoint import is_weights

    labels = LABELS + NOTHING
    shares = options.shares or [1.0] * len(options.files)
    if is_weights(options.files[0]):
        network, labels = average_weights(options.files, shares)
    else:
        network = average(model.build(len(labels)), options.files, shares)
    nn.save(options.out, network.folded(), labels, dtype="float16")


def _calibrate(options) -> None:
    from .. import nn
    from ..characters.recognizer import Recognizer
    from ..characters.size import fit_heights
    from ..data import read_samples
    from ..teaching import rehearsal
    from . import calibrate
    from .loading import load_collection
    from .split import Split

    if not options.split:
        raise ValueError("calibrate needs --split, the file that says who chooses")
    split = Split.load(options.split)
    choosing = load_collection(options.samples, split, "choose", options.skip_bad)
    network, header = nn.load(options.weights)
    reader = Recognizer(network.folded(), header["labels"])
    reader.temperature = calibrate.fit_temperature(reader, choosing)
    reader.doubt = calibrate.fit_doubt(reader, choosing)
    untested = (
        sample
        for path in options.samples
        for place, sample in enumerate(read_samples(path, options.skip_bad))
        if split.part(sample.writer, place) != "test"
    )
    meta = {"temperature": round(reader.temperature, 4), "doubt": round(reader.doubt, 5), "heights": fit_heights(untested)}
    nn.save(options.weights, network, header["labels"], dtype="float16", **{**header["meta"], **meta})
    training = load_collection(options.samples, split, "train", options.skip_bad)
    rehearsal.make(Recognizer.load(options.weights), training).add_to(options.weights)
    print(f"temperature {reader.temperature:.3f}, doubt from {reader.doubt:.4f}")


def _predict(options) -> None:
    from ..characters.recognizer import Recognizer
    from ..data.ink_file import looks_like_ink, read_ink
    from ..data.picture_file import read_picture

    reader = Recognizer.load(options.weights)
    with Path(options.file).open("rb") as file:
        is_ink = looks_like_ink(file.read(1024))
    if is_ink or Path(options.file).suffix.lower() in (".json", ".jsonl"):
        ink = read_ink(options.file)
        if ink.left_out:
            print(f"predict: {options.file}: points without a place were left out: {ink.left_out:,}", file=sys.stderr)
        candidates = reader.read(ink.strokes, options.allowed, options.top)
    else:
        candidates = reader.read_image(read_picture(options.file), options.allowed, options.top)
    if not candidates:
        print("no ink")
    for label, probability in candidates:
        print(f"{label}  {probability:.4f}")


def _split(options) -> None:
    from ..data import read_samples
    from .split import draw

    writers = {s.writer for path in options.samples for s in read_samples(path, options.skip_bad) if s.writer}
    draw(sorted(writers), options.writers, options.seed).save(options.out)


def _convert(options) -> None:
    from ..data import convert

    done = convert(options.samples, options.out, options.skip_bad)
    print(f"{done.written:,} samples written to {options.out}")
    if done.duplicates:
        print(f"{done.duplicates:,} exact duplicates left out")
    for report in done.reports:
        print(report)
