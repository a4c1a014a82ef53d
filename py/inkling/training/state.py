"""What changes from step to step of a training, whatever is learned: weights, their average, the optimiser's memory."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Protocol

import numpy as np

from ..files import atomic_write
from ..nn import Network, Optimizer
from . import checkpoint
from .averaging import average


class Settings(Protocol):
    """What all trainings need to know of how to train; the whole is kept with a checkpoint, as its `repr`."""

    @property
    def seed(self) -> int:
        """Of all that is drawn by lot."""

    @property
    def rate(self) -> float:
        """Peak learning rate."""

    @property
    def workers(self) -> int:
        """Threads that each step's batch is shared out to."""

    @property
    def average(self) -> float:
        """How much of the moving average of the weights each step keeps, 0 to 1."""


class TrainingState:
    """A network, its optimiser and how far its training is.

    Attributes
    ----------
    network : Network
        With the weights being trained.
    averaged : Network
        With their moving average, which reads better: what training is for.
    replicas : list of Network
        One for each worker, with the same weights, and with gradients and running statistics of its own.
    """

    def __init__(self, network: Network, optimizer: Optimizer, settings: Settings):
        self.network, self.optimizer = network, optimizer
        self.averaged = copy.deepcopy(network)
        self.replicas = [network.replica() for _ in range(settings.workers)]
        self.step = 0
        self.settings = settings

    def shared_out(self, index: np.ndarray) -> list[tuple[Network, np.ndarray, int]]:
        """A batch's samples by worker: replica, its part of `index`, its number; no part is empty."""
        parts = np.array_split(index, len(self.replicas))
        return [(replica, part, number) for number, (replica, part) in enumerate(zip(self.replicas, parts)) if len(part)]

    def follow(self) -> None:
        """After the optimiser's step: running statistics and moving averages follow.

        Those of the averaged weights are averaged over as many steps: a few batches' own are too much by chance, and of
        weights that are elsewhere while the rate is high.
        """
        self._share_statistics()
        # The first steps are forgotten faster.
        keep = min(self.settings.average, (1 + self.step) / (10 + self.step))
        averaged, network = (net.parameters() + net.buffers() for net in (self.averaged, self.network))
        for kept, new in zip(averaged, network):
            kept += np.float32(1 - keep) * (new - kept)
        self.step += 1

    def _share_statistics(self) -> None:
        """Running statistics: the mean over the replicas, for all of them alike."""
        for own, *replicas in zip(self.network.buffers(), *(replica.buffers() for replica in self.replicas)):
            own[...] = sum(replicas) / len(replicas)
            for array in replicas:
                array[...] = own

    def save(self, path: str | Path) -> None:
        """A checkpoint, moved into place when it is whole: being killed leaves the last one."""
        with atomic_write(path) as file:
            np.savez(file, settings=repr(self.settings), **self._arrays())  # type: ignore[arg-type]

    def restore(self, path: str | Path) -> None:
        """Go on where `save` stopped, to the end that this run's settings name.

        The epochs may be others: a run can be made longer or shorter, and the rate's cycle with it. ValueError where other
        settings or the network differ, or names a field.
        """
        arrays = checkpoint.read(path)
        if _without_epochs(str(arrays.get("settings"))) != _without_epochs(repr(self.settings)):
            raise ValueError(f"{path}: was made with other settings: {arrays.get('settings')}")
        for name, array in self._arrays().items():
            if name not in arrays:
                raise ValueError(f"{path}: field '{name}' is missing")
            if arrays[name].shape != array.shape or arrays[name].dtype != array.dtype:
                found = f"{arrays[name].dtype} of shape {arrays[name].shape}"
                raise ValueError(f"{path}: field '{name}' is {found}, and {array.dtype} of shape {array.shape} goes on")
        self.step = int(arrays["step"])
        self.optimizer.restore({n.split(".", 1)[1]: array for n, array in arrays.items() if n.startswith("optimizer.")})
        for name, array in self._weights().items():
            array[...] = arrays[name]
        for replica in self.replicas:
            for array, shared in zip(replica.buffers(), self.network.buffers()):
                array[...] = shared

    def _arrays(self) -> dict[str, np.ndarray]:
        """All that changes from step to step."""
        arrays = {"step": np.array(self.step)}
        arrays |= {f"optimizer.{name}": array for name, array in self.optimizer.state().items()}
        return arrays | self._weights()

    def _weights(self) -> dict[str, np.ndarray]:
        """Parameters and running statistics of the network and of its average."""
        arrays: dict[str, np.ndarray] = {}
        for name, network in (("network", self.network), ("averaged", self.averaged)):
            arrays |= {f"{name}.{i}": array for i, array in enumerate(network.parameters())}
            arrays |= {f"{name}_buffers.{i}": array for i, array in enumerate(network.buffers())}
        return arrays

    def start_from(self, path: str | Path) -> None:
        """Begin a new run with the averaged weights of another run's checkpoint."""
        average(self.averaged, [path], [1.0])
        self._begin_from_average()

    def _begin_from_average(self) -> None:
        for array, begun in zip(self.network.parameters(), self.averaged.parameters()):
            array[...] = begun
        for network in (self.network, *self.replicas):
            for array, begun in zip(network.buffers(), self.averaged.buffers()):
                array[...] = begun


def _without_epochs(settings: str) -> str:
    return re.sub(r"\bepochs=[^,)]*", "", settings)
