"""What the network makes of a row that grows: kept, and of a change only what depends on it is computed again."""

from __future__ import annotations

import threading

import numpy as np

from ..nn import Network
from .parts import EDGE, parts_of

# Columns of the picture that there is room for at first.
ROOM = 512


class Growing:
    """A network for rows of any width, ready to be used on rows that grow.

    The weights are those that it has when this is made.
    """

    def __init__(self, network: Network):
        channels, rows = network.input_shape[:2]
        self.parts = parts_of(network)
        self.shapes = [(rows, channels), *(shape for _, shape in self.parts)]
        self.lock = threading.Lock()  # the parts' arrays are the same for all rows


class Maps:
    """All maps of one row, from its picture to the network's outputs."""

    def __init__(self, network: Growing):
        self._network, self._room = network, 0
        self._maps: list[np.ndarray] = []
        self.width = 0

    def put(self, picture: np.ndarray, first: int) -> int:
        """Put columns (channels, rows, n) of the row's picture from `first` on, which are its last ones.

        first : at most as many columns as there are
        Returns the first column of the outputs that was computed again.
        """
        last = first + picture.shape[2]
        if not first <= self.width <= last:
            raise ValueError(f"columns from {first} to {last} are not the last ones of a row of {self.width} and more")
        self.width = width = last
        self._make_room()
        self._maps[0][:, EDGE + first : EDGE + last] = picture.transpose(1, 2, 0)
        with self._network.lock:
            for (part, _), x, out in zip(self._network.parts, self._maps, self._maps[1:]):
                first, width = max(0, (first - part.reach) // part.stride), width // part.stride
                part.fill(x, out, first, width)
        return first

    @property
    def outputs(self) -> np.ndarray:
        """(T, K), of each column of the network's output; the next `put` changes it."""
        stride = 1
        for part, _ in self._network.parts:
            stride *= part.stride
        return self._maps[-1][0, EDGE : EDGE + self.width // stride]

    def _make_room(self) -> None:
        if self.width <= self._room:
            return
        self._room = max(ROOM, 2 * self._room, self.width)
        before, self._maps = self._maps, []
        room = self._room
        for number, (rows, channels) in enumerate(self._network.shapes):
            if number:
                room //= self._network.parts[number - 1][0].stride
            maps = np.zeros((rows, room + 2 * EDGE, channels), np.float32)
            if before:
                maps[:, : before[number].shape[1]] = before[number]
            self._maps.append(maps)
