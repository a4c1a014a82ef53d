"""What the Inside view calls: what the network does with the ink that is on the pad.

`look` traces the newest ink; the other methods answer about that same trace until the next look, so that
what is asked about is what is shown. Maps leave as flat float32 arrays, channel by channel, row by row.
"""

from collections.abc import Callable, Iterator, Sequence
from time import perf_counter
from typing import TypeVar

import numpy as np

from inkling import Lines, explain
from inkling.explain import kernels
from inkling.ink import Ink, picture, tracing, validate
from inkling.ink.raster import BOX, SIDE
from inkling.ink.shading import shade
from inkling.nn import Conv2D, Dense, Dropout, Layer, softmax
from tab.record import Record
from tab.session import Session

# What a picture of ink may hold: cover 0 to 1, directions -1 to 1.
LOW, HIGH = np.array([0, -1, -1], np.float32)[:, None, None], 1.0
OCCLUSION: dict[str, int] = {"patch": 5, "stride": 2}


# What a hand might do to the same strokes: tilt them by 4 degrees and slant them by a tenth.
TILT, SLANT = np.radians(4), 0.1


Kind = TypeVar("Kind", bound=Layer)


class Inside:
    """Shows what the session's reader does with the newest ink.

    The reader is taken up with each look: while it is asked about that look, it stays, whatever is taught meanwhile.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._reader = session.reader
        self._ink: Callable[[], Ink] = lambda: validate(())  # that of a picture has to be traced
        self._trace: list[explain.Step] | None = None  # None while there is no ink
        # Of fool: the search under way, the input, and the change of it that is found so far.
        self._search: Iterator[explain.Adversarial] = iter(())
        self._fooling = self._change = np.zeros(0, np.float32)
        self._dream: Iterator[np.ndarray] = iter(())  # the one under way

    def describe(self) -> Record:
        """The network of the session's reader now.

        ``{"labels", "outputs", "kernels", "steps": [{"name", "kind", "shape", "parameters", ...}, ...]}``
        """
        reader = self._session.reader
        network = reader.network
        shapes = [*explain.shapes(network)[:-1], (len(reader.labels),)]
        layers = [None, *explain.layers(network), None]
        steps = []
        for name, layer, shape in zip(explain.names(network), layers, shapes):
            count = sum(int(array.size) for array in layer.parameters.values()) if layer else 0
            config = layer.config() if layer else {}
            steps.append(
                {"name": name, "kind": name.rstrip("0123456789"), "shape": list(shape), "parameters": count, **config}
            )
        return {
            "labels": reader.labels,
            "outputs": reader.outputs,
            "steps": steps,
            "kernels": list(kernels.KERNELS),
        }

    def look(self, points: np.ndarray, lengths: np.ndarray, wanted: Sequence[int], lines: Sequence[float] = ()) -> Record:
        """Trace ink (see `reading.read`) and show some of the steps.

        wanted : indices of the steps whose maps are to be seen
        lines : that the ink was drawn on, as in `reading.read`

        Returns ``{"empty": True}`` when there is no ink, else ``{"maps": float32 of all that is wanted, one step
        after the other, "frame": [x, y, pixels per unit], "best": [[label, probability], ...] of the network,
        "answer": {"label", "probability", "confident"} of the reader, which goes by the lines too, and by size where that
        was taught, "outputs": the labels of the network's outputs, "milliseconds"}``; pad point (x, y) is the picture's
        middle.
        """
        started = perf_counter()
        ink = Ink(points, lengths)
        x = self._session.reader.prepare(ink)
        return self._look(x, ink, lambda: ink, None if x is None else _frame(ink.points), wanted, lines, started)

    def look_at_picture(self, pixels: np.ndarray, height: int, width: int, wanted: Sequence[int]) -> Record:
        """`look` for a picture, uint8 RGBA row by row; the frame is in its pixels."""
        started = perf_counter()
        pixels = pixels.reshape(height, width, 4)
        framed = picture.frame(pixels)
        x = shade(framed.levels[None])[0] if framed else None
        frame = [*framed.middle, framed.scale * SIDE / picture.FRAME] if framed else None
        return self._look(x, validate(()), lambda: validate(tracing.trace(pixels)), frame, wanted, (), started)

    def _look(
        self,
        x: np.ndarray | None,
        drawn: Ink,
        ink: Callable[[], Ink],
        frame: list[float] | None,
        wanted: Sequence[int],
        lines: Sequence[float],
        started: float,
    ) -> Record:
        if x is None:
            self._trace = None
            return {"empty": True}
        self._reader = reader = self._session.reader
        self._ink = ink
        self._trace = explain.trace(reader.network, x, reader.temperature, len(reader.labels))
        logits = self._trace[-2].output / np.float32(reader.temperature)
        answer = reader.decide(logits, drawn, lines=Lines(*lines) if lines else None)
        return {
            "maps": _flat(*(self._trace[index].output for index in wanted)),
            "frame": frame,
            "best": self._best(self._trace[-1].output),
            "answer": {**answer.candidates[0]._asdict(), "confident": answer.confident},
            "outputs": reader.outputs,
            "milliseconds": 1000 * (perf_counter() - started),
        }

    def arithmetic(self, step: float, channel: float, row: float, column: float) -> Record:
        """`explain.arithmetic` of one cell, arrays flat, and "fields": its receptive field in every step before."""
        cell = (int(channel), int(row), int(column))
        steps = self._steps()
        reader = self._reader
        parts = explain.arithmetic(
            reader.network, steps[0].output, int(step), *cell, reader.temperature, len(reader.labels), steps
        )
        fields = explain.receptive_field(reader.network, int(step), cell)
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
        chain = self._reader.network.layers
        for after in chain[chain.index(layer) + 1 :]:
            y = after.forward(y)
        probabilities = softmax(y[:, : len(self._reader.labels)] / np.float32(self._reader.temperature))
        return {"masks": kept.astype(np.uint8).ravel(), "best": [self._best(row, 1)[0] for row in probabilities]}

    def saliency(self, label: str) -> Record:
        """``{"ink": the gradient of a label's logit by the ink, "strength": its greatest over the three channels}``."""
        gradient = explain.saliency(self._reader.network, self._steps()[0].output, self._index(label))
        return {"ink": _flat(gradient[0]), "strength": _flat(np.abs(gradient).max(axis=0))}

    def occlude(self, label: str, row: float) -> Record:
        """One row of `explain.occlusion`, so that the pen need not wait for all.

        ``{"falls", "rows"}``: the row, and how many there are
        """
        x = self._steps()[0].output
        falls = explain.occlusion(self._reader.network, x, self._index(label), rows=(int(row), int(row) + 1), **OCCLUSION)
        return {"falls": _flat(falls[int(row)]), "rows": len(falls), **OCCLUSION}

    def fool(self, label: str, first: bool) -> Record:
        """One try of the search for the smallest change that is read as `label`; `first` starts it anew.

        Returns ``{"done": bool, "reached": bool, "size": greatest change of a pixel, "change": (3 * 32 * 32)}``.
        """
        if first:
            self._search = explain.adversarial_search(
                self._reader.network, self._steps()[0].output, self._index(label), low=LOW, high=HIGH
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

        Returns ``{"best", "picture": (3 * 32 * 32), "noise": best, "confident": [bool, bool]}``: "noise" is the
        answer to a change of the same size, pixel by pixel, but with signs drawn by lot; confident, of both, is
        whether a reader would be sure.
        """
        x = self._fooling
        change = np.float32(amount) * self._change
        signs = np.random.default_rng(int(seed)).choice(np.array([-1, 1], np.float32), x.shape)
        both = np.clip(np.stack([x + change, x + signs * np.abs(change)]), LOW, HIGH)
        logits = self._reader.logits(both)
        changed, noise = softmax(logits[:, : len(self._reader.labels)])
        confident = [self._reader.decide(each).confident for each in logits]
        return {"best": self._best(changed), "noise": self._best(noise), "picture": _flat(both[0]), "confident": confident}

    def redrawn(self) -> Record:
        """The strokes tilted and slanted, as a hand might draw them next: ``{"picture", "best", "change"}``.

        "change" is the greatest change of a pixel by that.
        """
        turn = np.array([[np.cos(TILT), np.sin(TILT)], [-np.sin(TILT), np.cos(TILT)]]) @ np.array([[1, 0], [-SLANT, 1]])
        ink = self._ink()
        x = self._reader.prepare(Ink(ink.points.astype(np.float64) @ turn, ink.lengths))
        if x is None:  # a picture whose ink leaves no line
            x = self._steps()[0].output
        change = float(np.abs(x - self._steps()[0].output).max())
        return {"picture": _flat(x), "best": self._best(self._reader.probabilities(x[None])[0]), "change": change}

    def dream(self, label: str, first: bool, seed: float) -> Record:
        """One step of `explain.dream`: ``{"done", "picture": ink and direction (3 * 32 * 32), "best"}``."""
        if first:
            self._dream = explain.dream(
                self._reader.network, self._index(label), seed=int(seed), classes=len(self._reader.labels)
            )
        dreamt = next(self._dream, None)
        if dreamt is None:
            return {"done": True}
        return {"done": False, "picture": _flat(dreamt), "best": self._best(self._reader.probabilities(dreamt[None])[0])}

    def try_out(self, name: str, size: float, stride: float, padding: str | int, pooling: str, window: float) -> Record:
        """One convolution of the ink with a classic kernel: `kernels.try_out`, arrays flat with their sizes.

        What does not fit comes back as ``{"problem": words}``.
        """
        try:
            weights = kernels.kernel(name, int(size))
            pool = None if pooling == "none" else pooling
            tried = kernels.try_out(self._steps()[0].output[0], weights, int(stride), padding, pool, int(window))
        except ValueError as problem:
            return {"problem": str(problem)}
        maps = {"padded": tried["padded"], "convolved": tried["convolved"], "pooled": tried["pooled"]}
        shapes = {each: list(found.shape) for each, found in maps.items() if found is not None}
        return {"kernel": _flat(weights), "shapes": shapes, **{name: _plain(value) for name, value in tried.items()}}

    def chain_rule(self, label: str, step: float, filter_: float, channel: float, row: float, column: float) -> Record:
        """`explain.weight_gradient` for the ink, if it were meant as `label`; maps flat."""
        weight = (int(filter_), int(channel), int(row), int(column))
        parts = explain.weight_gradient(self._reader.network, self._steps()[0].output, self._index(label), int(step), weight)
        return {name: _plain(value) for name, value in parts.items()}

    def shifted(self) -> list[list[str | float]]:
        """How alike (cosine, 1 is the same) every step's output is for the ink and the ink moved right by one pixel."""
        steps = self._steps()
        moved = explain.trace(
            self._reader.network, np.roll(steps[0].output, 1, axis=2), self._reader.temperature, len(self._reader.labels)
        )
        return [[here.name, _cosine(here.output.ravel(), there.output.ravel())] for here, there in zip(steps, moved)]

    def swapped(self, seed: float) -> Record:
        """The ink with its columns of pixels in another order: ``{"picture", "best"}``."""
        x = self._steps()[0].output
        order = np.random.default_rng(int(seed)).permutation(x.shape[2])
        mixed = np.ascontiguousarray(x[:, :, order])
        return {"picture": _flat(mixed), "best": self._best(self._reader.probabilities(mixed[None])[0])}

    def _steps(self) -> list[explain.Step]:
        if self._trace is None:
            raise ValueError("There is nothing on the pad to look into.")
        return self._trace

    def _layer(self, step: float, kind: type[Kind]) -> Kind:
        layer = explain.layers(self._reader.network)[int(step) - 1]
        if not isinstance(layer, kind):
            raise ValueError(f"step {int(step)} is {layer!r}, not {kind.__name__}")
        return layer

    def _index(self, label: str) -> int:
        if label not in self._reader.labels:
            raise ValueError(f"labels are {self._reader.labels}, not {label!r}")
        return self._reader.labels.index(label)

    def _best(self, probabilities: np.ndarray, top: int = 5) -> list[list[str | float]]:
        order = np.argsort(-probabilities, kind="stable")[:top]
        return [[self._reader.labels[index], float(probabilities[index])] for index in order]


def _frame(pairs: np.ndarray) -> list[float]:
    """Where the network's picture lies on the pad: its middle, and its pixels per pad unit.

    See `ink.resample` and `ink.raster`.
    """
    low, high = pairs.min(axis=0), pairs.max(axis=0)
    side = float((high - low).max())
    return [*((low + high) / 2).tolist(), BOX / side if side > 0 else BOX]


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
