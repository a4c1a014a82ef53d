"""What this tab's Python holds: the reader that all views ask, what it was taught, and the lab's network."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from inkling import Recognizer
from inkling.files import shipped
from inkling.teaching.hand_size import Population
from inkling.teaching.personal import Drawing, Personal
from inkling.teaching.rehearsal import Rehearsal


class Session:
    """The tab's one reader, as it ships or as it was taught.

    Attributes
    ----------
    reader : Recognizer
        The one to read with now. Teaching puts another in its place; what is under way with one goes on with it.
    trained : Recognizer or None
        Of the network that the lab trains, or has opened from a file; it changes with every step of the training.
    """

    def __init__(self) -> None:
        self.reader = Recognizer.load()
        self.trained: Recognizer | None = None

    @cached_property
    def _personal(self) -> Personal:
        """Made with the first drawing that is taught: most visitors teach none."""
        weights = shipped("inkling.npz")
        return Personal(self.reader, Rehearsal.load(weights), Population.load(weights))

    def teach(self, drawings: Iterable[Drawing]) -> None:
        """Learn drawings, as `Personal.teach` takes them."""
        self._personal.teach(drawings)
        self.reader = self._personal.reader

    def settle(self) -> bool:
        """Go on with what `teach` began; False once everything is learned."""
        more = self._personal.settle()
        self.reader = self._personal.reader
        return more

    def forget(self, ids: Iterable[str]) -> None:
        """Unlearn drawings."""
        self._personal.forget(ids)
        self.reader = self._personal.reader

    @property
    def symbols(self) -> str:
        """The user's own labels that are read by now."""
        return self._personal.symbols

    @property
    def drawings(self) -> int:
        """How many drawings are learned."""
        return len(self._personal.taught)
