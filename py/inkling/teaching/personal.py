"""A recogniser that learns its user's hand, and symbols of the user's own, from a few drawings.

Only the last layer learns (`last_layer`); how large this hand draws its characters is learned beside it (`hand_size`),
and what size explains the layer need not. What comes out is an ordinary `Recognizer`.

How it was chosen, and what it gains: TEACHING.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from .. import ink
from ..characters.hand_size import HandSize, size_of
from ..characters.recognizer import Recognizer
from ..ink import Strokes
from ..labels import NOTHING
from ..nn import Dense, Network
from .hand_size import Population
from .last_layer import LastLayer
from .rehearsal import Rehearsal, features_of

# What one taught drawing counts for, against all of the rehearsal together.
WEIGHT = 0.0015
# A symbol of the user's own has no other samples to speak for it.
SYMBOL_WEIGHT = 0.01
# A symbol of the user's own is read from so many drawings on.
LEAST_DRAWINGS = 5
STEPS_AT_ONCE = 8


class Taught(NamedTuple):
    """One drawing that was taught: its label, its features (D,) float32, its size (see `characters.hand_size.size_of`)."""

    label: str
    features: np.ndarray
    size: float


class Drawing(NamedTuple):
    """What is to be taught.

    Attributes
    ----------
    id : str
        Tells it from other drawings; one that is known is replaced.
    label : str
        One character.
    strokes : list of (n, 2) arrays
    is_sized : bool
        Whether it is as large as this hand drew it, and not traced from a picture or from another's file.
    """

    id: str
    label: str
    strokes: Strokes
    is_sized: bool = True


class Personal:
    """What one person taught, and the reader that has learned it.

    The same drawings make the same reader, whatever was taught and forgotten before, in whatever order.

    Attributes
    ----------
    reader : Recognizer
        While nothing is taught, the shipped one itself.
    taught : dict of str to Taught
        By the drawings' ids.
    """

    def __init__(self, shipped: Recognizer, rehearsal: Rehearsal, population: Population) -> None:
        self.shipped = self.reader = shipped
        self._population = population
        self.taught: dict[str, Taught] = {}
        last = shipped.network.layers[-1]
        if not isinstance(last, Dense):
            raise ValueError(f"a network that can be taught ends in a dense layer, not in {last!r}")
        self._last_layer = LastLayer(last, rehearsal, shipped.labels)
        self._symbols, self._is_settled = "", True
        self._hand_size: HandSize | None = None

    def counts(self) -> dict[str, int]:
        """How many drawings of each label were taught."""
        labels = [taught.label for taught in self.taught.values()]
        return {label: labels.count(label) for label in dict.fromkeys(labels)}

    @property
    def symbols(self) -> str:
        """The labels that are the user's own and are read by now."""
        return self._symbols

    def teach(self, drawings: Iterable[Drawing]) -> None:
        """Learn drawings.

        Raises
        ------
        ValueError
            For ink that is none and for labels that are none; then nothing is learned.
        """
        taught = {}
        for name, label, strokes, is_sized in (Drawing(*each) for each in drawings):
            if (
                not isinstance(label, str)
                or len(label) != 1
                or label.isspace()
                or label == NOTHING
                or not label.isprintable()
            ):
                raise ValueError(f"the label is one character that can be seen, not {label!r}")
            drawn = ink.validate(strokes)
            picture = self.shipped.prepare(drawn)
            if picture is None:
                raise ValueError(f"there is no ink to learn {label} from")
            size = size_of(drawn) if is_sized else float("nan")
            # Not in a batch, whose size would change the last bits of the result.
            taught[name] = Taught(label, features_of(self.shipped, picture[None])[0], size)
        if taught:
            self.taught |= taught
            self._learn()

    def forget(self, ids: Iterable[str]) -> None:
        """Unlearn drawings; ids that are not known are passed over."""
        known = self.taught.keys() & set(ids)
        for name in known:
            del self.taught[name]
        if known:
            self._learn()

    def settle(self) -> bool:
        """A little more of the learning that `teach` began; False once there is nothing left to do."""
        if not self._is_settled:
            self._is_settled = not self._last_layer.learn(STEPS_AT_ONCE)
            self._rebuild()
        return not self._is_settled

    def _learn(self) -> None:
        known = set(self.shipped.labels)
        symbols = "".join(sorted(x for x, count in self.counts().items() if x not in known and count >= LEAST_DRAWINGS))
        # Sorted, since floating-point sums depend on the order of their terms.
        ordered = [taught for _, taught in sorted(self.taught.items())]
        samples = [taught for taught in ordered if taught.label in known or taught.label in symbols]
        if not samples:
            self.reader, self._symbols, self._is_settled = self.shipped, "", True
            return
        outputs = self.shipped.labels + symbols
        targets = np.array([outputs.index(taught.label) for taught in samples])
        weights = np.array([SYMBOL_WEIGHT if taught.label in symbols else WEIGHT for taught in samples])
        features = np.stack([taught.features for taught in samples])
        sizes = [taught.size for taught in samples]
        self._hand_size = self._population.learn([taught.label for taught in samples], sizes, outputs)
        by_size = self._hand_size.logits(sizes) if self._hand_size else None
        self._last_layer.start(features, targets, weights, len(symbols), len(self.shipped.labels), by_size)
        self._symbols, self._is_settled = symbols, not self._last_layer.learn(STEPS_AT_ONCE)
        self._rebuild()

    def _rebuild(self) -> None:
        shipped = self.shipped
        network = Network([*shipped.network.layers[:-1], self._last_layer.layer()], shipped.network.input_shape)
        outputs = shipped.labels + self._symbols + shipped.outputs[len(shipped.labels) :]
        self.reader = Recognizer(
            network, outputs, shipped.temperature, shipped.reject_threshold, shipped.heights, hand_size=self._hand_size
        )
