"""A long training of the network that reads text: what it learns from, metrics, checkpoints, weights."""

from __future__ import annotations

import csv
import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

import numpy as np
from threadpoolctl import threadpool_limits

from .. import nn
from ..data import Sample
from ..data.formats import read_samples
from ..training import line_dataset
from ..training.compose import compose, hands, sprinkle, string, write
from ..training.line_dataset import Lines
from ..training.line_trainer import LineTrainer
from ..words.alphabet import ALPHABET, BLANK, encode
from ..words.greedy import best_path, edit_distance
from ..words.picture import draw_batch
from .loading import code_of, progress
from .split import Split

CHECKPOINT_EVERY = 120
# Lines of the validation writers that are read after each `MEASURE_EVERY` steps.
MEASURED = 1200
MEASURE_EVERY = 500
COLUMNS = ("step", "epoch", "loss", "rate", "lines_per_second", "validation_cer", "validation_accuracy")


def is_learnable(sample: Sample) -> bool:
    """Whether a sample's text may be learned from: in the alphabet, and not among the labels known to be wrong.

    UNIPEN's contributor kai writes "@" for ligatures, lav's words are random letters in joined hands.
    """
    contributor = sample.writer.split("_")[0]
    if contributor == "lav" or (contributor == "kai" and "@" in sample.label):
        return False
    return set(sample.label) <= set(ALPHABET)


def material(
    paths: Sequence[str], split: Split, composed: int, singles: int, seed: int, skip_bad: bool = False
) -> dict[str, Lines]:
    """What there is to learn from ("train": texts as written, single characters, composed lines) and to validate on."""
    texts: dict[str, list[Sample]] = {"train": [], "validation": []}
    characters: list[Sample] = []
    for path in paths:
        for place, sample in enumerate(progress(read_samples(path, skip_bad), f"reading {Path(path).name}")):
            part = split.part(sample.writer, place)
            if sample.strokes is None or part not in texts or not is_learnable(sample):
                continue
            if sample.is_text:
                texts[part].append(sample)
            elif part == "train" and sample.quality != "bad":
                characters.append(sample)
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(len(characters))[:singles]
    parts = [texts["train"], [characters[i] for i in chosen], list(_composed(texts["train"], characters, composed, seed))]
    train = line_dataset.join([line_dataset.collect(progress(part, "framing", len(part))) for part in parts if part])
    return {"train": train, "validation": line_dataset.collect(texts["validation"])}


