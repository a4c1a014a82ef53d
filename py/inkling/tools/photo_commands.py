"""The command for photographs, train-photos, and `evaluate` and `predict` where photographs are seen."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path

import numpy as np

from .arguments import number, whole
from .kinds import kind_of


def add_to(command: Callable[[str, Callable[[Namespace], None]], ArgumentParser]) -> None:
    """Add the command; `command` is what `cli` adds its own with."""
    added = command("train-photos", _train)
    added.add_argument("--data", required=True, help="CIFAR-10: an .npz of JPEGs, or the binary version")
    added.add_argument("--out", required=True, help="weights file to write")
    added.add_argument("--run-dir", help="checkpoint and metrics.csv; default: runs/<name of the weights>")
    added.add_argument(
        "--resume", action="store_true", help="go on from the checkpoint; --epochs may be others than they were"
    )
    added.add_argument("--epochs", type=number(0, more_than=True), default=40)
    added.add_argument("--batch", type=whole(1), default=128)
    added.add_argument("--optimizer", choices=("muon", "sgd"), default="muon")
    added.add_argument("--rate", type=number(0, more_than=True), help="peak of the one cycle; default: 0.02, sgd's 0.1")
    added.add_argument("--decay", type=number(0), help="of the weights; default: 0.05, sgd's 0.0005")
    added.add_argument("--smoothing", type=number(0, 1), default=0.05, help="of the labels")
    added.add_argument("--dropout", type=number(0, 1, less_than=True), default=0.0, help="before the last layer")
    added.add_argument("--cut", type=whole(0), default=8, help="side of the square that is blanked; 0: none")
    added.add_argument("--most", type=whole(1), help="learn from so many photographs only, for a trial")
    added.add_argument("--seed", type=whole(0), default=0)
    added.add_argument("--workers", type=whole(1), default=2, help="threads; the result depends on their number")


def sees_photos(options: Namespace) -> bool:
    """Whether `evaluate` is asked for a reader of photographs: by its weights, or by what there is to read."""
    from ..data.cifar import is_cifar

    photos = is_cifar(options.samples[0])
    if options.weights and photos and kind_of(options.weights) != "photos":
        raise ValueError(
            f"{options.samples[0]} holds photographs, which {options.weights} cannot see; `train-photos` makes what can"
        )
    return photos or (bool(options.weights) and kind_of(options.weights) == "photos")


def evaluate(options: Namespace) -> None:
    """`evaluate`, of photographs; or of handwriting, which is none of what the network knows."""
    from ..data import cifar
    from ..photos.reader import PhotoReader
    from .evaluate_photos import drawn, evaluate_photos, strange
    from .loading import load_collection
    from .split import Split

    if options.allowed:
        raise ValueError("--allowed is for characters; a photograph is always one of all classes")
    reader = PhotoReader.load(options.weights)
    if not cifar.is_cifar(options.samples[0]):
        split = Split.load(options.split) if options.part else None
        collection = load_collection(options.samples, split, options.part, options.skip_bad)
        _print(options, {**strange(reader, drawn(collection))})
        return
    if len(options.samples) > 1 or options.split:
        raise ValueError("photographs are one file or folder, with a split of its own")
    photos = cifar.read(options.samples[0], options.part)
    result = evaluate_photos(reader, photos)
    if options.report:
        from .report_photos import write_report

        write_report(options.report, result, photos)
    _print(options, {**result.figures})


def _print(options: Namespace, figures: dict[str, object]) -> None:
    if options.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        if isinstance(value, int | float):
            print(f"{name:14} {value:>9,}")
    for name in ("by_class", "upside_down", "noise", "answers"):
        part = figures.get(name)
        if isinstance(part, dict):
            print(f"\n{name}")
            for key, value in part.items():
                if not isinstance(value, dict):
                    print(f"  {key:12} {value:>9,}")


def predict(options: Namespace) -> None:
    """`predict`, of a photograph."""
    from ..data.picture_file import read_picture
    from ..photos.reader import PhotoReader

    if options.allowed:
        raise ValueError("--allowed is for characters; a photograph is always one of all classes")
    reading = PhotoReader.load(options.weights).read(read_picture(options.file))
    for name, probability in reading.guesses[: options.top]:
        print(f"{name}  {probability:.4f}")
    if not reading.confident:
        print("not sure: is it one of these at all?")


def _train(options: Namespace) -> None:
    """learn weights that see photographs"""
    from ..data import cifar
    from ..photos import model
    from ..training.photo_augment import Strength
    from ..training.photo_trainer import PhotoTrainer, Settings
    from .photo_training import PhotoTrainingRun

    train, validation = (cifar.read(options.data, part) for part in ("train", "validation"))
    if options.most:
        train = train.select(np.random.default_rng(0).permutation(len(train))[: options.most])
    network = model.build(len(train.names), dropout=options.dropout, seed=options.seed)
    rate, decay = (0.02, 0.05) if options.optimizer == "muon" else (0.1, 5e-4)
    settings = Settings(
        epochs=options.epochs, batch=options.batch, optimizer=options.optimizer, smoothing=options.smoothing,
        rate=rate if options.rate is None else options.rate, decay=decay if options.decay is None else options.decay,
        seed=options.seed, workers=options.workers, augmentation=Strength()._replace(cut=options.cut),
    )  # fmt: skip
    trainer = PhotoTrainer(network, train.pixels, train.labels, settings)
    print(f"{len(train):,} photographs, {len(validation):,} for validation, {trainer.steps:,} steps")
    print(f"{network.parameter_count:,} parameters, {network.multiply_adds:,} multiply-adds", flush=True)
    folder = Path(options.run_dir or Path("runs") / Path(options.out).stem)
    PhotoTrainingRun(trainer, folder, options.out, validation).go(resume=options.resume)
