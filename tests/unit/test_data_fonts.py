"""Fonts as samples, with the one font that Pillow brings along."""

import pytest
from PIL import ImageFont

from inkling import Recognizer
from inkling.data import DataError
from inkling.data.formats import convert, read_samples, sources
from inkling.labels import LABELS


@pytest.fixture(scope="module")
def font(tmp_path_factory):
    path = tmp_path_factory.mktemp("fonts") / "some.ttf"
    path.write_bytes(ImageFont.load_default(20).path.getvalue())
    return path


def test_a_font_has_all_characters_in_strokes_that_are_read_right(font):
    samples = list(read_samples(font))
    assert "".join(sample.label for sample in samples) == LABELS
    assert {sample.writer for sample in samples} == {"font_aileron"} and sources(font) == [font]
    # A person who reads them without a line: case and look-alikes aside.
    shapes = str.maketrans("oOlIi1", "000000")
    reader = Recognizer.load()
    read = [reader.read(sample.strokes)[0].label for sample in samples]
    right = sum(
        found.upper().translate(shapes) == sample.label.upper().translate(shapes) for found, sample in zip(read, samples)
    )
    assert right >= 55, dict(zip(LABELS, read))


def test_strokes_follow_the_middle_of_the_pen(font):
    by_label = {sample.label: sample.strokes for sample in read_samples(font)}
    (stem,) = by_label["l"]
    across, along = stem.max(axis=0) - stem.min(axis=0)
    assert across < 0.15 * along
    (ring,) = by_label["O"]
    assert abs(ring[0] - ring[-1]).max() < 0.05 * abs(ring).max(), "closed"
    assert len(by_label["i"]) == 2 and len(by_label["T"]) <= 3


def test_characters_that_a_font_has_not_are_left_out(font, monkeypatch):
    import inkling.data.fonts as fonts

    monkeypatch.setattr(fonts, "LABELS", "A\ue123B")  # nothing stands at a private code point
    assert [sample.label for sample in read_samples(font)] == ["A", "B"]


def test_fonts_are_converted_to_ink(font, tmp_path):
    done = convert([font], tmp_path / "out.jsonl.gz")
    assert done.written + done.duplicates == len(LABELS)
    back = {sample.label: sample.strokes for sample in read_samples(tmp_path / "out.jsonl.gz")}
    for sample in read_samples(font):
        for one, other in zip(sample.strokes, back[sample.label]):
            assert (one == other).all()


@pytest.mark.parametrize("content", [b"wOF2", b"OTTO" + b"\0" * 60, b"\0\1\0\0\0"])
def test_a_damaged_font_is_named(tmp_path, content):
    path = tmp_path / "bad.woff2"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"bad\.woff2.*: the font is damaged or cut short"):
        list(read_samples(path))
    samples = read_samples(path, skip_bad=True)
    assert list(samples) == [] and samples.skipped == 1
