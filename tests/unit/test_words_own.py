"""Words of one's own: read before others where the ink allows it, and nowhere else."""

import numpy as np
import pytest
from test_words_decode import columns_of

from inkling import TextReader
from inkling.words.alphabet import ALPHABET
from inkling.words.decode import Search
from inkling.words.language import Language
from inkling.words.own import IMPOSSIBLE, RARE, tree
from inkling.words.scoring import CAPITAL_WORD, UPPER_WORD, Scorer

WORDS = {"hello": 5.0, "hollow": 4.0, "world": 5.8, "then": 6.1, "kettle": 4.2}


@pytest.fixture(scope="module")
def language():
    return Language(WORDS)


def knowing(language, *words, count=3):
    return Scorer(language, own=tree(dict.fromkeys(words, count), CAPITAL_WORD, UPPER_WORD))


def between(one, other, nats=0.0):
    """Columns that leave open whether it is one text or another of as many letters, `nats` a letter for the first."""
    columns = columns_of(one)
    for place, (left, right) in enumerate(zip(one, other)):
        if left != right:
            at = slice(1 + 3 * place, 3 + 3 * place)
            columns[at, ALPHABET.index(right)] = columns[at, ALPHABET.index(left)] - nats
    return columns


@pytest.mark.parametrize(("own", "common"), [
    ("hallo", "hello"), ("wor1d", "world"), ("Thea", "then"), ("GmbH", "Gmbh"), ("kettlc", "kettle"), ("R2D2", "RzDz"), ("x-ray", "x.ray"),
])  # fmt: skip
def test_a_word_of_the_list_wins_where_the_ink_leaves_it_open(language, own, common):
    columns = between(common, own, nats=0.1)
    assert Search(Scorer(language)).texts(columns)[0].text != own
    assert Search(knowing(language, own)).texts(columns)[0].text == own


def test_it_does_not_win_where_the_ink_insists(language):
    scorer = knowing(language, "hallo", "Thea", count=1000)
    for text in ("hello", "then", "x7Qp9", "kettle"):
        assert Search(scorer).texts(columns_of(text, sure=9.0))[0].text == text


def test_small_words_are_known_with_a_capital_and_in_capitals(language):
    scorer = knowing(language, "quux")
    for written, other in (("Quux", "Quvx"), ("QUUX", "QUVX")):
        assert Search(scorer).texts(between(other, written, nats=0.1))[0].text == written
    root = tree({"GmbH": 1, "quux": 1}, CAPITAL_WORD, UPPER_WORD)
    assert set(root.children) == {"G", "q", "Q"}, "a word with a capital in it is written as it is"


def test_marks_around_it_change_nothing(language):
    scorer = knowing(language, "quux")
    for written, other in (("quux,", "quvx,"), ("(quux)", "(quvx)"), ("hello quux!", "hello quvx!")):
        assert Search(scorer).texts(between(other, written, nats=0.1))[0].text == written


def test_what_begins_like_it_is_no_part_of_it(language):
    """Half a word of the list, or one that goes on, costs what it costs without the list."""
    plain, own = Scorer(language), knowing(language, "quuxly")
    for text in ("quux", "quuxlyer", "then"):
        ends = []
        for scorer in (plain, own):
            token = scorer.first
            for character in text:
                token, _ = scorer.step(token, character)
            ends.append(scorer.end(token))
        assert ends[0] == ends[1]


def test_a_tree_knows_how_likely_the_best_word_beneath_is():
    root = tree({"ab": 1, "abc": 9, "x": 2}, CAPITAL_WORD, UPPER_WORD)
    ab = root.children["a"].children["b"]
    assert ab.end == pytest.approx(np.log(1 / (1 + RARE))) and ab.best == pytest.approx(np.log(9 / (9 + RARE)))
    assert root.best == ab.best and root.end == IMPOSSIBLE
    assert tree({}, CAPITAL_WORD, UPPER_WORD) is None


@pytest.mark.parametrize(("words", "reason"), [
    ({"naïve": 1}, "cannot be read"), ({"two words": 1}, "without spaces"), ({"": 1}, "without spaces"), ({"word": 0}, "at least once"),
    ({"word": float("nan")}, "at least once"),
])  # fmt: skip
def test_what_is_no_word_is_refused_by_name(words, reason):
    with pytest.raises(ValueError, match=reason):
        TextReader.load().learn_words(words)


def test_the_reader_learns_words_and_forgets_them(written):
    """ "frozen pizza", which these weights do not read by themselves."""
    reader = TextReader.load()
    sample = next(sample for sample in written if sample.label == "frozen pizza")
    before = reader.read(sample.ink)[0]
    reader.learn_words({"pizza": 5})
    learned = reader.read(sample.ink)[0]
    assert learned.text == "frozen pizza" and before.text != learned.text
    assert reader.read(sample.ink, language=None)[0].text == TextReader.load().read(sample.ink, language=None)[0].text
    reader.learn_words({})
    assert reader.read(sample.ink)[0] == before
