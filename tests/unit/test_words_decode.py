"""Decoding against sums over all paths, the n-gram against counting by hand, and what is no language."""

import gzip
import itertools
from collections import Counter

import numpy as np
import pytest

from inkling import nn
from inkling.words.alphabet import ALPHABET, encode
from inkling.words.decode import Search, align
from inkling.words.greedy import best_path, edit_distance
from inkling.words.language import Language, read_words, write_words
from inkling.words.scoring import START, Scorer, Weights

WORDS = {"the": 7.7, "then": 6.1, "than": 6.0, "hello": 5.0, "yellow": 4.6, "don't": 5.9, "world": 5.8, "we": 6.9}


@pytest.fixture(scope="module")
def language():
    return Language(WORDS)


@pytest.fixture
def scorer(language):
    return Scorer(language)


def columns_of(text, sure=6.0, repeat=2):
    """(T, K + 1) log probabilities of columns that show `text`, a blank after each character."""
    logits = np.zeros((len(text) * (repeat + 1) + 1, len(ALPHABET) + 1))
    logits[:, -1] = sure
    for place, label in enumerate(encode(text)):
        at = 1 + place * (repeat + 1)
        logits[at : at + repeat, -1] = 0
        logits[at : at + repeat, label] = sure
    return nn.log_softmax(logits)


def test_the_beam_finds_every_text_and_adds_up_all_its_paths():
    logits = np.random.default_rng(1).normal(size=(5, len(ALPHABET) + 1))
    logits[:, 2:-1] = -60  # only two characters and the blank are possible
    log_probabilities = nn.log_softmax(logits)
    found = Search(beam=10_000).found(log_probabilities)
    sums = Counter()
    blank = len(ALPHABET)
    for path in itertools.product((0, 1, blank), repeat=5):
        text = "".join(ALPHABET[k] for k, _ in itertools.groupby(path) if k != blank)
        sums[text] += np.exp(log_probabilities[range(5), path].sum())
    assert [one.text for one in found] == [text for text, _ in sums.most_common()]
    assert [one.ink for one in found] == pytest.approx([np.log(p) for _, p in sums.most_common()], abs=1e-6)


def test_the_path_of_a_text_is_the_likeliest_that_spells_it():
    log_probabilities = nn.log_softmax(np.random.default_rng(3).normal(size=(6, 4)))
    texts = ([0], [0, 1], [1, 1], [2, 0, 2])
    for text, shown in zip(texts, align(log_probabilities, [np.array(text) for text in texts]), strict=True):
        best = max(
            (
                path
                for path in itertools.product(range(4), repeat=6)
                if [k for k, _ in itertools.groupby(path) if k != 3] == text
            ),
            key=lambda path: log_probabilities[range(6), path].sum(),
        )
        assert [3 if place < 0 else text[place] for place in shown] == list(best)
        assert list(shown[shown >= 0]) == sorted(shown[shown >= 0])


def test_the_path_of_a_text_of_three_hundred_characters():
    rng = np.random.default_rng(5)
    text = rng.integers(84, size=300)
    said = np.full(1000, 84)
    places = np.sort(rng.permutation(500)[:300]) * 2  # a blank between any two
    said[places] = text
    log_probabilities = nn.log_softmax(10.0 * np.eye(85)[said])
    (shown,) = align(log_probabilities, [text])
    assert np.flatnonzero(shown >= 0).tolist() == places.tolist()
    assert shown[places].tolist() == list(range(300))


@pytest.mark.parametrize(
    ("a", "b", "distance"), [("", "abc", 3), ("kitten", "sitting", 3), ("abc", "abc", 0), ("ab", "ba", 2)]
)
def test_edit_distance(a, b, distance):
    assert edit_distance(a, b) == edit_distance(b, a) == distance


def by_hand(words, temper, history, letter):
    """Witten-Bell by the book: counts in dictionaries, one order after the other. history and letter are letters, # the border."""
    lowest = min(words.values())
    counts = {}
    for word, zipf in words.items():
        padded = "#" * 5 + word + "#"
        for place in range(5, len(padded)):
            for length in range(6):
                followers = counts.setdefault(padded[place - length : place], Counter())
                followers[padded[place]] += 10 ** (temper * (zipf - lowest))
    probability = 1 / 28
    for length in range(6):
        seen = counts.get(history[5 - length :])
        if seen:
            probability = (seen[letter] + len(seen) * probability) / (sum(seen.values()) + len(seen))
    return probability


@pytest.mark.parametrize(
    ("before", "letter"), [("", "t"), ("th", "e"), ("th", "x"), ("yello", "w"), ("qq", "z"), ("then", ""), ("don", "'")]
)
def test_the_n_gram_is_what_counting_by_hand_gives(before, letter):
    language = Language(WORDS, order=6, temper=0.5)
    history = 0
    for one in before:
        history = language.history(history, one)
    expected = by_hand(WORDS, 0.5, ("#" * 5 + before)[-5:], letter or "#")
    assert np.exp(language.log_probability(history, letter)) == pytest.approx(expected)


