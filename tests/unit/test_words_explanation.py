"""How a row was read, told: the columns stand under the ink, the way spells the text, the language's share is its score."""

import numpy as np
import pytest

from inkling import TextReader
from inkling.words.explanation import gains
from inkling.words.language import Language
from inkling.words.scoring import Scorer


@pytest.fixture(scope="module")
def text_reader():
    return TextReader.load()


def test_the_way_spells_the_text_along_the_ink(text_reader, written):
    for sample in [*written[:6], *written[-4:]]:
        told = text_reader.explain(sample.ink)
        [best] = text_reader.read(sample.ink, top=1)
        assert told.text == best.text
        assert told.literal == text_reader.read(sample.ink, language=None, top=1)[0].text
        assert len(told.best) == len(told.columns)
        columns = [column for column, _ in told.path]
        assert columns == sorted(set(columns))
        spelled = [label for i, (column, label) in enumerate(told.path) if i == 0 or told.path[i - 1] != (column - 1, label)]
        assert "".join(spelled) == told.text
        box = np.concatenate(sample.ink)
        assert told.columns[0] < box[:, 0].min() and told.columns[-1] > box[:, 0].max()
        steps = np.diff(told.columns)
        assert steps == pytest.approx(np.full(len(steps), steps[0])) and steps[0] > 0
        # A character's columns are above or below its ink.
        for character, column in zip(best.characters, [c for c, label in told.path if label != " "][:1]):
            x = np.concatenate([sample.ink[s.stroke][s.first : s.last + 1, 0] for s in character.spans])
            assert x.min() - 3 * steps[0] <= told.columns[column] <= x.max() + 3 * steps[0]


def test_each_column_tells_its_likeliest_characters(text_reader, written):
    told = text_reader.explain(written[0].ink)
    for best in told.best:
        probabilities = [probability for _, probability in best]
        assert probabilities == sorted(probabilities, reverse=True)
        assert sum(probabilities) <= 1 + 1e-5 and len({label for label, _ in best}) == len(best)
    assert any(label == "" for best in told.best for label, _ in best)


def test_the_language_s_share_is_what_its_score_says_beyond_any_characters():
    scorer = Scorer(Language({"the": 7.7, "hello": 5.0}))
    [(first, one), (second, other), (third, none)] = gains("hello the xq7", scorer)
    assert (first, second, third) == ("hello", "the", "xq7") and min(one, other) > 0 == none
    token = scorer.first
    for character in "hello":
        token, _ = scorer.step(token, character)
    assert one == pytest.approx(scorer.end(token) - (scorer.weights.literal + 5 * scorer.weights.literal_letter))


def test_without_a_language_nothing_is_added(text_reader, written):
    told = text_reader.explain(written[-1].ink, language=None)
    assert told.literal == told.text and [word for word, _ in told.gain] == told.text.split()
    assert all(nats == 0 for _, nats in told.gain)
    assert text_reader.explain([]) is None
