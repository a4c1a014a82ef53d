"""The project's own ink format: what is written is read back, what is damaged is named."""

import gzip
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from inkling.data import DataError, Sample, jsonlines
from inkling.data.formats import read_samples

GOOD = '{"label":"A","writer":"w1","strokes":[[[0,0],[5,9]],[[2,4]]],"style":"printed","quality":"ok"}'


def write(tmp_path, *lines, name="ink.jsonl", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


def same(a: Sample, b: Sample) -> bool:
    """Equal in all but the number of the line."""
    return (
        (a.label, a.writer, a.style, a.quality, a.case_known, a.pixels, len(a.strokes))
        == (b.label, b.writer, b.style, b.quality, b.case_known, b.pixels, len(b.strokes))
        and all(x.dtype == y.dtype == np.float32 and np.array_equal(x, y) for x, y in zip(a.strokes, b.strokes))
    )  # fmt: skip


coordinates = st.one_of(
    st.integers(-(10**6), 10**6).map(float),
    st.floats(-1e9, 1e9, width=32, allow_subnormal=True),
)
strokes = st.integers(1, 12).flatmap(lambda n: hnp.arrays(np.float32, (n, 2), elements=coordinates))
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
labels = st.sampled_from('0aZéñ→字😀"\\')
samples = st.builds(
    Sample,
    label=labels,
    strokes=st.lists(strokes, min_size=1, max_size=4).map(tuple),
    writer=words,
    case_known=st.booleans(),
    style=words,
    quality=words,
)


@given(samples)
def test_a_line_reads_back_to_the_same_sample(sample):
    line = jsonlines.format_line(sample)
    assert "\n" not in line
    assert same(jsonlines.parse(line), sample)
    assert same(jsonlines.parse(line.encode()), sample)


@pytest.mark.parametrize("name", ["ink.jsonl", "ink.jsonl.gz"])
@settings(max_examples=15)
@given(written=st.lists(samples, max_size=3))
def test_a_file_reads_back_to_the_same_samples(tmp_path_factory, name, written):
    path = tmp_path_factory.mktemp("ink") / name
    assert jsonlines.write_samples(path, written) == len(written)
    read = list(read_samples(path))
    assert len(read) == len(written) and all(map(same, read, written))
    assert [sample.line for sample in read] == list(range(1, len(read) + 1))
    assert (path.read_bytes()[:2] == b"\x1f\x8b") == name.endswith(".gz")
    assert [p.name for p in path.parent.iterdir()] == [name]


def test_the_same_samples_make_the_same_bytes(tmp_path):
    sample = jsonlines.parse(GOOD)
    for name in ("one.jsonl.gz", "two.jsonl.gz"):
        jsonlines.write_samples(tmp_path / name, [sample])
    assert (tmp_path / "one.jsonl.gz").read_bytes() == (tmp_path / "two.jsonl.gz").read_bytes()


def test_whole_numbers_are_written_short():
    assert jsonlines.format_line(jsonlines.parse(GOOD)) == GOOD
    halves = Sample("x", (np.array([[0.1, 2], [3, 4]], np.float32),))
    assert "[[0.1,2.0],[3.0,4.0]]" in jsonlines.format_line(halves)


def test_what_is_read(tmp_path):
    (sample,) = read_samples(write(tmp_path, "", GOOD, "   "))
    assert (sample.label, sample.writer, sample.style, sample.quality) == ("A", "w1", "printed", "ok")
    assert [stroke.tolist() for stroke in sample.strokes] == [[[0, 0], [5, 9]], [[2, 4]]]
    assert all(stroke.dtype == np.float32 for stroke in sample.strokes)
    assert sample.pixels is None and sample.case_known and sample.line == 2


def test_only_label_and_strokes_are_needed(tmp_path):
    (sample,) = read_samples(write(tmp_path, '{"strokes":[[[1.5,2]]],"label":"é","more":[1]}'))
    assert (sample.label, sample.writer, sample.style) == ("é", "", "?")


def test_a_letter_and_its_accent_become_one_character():
    assert jsonlines.parse(json.dumps({"label": "n\u0303", "strokes": [[[0, 0]]]})).label == "ñ"


def test_a_byte_order_mark_is_passed_over(tmp_path):
    assert len(list(read_samples(write(tmp_path, GOOD, GOOD, encoding="utf-8-sig")))) == 2


def test_files_that_dos_joined(tmp_path):
    """`copy a+b c` puts the second one's mark in the middle and a Ctrl-Z at the end."""
    path = tmp_path / "ink.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode() + b"\r\n\xef\xbb\xbf" + GOOD.encode() + b"\r\n\x1a")
    assert len(list(read_samples(path))) == 2


def test_what_else_a_person_keeps_is_passed_over(tmp_path):
    own = '{"own":"word","word":"Inkling","count":2}'
    found = list(jsonlines.read(write(tmp_path, own, GOOD, own)))
    assert [sample.label for sample in found] == ["A"] and found[0].line == 2


def test_a_last_line_needs_no_end(tmp_path):
    path = tmp_path / "ink.jsonl"
    path.write_text(GOOD + "\n" + GOOD)
    assert len(list(read_samples(path))) == 2


def test_an_empty_file_has_no_samples(tmp_path):
    path = tmp_path / "ink.jsonl"
    path.write_bytes(b"")
    assert list(read_samples(path)) == []


def entry(**changes):
    return json.dumps({**json.loads(GOOD), **changes})


BAD = {
    "not JSON": ("{oops", "not JSON"),
    "not an object": ("[1, 2]", "a sample is an object"),
    "a bare number": ("17", "a sample is an object"),
    "thousands of digits": ('{"label": "a", "strokes": [[[' + "9" * 5000 + ", 1]]]}", "a number of too many digits"),
    "nested too deeply": ('{"label":' + "[" * 100_000, "nested too deeply"),
    "no label": ('{"strokes":[[[0,0]]]}', '"label" is missing'),
    "no strokes": ('{"label":"A"}', '"strokes" is missing'),
    "two characters": (entry(label="AB"), "the label is one character, not 'AB'"),
    "no character": (entry(label=""), "the label is one character, not ''"),
    "a blank": (entry(label=" "), "the label is one character"),
    "a control character": (entry(label="\x07"), "the label is one character"),
    "a number for a label": (entry(label=7), "the label is one character, not 7"),
    "a very long label": (entry(label="A" * 10_000), "the label is one character, not 'AAA"),
    "no ink": (entry(strokes=[]), "at least one stroke"),
    "strokes that are text": (entry(strokes="ink"), "at least one stroke, not 'ink'"),
    "an empty stroke": (entry(strokes=[[[0, 0]], []]), "stroke 1 is empty"),
    "a stroke that is a number": (entry(strokes=[5]), "stroke 0 is a list of points"),
    "three coordinates": (entry(strokes=[[[0, 0]], [[1, 2, 3]]]), "stroke 1 holds [1, 2, 3], not a point"),
    "three coordinates throughout": (entry(strokes=[[[1, 2, 3], [4, 5, 6]]]), "stroke 0 holds [1, 2, 3], not a point"),
    "a missing level of lists": (entry(strokes=[[0, 0], [1, 1]]), "stroke 0 holds 0, not a point"),
    "text for a coordinate": (entry(strokes=[[[0, 0], [1, "2"]]]), "stroke 0 holds [1, '2'], not a point"),
    "text for all coordinates": (entry(strokes=[[["1", "2"]]]), "not a point"),
    "null for a coordinate": (entry(strokes=[[[0, None]]]), "stroke 0 holds [0, None], not a point"),
    "true for coordinates": (entry(strokes=[[[True, False]]]), "not a point"),
    "NaN": (entry(strokes=[[[0, float("nan")]]]), "NaN is not a number"),
    "infinity": (entry(strokes=[[[0, float("-inf")]]]), "-Infinity is not a number"),
    "an overflow to infinity": (GOOD.replace("[5,9]", "[5,1e999]"), "stroke 0 holds the point (5, inf)"),
    "a huge coordinate": (entry(strokes=[[[0, 0]], [[0, 2e9]]]), "stroke 1 holds the point (0, 2e+09)"),
    "a huge integer": (entry(strokes=[[[0, 10**400]]]), "not a point"),
    "too many points": (entry(strokes=[[[0, 0]] * 1001]), "1,001 points; one character has at most 1,000"),
    "too many strokes": (entry(strokes=[[[0, 0]]] * 101), "101 strokes; one character has at most 100"),
    "a writer that is a number": (entry(writer=3), '"writer" is a short text, not 3'),
    "a style that is a list": (entry(style=[1]), '"style" is a short text'),
    "case_known as text": (entry(case_known="no"), '"case_known" is true or false'),
}  # fmt: skip


@pytest.fixture
def small_limits(monkeypatch):
    monkeypatch.setattr("inkling.data.sample.MOST_POINTS", 1000)
    monkeypatch.setattr("inkling.data.sample.MOST_STROKES", 100)


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize(("line", "reason"), BAD.values(), ids=BAD)
def test_a_bad_line_is_named(tmp_path, line, reason):
    path = write(tmp_path, GOOD, line, GOOD)
    with pytest.raises(DataError) as caught:
        list(read_samples(path))
    assert str(caught.value).startswith(f"{path}, line 2: ") and reason in str(caught.value)
    assert len(str(caught.value)) < len(str(path)) + 250
    assert isinstance(caught.value, ValueError) and (caught.value.path, caught.value.line) == (str(path), 2)


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize(("line", "reason"), BAD.values(), ids=BAD)
def test_bad_lines_are_skipped_and_counted(tmp_path, line, reason):
    reading = read_samples(write(tmp_path, GOOD, line, GOOD, line, GOOD), skip_bad=True)
    assert [sample.line for sample in reading] == [1, 3, 5]
    assert reading.skipped == 2 and "line 2" in str(reading.errors[0])
    assert reading.report().startswith("2 bad lines were left out, the first: ") and reason in reading.report()
    assert len(list(reading)) == 3 and reading.skipped == 2  # counted anew each time


def test_nothing_skipped_nothing_reported(tmp_path):
    reading = read_samples(write(tmp_path, GOOD), skip_bad=True)
    assert len(list(reading)) == 1 and reading.skipped == 0 and reading.report() == ""


def test_only_the_first_errors_are_kept(tmp_path):
    reading = read_samples(write(tmp_path, *["{oops"] * 100), skip_bad=True)
    assert list(reading) == [] and reading.skipped == 100 and len(reading.errors) == reading.MOST_ERRORS


def test_a_foreign_encoding_is_named(tmp_path):
    path = write(tmp_path, GOOD, GOOD.replace("w1", "Müller"), encoding="latin-1")
    with pytest.raises(DataError, match="line 2: not UTF-8 text"):
        list(read_samples(path))
    path = write(tmp_path, GOOD, encoding="utf-16")
    with pytest.raises(DataError, match="UTF-16 text; save it as UTF-8"):
        list(read_samples(path))
    assert list(read_samples(path, skip_bad=True)) == []


def test_a_line_too_long_is_not_held_in_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(jsonlines, "LONGEST_LINE", 200)
    long = entry(strokes=[[[1000, 1000]] * 100])
    path = write(tmp_path, GOOD, long, GOOD, long + " " * 200)
    with pytest.raises(DataError, match="line 2: longer than"):
        list(read_samples(path))
    reading = read_samples(path, skip_bad=True)
    assert [sample.line for sample in reading] == [1, 3] and reading.skipped == 2


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.99])
def test_a_truncated_gzip_file(tmp_path, kept):
    rng = np.random.default_rng(1)
    whole = [Sample("A", (rng.normal(size=(30, 2)).astype(np.float32),)) for _ in range(200)]
    path = tmp_path / "ink.jsonl.gz"
    jsonlines.write_samples(path, whole)
    packed = path.read_bytes()
    path.write_bytes(packed[: int(len(packed) * kept)])
    with pytest.raises(DataError, match="line [0-9]+: the file is damaged or cut short"):
        list(read_samples(path))
    reading = read_samples(path, skip_bad=True)
    read = list(reading)
    assert 0 < len(read) < 200 and all(map(same, read, whole)) and reading.skipped == 1


