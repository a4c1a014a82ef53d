"""What the lab in the Learn view calls: one training at a time, stepped by the page."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from time import perf_counter
from typing import Any

import numpy as np

from inkling import Recognizer, nn
from inkling.data import Sample, jsonlines
from inkling.ink import Ink
from inkling.labels import NOTHING
from inkling.training.augment import Strength
from inkling.training.dataset import Collection, collect, join
from inkling.training.lab import Diverged, Lab, Measurement, build
from inkling.training.loop import Progress
from inkling.training.trainer import Settings
from tab.record import Record
from tab.session import Session

# Keyword arguments, as the page sends them; what they may be, the function that takes them checks.
Keywords = dict[str, Any]
# A drawing of the user's: label, points, lengths.
Own = tuple[str, np.ndarray, np.ndarray]


class Learning:
    """Trains a network of the visitor's own shape; the session has the reader made of it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._parts: dict[str, Collection] = {}  # "train" and "test"
        self._lab: Lab | None = None
        self._run: Iterator[Progress | Measurement | None] = iter(())  # the training under way

    def load(self, train: np.ndarray, test: np.ndarray) -> Record:
        """Take the lab's ink: two files of JSON lines, gzip'd, as uint8 arrays.

        Returns the test characters to be shown: ``{"labels": str, "points": float32, "lengths": uint32,
        "strokes": uint32}``; `strokes` says how many strokes each character has, `lengths` how many points each stroke.
        """
        for name, content in (("train", train), ("test", test)):
            samples = list(jsonlines.read(BytesIO(content.tobytes()), name=f"{name}.jsonl.gz"))
            self._parts[name] = collect(samples)
        strokes = [stroke for sample in samples for stroke in sample.ink]
        return {
            "labels": "".join(sample.label for sample in samples),
            "points": np.concatenate(strokes).ravel(),
            "lengths": np.array([len(stroke) for stroke in strokes], np.uint32),
            "strokes": np.array([len(sample.ink) for sample in samples], np.uint32),
            "counts": [len(self._parts["train"]), len(self._parts["test"])],
        }

    def describe(self, shape: Keywords, classes: int) -> Record:
        """The network that these hyperparameters make, without training it.

        Returns ``{"layers": [[name, shape, parameters], ...], "parameters": int, "multiply_adds": int}``, or
        ``{"problem": str}`` where it cannot be built.
        """
        try:
            return _described(build(classes, **shape))
        except ValueError as error:
            return {"problem": str(error)}

    def restart(self, labels: str, shape: Keywords, settings: Keywords, own: Sequence[Own], seed: int = 0) -> Record:
        """Begin a training from random weights.

        shape : arguments of `inkling.training.lab.build`; settings : some of `inkling.training.trainer.Settings`, with
        "augmentation" as true or false; own : the user's drawings to train on too, [[label, points, lengths], ...]

        Returns what `describe` returns of the network, its "labels", how many drawings there are to "train" on and to
        "test", and as "places" where the tested ones stand among those that `load` returned.
        """
        return self._begin(build(len(labels), **shape, seed=seed), labels, settings, own)

    def _begin(self, network: nn.Network, labels: str, keywords: Keywords, own: Sequence[Own]) -> Record:
        augmentation = Strength() if keywords.pop("augmentation") else None
        settings = Settings(
            epochs=1e9, decay=0.0, smoothing=0.0, average=0.97, balance=1.0, augmentation=augmentation, **keywords
        )
        train = self._parts["train"]
        drawings = [Sample(label, tuple(Ink(points, lengths))) for label, points, lengths in own if label in labels]
        if drawings:
            train = join([train, collect(drawings)])
        self._lab = Lab(network, labels, train, self._parts["test"], settings)
        self._run, self._session.trained = self._lab.run(), Recognizer(self._lab.network, labels, changing=True)
        # Where each tested character stands among those that `load` returned.
        places = np.flatnonzero(np.isin(self._parts["test"].labels, list(labels)))
        return {**_described(network), "train": len(self._lab.train), "test": len(self._lab.test),
                "places": places.astype(np.uint32), "labels": labels}  # fmt: skip

    def step(self, milliseconds: float, one: bool = False) -> Record:
        """Train until the time is up; with `one` exactly one step, and a test after it.

        Returns ``{"steps": [[step, loss, accuracy], ...], "tests": [{"step", "loss", "accuracy", "answers",
        "probabilities"}, ...], "epoch": float, "stopped": str}``; `stopped` says why it cannot go on, if so.
        """
        until = perf_counter() + milliseconds / 1000
        if self._lab is None:
            raise ValueError("no training was begun")
        steps: list[list[float]] = []
        tests: list[Record] = []
        stopped = ""
        try:
            for event in self._run:
                if isinstance(event, Measurement):
                    tests.append(event._asdict())
                elif event:
                    steps.append([event.step, event.loss, float(event.accuracy)])
                if steps if one else perf_counter() > until:
                    break
            if one:
                tests += self.measure()
        except Diverged as problem:
            stopped, self._run = str(problem), iter(())
        trainer = self._lab.trainer
        return {"steps": steps, "tests": tests, "epoch": trainer.step / trainer.steps_per_epoch, "stopped": stopped}

    def measure(self) -> list[Record]:
        """Test the network as it is, without a step: ``[{"step", "loss", ...}]``, as `step` returns its tests."""
        if self._lab is None:
            raise ValueError("no training was begun")
        return [event._asdict() for event in self._lab.measure() if event]

    def filters(self) -> list[Record]:
        """The kernels of each convolution, ``[{"shape": [filters, channels, rows, columns], "values": float32}, ...]``."""
        layers = self._trained().network.layers
        weights = [layer.parameters["weight"] for layer in layers if isinstance(layer, nn.Conv2D)]
        return [{"shape": list(w.shape), "values": np.ascontiguousarray(w).ravel()} for w in weights]

    def read(self, points: np.ndarray, lengths: np.ndarray) -> list[list[str | float]]:
        """What the trained network takes ink for: ``[[label, probability], ...]``, best first; [] without ink or network."""
        if self._session.trained is None:
            return []
        return [[label, probability] for label, probability in self._session.trained.read(Ink(points, lengths), top=3)]

    def save(self) -> np.ndarray:
        """The network as the bytes of an .npz that `Recognizer.load` takes."""
        content = BytesIO()
        nn.save(content, self._trained().network, self._trained().outputs)
        return np.frombuffer(content.getbuffer(), np.uint8)

    def open_weights(self, name: str, content: np.ndarray, settings: Keywords, own: Sequence[Own]) -> Record:
        """Go on with the network of an .npz. Errors are the package's own and name `name` and the field.

        Returns what `restart` returns.
        """
        reader = Recognizer.load(BytesIO(content.tobytes()), name)
        known = set(self._parts["train"].labels.tolist()) & set(self._parts["test"].labels.tolist())
        unknown = sorted(set(reader.outputs) - known - {NOTHING})
        if unknown:
            raise ValueError(
                f"{name}: the lab has no ink of {' '.join(unknown)}, so it could neither train nor test this network"
            )
        return self._begin(reader.network, reader.outputs, settings, own)

    def _trained(self) -> Recognizer:
        if self._session.trained is None:
            raise ValueError("no network was trained or opened")
        return self._session.trained


def _described(network: nn.Network) -> Record:
    rows = [[repr(layer), list(size), sum(array.size for array in layer.parameters.values())]
            for layer, size in zip(network.layers, network.shapes[1:], strict=True)]  # fmt: skip
    return {"layers": rows, "parameters": network.parameter_count, "multiply_adds": network.multiply_adds}