def test_a_capital_costs_less_where_a_text_begins(language):
    scorer = Scorer(language, Weights(language=1.0, letter=0.0, literal=-1e6, literal_letter=0.0))

    def score(text):
        token, settled = START, 0.0
        for character in text:
            token, more = scorer.step(token, character)
            settled += more
        return settled + scorer.end(token)

    assert score("The") - score("the") == pytest.approx(np.log(0.33 / 0.6))
    assert score("the The") - score("the the") == pytest.approx(np.log(0.14 / 0.83))
    assert score("(The") - score("(the") == pytest.approx(np.log(0.33 / 0.6))
    assert score("THE") - score("The") == pytest.approx(np.log(0.03 / 0.14))


def test_probabilities_after_any_history_sum_to_one(language):
    for before in ("", "t", "hello", "zzzzz", "don't"):
        history = 0
        for one in before:
            history = language.history(history, one)
        everything = [language.log_probability(history, letter) for letter in ("", *"abcdefghijklmnopqrstuvwxyz'")]
        assert np.exp(everything).sum() == pytest.approx(1)


def test_what_is_remembered_of_histories_is_bounded(language, monkeypatch):
    """Whoever writes for an hour meets ever more of them."""
    monkeypatch.setattr("inkling.words.language.MOST_HISTORIES", 40)
    fresh = Language(WORDS)
    histories = {0}
    for word in [
        "hello",
        "world",
        "yellow",
        "the",
        "than",
        "qqqq",
        "don't",
        "zebra",
        "quick",
        "brown",
        "fox",
        "jumps",
        "lazy",
    ]:
        history = 0
        for letter in word:
            history = language.history(history, letter)
            histories.add(history)
            assert fresh.log_probability(history, "e") == language.log_probability(history, "e")
            assert len(fresh._begins) <= 40 and max(length for _, length in fresh._short) <= 2
    assert len(histories) > 45


def score(scorer, text):
    token, total = START, 0.0
    for character in text:
        token, settled = scorer.step(token, character)
        total += settled
    return total + scorer.end(token)


@pytest.mark.parametrize(("better", "worse"), [
    ("hello", "hcllo"), ("Hello", "hEllo"), ("HELLO", "HELlO"), ("hello world", "hello wor1d"), ("don't", "d0n't"),
    ("12", "l2"), ("(hello)", "(hel)lo"), ("hello, world.", "hel,lo wor.ld"),
])  # fmt: skip
def test_language_prefers_language(scorer, better, worse):
    assert score(scorer, better) > score(scorer, worse)


def test_a_word_that_ink_leaves_open_is_read_as_the_word(scorer):
    log_probabilities = columns_of("wor1d", sure=5.0)
    one, ell = ALPHABET.index("1"), ALPHABET.index("l")
    log_probabilities[:, ell] = log_probabilities[:, one] - 0.3
    assert best_path(log_probabilities) == "wor1d"
    assert Search(scorer).found(log_probabilities)[0].text == "world"


@pytest.mark.parametrize("code", ["x7Qp9", "B4tK0", "qrst", "Zx-81/y", "AbCdEf", "pa55w0rd"])
def test_what_is_no_language_survives_where_the_ink_insists(scorer, code):
    assert Search(scorer).found(columns_of(code, sure=9.0))[0].text == code


def test_columns_that_are_blank_do_not_end_a_text(scorer):
    log_probabilities = columns_of("hello", repeat=6)
    assert Search(scorer).found(log_probabilities)[0].text == "hello"
    assert best_path(log_probabilities) == "hello"


def test_a_language_is_written_and_read_back(tmp_path):
    path = tmp_path / "xx.txt.gz"
    count = write_words(
        path, [("the", 7.73), ("co-op", 4.0), ("a1", 4.0), ("'", 3.0), ("we", 6.9), ("no", 6.0)], 2, "nowhere"
    )
    assert count == 2
    assert read_words(path) == {"the": 7.73, "we": 6.9}
    first = path.read_bytes()
    write_words(path, [("the", 7.73), ("we", 6.9)], 2, "nowhere")
    assert path.read_bytes() == first


@pytest.mark.parametrize(("content", "reason"), [
    (b"not gzip", "not the gzip'd words"),
    (gzip.compress(b"7.7 the\n", mtime=0)[:-9], "cut short"),
    (gzip.compress(b"# only words about words\n", mtime=0), "0 words"),
    (gzip.compress(b"7.7 the\nnan we\n", mtime=0), "line 2"),
    (gzip.compress(b"7.7 the\n3.0 We\n", mtime=0), "line 2"),
    (gzip.compress(b"7.7 the\n12 we\n", mtime=0), "line 2"),
    (gzip.compress(b"7.7\n", mtime=0), "line 1"),
    (gzip.compress("7.7 schön\n".encode(), mtime=0), "ascii"),
])  # fmt: skip
def test_a_damaged_language_is_refused_by_file_and_line(tmp_path, content, reason):
    path = tmp_path / "xx.txt.gz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=reason) as caught:
        read_words(path)
    assert "xx.txt.gz" in str(caught.value)
