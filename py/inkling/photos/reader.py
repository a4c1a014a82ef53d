"""Reads photographs: pixels in, classes with probabilities out."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np

from ..files import shipped
from ..ink.picture import scaled
from ..nn import Network, WeightsError, load, softmax
from .model import CHANNELS, SIDE

# Photographs that the network looks at together; more would only take more memory.
BATCH = 256


class Guess(NamedTuple):
    """What a photograph may show, and the probability, 0 to 1, that it does."""

    name: str
    probability: float


class PhotoReading(NamedTuple):
    """What was seen.

    Attributes
    ----------
    guesses : list of Guess
        Best first.
    confident : bool
        Whether the best is more probable than what nineteen of twenty photographs of these classes get.
    """

    guesses: list[Guess]
    confident: bool


def prepare(pixels: np.ndarray) -> np.ndarray:
    """Photographs (N, H, W, 3) uint8 -> (N, 3, H, W) float32, the network's input: black is -1, white is 1."""
    x = np.empty(pixels.shape, np.float32)
    np.multiply(pixels, np.float32(2 / 255), out=x)
    x -= 1
    return x.transpose(0, 3, 1, 2)


def square(pixels: np.ndarray) -> np.ndarray:
    """The middle of a picture, as large as fits, in 32 x 32 pixels: averages of areas.

    Parameters
    ----------
    pixels : uint8 (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA
        What is transparent becomes white.

    Returns
    -------
    (32, 32, 3) uint8

    Raises
    ------
    ValueError
        Says what was received, for anything else.
    """
    if not isinstance(pixels, np.ndarray) or pixels.dtype != np.uint8 or 0 in pixels.shape or pixels.ndim not in (2, 3):
        received = f"{pixels.dtype} {pixels.shape}" if isinstance(pixels, np.ndarray) else type(pixels).__name__
        raise ValueError(f"a picture is a uint8 array of shape (H, W), (H, W, 3) or (H, W, 4), not {received}")
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[:, :, None], 3, axis=2)
    if pixels.shape[2] not in (3, 4):
        raise ValueError(f"a picture has shape (H, W), (H, W, 3) or (H, W, 4), not {pixels.shape}")
    side = min(pixels.shape[:2])
    top, left = ((size - side) // 2 for size in pixels.shape[:2])
    pixels = pixels[top : top + side, left : left + side]
    if pixels.shape[2] == 4 and pixels[..., 3].min() < 255:
        opacity = pixels[..., 3:] / np.float32(255)
        pixels = pixels[..., :3] * opacity + 255 * (1 - opacity)
    planes = [scaled(pixels[..., channel].astype(np.float32, order="C"), SIDE / side) for channel in range(CHANNELS)]
    return np.rint(np.stack(planes, axis=-1)).clip(0, 255).astype(np.uint8)


class PhotoReader:
    """Says which of a few things a photograph shows.

    Parameters
    ----------
    network : Network
        (N, 3, 32, 32) -> (N, K) logits.
    names : sequence of str
        Of the K classes.
    temperature : float
        What logits are divided by, so that probabilities are as frequent as they say.
    least : float
        Below this probability of the best class an answer is not sure.

    Raises
    ------
    ValueError
        For a network that does not take photographs, or has another number of outputs than names.
    """

    def __init__(self, network: Network, names: tuple[str, ...], temperature: float = 1.0, least: float = 0.5) -> None:
        if network.input_shape != (CHANNELS, SIDE, SIDE):
            raise ValueError(f"the network takes {network.input_shape}, photographs are {(CHANNELS, SIDE, SIDE)}")
        if network.shapes[-1] != (len(names),):
            raise ValueError(f"the network has outputs {network.shapes[-1]}, and there are {len(names)} names")
        self.network, self.names, self.temperature, self.least = network, tuple(names), temperature, least

    @classmethod
    def load(cls, source: str | Path | BinaryIO | None = None, name: str | None = None) -> PhotoReader:
        """The shipped weights, or those of a file; WeightsError names the file and the field that cannot be used."""
        source = shipped("photos.npz") if source is None else source
        network, header = load(source, name)
        where, meta = name or source, header["meta"]
        names = meta.get("names")
        if not isinstance(names, list) or not all(isinstance(each, str) and each for each in names):
            raise WeightsError(
                f"{where}: field 'header.meta.names': not the names of classes, so no network for photographs"
            )
        numbers = {}
        for field, default, low, high in (("temperature", 1.0, 0.01, 100.0), ("least", 0.5, 0.0, 1.0)):
            numbers[field] = meta.get(field, default)
            if not isinstance(numbers[field], int | float) or not low <= numbers[field] <= high:
                raise WeightsError(f"{where}: field 'header.meta.{field}': {numbers[field]!r} is not from {low} to {high}")
        try:
            return cls(network.folded(), tuple(names), **numbers)
        except ValueError as error:
            raise WeightsError(f"{where}: field 'header': {error}") from None

    def read(self, pixels: np.ndarray) -> PhotoReading:
        """What a picture of any size shows in its middle (see `square`)."""
        logits = self.logits(square(pixels)[None])
        probabilities = softmax(logits)[0]
        order = np.argsort(-probabilities, kind="stable")
        guesses = [Guess(self.names[place], float(probabilities[place])) for place in order]
        return PhotoReading(guesses, self.is_sure(logits[0]))

    def is_sure(self, logits: np.ndarray) -> bool:
        """Whether an answer is (see `PhotoReading`), given (K,) logits divided by the temperature."""
        return bool(softmax(logits[None]).max() >= self.least)

    def logits(self, pixels: np.ndarray) -> np.ndarray:
        """Photographs (N, 32, 32, 3) uint8 -> (N, K) float32, divided by the temperature."""
        batches = [self.network.forward(prepare(pixels[at : at + BATCH])) for at in range(0, len(pixels), BATCH)]
        return np.concatenate(batches) / np.float32(self.temperature)

    def probabilities(self, pixels: np.ndarray) -> np.ndarray:
        """Photographs (N, 32, 32, 3) uint8 -> (N, K) float32, in the order of `names`."""
        return softmax(self.logits(pixels))
