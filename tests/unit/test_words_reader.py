"""The reader of text with the weights that ship: real ink, its places, its bounds, and bad input."""

import json
import subprocess
import sys

import numpy as np
import pytest

import inkling
from inkling import TextReader
from inkling.ink.strokes import Ink
from inkling.labels import DIGITS
from inkling.nn import Conv2D, Network, WeightsError, save
from inkling.tools.cli import main
from inkling.words.alphabet import ALPHABET, BLANK
from inkling.words.frame import frame
from inkling.words.model import build
from inkling.words.picture import draw


@pytest.fixture(scope="module")
def text_reader():
    return TextReader.load()


@pytest.fixture(scope="module")
def words(written):
    return [sample for sample in written if " " not in sample.label]


@pytest.fixture(scope="module")
def word(words):
    """A word whose letters are read by their ink alone."""
    return next(sample for sample in words if sample.label == "heard")


def test_most_words_are_read_and_the_language_helps(text_reader, words):
    read = [text_reader.read(sample.ink)[0].text for sample in words]
    alone = [text_reader.read(sample.ink, language=None)[0].text for sample in words]
    right, right_alone = (sum(text == s.label for text, s in zip(texts, words)) for texts in (read, alone))
    assert right >= 0.8 * len(words)
    assert right > right_alone


@pytest.mark.parametrize("change", [
    lambda s: s * 7.3, lambda s: s * 0.01 + 500, lambda s: s + np.array([-1e4, 3e4]), lambda s: np.repeat(s, 2, axis=0),
], ids=["larger", "smaller, elsewhere", "far", "points twice"])  # fmt: skip
def test_size_place_and_points_change_nothing(text_reader, words, change):
    for sample in words[:12]:
        before, after = text_reader.read(sample.ink), text_reader.read([change(s.astype(float)) for s in sample.ink])
        assert [t.text for t in after][:2] == [t.text for t in before][:2]
        assert after[0].probability == pytest.approx(before[0].probability, abs=0.05)


def test_texts_come_best_first_with_probabilities(text_reader, words):
    for sample in words[:10]:
        texts = text_reader.read(sample.ink, top=5)
        assert 1 <= len(texts) <= 5
        assert len({t.text for t in texts}) == len(texts)
        probabilities = [t.probability for t in texts]
        assert sum(probabilities) <= 1 + 1e-9
        assert probabilities == sorted(probabilities, reverse=True)


def test_what_the_ink_alone_says_is_among_the_texts(text_reader, words):
    for sample in words[:20]:
        literal = text_reader.read(sample.ink, language=None, top=1)[0].text
        assert literal in [t.text for t in text_reader.read(sample.ink, top=3)] or len(literal) == 0


def test_every_piece_of_ink_belongs_to_a_character(text_reader, written):
    for sample in [*written[:8], *written[-4:]]:
        [best] = text_reader.read(sample.ink, top=1)
        assert "".join(c.label for c in best.characters) == best.text
        seen = [np.zeros(len(stroke), bool) for stroke in sample.ink]
        for character in best.characters:
            assert 0 <= character.probability <= 1
            assert character.label != " " or not character.spans
            for span in character.spans:
                assert 0 <= span.first <= span.last < len(sample.ink[span.stroke])
                seen[span.stroke][span.first : span.last + 1] = True
        spaces = " " in best.text  # strokes that reach into a gap belong to nobody
        assert spaces or all(stroke.all() for stroke in seen)


def test_characters_follow_the_ink_from_left_to_right(text_reader, word):
    [best] = text_reader.read(word.ink, top=1)
    middles = [
        np.mean([word.ink[span.stroke][span.first : span.last + 1, 0].mean() for span in character.spans])
        for character in best.characters
    ]
    assert middles == sorted(middles)


def test_allowed_restricts_and_digits_are_digits(text_reader, words):
    number = next(sample for sample in words if sample.label == "9/7")
    assert set(text_reader.read(number.ink, allowed=DIGITS + "/")[0].text) <= set(DIGITS + "/")
    for sample in words[:5]:
        for text in text_reader.read(sample.ink, allowed="abc "):
            assert set(text.text) <= set("abc ")


def test_a_dot_that_comes_late_changes_nothing(text_reader, words):
    """Strokes in another order are the same picture."""
    for sample in words[:10]:
        late = [*sample.ink[1:], sample.ink[0]]
        assert text_reader.read(late)[0].text == text_reader.read(sample.ink)[0].text