def test_damage_within_a_gzip_file(tmp_path):
    path = tmp_path / "ink.jsonl.gz"
    packed = bytearray(gzip.compress((GOOD + "\n").encode() * 50))
    packed[-6] ^= 0xFF  # the checksum
    path.write_bytes(packed)
    with pytest.raises(DataError, match="damaged or cut short"):
        list(read_samples(path))


def test_a_failed_writing_leaves_the_old_file(tmp_path):
    path = tmp_path / "ink.jsonl"
    path.write_text("old")
    bad = Sample("A", (np.array([[0, np.nan]], np.float32),))
    with pytest.raises(ValueError, match="nan"):
        jsonlines.write_samples(path, [jsonlines.parse(GOOD), bad])
    assert path.read_text() == "old" and [p.name for p in tmp_path.iterdir()] == ["ink.jsonl"]


def test_pictures_are_not_written_as_ink(tmp_path):
    with pytest.raises(ValueError, match="sample 'A' is a picture"):
        jsonlines.write_samples(tmp_path / "ink.jsonl", [Sample("A", pixels=np.zeros((2, 2), np.uint8))])
    assert list(tmp_path.iterdir()) == []


def test_there_is_no_such_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="nothing.jsonl"):
        read_samples(tmp_path / "nothing.jsonl")
