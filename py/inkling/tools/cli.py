"""Reads handwriting, and learns to: the command line, `inkling` or `python -m inkling`."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Callable

from . import commands, photo_commands, text_commands
from .arguments import blocks, number, share, whole


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status. What a person can put right is told in one line on the error output."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # who reads the output has seen enough
        _drop_output()
        return 1
    except (ValueError, OSError) as error:
        if isinstance(error, OSError) and not error.filename:
            _drop_output()
        return _failed(options.command, _in_words(error))
    except ModuleNotFoundError as error:
        return _failed(options.command, f"{error.name} is not installed; the package's extra `train` brings it")
    except MemoryError:
        return _failed(options.command, "there is not enough memory for this")
    except KeyboardInterrupt:
        print(f"{options.command}: interrupted", file=sys.stderr)
        return 130
    return 0


def _drop_output() -> None:
    """Let what could not be written go: Python would try once more when it ends, and complain."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _failed(command: str, words: str) -> int:
    print(f"{command}: {words}", file=sys.stderr)
    return 1


def _in_words(error: Exception) -> str:
    """One line; of the system's errors the name of the file, and no number."""
    text = str(error)
    if isinstance(error, OSError) and error.strerror:
        name = error.filename2 or error.filename
        text = f"{name or 'the output'}: {error.strerror}"
        text = text[: -len(error.strerror)] + error.strerror[0].lower() + error.strerror[1:]
    return " ".join(text.split())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="inkling", description=__doc__)
    subparsers = parser.add_subparsers(dest="command", required=True)

    def command(name: str, run: Callable[[argparse.Namespace], None]) -> argparse.ArgumentParser:
        added = subparsers.add_parser(name, help=run.__doc__, description=run.__doc__)
        added.set_defaults(run=run)
        return added

    def with_samples(
        added: argparse.ArgumentParser,
        split_required: bool = False,
        what: str = "ink (.jsonl, .jsonl.gz, UNIPEN), pictures (.npz, IDX) or photographs (CIFAR-10)",
    ) -> None:
        added.add_argument("samples", nargs="+", help=what)
        added.add_argument("--skip-bad", action="store_true", help="leave bad lines out and count them")
        added.add_argument("--split", required=split_required, help="split file that tells who is in which part")

    added = command("evaluate", commands.evaluate)
    with_samples(added)
    added.add_argument("--weights", help="weights file; default: the shipped one")
    added.add_argument("--allowed", help="answer only these labels, and take only samples of them")
    added.add_argument("--part", choices=("train", "validation", "test"), help="of the split, or of CIFAR-10; default: all")
    added.add_argument("--language", choices=text_commands.LANGUAGES, default="en", help="of texts")
    added.add_argument("--json", action="store_true", help="figures as one JSON object")
    added.add_argument("--report", metavar="OUT.html", help="write a page with confusions, calibration and mistakes")

    _add_train(command("train", commands.train))

    added = command("average", commands.average)
    added.add_argument("files", nargs="+", help="their checkpoints, or weights files of one shape")
    added.add_argument("--shares", nargs="+", type=share, help="how much each counts, in proportion; default: the same")
    added.add_argument("--out", required=True, help="weights file to write")

    added = command("predict", commands.predict)
    added.add_argument("file", help="ink as JSON (a list of strokes of [x, y]), or a picture (PNG, JPEG ...)")
    added.add_argument("--weights", help="weights file; default: the shipped one")
    added.add_argument("--allowed", help="answer only these labels")
    added.add_argument("--top", type=whole(1), default=5, help="how many answers at most")

    for name, run in (
        ("calibrate", commands.calibrate),
        ("hand-sizes", commands.hand_sizes),
        ("rehearsal", commands.rehearsal),
    ):
        added = command(name, run)
        added.add_argument("weights", help="weights file, which is changed in place")
        with_samples(added, split_required=True, what="ink")

    added = command("replay", commands.replay)
    with_samples(added, split_required=True, what="ink")
    added.add_argument("--weights", help="weights file; default: the shipped one")
    added.add_argument("--part", choices=("validation", "test"), required=True, help="whose writers are replayed")

    added = command("excerpt", commands.excerpt)
    with_samples(added, split_required=True, what="ink")
    added.add_argument("--out", required=True, help="folder to write train.jsonl.gz and test.jsonl.gz to")
    added.add_argument("--seed", type=whole(0), default=0)

    added = command("split", commands.split)
    added.add_argument("samples", nargs="+")
    added.add_argument("--out", required=True, help="split file to write")
    added.add_argument("--writers", type=whole(1), default=30, help="in each of the two parts")
    added.add_argument("--seed", type=whole(0), default=2026)
    added.add_argument("--base", metavar="SPLIT", help="a split file whose people stay where they are, instead of drawing")
    added.add_argument(
        "--leave-out", nargs="+", metavar="CONTRIBUTOR", help="validate on all their people, but for test writers"
    )
    added.add_argument("--skip-bad", action="store_true", help="leave bad lines out and count them")

    added = command("convert", commands.convert)
    added.add_argument("samples", nargs="+")
    added.add_argument("out", help="OUT.jsonl.gz for ink, OUT.npz for pictures")
    added.add_argument("--skip-bad", action="store_true", help="leave bad lines out and count them")
    added = command("import-pickle", commands.import_pickle)
    added.add_argument("pickle", help="the tutorial's alpha_weights.pkl, by any protocol from 0 to 4")
    added.add_argument("--out", required=True, help="weights file to write")
    text_commands.add_to(command)
    photo_commands.add_to(command)
    return parser