def test_rows_are_read_each_by_itself(text_reader, words):
    upper, lower = words[0], words[1]
    down = np.array([0.0, 3 * max(np.ptp(np.concatenate(s.ink)[:, 1]) for s in (upper, lower))])
    page = [*upper.ink, *(stroke + down for stroke in lower.ink)]
    rows = text_reader.read_rows(page)
    assert [texts[0].text for _, texts in rows] == [text_reader.read(s.ink)[0].text for s in (upper, lower)]
    assert [numbers for numbers, _ in rows] == [list(range(len(upper.ink))), list(range(len(upper.ink), len(page)))]
    spans = [span.stroke for character in rows[1][1][0].characters for span in character.spans]
    assert min(spans) >= len(upper.ink)


def test_the_fast_way_gives_what_the_network_gives(text_reader, word):
    drawn = Ink(np.concatenate(word.ink), [len(s) for s in word.ink])
    line = frame(drawn.points, drawn.lengths)
    maps = text_reader.network.forward(draw(line)[None])
    assert text_reader.logits(line) == pytest.approx(maps[0, :, 0].T, abs=1e-3)


@pytest.mark.parametrize(("arguments", "reason"), [
    ({"allowed": "aß"}, "allowed are some of"), ({"allowed": ""}, "allowed are some of"), ({"language": "xx"}, "no language 'xx'"),
    ({"top": 0}, "top is at least 1"),
])  # fmt: skip
def test_what_cannot_be_asked_is_refused_in_words(text_reader, word, arguments, reason):
    with pytest.raises(ValueError, match=reason):
        text_reader.read(word.ink, **arguments)


@pytest.mark.parametrize("strokes", ["ink", [[[0, 0], [1, float("nan")]]], [[[0, 0, 0]]], {"strokes": []}, [["a"]]])
def test_what_is_no_ink_is_refused(text_reader, strokes):
    with pytest.raises(ValueError, match="ink is a list|not finite|has shape|is not an"):
        text_reader.read(strokes)


def test_no_ink_is_no_text(text_reader):
    assert text_reader.read([]) == [] == text_reader.read([[]])
    assert text_reader.read_rows([]) == []


@pytest.mark.parametrize("strokes", [[[[5, 5]]], [[[0, 0], [0, 40]]], [[[0, 0], [40, 0]]]], ids=["dot", "stick", "dash"])
def test_hardly_any_ink_is_read_too(text_reader, strokes):
    assert len(text_reader.read(strokes)[0].text) >= 0


def test_weights_of_characters_are_refused_by_name():
    with pytest.raises(WeightsError, match=r"inkling.npz: field 'header.labels': not the alphabet of text"):
        TextReader.load(inkling.files.shipped("inkling.npz"))


@pytest.mark.parametrize(("meta", "field"), [
    ({"weights": [1, 2]}, "header.meta.weights"), ({"weights": "abcd"}, "header.meta.weights"), ({"temperature": 0}, "header.meta.temperature"),
])  # fmt: skip
def test_damaged_weights_are_named_by_their_field(tmp_path, meta, field):
    path = tmp_path / "w.npz"
    save(path, build(along=8, residual=()).folded(), ALPHABET + BLANK, **meta)
    with pytest.raises(WeightsError, match=field):
        TextReader.load(path)


def test_networks_of_another_kind_are_refused():
    with pytest.raises(ValueError, match="outputs of 5 x 48, the alphabet needs 84 x 1"):
        TextReader(Network([Conv2D(3, 5)], (3, 48, 64)))
    with pytest.raises(ValueError, match="lines are drawn as"):
        TextReader(Network([Conv2D(1, 5)], (1, 48, 64)))


def test_the_line_reads_rows_of_a_file(tmp_path, words, capsys):
    down = np.array([0.0, 4 * np.ptp(np.concatenate(words[0].ink)[:, 1])])
    page = [*words[0].ink, *(stroke + down for stroke in words[1].ink)]
    path = tmp_path / "page.json"
    path.write_text(json.dumps({"strokes": [stroke.tolist() for stroke in page]}))
    assert main(["read", str(path)]) == 0
    expected = [texts[0].text for _, texts in TextReader.load().read_rows(page)]
    assert capsys.readouterr().out.splitlines() == expected
    assert main(["read", str(path), "--top", "3", "--language", "none"]) == 0
    assert len(capsys.readouterr().out.split("\n\n")) == 3
    path.write_text("[]")
    assert main(["read", str(path)]) == 0
    assert "no ink" in capsys.readouterr().err


def test_reading_characters_does_not_load_what_reads_text():
    script = "import inkling, sys; inkling.Recognizer; assert not [m for m in sys.modules if m.startswith('inkling.words')]"
    subprocess.run([sys.executable, "-c", script], check=True)
