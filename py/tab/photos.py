"""What Inside calls for photographs: what their network does with the newest. It arrives when one is asked for."""

from collections.abc import Sequence
from time import perf_counter
from typing import ClassVar

import numpy as np

from inkling.explain.photo_prior import PhotoPrior
from inkling.explain.search import Search
from inkling.photos.reader import PhotoReader, prepare, square
from tab.explained import Explained, Subject
from tab.record import Record
from tab.session import Session


class Photos(Explained):
    """Shows what the network for photographs does with the newest one."""

    # Its range is twice that of ink and its network four times as large, so fewer and larger steps.
    search: ClassVar[Search] = {"low": -1.0, "high": 1.0, "steps": 20}
    top: ClassVar[int] = 10

    def __init__(self, _session: Session) -> None:
        self._reader = PhotoReader.load()
        super().__init__()

    def look(self, pixels: np.ndarray, side: float, wanted: Sequence[int]) -> Record:
        """Trace a photograph and show some of the steps.

        pixels : uint8 RGBA row by row, of side * side pixels
        wanted : indices of the steps whose maps are to be seen

        Returns ``{"maps": float32 of all that is wanted, one step after the other, "best": [[name, probability], ...],
        "answer": {"label", "probability", "confident"}, "outputs": the outputs' names, joined, "milliseconds"}``.
        """
        started = perf_counter()
        seen = self._look(prepare(square(pixels.reshape(int(side), int(side), 4))[None])[0], wanted)
        probabilities = self._steps()[-1].output
        best = int(probabilities.argmax())
        answer = {
            "label": self._reader.names[best],
            "probability": float(probabilities[best]),
            "confident": self._reader.is_sure(self._logits),
        }
        return {**seen, "answer": answer, "milliseconds": 1000 * (perf_counter() - started)}

    def _newest(self) -> Subject:
        reader = self._reader
        return Subject(reader.network, reader.temperature, reader.names, reader.names, reader.is_sure)

    def _again(self) -> np.ndarray:
        """The same thing, seen in a mirror."""
        return np.ascontiguousarray(self._steps()[0].output[:, :, ::-1])

    def _slopes(self, gradient: np.ndarray) -> np.ndarray:
        """By the light: red, green and blue alike."""
        return gradient.sum(axis=0)

    def _prior(self) -> PhotoPrior:
        return PhotoPrior()