def _add_train(added: argparse.ArgumentParser) -> None:
    added.add_argument("--data", nargs="+", required=True, action="extend", help="ink or pictures, several files")
    added.add_argument("--shares", nargs="+", type=share, help="how much of each batch each file gets, in proportion")
    added.add_argument("--split", help="split file that tells who is in which part")
    added.add_argument("--skip-bad", action="store_true", help="leave bad lines out and count them")
    added.add_argument("--out", required=True, help="weights file to write")
    added.add_argument("--run-dir", help="checkpoint and metrics.csv; default: runs/<name of the weights>")
    added.add_argument(
        "--resume", action="store_true", help="go on from the checkpoint; --epochs may be others than they were"
    )
    added.add_argument(
        "--start", metavar="FILE", help="begin with the averaged weights of another run's checkpoint, or with weights"
    )
    added.add_argument("--trust", metavar="WEIGHTS", help="leave out samples whose label these weights plainly contradict")
    added.add_argument(
        "--teachers", nargs="+", metavar="WEIGHTS", help="a share of each target is what these weights say on average"
    )
    added.add_argument("--distil", type=number(0, 1), default=0.5, help="that share, if there are teachers")
    added.add_argument("--blocks", type=blocks, help="filters, as in 16;32,32;64,64;128,128")
    added.add_argument("--hidden", type=whole(1), help="units of the dense layer before the last")
    added.add_argument("--epochs", type=number(0, more_than=True), default=10)
    added.add_argument("--batch", type=whole(1), default=128)
    added.add_argument("--rate", type=number(0, more_than=True), default=4e-3, help="peak learning rate of the one cycle")
    added.add_argument("--balance", type=number(0, 1), default=0.5, help="0: classes as they come, 1: equally often")
    added.add_argument(
        "--contributor-balance", type=number(0, 1), default=0.0, help="within a file; 0: as they come, 1: equally often"
    )
    added.add_argument("--dropout", type=number(0, 1, less_than=True), default=0.3)
    added.add_argument("--smoothing", type=number(0, 1), default=0.05)
    added.add_argument("--strength", type=number(0), default=1.0, help="of augmentation; 0: none")
    added.add_argument(
        "--joins", type=number(0, 1), default=0.0, help="share of short moves between strokes that are drawn as ink"
    )
    added.add_argument(
        "--loops", type=number(0, 1), default=0.0, help="share of nearly closed strokes that are closed or opened"
    )
    added.add_argument(
        "--traced", type=number(0, 1), default=0.2, help="share of the pictures that are shown as traced strokes"
    )
    added.add_argument("--seed", type=whole(0), default=0)
    added.add_argument("--workers", type=whole(1), default=2, help="threads; the result depends on their number")
