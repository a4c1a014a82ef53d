"""The recogniser: ink or a picture in, characters with probabilities out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np

from .. import ink
from ..files import shipped
from ..ink import Ink, Strokes, picture, raster
from ..ink.shading import shade
from ..labels import NOTHING, shape_of
from ..nn import Inference, Network, WeightsError, load, softmax
from .hand_size import HandSize, size_of
from .reading import SURE, Candidate, Reading, deciding
from .size import Lines, OnLines


class Recognizer:
    """Reads one character at a time.

    Parameters
    ----------
    network : Network
        (N, 3, 32, 32) -> (N, K) logits, or K + 1: the last is then for ink that is no character.
    labels : str
        One character for each output; `labels.NOTHING` stands for the one that is no character.
    temperature : float
        What logits are divided by, so that probabilities are as frequent as they say.
    reject_threshold : float
        From this probability of being no character, 0 to 1, a reading is not confident.
    heights : mapping
        How high characters are drawn on lines (see `size.OnLines`).
    changing : bool
        Whether the network goes on changing, as in a training; then reading is slower. If not, `read` goes by the
        weights that the network had when it first read.
    hand_size : HandSize of the labels, optional
        How large one person draws each of them, where that was learned.

    Raises
    ------
    ValueError
        For a network that does not take what `ink.raster` makes, or has another number of outputs than labels.

    Attributes
    ----------
    outputs : str
        `labels` as they were given.
    labels : str
        Those that can be answered, K of them.
    """

    def __init__(
        self,
        network: Network,
        labels: str,
        temperature: float = 1.0,
        reject_threshold: float = 0.5,
        heights: Mapping[str, tuple[float, float]] | None = None,
        changing: bool = False,
        hand_size: HandSize | None = None,
    ) -> None:
        expected = (raster.CHANNELS, raster.SIDE, raster.SIDE)
        if network.input_shape != expected:
            raise ValueError(f"the network takes {network.input_shape}, ink is rasterised to {expected}")
        if network.shapes[-1] != (len(labels),):
            outputs = " x ".join(map(str, network.shapes[-1]))
            raise ValueError(f"the network has {outputs} outputs, and there are {len(labels)} labels")
        self.network, self.temperature, self.reject_threshold, self.heights = (
            network,
            temperature,
            reject_threshold,
            heights or {},
        )
        self.outputs, self.labels = labels, labels.removesuffix(NOTHING)
        self.changing, self.hand_size = changing, hand_size
        shapes = [shape_of(label) for label in self.labels]
        self._shapes = np.array([shapes.index(shape) for shape in shapes])
        self._on_lines = OnLines(self.labels, self.heights)
        self._inference: Inference | None = None  # made when first used: not all recognisers read

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_inference": None}

    @classmethod
    def load(cls, source: str | Path | BinaryIO | None = None, name: str | None = None) -> Recognizer:
        """The shipped weights, or those of a file.

        Parameters
        ----------
        source : str, Path or binary file object, optional
        name : str, optional
            What errors call the file; by default its path.

        Raises
        ------
        WeightsError
            Names the file and the field that cannot be used.
        """
        source = shipped("inkling.npz") if source is None else source
        network, header = load(source, name)
        where = name or source
        numbers = {}
        for field, default, low, high in (("temperature", 1.0, 0.01, 100.0), ("reject_threshold", 0.5, 0.0, 1.0)):
            numbers[field] = header["meta"].get(field, default)
            if not isinstance(numbers[field], int | float) or not low <= numbers[field] <= high:
                raise WeightsError(f"{where}: field 'header.meta.{field}': {numbers[field]!r} is not from {low} to {high}")
        heights = header["meta"].get("heights", {})
        if not isinstance(heights, dict) or not all(_is_pair(pair) for pair in heights.values()):
            raise WeightsError(f"{where}: field 'header.meta.heights': not a mean and a deviation above 0 for each label")
        try:
            return cls(network.folded(), header["labels"], **numbers, heights=heights)
        except ValueError as error:
            raise WeightsError(f"{where}: field 'header.input_shape': {error}") from None

    def read(
        self, strokes: Strokes, allowed: str | None = None, top: int = 5, lines: Lines | None = None
    ) -> list[Candidate]:
        """What was drawn.

        Parameters
        ----------
        strokes : Ink, or list of (n, 2) arrays
            x to the right and y down, in any unit.
        allowed : str, optional
            Only these labels may be answered; the probability of the rest is shared out among them.
        top : int
            How many candidates at most.
        lines : Lines, optional
            Those that were before the hand, in the ink's unit. Where the ink keeps to them they tell c from C.

        Returns
        -------
        list of Candidate
            Best first; empty where there is no ink.

        Raises
        ------
        ValueError
            Says what was received: for ink that is none, for labels that the recogniser does not know.
        """
        return self.examine(strokes, allowed, top, lines).candidates

    def examine(self, strokes: Strokes, allowed: str | None = None, top: int = 5, lines: Lines | None = None) -> Reading:
        """`read` and `is_confident` at the price of one."""
        chosen = self._chosen(allowed, top)
        drawn = ink.validate(strokes)
        if not drawn:
            return Reading([], False)
        logits = self.logits_of(raster.rasterize(ink.resample(drawn)))
        return self._decide(logits, chosen, top, drawn, lines)

    def read_image(self, pixels: np.ndarray, allowed: str | None = None, top: int = 5) -> list[Candidate]:
        """What a picture of one character shows.

        Parameters
        ----------
        pixels : uint8 (H, W), (H, W, 3) or (H, W, 4)
            Grey, RGB or RGBA, dark on light or light on dark.

        The rest is as with `read`; ValueError, which says what was received, for anything else.
        """
        return self.examine_image(pixels, allowed, top).candidates

    def examine_image(self, pixels: np.ndarray, allowed: str | None = None, top: int = 5) -> Reading:
        """`read_image`, and whether the picture shows a character at all."""
        chosen = self._chosen(allowed, top)
        x = self.prepare_image(pixels)
        if x is None:
            return Reading([], False)
        return self._decide(self.logits_of(x), chosen, top)

    def decide(
        self,
        logits: np.ndarray,
        strokes: Strokes = (),
        allowed: str | None = None,
        top: int = 5,
        lines: Lines | None = None,
    ) -> Reading:
        """What `examine` makes of a network's answer.

        Parameters
        ----------
        logits : (outputs,) float32
            Divided by the temperature, as `logits` and `logits_of` are.
        strokes : list of (n, 2) arrays, optional
            The ink itself, for its size; without it only the logits count.
        lines : Lines, optional
            As in `read`.
        """
        return self._decide(logits, self._chosen(allowed, top), top, ink.validate(strokes), lines)

    def _decide(
        self,
        logits: np.ndarray,
        chosen: np.ndarray,
        top: int,
        drawn: Ink | None = None,
        lines: Lines | None = None,
    ) -> Reading:
        scores = logits[: len(self.labels)][chosen]
        by_shape = probabilities = softmax(scores)
        told, heeded = {"shape": by_shape}, 0.0
        if drawn and lines:
            densities = self._on_lines.densities(drawn, lines)
            probabilities, heeded = self._on_lines.share(by_shape, chosen, densities)
            told["lines"] = probabilities
        if drawn and self.hand_size:
            # Lines, where the hand heeds them, say how large it draws better than its other drawings do.
            by_size = self.hand_size.logits(size_of(drawn))[chosen] * np.float32((1 - heeded) / self.temperature)
            probabilities = told["hand size"] = softmax(scores + by_size)
            if lines:
                probabilities, _ = self._on_lines.share(probabilities, chosen, densities)
        order = np.argsort(-probabilities, kind="stable")
        alike = self._shapes[chosen] == self._shapes[chosen[order[0]]]
        is_likely = probabilities[alike].sum() >= SURE
        is_character = self._no_character(logits[None])[0] < self.reject_threshold
        candidates = [Candidate(self.labels[chosen[i]], float(probabilities[i])) for i in order[:top]]
        return Reading(candidates, bool(is_likely and is_character), deciding(told, int(order[0]), alike))

    def prepare(self, strokes: Strokes) -> np.ndarray | None:
        """Ink as the network sees it, (3, 32, 32) float32 (see `ink.raster`); None where there is none."""
        drawn = ink.validate(strokes)
        return raster.rasterize(ink.resample(drawn)) if drawn else None

    def prepare_image(self, pixels: np.ndarray) -> np.ndarray | None:
        """A picture as the network sees it, (3, 32, 32) float32 (see `ink.shading`); None where there is no ink."""
        framed = picture.frame(pixels)
        return shade(framed.levels[None])[0] if framed else None

    def is_confident(self, strokes: Strokes) -> bool:
        """Whether the ink looks like one character (see `Reading`); False for scribbles, and where there is no ink."""
        return self.examine(strokes).confident

    def probabilities(self, pictures: np.ndarray) -> np.ndarray:
        """(N, 3, 32, 32) -> (N, K) probabilities in the order of `labels`, given that it is a character."""
        return softmax(self.logits(pictures)[:, : len(self.labels)])

    def no_character(self, pictures: np.ndarray) -> np.ndarray:
        """(N, 3, 32, 32) -> (N,) probability of being no character; 0 for networks that cannot tell."""
        return self._no_character(self.logits(pictures))

    def _no_character(self, logits: np.ndarray) -> np.ndarray:
        if len(self.outputs) == len(self.labels):
            return np.zeros(len(logits), np.float32)
        return softmax(logits)[:, -1]

    def logits(self, pictures: np.ndarray) -> np.ndarray:
        """(N, 3, 32, 32) -> (N, outputs) float32, divided by the temperature."""
        return self.network.forward(pictures) / np.float32(self.temperature)

    def logits_of(self, picture: np.ndarray) -> np.ndarray:
        """`logits` of one picture, (3, 32, 32) -> (outputs,), the fast way that `read` goes."""
        if self.changing:
            return self.logits(picture[None])[0]
        if self._inference is None:
            self._inference = Inference(self.network)
        return self._inference(picture) / np.float32(self.temperature)

    def release(self) -> None:
        """Give back the memory, some megabytes, that makes `read` fast; the next one takes it anew."""
        self._inference = None

    def _chosen(self, allowed: str | None, top: int) -> np.ndarray:
        if top < 1:
            raise ValueError(f"top is at least 1, not {top}")
        if allowed is None:
            return np.arange(len(self.labels))
        unknown = sorted(set(allowed) - set(self.labels))
        if unknown or not allowed:
            raise ValueError(f"allowed is some of {self.labels}, not {allowed!r}")
        return np.array(sorted({self.labels.index(label) for label in allowed}))


def _is_pair(pair: object) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(n, float) for n in pair) and pair[1] > 0