def _composed(texts: Sequence[Sample], characters: Sequence[Sample], count: int, seed: int) -> Iterator[Sample]:
    """Two parts of lines of words, one of each kind of string, one of strings with marks."""
    hands_of = hands(characters)
    words_of: dict[str, list[Sample]] = {}
    for sample in texts:
        if " " not in sample.label and len(sample.label) > 1:
            words_of.setdefault(sample.writer, []).append(sample)
    if count and hands_of:
        for kind in ("digits", "codes", "random"):
            yield from compose(kind, hands_of, words_of, count // 6, seed)
        rng = np.random.default_rng([seed, 99])
        people = sorted(hands_of)
        for _ in range(count // 6):
            writer = people[rng.integers(len(people))]
            text = sprinkle(string("random", rng), rng)
            strokes = tuple(stroke.astype(np.float32) for stroke in write(text, hands_of[writer], rng))
            yield Sample(text, strokes, writer=writer, style="composed", is_text=True)
    if count and words_of:
        yield from compose("lines", hands_of, words_of, count // 3, seed)


def cached(folder: Path, key: object, make: Callable[[], dict[str, Lines]]) -> dict[str, Lines]:
    """What `make` gives, kept in `folder` under a name that changes with `key` and with the code that shapes it."""
    code = code_of("labels.py", "data/*.py", "training/compose.py", "training/line_dataset.py", "words/frame.py")
    name = hashlib.sha256(repr((key, ALPHABET, code)).encode()).hexdigest()[:16]
    files = {part: folder / f"lines-{name}-{part}.npz" for part in ("train", "validation")}
    if not all(file.exists() for file in files.values()):
        for part, lines in make().items():
            lines.save(files[part])
    return {part: Lines.load(file) for part, file in files.items()}


class LineTrainingRun:
    """Drives a trainer to its end and leaves in `folder` a checkpoint and metrics.csv, at `out` the weights so far."""

    def __init__(self, trainer: LineTrainer, folder: Path, out: Path, validation: Lines):
        self.trainer, self.folder, self.out = trainer, folder, out
        fits = [i for i, text in enumerate(validation.texts.tolist()) if len(text) <= trainer.settings.longest]
        some = np.random.default_rng(0).permutation(fits)[:MEASURED]
        self.validation = validation.select(np.sort(some))
        self.checkpoint = folder / "checkpoint.npz"

    def go(self, resume: bool = False) -> None:
        """Train; with `resume` from the checkpoint, if there is one."""
        if resume and self.checkpoint.exists():
            self.trainer.restore(self.checkpoint)
        elif self.checkpoint.exists():
            raise ValueError(f"{self.checkpoint} is of an earlier run: --resume goes on with it, or remove it first")
        # The threads are the trainer's: each product on one processor, all processors at work.
        with threadpool_limits(1), (self.folder / "metrics.csv").open("a", newline="", encoding="utf-8") as file:
            if self.trainer.step == 0:
                csv.writer(file).writerow(COLUMNS)
            self._loop(file)

    def _loop(self, file: TextIO) -> None:
        trainer, saved, loss, lines, seconds, steps = self.trainer, time.monotonic(), 0.0, 0, 0.0, 0
        for done in trainer.run():
            loss, lines, seconds, steps = loss + done.loss, lines + done.lines, seconds + done.seconds, steps + 1
            last = done.step == done.steps
            if done.step % 50 == 0:
                print(
                    f"step {done.step:,} of {done.steps:,}, loss {loss / steps:.3f}, {lines / seconds:.0f} lines a second",
                    flush=True,
                )
            if done.step % MEASURE_EVERY == 0 or last:
                cer, accuracy = measure(trainer.averaged.folded(), self.validation)
                row = (done.step, done.epoch, loss / steps, done.rate, lines / seconds, cer, accuracy)
                csv.writer(file).writerow([f"{value:.6g}" for value in row])
                file.flush()
                print(f"validation writers: CER {cer:.4f}, whole text {accuracy:.4f}", flush=True)
                loss, lines, seconds, steps = 0.0, 0, 0.0, 0
                save(self.out, trainer.averaged)
            if time.monotonic() - saved > CHECKPOINT_EVERY or last:
                trainer.save(self.checkpoint)
                saved = time.monotonic()


def save(path: Path, network: nn.Network) -> None:
    """Weights as they ship: batch norms folded, half precision."""
    nn.save(path, network.folded(), ALPHABET + BLANK, dtype="float16")


def measure(network: nn.Network, lines: Lines) -> tuple[float, float]:
    """Character error rate and share of texts read whole, without a language."""
    errors = characters = whole = 0
    order = np.argsort(lines.widths, kind="stable")
    for index in np.array_split(order, max(1, int(lines.widths.sum()) // 8000)):
        if not len(index):
            continue
        nodes, ends, owner = lines.gather(index)
        widths = lines.widths[index]
        maps = network.forward(draw_batch(nodes, ends, owner, len(index), int(widths.max())), False, widths)
        for n, width in enumerate(network.output_widths(widths)):
            text, truth = best_path(maps[n, :, 0, :width].T), str(lines.texts[index[n]])
            errors += edit_distance(text, truth)
            characters += len(encode(truth))
            whole += text == truth
    return errors / max(characters, 1), whole / max(len(lines), 1)
