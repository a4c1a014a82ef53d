"""A row that is read while it is being written: for one more stroke at its end most of what was computed stands."""

from __future__ import annotations

import numpy as np

from .. import ink
from ..nn import log_softmax
from .alphabet import ALPHABET
from .frame import STRIDE, Fit, Line, fitted, frame, pen_steps
from .growing import Growing, Maps
from .picture import PEN, draw_from
from .places import Columns
from .readings import BARRED, Decoder, Text, Word

# The frame stays while the row's own differs from it by no more: as a factor of its scale, and in pixels of its middle.
SCALE_HELD, MIDDLE_HELD = 1.15, 2.5
# Pixels that ink may reach to the left of where the row began.
LEFT_HELD = 4.0
# Columns whose probabilities all differ by less than this are taken for unchanged.
SAME = 2e-3


class LiveRow:
    """Reads one row of ink again and again while it grows.

    The frame is held, and so are the maps, the columns and the beam left of what is new. What is read so may differ a
    little from what `TextReader.read` makes of the same ink, which finds the frame anew.

    network : that for text
    barred : (K + 1,) bool, outputs that may not be read
    decoder : of this row alone
    """

    def __init__(self, network: Growing, barred: np.ndarray, decoder: Decoder):
        self._network, self._barred, self._decoder = network, barred, decoder
        self._points, self._lengths = np.empty((0, 2)), list[int]()
        self._fit: Fit | None = None
        self._begin()

    def read(self, strokes: ink.Strokes, top: int = 5) -> tuple[Text, list[Word]]:
        """The row's text and its words, as `TextReader.read_words` returns them."""
        columns = self.look(strokes)
        return self._decoder.words(columns, top) if columns else (Text("", 0.0, []), [])

    def holds(self, strokes: ink.Strokes) -> int:
        """How many strokes this ink begins with that have been read here; 0 where it does not begin with all of those."""
        drawn = ink.validate(strokes)
        count = len(self._lengths)
        begins = len(drawn) >= count and drawn.lengths[:count].tolist() == self._lengths
        return count if begins and np.array_equal(drawn.points[: len(self._points)], self._points) else 0

    def look(self, strokes: ink.Strokes) -> Columns | None:
        """What the network sees of the row now, None where there is no ink."""
        drawn = ink.validate(strokes)
        if not drawn:
            return None
        points, lengths = drawn.points.astype(np.float64), drawn.lengths.tolist()
        own = fitted(points, pen_steps(points, lengths))
        held = self._fit if self.holds(drawn) else None
        if held and _does(held, own, points[:, 0]):
            line = frame(points, lengths, held)
            changed = self._changed(line)
        else:
            line = frame(points, lengths, own)
            self._begin()
            changed = 0
        if changed < line.width:
            self._look_from(changed, line)
        self._points, self._lengths, self._fit = points, lengths, line.fit
        return Columns(self._log_probabilities[: line.width // STRIDE], line, lengths)

    def _begin(self) -> None:
        self._maps, self._log_probabilities = Maps(self._network), np.empty((0, len(ALPHABET) + 1), np.float32)

    def _changed(self, line: Line) -> int:
        """The first column of the picture that is not as it was; the line's width where all are."""
        is_new = line.source >= len(self._points)
        first = line.width if not is_new.any() else int(line.nodes[is_new, 0].min()) - PEN
        return max(0, min(first, self._maps.width))

    def _look_from(self, changed: int, line: Line) -> None:
        """Compute what depends on columns of the picture from `changed` on."""
        first = self._maps.put(draw_from(line, changed, line.width), changed)
        logits = self._maps.outputs[first:].copy()
        logits[:, self._barred] = -np.inf
        fresh = np.maximum(log_softmax(logits), BARRED)
        before = self._log_probabilities[first:]
        self._log_probabilities = np.concatenate((self._log_probabilities[:first], fresh))
        # Of those that were there before, the first ones have hardly changed.
        if len(before):
            after = self._log_probabilities[first : first + len(before)]
            differs = (np.abs(np.exp(after) - np.exp(before)) > SAME).any(axis=1)
            same = int(differs.argmax()) if differs.any() else len(before)
            after[:same] = before[:same]


def _does(held: Fit, own: Fit, x: np.ndarray) -> bool:
    """Whether a frame does for ink, given its own and the x of its points."""
    larger = own.scale[1] / held.scale[1]
    ends = float(x.min()), float(x.max())
    left = (ends[0] - held.middle[0]) * held.scale[0]
    return bool(
        1 / SCALE_HELD <= larger <= SCALE_HELD
        and all(abs(own.middle_at(end) - held.middle_at(end)) * held.scale[1] <= MIDDLE_HELD for end in ends)
        and left >= held.left - LEFT_HELD
    )
