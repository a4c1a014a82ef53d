"""What each idea after the tutorial's network brought: one row a step, each trained here and measured on the same people.

    INKLING_SAMPLES=SAMPLES.jsonl.gz python3 build.py bench ancestors

Needs a file of ink with writers, as UNIPEN's; who tests is in weights/split.json. INKLING_STEPS says for how many steps each
is trained (a batch of 128 each). What is done is kept in runs/ancestors/, so that a bench that was stopped goes on there;
remove the folder to begin anew, or after changing the steps.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
from measuring.table import median, milliseconds, setting, table
from threadpoolctl import threadpool_limits

from building.paths import ROOT
from inkling import nn
from inkling.characters import ancestor, model
from inkling.characters.recognizer import Recognizer
from inkling.data.formats import read_samples
from inkling.files import atomic_write
from inkling.ink.raster import CHANNELS, SIDE
from inkling.labels import LABELS
from inkling.tools.evaluate import evaluate
from inkling.tools.split import Split
from inkling.training.augment import Strength
from inkling.training.dataset import collect
from inkling.training.trainer import Settings, Trainer

COMMAND = "python3 build.py bench ancestors"
STEPS, BATCH = 2000, 128
# Whom all but the last are taught by.
FEW_WRITERS = 30
SAVE_EVERY = 200


class Ink(nn.Layer):
    """Of the three channels only the ink, without its directions."""

    def forward(self, x, training=False):
        return np.ascontiguousarray(x[:, :1])

    def backward_parameters(self, dy):
        pass

    def output_shape(self, input_shape):
        return (1, *input_shape[1:])


class Row(NamedTuple):
    """One step on the way.

    network : () -> Network that reads what all recognisers get
    augmented : whether it sees each drawing anew each time
    all_writers : whether all people teach it, or `FEW_WRITERS`
    """

    name: str
    network: object
    augmented: bool = False
    all_writers: bool = False


def without(network, kinds):
    """The layers of a network but for some kinds; its convolutions get the biases that batch norms had made needless."""
    kept = [layer for layer in network.layers if not isinstance(layer, kinds)]
    return [_biased(layer) if isinstance(layer, nn.Conv2D) and nn.BatchNorm2D in kinds else layer for layer in kept]


def _biased(convolution):
    with_bias = convolution.with_bias()
    with_bias.parameters["weight"][...] = convolution.parameters["weight"]
    return with_bias


def on_ink_alone(layers):
    """The same layers on one channel; the first convolution's kernels, drawn for three, are made as large as they need be."""
    first = layers[0]
    fresh = nn.Conv2D(1, first.filters, first.kernel_size, bias=first.has_bias, rng=np.random.default_rng(0))
    return nn.Network([Ink(), fresh, *layers[1:]], (CHANNELS, SIDE, SIDE))


def whole():
    return model.build(len(LABELS))


ROWS = {
    "tutorial": Row("the tutorial's: two convolutions", lambda: ancestor.reading(ancestor.build(len(LABELS)))),
    "deeper": Row("+ deeper: seven convolutions, 32 x 32", lambda: on_ink_alone(without(whole(), (nn.BatchNorm2D,)))),
    "norm": Row("+ batch norm", lambda: on_ink_alone(whole().layers)),
    "augmented": Row("+ augmentation", lambda: on_ink_alone(whole().layers), augmented=True),
    "directions": Row("+ directions of the pen", whole, augmented=True),
    "writers": Row("+ more writers", whole, augmented=True, all_writers=True),
}


