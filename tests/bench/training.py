"""Samples a second of training the shipped network on the desktop, here and in PyTorch on the processor.

    .venv/bin/python -m pip install -r tests/bench/requirements.txt     # PyTorch, once
    python3 build.py bench training

Both do a whole step: forward, loss, backward, AdamW, one batch of ready pictures. Once on one thread, in processor
time, which work of others hardly disturbs; once on all processors, by the clock, which on a machine that others use
favours whoever waits less for its own threads. Fails where their first steps do not agree.
"""

import os
import sys
import time
from pathlib import Path

import numpy as np
from measuring.table import median, setting, table, verdict
from threadpoolctl import threadpool_limits

from inkling.characters.model import build
from inkling.data.formats import read_samples
from inkling.labels import LABELS
from inkling.training.dataset import collect
from inkling.training.trainer import Settings, Trainer

COMMAND = "python3 build.py bench training"
INK = Path(__file__).resolve().parents[1] / "unit" / "ink.jsonl.gz"
BATCH, ROUNDS, CORES = 128, 30, os.cpu_count()


class Prepared(Trainer):
    """A trainer whose pictures are made beforehand: what is left is the step itself."""

    def prepare(self):
        self.ready = np.concatenate(list(self.collection.pictures()))
        return self

    def pictures(self, index, rng):
        return self.ready[index]


def inkling_step(dropout, workers):
    """(trainer, a function that does one step and returns its loss)."""
    settings = Settings(batch=BATCH, epochs=1000, workers=workers, scribbles=0, augmentation=None, balance=0)
    trainer = Prepared(build(len(LABELS), dropout=dropout), collect(read_samples(INK)), LABELS, settings).prepare()
    steps = trainer.run()
    return trainer, lambda: next(steps).loss


def torch_step(torch, trainer):
    """The same network with the same weights on the same batches."""
    model = torch.nn.Sequential(*(torch_layer(torch, layer) for layer in trainer.network.layers)).train()
    decays = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    settings = trainer.settings
    groups = [{"params": decays, "weight_decay": settings.decay}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=settings.rate)
    criterion = torch.nn.CrossEntropyLoss(label_smoothing=settings.smoothing)
    pictures, targets = torch.from_numpy(trainer.ready), torch.from_numpy(trainer.targets)
    course = Trainer(trainer.network, trainer.collection, trainer.labels, settings)  # draws the same batches

    def step():
        index = torch.from_numpy(course._draw())
        for group in optimizer.param_groups:
            group["lr"] = course.schedule(course.step, course.steps, settings.rate)
        loss = criterion(model(pictures[index]), targets[index])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        course.step += 1
        return loss.item()

    return step


def torch_layer(torch, layer):
    kind, nn = type(layer).__name__, torch.nn
    if kind == "Conv2D":
        made = nn.Conv2d(layer.in_channels, layer.filters, layer.kernel_size, padding="same", bias=layer.has_bias)
    elif kind == "BatchNorm2D":
        return nn.BatchNorm2d(layer.channels, layer.epsilon, layer.momentum)
    elif kind == "Dense":
        made = nn.Linear(layer.inputs, layer.units)
    else:
        simple = {
            "ReLU": nn.ReLU,
            "Flatten": nn.Flatten,
            "MaxPool2D": lambda: nn.MaxPool2d(layer.window),
            "Dropout": lambda: nn.Dropout(layer.rate),
        }
        return simple[kind]()
    with torch.no_grad():
        for name, array in layer.parameters.items():
            getattr(made, name).copy_(torch.from_numpy(np.ascontiguousarray(array)))
    return made


def agree(torch):
    """Stops the bench where the two do not train the same network: five losses, without chance."""
    trainer, ours = inkling_step(dropout=0, workers=1)
    theirs = torch_step(torch, trainer)
    losses = [(ours(), theirs()) for _ in range(5)]
    if not np.allclose(*zip(*losses), rtol=0.01):
        sys.exit(f"inkling and PyTorch do not train alike; their losses: {losses}")


def race(clock, *steps):
    """Seconds of each step by `clock`, one beside the other."""
    times = [[] for _ in steps]
    for number in range(-3, ROUNDS):
        for step, kept in zip(steps, times):
            started = clock()
            step()
            if number >= 0:
                kept.append(clock() - started)
    return times


def measure(torch, threads, clock):
    """A row of the table."""
    with threadpool_limits(1, user_api="blas"):  # the trainer's own threads share the work, as in a real training
        trainer, step = inkling_step(dropout=0.3, workers=threads)
        if not torch:
            [ours] = race(clock, step)
            return [f"{BATCH / median(ours):.0f}", "", "", ""]
        torch.set_num_threads(threads)
        ours, theirs = race(clock, step, torch_step(torch, trainer))
    share = median(theirs) / median(ours)
    return [
        f"{BATCH / median(ours):.0f}",
        f"{BATCH / median(theirs):.0f}",
        f"{share:.2f}",
        verdict(share, 0.5, at_most=False),
    ]


def main():
    try:
        import torch
    except ImportError as problem:
        torch = None
        print(
            f"No comparison with PyTorch: {problem}. Install it with\n"
            "    .venv/bin/python -m pip install -r tests/bench/requirements.txt"
        )
    else:
        agree(torch)
    rows = [
        ["one thread, processor time", *measure(torch, 1, time.process_time)],
        [f"{CORES} threads, by the clock", *measure(torch, CORES, time.perf_counter)],
    ]
    print(f"\n### A step of training, batch {BATCH}\n")
    print(table(["samples a second", "inkling (numpy)", "PyTorch", "ratio", "aim 0.5"], rows))
    versions = [f"PyTorch {torch.__version__}"] if torch else []
    print(f"\nMedians of {ROUNDS} interleaved steps. {setting(COMMAND, *versions)}.")


if __name__ == "__main__":
    main()
