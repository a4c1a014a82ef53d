"""What Inside shows of a network and one input: every step, why it answers so, what would change that.

The same for ink and for photographs: `tab.inside` and `tab.photos` say what the input is. Maps leave as flat float32
arrays, channel by channel, row by row.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple, TypeVar

import numpy as np

from inkling import explain
from inkling.explain import kernels
from inkling.explain.search import Search
from inkling.nn import Conv2D, Dense, Dropout, Layer, Network, softmax
from tab.record import Record

if TYPE_CHECKING:
    from inkling.explain.prior import Prior

OCCLUSION: dict[str, int] = {"patch": 5, "stride": 2}

Kind = TypeVar("Kind", bound=Layer)


class Subject(NamedTuple):
    """What is explained: a network, and what its answers are called.

    Attributes
    ----------
    network : Network
        (N, C, H, W) -> (N, outputs) logits.
    temperature : float
        What logits are divided by before the softmax.
    labels : sequence of str
        Those that can be answered, of the first outputs.
    outputs : sequence of str
        Those of all outputs.
    is_sure : function of (outputs,) logits divided by the temperature
        Whether the reader is.
    """

    network: Network
    temperature: float
    labels: Sequence[str]
    outputs: Sequence[str]
    is_sure: Callable[[np.ndarray], bool]


class Explained(ABC):
    """Answers about the input that was looked at last, so that what is asked about is what is shown.

    Attributes
    ----------
    search : dict
        How `fool` searches: the keywords of `explain.adversarial_search`, among them what an input may hold.
    top : int
        Labels that are told of an answer.
    """

    search: ClassVar[Search]
    top: ClassVar[int] = 5

    def __init__(self) -> None:
        self._subject = self._newest()
        self._trace: list[explain.Step] | None = None  # None while there is nothing to look into
        # Of fool: the search under way, the input, and the change of it that is found so far.
        self._search: Iterator[explain.Adversarial] = iter(())
        self._fooling = self._change = np.zeros(0, np.float32)
        self._dream: Iterator[np.ndarray] = iter(())  # the one under way

    @abstractmethod
    def _newest(self) -> Subject:
        """What there is to explain now."""

    @abstractmethod
    def _again(self) -> np.ndarray:
        """The input as it might as well have come in."""

    @abstractmethod
    def _slopes(self, gradient: np.ndarray) -> np.ndarray:
        """(H, W): the gradient by what a person would call a pixel's strength, of that by the input (C, H, W)."""

    @abstractmethod
    def _prior(self) -> "Prior":
        """What dreams are kept to."""

    def describe(self) -> Record:
        """The network as it is now.

        ``{"labels", "outputs", "kernels", "steps": [{"name", "kind", "layer", "shape", "parameters", ...}, ...]}``
        """
        network, _, labels, outputs, _ = self._newest()
        shapes = [*explain.shapes(network)[:-1], (len(labels),)]
        layers = [None, *explain.layers(network), None]
        steps = []
        for name, layer, shape in zip(explain.names(network), layers, shapes):
            count = sum(int(array.size) for array in layer.parameters.values()) if layer else 0
            config = layer.config() if layer else {}
            kind = {"kind": name.rstrip("0123456789"), "layer": type(layer).__name__ if layer else ""}
            steps.append({"name": name, **kind, "shape": list(shape), "parameters": count, **config})
        return {"labels": list(labels), "outputs": list(outputs), "steps": steps, "kernels": list(kernels.KERNELS)}

    def _look(self, x: np.ndarray, wanted: Sequence[int]) -> Record:
        """Trace an input; its ``{"maps", "best", "outputs"}``, which the views' `look` returns with more."""
        self._subject = subject = self._newest()
        self._trace = explain.trace(subject.network, x, subject.temperature, len(subject.labels))
        return {
            "maps": _flat(*(self._trace[index].output for index in wanted)),
            "best": self._best(self._trace[-1].output),
            "outputs": "".join(subject.outputs),
        }

    @property
    def _logits(self) -> np.ndarray:
        """Of the input, divided by the temperature."""
        return self._steps()[-2].output / np.float32(self._subject.temperature)

    def arithmetic(self, step: float, channel: float, row: float, column: float) -> Record:
        """`explain.arithmetic` of one cell, arrays flat, and "fields": its receptive field in every step before."""
        cell = (int(channel), int(row), int(column))
        steps = self._steps()
        network, temperature, labels, *_ = self._subject
        parts = explain.arithmetic(network, steps[0].output, int(step), *cell, temperature, len(labels), steps)
        fields = explain.receptive_field(network, int(step), cell)
        return {**{name: _plain(value) for name, value in parts.items()}, "fields": [_plain(box) for box in fields]}

    def filters(self, step: float) -> np.ndarray:
        """All weights of a convolution, flat, in the order filter, channel, row, column."""
        return _flat(self._layer(step, Conv2D).parameters["weight"])

    def weights_to(self, step: float, unit: float) -> np.ndarray:
        """The weights of one unit of a dense layer."""
        return _flat(self._layer(step, Dense).parameters["weight"][int(unit)])

    def drop(self, step: float, count: float, seed: float) -> Record:
        """What reading would be with dropout on: `count` masks of the layer at `step`.

        Returns ``{"masks": uint8 (count * units,), 1 where the value stays, "best": [[label, probability], ...]}``,
        the answer under each mask.
        """
        value, layer = self._steps()[int(step) - 1].output, self._layer(step, Dropout)
        rng = np.random.default_rng(int(seed))
        kept = rng.random((int(count), *value.shape)) >= layer.rate
        y = (value * kept / (1 - layer.rate)).astype(np.float32)
        chain = self._network.layers
        for after in chain[chain.index(layer) + 1 :]:
            y = after.forward(y)
        probabilities = softmax(y[:, : len(self._subject.labels)] / np.float32(self._subject.temperature))
        return {"masks": kept.astype(np.uint8).ravel(), "best": [self._best(row, 1)[0] for row in probabilities]}

    def saliency(self, label: str) -> Record:
        """``{"slopes": the gradient of a label's logit by each pixel, "product": by the input, times it, all channels}``."""
        x = self._steps()[0].output
        gradient = explain.saliency(self._network, x, self._index(label))
        return {"slopes": _flat(self._slopes(gradient)), "product": _flat((gradient * x).sum(axis=0))}

    def occlude(self, label: str, row: float) -> Record:
        """One row of `explain.occlusion`, so that the pen need not wait for all.

        ``{"falls", "rows"}``: the row, and how many there are
        """
        x = self._steps()[0].output
        falls = explain.occlusion(self._network, x, self._index(label), rows=(int(row), int(row) + 1), **OCCLUSION)
        return {"falls": _flat(falls[int(row)]), "rows": len(falls), **OCCLUSION}

    def fool(self, label: str, first: bool) -> Record:
        """One try of the search for the smallest change that is read as `label`; `first` starts it anew.

        Returns ``{"done": bool, "reached": bool, "size": greatest change of a pixel, "change": (C * H * W)}``.
        """
        if first:
            self._search = explain.adversarial_search(
                self._network, self._steps()[0].output, self._index(label), **self.search
            )  # fmt: skip
            self._fooling = self._steps()[0].output
            self._change = np.zeros_like(self._fooling)
        found = next(self._search, None)
        if found is None:
            return {"done": True}
        self._change = found.change
        return {"done": False, "reached": found.reached, "size": found.size, "change": _flat(found.change)}

    def fooled(self, amount: float, seed: float) -> Record:
        """The answers with `amount` times the change found.

        Returns ``{"best", "picture": (C * H * W), "noise": best, "confident": [bool, bool]}``: "noise" is the
        answer to a change of the same size, pixel by pixel, but with signs drawn by lot; confident, of both, is
        whether a reader would be sure.
        """
        x = self._fooling
        change = np.float32(amount) * self._change
        signs = np.random.default_rng(int(seed)).choice(np.array([-1, 1], np.float32), x.shape)
        both = np.clip(np.stack([x + change, x + signs * np.abs(change)]), self.search["low"], self.search["high"])
        logits = self._network.forward(both) / np.float32(self._subject.temperature)
        changed, noise = softmax(logits[:, : len(self._subject.labels)])
        confident = [self._subject.is_sure(each) for each in logits]
        return {"best": self._best(changed), "noise": self._best(noise), "picture": _flat(both[0]), "confident": confident}

    def redrawn(self) -> Record:
        """The input as it might as well have come in: ``{"picture", "best", "change": the greatest of a pixel by that}``."""
        x = self._again()
        change = float(np.abs(x - self._steps()[0].output).max())
        return {"picture": _flat(x), "best": self._best_of(x), "change": change}

    def dream(self, label: str, first: bool, seed: float) -> Record:
        """One step of `explain.dream`: ``{"done", "picture": (C * H * W), "best"}``."""
        if first:
            self._dream = explain.dream(
                self._network, self._index(label), seed=int(seed), classes=len(self._subject.labels), prior=self._prior()
            )
        dreamt = next(self._dream, None)
        if dreamt is None:
            return {"done": True}
        return {"done": False, "picture": _flat(dreamt), "best": self._best_of(dreamt)}

    def try_out(
        self, channels: Sequence[int], name: str, size: float, stride: float, padding: str | int, pooling: str, window: float
    ) -> Record:
        """One convolution of some of the input's channels with a classic kernel: `kernels.try_out`, flat, with sizes.

        What does not fit comes back as ``{"problem": words}``.
        """
        try:
            weights = kernels.kernel(name, int(size))
            pool = None if pooling == "none" else pooling
            image = self._steps()[0].output[[int(channel) for channel in channels]]
            tried = kernels.try_out(image, weights, int(stride), padding, pool, int(window))
        except ValueError as problem:
            return {"problem": str(problem)}
        maps = {"padded": tried["padded"], "convolved": tried["convolved"], "pooled": tried["pooled"]}
        shapes = {each: list(found.shape) for each, found in maps.items() if found is not None}
        return {"kernel": _flat(weights), "shapes": shapes, **{name: _plain(value) for name, value in tried.items()}}

    def chain_rule(self, label: str, step: float, filter_: float, channel: float, row: float, column: float) -> Record:
        """`explain.weight_gradient` for the input, if it were meant as `label`; maps flat."""
        weight = (int(filter_), int(channel), int(row), int(column))
        parts = explain.weight_gradient(self._network, self._steps()[0].output, self._index(label), int(step), weight)
        return {name: _plain(value) for name, value in parts.items()}

    def shifted(self) -> list[list[str | float]]:
        """How alike (cosine, 1 is the same) every step's output is for the input and the input moved right by one pixel."""
        steps = self._steps()
        network, temperature, labels, *_ = self._subject
        moved = explain.trace(network, np.roll(steps[0].output, 1, axis=2), temperature, len(labels))
        return [[here.name, _cosine(here.output.ravel(), there.output.ravel())] for here, there in zip(steps, moved)]

    def swapped(self, seed: float) -> Record:
        """The input with its columns of pixels in another order: ``{"picture", "best"}``."""
        x = self._steps()[0].output
        order = np.random.default_rng(int(seed)).permutation(x.shape[2])
        mixed = np.ascontiguousarray(x[:, :, order])
        return {"picture": _flat(mixed), "best": self._best_of(mixed)}

    def _steps(self) -> list[explain.Step]:
        if self._trace is None:
            raise ValueError("There is nothing to look into.")
        return self._trace

    @property
    def _network(self) -> Network:
        return self._subject.network

    def _layer(self, step: float, kind: type[Kind]) -> Kind:
        layer = explain.layers(self._network)[int(step) - 1]
        if not isinstance(layer, kind):
            raise ValueError(f"step {int(step)} is {layer!r}, not {kind.__name__}")
        return layer

    def _index(self, label: str) -> int:
        labels = self._subject.labels
        if label not in labels:
            raise ValueError(f"labels are {', '.join(labels)}, not {label!r}")
        return labels.index(label)

    def _best_of(self, x: np.ndarray) -> list[list[str | float]]:
        """`_best` of what the network makes of another input, (C, H, W)."""
        logits = self._network.forward(x[None])[:, : len(self._subject.labels)]
        return self._best(softmax(logits / np.float32(self._subject.temperature))[0])

    def _best(self, probabilities: np.ndarray, top: int | None = None) -> list[list[str | float]]:
        order = np.argsort(-probabilities, kind="stable")[: top or self.top]
        return [[self._subject.labels[index], float(probabilities[index])] for index in order]


def _cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float(a @ b / max(np.sqrt((a @ a) * (b @ b)), 1e-12))


def _flat(*arrays: np.ndarray) -> np.ndarray:
    """Arrays one after another in one float32 array, each in reading order."""
    return np.concatenate([np.ravel(array) for array in arrays]).astype(np.float32) if arrays else np.zeros(0, np.float32)


def _plain(value: object) -> object:
    """What crosses to the page: arrays flat, tuples as lists, the rest as it is."""
    if isinstance(value, np.ndarray):
        return value.ravel().astype(np.uint8 if value.dtype == bool else np.float64)
    return list(value) if isinstance(value, tuple) else value
