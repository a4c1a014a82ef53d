"""The Write view's Python, called as the worker calls it, on ink of test writers."""

import json
import subprocess
import sys

import numpy as np
import pytest

from inkling import TextReader
from tab import call


@pytest.fixture(scope="module", autouse=True)
def arrived():
    call("later.arrive", ["writing", b"{}", {}])


@pytest.fixture(scope="module")
def package():
    return TextReader.load()


def crossing(strokes):
    """Ink as it comes from JavaScript: flat buffers."""
    lengths = np.array([len(stroke) for stroke in strokes], np.int32)
    points = np.concatenate(strokes) if len(strokes) else np.empty((0, 2))
    return [memoryview(points.astype(np.float32).ravel()), memoryview(lengths)]


def read(strokes, **options):
    return call("writing.read", [*crossing(strokes), {"allowed": None, "language": "en", **options}])


def test_the_text_is_what_the_package_reads(package, written):
    for sample in written:
        told, [best] = read(sample.ink, settled=True), package.read(sample.ink, top=1)
        assert told["text"] == best.text == " ".join(word["text"] for word in told["words"])
        assert told["probability"] == pytest.approx(best.probability)
        characters = [character for character in best.characters if character.label != " "]
        found = [character for word in told["words"] for character in word["characters"]]
        assert [each["label"] for each in found] == [each.label for each in characters]
        assert [each["spans"] for each in found] == [[list(span) for span in each.spans] for each in characters]


def test_while_one_writes_it_is_read_too_and_settles_to_what_the_package_reads(package, written):
    """Stroke by stroke, and then as a whole: some strokes late, two rows in turns."""
    for sample, other in zip(written[4:24:4], written[6:26:4]):
        for count in range(1, len(sample.ink) + 1):
            told = read(sample.ink[:count])
            assert told["text"] == " ".join(word["text"] for word in told["words"])
            read(other.ink[:count])
        settled, [best] = read(sample.ink, settled=True), package.read(sample.ink, top=1)
        assert settled["text"] == best.text and settled["probability"] == pytest.approx(best.probability)
        live = read(sample.ink)
        assert len(live["text"]) and live["milliseconds"] > 0


def test_words_have_their_place_in_the_text_and_share_out_the_strokes(written):
    for sample in written:
        told = read(sample.ink)
        for word in told["words"]:
            assert word["text"] and " " not in word["text"]
            assert told["text"][word["start"] :].startswith(word["text"])
            assert "".join(each["label"] for each in word["characters"]) == word["text"]
        assert sorted({stroke for word in told["words"] for stroke in word["strokes"]}) == list(range(len(sample.ink)))
        assert all(word["strokes"] for word in told["words"])


def test_readings_begin_with_the_word_and_hold_what_the_ink_says(package, written):
    for sample in written:
        told = read(sample.ink)
        for word in told["words"]:
            texts = [reading["text"] for reading in word["readings"]]
            assert texts[0] == word["text"] and len(set(texts)) == len(texts) <= 5
            assert word["probability"] == word["readings"][0]["probability"]
            assert sum(reading["literal"] for reading in word["readings"]) == 1
            assert all(0 <= reading["probability"] <= 1 for reading in word["readings"])
            rest = [reading["probability"] for reading in word["readings"][1:]]
            assert rest == sorted(rest, reverse=True)
        if len(told["words"]) == 1 and " " not in told["text"]:
            literal = package.read(sample.ink, language=None, top=1)[0].text
            [found] = [reading["text"] for reading in told["words"][0]["readings"] if reading["literal"]]
            assert found == literal or " " in literal


def test_alternatives_are_other_characters_and_the_other_case(written):
    for sample in written[:12]:
        for word in read(sample.ink)["words"]:
            for each in word["characters"]:
                label, others = each["label"], each["alternatives"]
                assert label not in others and " " not in others and len(set(others)) == len(others)
                assert not label.isalpha() or label.swapcase() in others


