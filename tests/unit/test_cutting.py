"""Words cut into letters: made words whose letters are known, linkage against components of a graph, real words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from building.paths import WEIGHTS
from inkling.data import Sample
from inkling.data.formats import read_samples
from inkling.data.jsonlines import write_samples
from inkling.labels import LABELS, shape_of
from inkling.tools.cli import main
from inkling.tools.cutting import KEPT, PLAUSIBLY, NotCutError, Outcome, _linked, cut, groups_of, judge, letters_of
from inkling.tools.split import Split


def stroke(*points):
    return np.array(points, np.float32)


def stem(x, top=0, bottom=100):
    return stroke((x, top), (x + 1, bottom))


def bar(left, right, y):
    return stroke((left, y), (right, y + 2))


def bowl(left, right, top=40, bottom=100):
    turn = np.linspace(0, 2 * np.pi, 20)
    x, y = (left + right) / 2, (top + bottom) / 2
    return np.stack([x + (right - left) / 2 * np.cos(turn), y + (bottom - top) / 2 * np.sin(turn)], axis=1).astype(
        np.float32
    )


WORDS = {
    "a dot drawn last, over the letter after its own": (
        "ill", [stem(0, 40), stem(25), stem(50), stroke((24, 20))], [[0, 3], [1], [2]],
    ),
    "as many dots as letters that have one, all of them far to the right": (
        "iji", [stem(0, 40), stem(20, 40, 140), stem(40, 40), stroke((21, 20)), stroke((41, 21)), stroke((62, 20))],
        [[0, 3], [1, 4], [2, 5]],
    ),
    "a dot that is a short dash": ("io", [stem(5, 40), bowl(25, 60), stroke((6, 18), (12, 14))], [[0, 2], [1]]),
    "a bar drawn last, a little over the next letter": ("to", [stem(20), bowl(30, 60), bar(5, 38, 35)], [[0, 2], [1]]),
    "two bars side by side": ("tt", [stem(20), stem(60), bar(10, 32, 30), bar(48, 74, 30)], [[0, 2], [1, 3]]),
    "a sign of two bars": ("a=b", [bowl(0, 30), bar(50, 80, 60), bar(52, 78, 80), bowl(100, 130)], [[0], [1, 2], [3]]),
    "arms that only touch their stem": ("KO", [stem(0), stroke((40, 0), (3, 50), (42, 100)), bowl(60, 110, 0)], [[0, 1], [2]]),
    "a bar that holds two stems": ("HI", [stem(0), stem(40), bar(0, 41, 50), stem(70)], [[0, 1, 2], [3]]),
    "letters that lean over each other a little": ("lo", [stroke((30, 0), (0, 100)), bowl(20, 60)], [[0], [1]]),
    "drawn from right to left": ("on", [stroke((50, 100), (50, 40), (80, 100)), bowl(0, 30)], [[1], [0]]),
}  # fmt: skip


@pytest.mark.parametrize("text, strokes, groups", WORDS.values(), ids=WORDS)
def test_each_letter_gets_its_strokes(text, strokes, groups):
    assert groups_of(strokes, text) == groups
    moved = [3 * s + np.array([500, -70]) for s in strokes]
    assert groups_of(moved, text) == groups, "wherever and however large it was written"


NO_WORDS = {
    "letters in one stroke": ("on", [bowl(0, 60)], "joined"),
    "letters in one stroke, and a dot": ("in", [stroke((0, 40), (0, 100), (30, 40), (40, 100)), stroke((2, 20))], "joined"),
    "one bar across two letters": ("tt", [stem(20), stem(45), bar(5, 60, 30)], "overlap"),
    "a letter over another": ("oa", [bowl(0, 40), bowl(5, 45)], "overlap"),
    "pieces that belong to none": ("o", [bowl(0, 40), bowl(60, 90)], "more pieces"),
}


@pytest.mark.parametrize("text, strokes, reason", NO_WORDS.values(), ids=NO_WORDS)
def test_what_cannot_be_cut_is_said(text, strokes, reason):
    with pytest.raises(NotCutError, match=reason):
        groups_of(strokes, text)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 12)), min_size=1, max_size=9), st.integers(1, 9))
def test_linkage_against_components(intervals, count):
    """The groups are what hangs together by overlaps of some share at least, that share which leaves `count` of them."""
    middle, half = (np.array(values, float) for values in zip(*intervals))
    left, right = middle - half, middle + half

    def share(a, b):
        overlap = min(right[a], right[b]) - max(left[a], left[b])
        narrower = 2 * min(half[a], half[b])
        return min(overlap, narrower) / narrower

    def components(least):
        found, todo = [], set(range(len(middle)))
        while todo:
            members = {todo.pop()}
            while more := {b for b in todo if any(share(a, b) >= least for a in members)}:
                members, todo = members | more, todo - more
            found.append(frozenset(members))
        return frozenset(found)

    levels = {np.inf, *(share(a, b) for a in range(len(middle)) for b in range(a) if share(a, b) > 0)}
    fitting = [parts for least in levels if len(parts := components(least)) == count]
    try:
        group = _linked(middle, half, count)
    except NotCutError:
        for parts in fitting:
            assert any(share(a, b) > 0.5 for one in parts for other in parts - {one} for a in one for b in other)
        return
    found = frozenset(frozenset(np.flatnonzero(group == g).tolist()) for g in range(count))
    assert sum(map(len, found)) == len(middle)
    if fitting:  # where several overlaps are equal, none may leave `count`
        assert found in fitting


def sure(text, answers, probability=0.9):
    """Probabilities of a reader that is as sure of each answer."""
    rows = np.full((len(text), len(LABELS)), (1 - probability) / (len(LABELS) - 1))
    rows[np.arange(len(text)), [LABELS.index(answer) for answer in answers]] = probability
    return rows


def test_what_a_reader_makes_of_a_word():
    assert judge(sure("soon", "S0on"), LABELS, "soon") == [KEPT] * 4  # look-alikes are no contradiction
    assert judge(sure("then", "thcn"), LABELS, "then") == [KEPT, KEPT, "the letter is read otherwise", KEPT]
    doubtful = sure("then", "thcn", 0.6)
    doubtful[2, LABELS.index("e")] = 0.1
    assert judge(doubtful, LABELS, "then") == [KEPT, KEPT, PLAUSIBLY, KEPT]
    assert judge(sure("a=b", "a1b"), LABELS, "a=b") == [KEPT, "not among the labels", KEPT]
    for text, answers, reason in (("then", "xken", "the word"), ("hen", "hEn", "other case"), ("#=", "11", "the word")):
        with pytest.raises(NotCutError, match=reason):
            judge(sure(text, answers), LABELS, text)


@pytest.mark.parametrize("change", [{"style": "cursive"}, {"quality": "bad"}, {"label": "o."}, {"writer": "lav_w001"}])
def test_words_that_are_not_to_be_cut(change):
    fields = {"label": "on", "writer": "a_w1", "style": "printed", **change}
    with pytest.raises(NotCutError):
        letters_of(Sample(strokes=(bowl(0, 30), stem(50)), is_text=True, **fields))
    assert len(letters_of(Sample("on", (bowl(0, 30), stem(50)), writer="a_w1", is_text=True))) == 2


def cut_all(words, reader):
    outcome = Outcome()
    return list(cut(words, reader, outcome)), outcome


def test_real_words(written, reader):
    letters, outcome = cut_all(written, reader)
    assert outcome.words.total() == len(written) and len(letters) == outcome.letters[KEPT] + outcome.letters[PLAUSIBLY] > 40
    assert {letter.writer for letter in letters} == outcome.people
    right = [shape_of(reader.read(letter.ink, top=1)[0].label) == shape_of(letter.label) for letter in letters]
    assert sum(right) == outcome.letters[KEPT]
    # The letters stand in the order of their words, each of strokes of one word, and no stroke is in two letters.
    strokes = [(word.writer, word.style, s.tobytes()) for word in written for s in word.ink]
    used = [(letter.writer, letter.style, s.tobytes()) for letter in letters for s in letter.ink]
    assert set(used) <= set(strokes) and len(used) <= len(strokes)
    assert "cursive" not in {letter.style for letter in letters}
    again, _ = cut_all(written, reader)
    assert [letter.label for letter in again] == [letter.label for letter in letters]


def test_every_stroke_of_a_word_goes_to_one_letter(written):
    cuttable = 0
    for word in written:
        try:
            letters = letters_of(word)
        except NotCutError:
            continue
        cuttable += 1
        assert sorted(s.tobytes() for letter in letters for s in letter.ink) == sorted(s.tobytes() for s in word.ink)
    assert cuttable > 8


def test_people_stay_on_their_side_of_the_split(written, reader):
    split = Split.load(WEIGHTS.with_name("split.json"))
    letters, _ = cut_all(written, reader)
    assert letters and {split.part(letter.writer, place) for place, letter in enumerate(letters)} == {"test"}


def test_the_command_writes_whole_files_the_same_each_time(tmp_path, written, capsys, monkeypatch):
    write_samples(tmp_path / "words.jsonl", written)
    monkeypatch.chdir(tmp_path)
    for name in ("one.jsonl.gz", "two.jsonl.gz"):
        assert main(["cut-words", "words.jsonl", "--out", name]) == 0
    assert (tmp_path / "one.jsonl.gz").read_bytes() == (tmp_path / "two.jsonl.gz").read_bytes()
    letters = list(read_samples("one.jsonl.gz"))
    told = capsys.readouterr().out
    assert f"{len(letters):,} characters by {len({s.writer for s in letters})} people written to two.jsonl.gz" in told
    assert "words: letters are joined" in told and "letters: kept, as plausible" in told
    assert not any(letter.is_text for letter in letters) and {letter.label for letter in letters} <= set(LABELS)
    before = (tmp_path / "one.jsonl.gz").read_bytes()
    with (tmp_path / "words.jsonl").open("a") as file:
        file.write("no sample\n")
    assert main(["cut-words", "words.jsonl", "--out", "one.jsonl.gz"]) == 1
    assert "words.jsonl, line" in capsys.readouterr().err
    assert (tmp_path / "one.jsonl.gz").read_bytes() == before and not list(tmp_path.glob("*.part"))
    assert main(["cut-words", "words.jsonl", "--out", "one.jsonl.gz", "--skip-bad"]) == 0
    assert (tmp_path / "one.jsonl.gz").read_bytes() == before
    assert "1 bad line was left out" in capsys.readouterr().err
