"""A row that grows, against the same row computed as a whole: the network's parts, the picture, the beam, the frame."""

import math

import numpy as np
import pytest

from inkling import TextReader
from inkling.ink import Ink
from inkling.nn import log_softmax
from inkling.words.alphabet import ALPHABET
from inkling.words.decode import Search
from inkling.words.frame import frame
from inkling.words.language import Language
from inkling.words.live import SAME
from inkling.words.own import tree
from inkling.words.picture import draw, draw_from
from inkling.words.scoring import Scorer, Weights


@pytest.fixture(scope="module")
def text_reader():
    return TextReader.load()


@pytest.fixture(scope="module")
def growing(written):
    """Words and lines of many strokes."""
    many = [sample for sample in written if len(sample.ink) >= 5]
    return [*many[:4], *many[-2:]]


def together(strokes):
    return Ink(np.concatenate(strokes), [len(stroke) for stroke in strokes])


def whole(text_reader, strokes, fit):
    """(T, K + 1) probabilities of a row in a frame that is given."""
    drawn = together(strokes)
    return np.exp(log_softmax(text_reader.logits(frame(drawn.points, drawn.lengths.tolist(), fit))))


def test_a_piece_of_the_picture_is_that_piece(written):
    for sample in written[-3:]:
        line = frame(np.concatenate(sample.ink), [len(stroke) for stroke in sample.ink])
        picture, width = draw(line), line.width
        for first in (0, 1, 32, 100, width - 32):
            assert draw_from(line, first, width) == pytest.approx(picture[:, :, first:], abs=1e-5)


def test_after_every_stroke_the_columns_are_those_of_the_whole_row(text_reader, growing):
    for sample in growing:
        row = text_reader.follow()
        for count in range(1, len(sample.ink) + 1):
            columns = row.look(sample.ink[:count])
            expected = whole(text_reader, sample.ink[:count], columns.line.fit)
            assert columns.log_probabilities.shape == expected.shape
            assert np.abs(np.exp(columns.log_probabilities) - expected).max() <= SAME + 1e-3


def test_strokes_that_come_late_further_left_count_too(text_reader, growing):
    """The first stroke is written last: far from the row's end, and left of it."""
    for sample in growing:
        for order in ([*sample.ink[1:], sample.ink[0]], [sample.ink[0], *sample.ink[2:], sample.ink[1]]):
            row = text_reader.follow()
            row.look(order[:-1])
            columns = row.look(order)
            expected = whole(text_reader, order, columns.line.fit)
            assert np.abs(np.exp(columns.log_probabilities) - expected).max() <= SAME + 1e-3


def test_the_frame_is_held_for_a_letter_and_not_for_what_is_twice_as_large(text_reader, written):
    sample = next(sample for sample in written if sample.label.startswith("The grass"))
    row = text_reader.follow()
    before = row.look(sample.ink[:-1]).line.fit
    assert row.look(sample.ink).line.fit is before
    box = np.concatenate(sample.ink)
    tall = np.array([[box[:, 0].max(), box[:, 1].min() - 3 * np.ptp(box[:, 1])], [box[:, 0].max(), box[:, 1].max()]])
    after = row.look([*sample.ink, tall]).line.fit
    assert after is not before and after.scale[1] < before.scale[1]


def test_other_ink_is_read_anew(text_reader, written):
    """A stroke taken away, one that was moved, another row: nothing of the row before is in it."""
    row = text_reader.follow()
    sample = written[-2]
    row.read(sample.ink)
    for strokes in (sample.ink[:-1], [sample.ink[0] + 1, *sample.ink[1:]], written[-3].ink):
        assert row.holds(strokes) == 0
        assert row.read(strokes) == text_reader.read_words(strokes)
        assert row.holds(strokes) == len(strokes)
    assert row.read([]) == text_reader.read_words([])


def test_the_same_ink_again_is_the_same_answer(text_reader, written):
    row = text_reader.follow()
    first = row.read(written[2].ink)
    assert row.read(written[2].ink) == first == text_reader.read_words(written[2].ink)


def test_a_beam_that_goes_on_is_the_beam_from_the_start():
    """Columns that change from somewhere on, get fewer or more: what is found is what another search finds."""
    rng = np.random.default_rng(5)
    scorer = Scorer(Language({"the": 7.7, "then": 6.1, "hello": 5.0, "world": 5.8}))
    columns = log_softmax(3 * rng.normal(size=(30, 84)))
    for language in (scorer, None):
        search = Search(language)
        for first, length in ((0, 30), (17, 30), (29, 30), (30, 30), (12, 20), (20, 40), (0, 5)):
            columns = np.concatenate((columns[:first], log_softmax(3 * rng.normal(size=(length - first, 84)))))
            assert search.found(columns) == Search(language).found(columns)


def test_what_cannot_come_into_the_beam_is_not_scored():
    """And only that: the texts are those of a search that scores everything."""
    rng = np.random.default_rng(7)
    scored = []

    class Counting(Scorer):
        def step(self, token, character):
            scored.append(character)
            return super().step(token, character)

    class Everything(Counting):
        def __init__(self, *args):
            super().__init__(*args)
            self.most = math.inf  # nobody knows what a character may add

    language = Language({"the": 7.7, "then": 6.1, "hello": 5.0, "world": 5.8})
    own = tree({"Thor": 3, "hew": 1}, -1.0, -2.0)
    fewer = 0
    for sharp in (1, 3, 6):
        columns = log_softmax(sharp * rng.normal(size=(30, len(ALPHABET) + 1)))
        found = []
        for kind in (Counting, Everything):
            scored.clear()
            search = Search(kind(language, Weights(), own))
            found.append([(one.text, pytest.approx(one.score, abs=1e-9)) for one in search.found(columns)])
            fewer += len(scored) if kind is Everything else -len(scored)
        assert found[0] == found[1]
    assert fewer > 100