def test_what_is_allowed_holds_for_alternatives_and_readings_too(written):
    number = next(sample for sample in written if sample.label == "367-4496")
    told = read(number.ink, allowed="0123456789-")
    assert told["text"] == "367-4496"
    for word in told["words"]:
        assert all(set(reading["text"]) <= set("0123456789-") for reading in word["readings"])
        assert all(set(each["alternatives"]) <= set("0123456789-") for each in word["characters"])


def test_no_ink_has_no_words_and_a_stroke_without_points_is_none(written):
    empty = read([])
    assert empty["text"] == "" and empty["words"] == [] and empty["probability"] == 0
    sample = written[4]
    plain, gap = read(sample.ink), read([sample.ink[0], np.empty((0, 2)), *sample.ink[1:]])
    assert gap["text"] == plain["text"]
    moved = [stroke + (stroke > 0) for word in plain["words"] for stroke in word["strokes"]]
    assert [stroke for word in gap["words"] for stroke in word["strokes"]] == moved


@pytest.mark.parametrize(
    ("options", "reason"), [({"allowed": "ß"}, "allowed are some of"), ({"language": "xx"}, "no language")]
)
def test_what_cannot_be_asked_is_refused_in_words(written, options, reason):
    with pytest.raises(ValueError, match=reason):
        read(written[0].ink, **options)


def test_words_of_one_s_own_are_counted_until_they_are_forgotten(written):
    sample = next(sample for sample in written if sample.label == "frozen pizza")
    before = read(sample.ink)["text"]
    learned = call("writing.learn_words", [[["pizza", 4], ["naïve", 1], ["two words", 2], ["pizza", 1]]])
    assert learned == {"words": 1, "skipped": ["naïve", "two words"]}
    assert read(sample.ink)["text"] == read(sample.ink, settled=True)["text"] == "frozen pizza" != before
    assert call("writing.learn_words", [[]]) == {"words": 0, "skipped": []}
    assert read(sample.ink)["text"] == before


def test_how_it_was_read_is_told(written, package):
    sample = written[0]
    told = call("writing.explain", [*crossing(sample.ink), {"allowed": None, "language": "en"}])
    assert told["text"] == package.read(sample.ink, top=1)[0].text
    assert told["columns"].dtype == np.float32 and len(told["columns"]) == len(told["best"])
    assert {label for _, label in told["path"]} == set(told["text"])
    assert all(0 <= column < len(told["columns"]) for column, _ in told["path"])
    assert [word for word, _ in told["gain"]] == told["text"].split()
    empty = call("writing.explain", [*crossing([]), {}])
    assert empty["text"] == "" and len(empty["columns"]) == 0


def test_rows_are_told_apart(written):
    """Two words below each other, one of them written first or last."""
    upper, lower = [sample.ink for sample in written[:2]]
    down = max(stroke[:, 1].max() for stroke in upper) + 300
    lower = [stroke + np.float32([0, down]) for stroke in lower]
    first, second = range(len(upper)), range(len(upper), len(upper) + len(lower))
    assert call("writing.rows", crossing([*upper, *lower])) == [[*first], [*second]]
    first, second = range(len(lower)), range(len(lower), len(upper) + len(lower))
    assert call("writing.rows", crossing([*lower, *upper])) == [[*second], [*first]]


def test_what_tells_rows_apart_does_without_numpy_ma(written):
    """As the page does, whose numpy has no numpy.ma."""
    ink = [stroke.tolist() for stroke in written[0].ink]
    code = f"import json, sys; sys.path[:] = {sys.path}; sys.modules['numpy.ma'] = None; import numpy as np; "
    code += "from inkling.words.rows import rows_of; print(rows_of([np.array(stroke) for stroke in json.load(sys.stdin)]))"
    done = subprocess.run([sys.executable, "-c", code], input=json.dumps(ink), text=True, capture_output=True, check=True)
    assert json.loads(done.stdout) == [[*range(len(ink))]]
