"""The recogniser: ink or a picture in, characters with probabilities out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .. import ink
from ..files import shipped
from ..ink import picture, raster
from ..ink.shading import shade
from ..labels import NOTHING
from ..nn import Inference, Network, WeightsError, load, softmax
from .hand_size import HandSize, size_of
from .size import by_size


class Candidate(NamedTuple):
    """A character and the probability, 0 to 1, that it is what was drawn."""

    label: str
    probability: float


class Reading(NamedTuple):
    """What was read, best first, and whether the ink looks like a character at all."""

    candidates: list[Candidate]
    confident: bool


class Recognizer:
    """Reads one character at a time.

    network : nn.Network, without batch norms, (N, 3, 32, 32) -> (N, K) logits, or K + 1: the
        last is then for ink that is no character
    labels : str of K characters
    temperature : what logits are divided by, so that probabilities are as frequent as they say
    reject_threshold : from this probability of being no character, 0 to 1, `is_confident` says no
    heights : how high characters are drawn on lines (see `size.fit_heights`)
    changing : whether the network goes on changing, as in a training; then reading is slower. If not,
        `read` goes by the weights that the network had when it first read
    hand_size : how large one person draws each of the labels, where that was learned
    """

    def __init__(
        self, network: Network, labels: str, temperature=1.0, reject_threshold=0.5, heights: Mapping | None = None,
        changing=False, hand_size: HandSize | None = None,
    ):  # fmt: skip
        if network.input_shape != (raster.CHANNELS, raster.SIDE, raster.SIDE):
            expected = (raster.CHANNELS, raster.SIDE, raster.SIDE)
            raise ValueError(f"the network takes {network.input_shape}, ink is rasterised to {expected}")
        self.network, self.temperature, self.reject_threshold, self.heights = (
            network,
            temperature,
            reject_threshold,
            heights or {},
        )
        self.outputs, self.labels = labels, labels.removesuffix(NOTHING)
        self.changing, self.hand_size = changing, hand_size
        self._inference: Inference | None = None  # made when first used: not all recognisers read

    def __getstate__(self) -> dict:
        return {**self.__dict__, "_inference": None}

    @classmethod
    def load(cls, path: str | Path | None = None) -> Recognizer:
        """The shipped weights, or those of a file. WeightsError names the file and the field."""
        path = Path(path) if path is not None else shipped("inkling.npz")
        network, header = load(path)
        numbers = {}
        for name, default, low, high in (("temperature", 1.0, 0.01, 100.0), ("reject_threshold", 0.5, 0.0, 1.0)):
            numbers[name] = header["meta"].get(name, default)
            if not isinstance(numbers[name], (int, float)) or not low <= numbers[name] <= high:
                raise WeightsError(f"{path}: field 'header.meta.{name}': {numbers[name]!r} is not from {low} to {high}")
        heights = header["meta"].get("heights", {})
        if not isinstance(heights, dict) or not all(_is_pair(pair) for pair in heights.values()):
            raise WeightsError(f"{path}: field 'header.meta.heights': not a mean and a deviation above 0 for each label")
        try:
            return cls(network.folded(), header["labels"], **numbers, heights=heights)
        except ValueError as error:
            raise WeightsError(f"{path}: field 'header.input_shape': {error}") from None

    def read(
        self, strokes: Sequence, allowed: str | None = None, top: int = 5, cap_height: float | None = None
    ) -> list[Candidate]:
        """What was drawn.

        strokes : list of (n, 2) arrays, x to the right and y down, in any unit
        allowed : only these labels may be answered; the rest is renormalised away
        top : how many candidates at most
        cap_height : where the ink was drawn on lines, the height of a capital on them, in the
            ink's unit; helps to tell c from C

        Best first; an empty list where there is no ink. ValueError, which says what was
        received, for ink that is none and for labels that the recogniser does not know.
        """
        return self.examine(strokes, allowed, top, cap_height).candidates

    def examine(self, strokes, allowed=None, top=5, cap_height=None) -> Reading:
        """`read` and `is_confident` at the price of one."""
        chosen = self._chosen(allowed, top)
        strokes = ink.validate(strokes)
        if not strokes:
            return Reading([], False)
        logits = self.answer(raster.rasterize(ink.resample(strokes)))
        scores = logits[: len(self.labels)]
        if self.hand_size and cap_height is None:
            scores = scores + self.hand_size.logits(size_of(strokes)) / np.float32(self.temperature)
        probabilities = softmax(scores[chosen])
        if cap_height is not None:
            height = np.ptp(np.concatenate(strokes)[:, 1])
            labels = "".join(self.labels[i] for i in chosen)
            probabilities = by_size(probabilities, labels, float(height), cap_height, self.heights)
        return self._reading(probabilities, chosen, top, logits)

    def read_image(self, pixels: np.ndarray, allowed: str | None = None, top: int = 5) -> list[Candidate]:
        """What a picture of one character shows: uint8 (H, W), (H, W, 3) or (H, W, 4), dark on light or light on dark.

        The rest is as with `read`; ValueError, which says what was received, for anything else.
        """
        return self.examine_image(pixels, allowed, top).candidates

    def examine_image(self, pixels, allowed=None, top=5) -> Reading:
        """`read_image`, and whether the picture shows a character at all."""
        chosen = self._chosen(allowed, top)
        x = self.prepare_image(pixels)
        if x is None:
            return Reading([], False)
        logits = self.answer(x)
        return self._reading(softmax(logits[chosen]), chosen, top, logits)

    def _reading(self, probabilities, chosen, top, logits) -> Reading:
        order = np.argsort(-probabilities, kind="stable")[:top]
        candidates = [Candidate(self.labels[chosen[i]], float(probabilities[i])) for i in order]
        return Reading(candidates, bool(self._nothing(logits[None])[0] < self.reject_threshold))

    def prepare(self, strokes: Sequence) -> np.ndarray | None:
        """Ink as the network sees it, (3, 32, 32) float32 (see `raster`); None where there is none."""
        strokes = ink.validate(strokes)
        return raster.rasterize(ink.resample(strokes)) if strokes else None

    def prepare_image(self, pixels: np.ndarray) -> np.ndarray | None:
        """A picture as the network sees it, (3, 32, 32) float32 (see `shading`); None where there is no ink."""
        framed = picture.frame(pixels)
        return shade(framed.levels[None])[0] if framed else None

    def is_confident(self, strokes: Sequence) -> bool:
        """Whether the ink looks like a character at all; False for scribbles, and where there is no ink."""
        return self.examine(strokes).confident

    def probabilities(self, pictures: np.ndarray) -> np.ndarray:
        """(N, 3, 32, 32) -> (N, K) probabilities in the order of `labels`, given that it is a character."""
        return softmax(self._logits(pictures)[:, : len(self.labels)])

    def nothing(self, pictures: np.ndarray) -> np.ndarray:
        """(N, 3, 32, 32) -> (N,) probability of being no character; 0 for networks that cannot tell."""
        return self._nothing(self._logits(pictures))

    def _nothing(self, logits: np.ndarray) -> np.ndarray:
        if len(self.outputs) == len(self.labels):
            return np.zeros(len(logits), np.float32)
        return softmax(logits)[:, -1]

    def _logits(self, pictures: np.ndarray) -> np.ndarray:
        return self.network.forward(pictures) / np.float32(self.temperature)

    def answer(self, picture: np.ndarray) -> np.ndarray:
        """(3, 32, 32) -> (K,) what `read` has of the network for one picture: logits by the temperature."""
        if self.changing:
            return self._logits(picture[None])[0]
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


def _is_pair(pair) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(n, float) for n in pair) and pair[1] > 0
