"""Time and memory of reading a batch and of a step of training, as batch and picture grow. Runs in Pyodide too."""

import sys
import tracemalloc

import numpy as np

from inkling.characters.model import HIDDEN, build
from inkling.ink.raster import CHANNELS
from inkling.labels import LABELS
from inkling.nn import AdamW, Dense, Network, cross_entropy
from measuring.clock import clock

BATCHES = (1, 4, 16, 64, 256, 1024)  # of pictures of the shipped side
SIDES = (16, 24, 32, 40, 48, 64)  # in batches of BATCH; the network halves a picture four times
BATCH, SIDE = 16, 32
ENOUGH = 0.3  # seconds after which a measurement is not repeated


def network(side):
    """The shipped network, but for pictures of another size."""
    layers = build(len(LABELS) + 1, dropout=0).layers
    first = next(i for i, layer in enumerate(layers) if isinstance(layer, Dense))
    layers[first] = Dense(128 * (side // 16) ** 2, HIDDEN)
    return Network(layers, (CHANNELS, side, side))


def reading(batch, side):
    """A function that reads a batch."""
    folded, x = network(side).folded(), pictures(batch, side)
    return lambda: folded.forward(x)


def training(batch, side):
    """A function that does one step: forward, loss, backward, AdamW."""
    learner, x = network(side), pictures(batch, side)
    optimizer, targets = AdamW(learner.parameters()), np.arange(batch) % len(LABELS)

    def step():
        _, by_logits = cross_entropy(learner.forward(x, training=True), targets)
        learner.backward_parameters(by_logits)
        optimizer.step(learner.gradients())

    return step


def pictures(batch, side):
    return np.random.default_rng(0).random((batch, CHANNELS, side, side), dtype=np.float32)


def measure(task, batch, side):
    """{"seconds": of processor time, "bytes": at the peak, "work": multiply-adds}; without the first two where it does not fit."""
    result = {"batch": batch, "side": side, "work": batch * network(side).multiply_adds}
    try:
        tracemalloc.start()
        step = task(batch, side)
        step()
        result["bytes"] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        times = []
        while sum(times) < ENOUGH:
            started = clock()
            step()
            times.append(clock() - started)
        result["seconds"] = min(times)
    except MemoryError:
        tracemalloc.stop()
    return result


def grow():
    """{"reading by batch": [measurements], "training by batch", "reading by side", "training by side"}."""
    results = {}
    for task in (reading, training):
        results[f"{task.__name__} by batch"] = [tell(measure(task, batch, SIDE)) for batch in BATCHES]
        results[f"{task.__name__} by side"] = [tell(measure(task, BATCH, side)) for side in SIDES]
    return results


def tell(measurement):
    print(measurement, file=sys.stderr, flush=True)
    return measurement