def train(row, teachers, steps, folder, workers):
    """The averaged network after so many steps, going on from a checkpoint in `folder` if there is one."""
    settings = Settings(
        epochs=steps * BATCH / max(1, len(teachers) // BATCH * BATCH), batch=BATCH, workers=workers, scribbles=0, shaded=0,
        augmentation=Strength() if row.augmented else None,
    )  # fmt: skip
    trainer = Trainer(row.network(), teachers, LABELS, settings)
    checkpoint = folder / "checkpoint.npz"
    if checkpoint.exists():
        trainer.restore(checkpoint)
    for done in trainer.run():
        if done.step % SAVE_EVERY == 0 or done.step == done.steps:
            trainer.save(checkpoint)
            print(f"{row.name}: step {done.step:,} of {done.steps:,}, loss {done.loss:.3f}", file=sys.stderr, flush=True)
    return trainer.averaged.folded()


def measure(network, testers, folder):
    """What the table says of a network."""
    reader = Recognizer(network, LABELS)
    figures = evaluate(reader, testers).figures
    # Without what comes before the first layer that learns: it is code, not weights.
    learned = [layer for layer in network.layers if not isinstance(layer, Ink | ancestor.Prepare)]
    first = len(network.layers) - len(learned)
    nn.save(folder / "weights.npz", nn.Network(learned, network.shapes[first]), LABELS, "float16")
    inference, x = nn.Inference(network), next(testers.pictures(np.arange(1)))[0]
    times = []
    for _ in range(60):
        started = time.perf_counter()
        inference(x)
        times.append(1000 * (time.perf_counter() - started))
    return {
        "accuracy": figures["accuracy"], "accuracy_35": figures["accuracy_35"], "samples": figures["samples"],
        "parameters": network.parameter_count, "multiply_adds": network.multiply_adds, "ms": median(times[10:]),
        "bytes": (folder / "weights.npz").stat().st_size,
    }  # fmt: skip


def measured(samples, split, steps, folder, workers=2):
    """{row: what was measured of it}, each trained unless it is in `folder` already."""
    found, parts = {}, None
    for key, row in ROWS.items():
        place = folder / key
        place.mkdir(parents=True, exist_ok=True)
        kept = place / "measured.json"
        if not kept.exists():
            parts = parts or people(samples, split)
            teachers = parts["all" if row.all_writers else "few"]
            with threadpool_limits(1, user_api="blas"):  # the trainer's own threads share the work
                network = train(row, teachers, steps, place, workers)
                result = {**measure(network, parts["test"], place), "steps": steps, "writers": _writers(teachers)}
            with atomic_write(kept) as file:
                file.write(json.dumps(result).encode())
        found[key] = json.loads(kept.read_text())
    return found


def _writers(collection):
    return len(set(collection.writers.tolist()))


def people(samples, split):
    """{"all", "few": who teaches, "test": who tests}: collections of characters."""
    parts = {"train": [], "test": []}
    for place, sample in enumerate(read_samples(samples, True)):
        part = split.part(sample.writer, place)
        if part in parts and sample.label in LABELS:
            parts[part].append(sample)
    writers = sorted({sample.writer for sample in parts["train"]})
    few = set(np.random.default_rng(2026).permutation(writers)[:FEW_WRITERS].tolist())
    return {
        "all": collect(parts["train"]),
        "few": collect(sample for sample in parts["train"] if sample.writer in few),
        "test": collect(parts["test"]),
    }


def report(found):
    """The table."""
    head = ["", "right of 62", "of 35", "taught by", "parameters", "multiply-adds", "one reading", "file"]
    rows = [
        [
            ROWS[key].name, f"{each['accuracy']:.3f}", f"{each['accuracy_35']:.3f}", f"{each['writers']} writers",
            f"{each['parameters']:,}", f"{each['multiply_adds'] / 1e6:.2f} million", milliseconds(each["ms"]),
            f"{each['bytes'] / 1000:,.0f} kB",
        ]
        for key, each in found.items()
    ]  # fmt: skip
    return table(head, rows)


def main():
    samples, steps = os.environ.get("INKLING_SAMPLES"), int(os.environ.get("INKLING_STEPS", STEPS))
    if not samples:
        print("bench ancestors: nothing is trained without INKLING_SAMPLES, a file of ink with writers, as UNIPEN's")
        return
    found = measured(Path(samples), Split.load(ROOT / "weights" / "split.json"), steps, ROOT / "runs" / "ancestors")
    print("\n### From the tutorial's network to this one\n")
    print(report(found))
    count = found["tutorial"]["samples"]
    print(f"\n{count:,} characters by people who taught none of them; {steps:,} steps of {BATCH} each. {setting(COMMAND)}.")


if __name__ == "__main__":
    main()
