"""UNIPEN's native files, on small ones written here in the manner of the published archive."""

import gzip
import textwrap
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkling.data import DataError
from inkling.data.formats import read_samples

CASES = Path(__file__).parents[1] / "cases" / "unipen"


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="latin-1")
    return path


def ink(sample):
    return [stroke.tolist() for stroke in sample.strokes]


# Component 0: down, 1: up with points, 2: down; the bare .PEN_UP is no component, 3: down.
INK = """
    .PEN_DOWN
    10 100
    11 90
    12 80
    13 70
    .PEN_UP
    14 60
    15 61
    .PEN_DOWN
    20 100
    20 60
    .PEN_UP
    .PEN_DOWN
    50 50
    .PEN_UP
"""


def with_ink(*segments, head=""):
    return textwrap.dedent(head) + "\n".join(segments) + textwrap.dedent(INK)


@pytest.fixture
def one(tmp_path):
    """Reads the samples of one file of `with_ink`."""

    def read(*segments, head="", **options):
        return list(read_samples(write(tmp_path / "a.dat", with_ink(*segments, head=head)), **options))

    return read


def test_components_become_strokes_with_y_down(one):
    (sample,) = one('.SEGMENT CHARACTER 0-2 OK "A"')
    # x from 10, y from 100 at the top to 60; the lifted pen, component 1, leaves no ink.
    assert ink(sample) == [[[0, 0], [1, 10], [2, 20], [3, 30]], [[10, 0], [10, 40]]]
    assert (sample.label, sample.quality, sample.style, sample.writer, sample.line) == ("A", "ok", "?", "", 1)
    assert all(stroke.dtype == np.float32 for stroke in sample.strokes)


@pytest.mark.parametrize(
    "ranges, expected",
    [
        ("3", [[[0, 0]]]),
        ("3-3", [[[0, 0]]]),
        ("0:1-0:2", [[[0, 0], [1, 10]]]),
        ("0:2-2:0", [[[0, 20], [1, 30]], [[8, 0]]]),
        ("0-0:1", [[[0, 0], [1, 10]]]),
        ("0:3-2", [[[0, 30]], [[7, 0], [7, 40]]]),
        ("0:3", [[[0, 0]]]),
        ("0:0-0:0,3", [[[0, 0]], [[40, 50]]]),
        ("2,3", [[[0, 0], [0, 40]], [[30, 50]]]),
        ("2 3", [[[0, 0], [0, 40]], [[30, 50]]]),
        ("2, 3", [[[0, 0], [0, 40]], [[30, 50]]]),
        ("1-2", [[[0, 0], [0, 40]]]),
    ],
)
def test_ranges_of_components_and_points(one, ranges, expected):
    (sample,) = one(f'.SEGMENT CHARACTER {ranges} ? "x"')
    assert ink(sample) == expected


@given(st.data())
def test_a_range_is_a_cut_of_the_way_of_the_pen(tmp_path_factory, data):
    """Against the definition: lay all points in a row, take those from the first to the last named."""
    sizes = data.draw(st.lists(st.integers(1, 5), min_size=1, max_size=6))
    down = data.draw(st.lists(st.booleans(), min_size=len(sizes), max_size=len(sizes)))
    points = [(index, point) for index, size in enumerate(sizes) for point in range(size)]
    first = data.draw(st.integers(0, len(points) - 1))
    last = data.draw(st.integers(first, len(points) - 1))
    lines = ['.SEGMENT CHARACTER {}:{}-{}:{} ? "x"'.format(*points[first], *points[last])]
    for index, size in enumerate(sizes):
        lines += [".PEN_DOWN" if down[index] else ".PEN_UP", *(f"{100 * index + point} 0" for point in range(size))]
    path = tmp_path_factory.mktemp("unipen") / "a.dat"
    path.write_text("\n".join(lines))
    chosen = [100 * index + point for index, point in points[first : last + 1] if down[index]]
    if not chosen:
        with pytest.raises(DataError, match="lifted pen"):
            list(read_samples(path))
        return
    (sample,) = read_samples(path)
    assert np.concatenate(sample.strokes)[:, 0].tolist() == [x - chosen[0] for x in chosen]
    assert len(sample.strokes) == len({x // 100 for x in chosen})


@pytest.mark.parametrize(
    "label, expected",
    [('"A"', "A"), ('"7"', "7"), (r'"\""', '"'), (r'"\\"', "\\"), ('"."', "."), ('"é"', "é")],
)
def test_labels_in_quotes(one, label, expected):
    (sample,) = one(f".SEGMENT CHARACTER 0 ? {label}")
    assert sample.label == expected


def test_other_levels_of_the_hierarchy_are_passed_over(one):
    segments = ('.SEGMENT TEXT 0-3 ? "AxB"', '.SEGMENT WORD 0-2 OK "Ax"', '.SEGMENT CHARACTER 3 BAD "B"')
    (sample,) = one(*segments)
    assert (sample.label, sample.quality, sample.line) == ("B", "bad", 3)


def test_segments_may_stand_after_the_ink(tmp_path):
    path = write(tmp_path / "a.dat", INK + '\n.SEGMENT CHARACTER 3 OK "i"\n')
    assert [sample.label for sample in read_samples(path)] == ["i"]


def test_columns_are_what_coord_says(tmp_path):
    text = """
        .COORD T Y P X
        .SEGMENT CHARACTER 0 ? "/"
        .PEN_DOWN
        1000 5 300 1
        1010 9 310 4
        1020 2 300 6 1030 0 300 7
    """
    (sample,) = read_samples(write(tmp_path / "a.dat", text))
    assert ink(sample) == [[[0, 4], [3, 0], [5, 7], [6, 9]]]


def test_resolution_makes_hundredths_of_a_millimetre(one):
    (sample,) = one('.SEGMENT CHARACTER 2-3 ? "i"', head=".X_POINTS_PER_INCH 254\n.Y_POINTS_PER_INCH 508\n")
    # 10 points a millimetre along x, 20 along y.
    assert ink(sample) == [[[0, 0], [0, 200]], [[300, 250]]]
    (sample,) = one('.SEGMENT CHARACTER 2-3 ? "i"', head=".X_POINTS_PER_MM 50\n")
    assert ink(sample) == [[[0, 0], [0, 80]], [[60, 100]]]


def test_the_archives_tree(tmp_path):
    """data/<category>/<contributor>/..., which includes from include/, nested, from anywhere below."""
    root = tmp_path / "train_r01_v07"
    write(
        root / "include/abc/abc.doc",
        """
        .VERSION 1.0
        .COMMENT not a point:
        12 13
        .PAD Resolution: 100 points per mm
        .X_POINTS_PER_MM 100
        .Y_POINTS_PER_MM 100
        .COORD X Y P
        .STYLE MIXED
    """,
    )
    write(
        root / "include/abc/data/one.dat",
        """
        .INCLUDE abc/abc.doc
        .WRITER_ID John Doe
        .STYLE PRINTED
        .PEN_DOWN
        0 0 9
        3 4 9
        .PEN_UP
        3 5 0
        .DT 930
        .WRITER_INFO First name: Jürgen
        17 18 19
        .PEN_DOWN
        7 7 1
    """,
    )
    write(
        root / "include/abc/data/two.dat",
        """
        .PEN_DOWN
        1 1 1
        9 1 1
    """,
    )
    write(
        root / "data/1b/abc/x/first.dat",
        """
        .VERSION 1.0
        .INCLUDE abc/data/one.dat
        .INCLUDE "abc/data/two.dat"
        .SEGMENT CHARACTER 0-2 GOOD "L"
        .SEGMENT CHARACTER 3 ? "_"
    """,
    )
    write(
        root / "data/1b/abc/second.dat",
        """
        .COORD X Y P
        .INCLUDE abc/data/two.dat
        .SEGMENT CHARACTER 0-0 ? "-"
    """,
    )
    dash, letter, low = read_samples(root / "data/1b")
    assert (letter.label, letter.writer, letter.style, letter.quality) == ("L", "abc:John_Doe", "printed", "good")
    assert ink(letter) == [[[0, 7], [3, 3]], [[7, 0]]]
    # Numbers go on through the included files: component 3 is in the second.
    assert (low.label, low.writer, low.style, ink(low)) == ("_", "abc:John_Doe", "printed", [[[0, 0], [8, 0]]])
    # Nothing of one file is left in the next; who has no name is named for the file.
    assert (dash.label, dash.writer, dash.style, ink(dash)) == ("-", "abc:second", "?", [[[0, 0], [8, 0]]])  # fmt: skip


def test_an_include_folder_elsewhere(tmp_path):
    write(tmp_path / "parts/ink.dat", INK)
    path = write(tmp_path / "here/a.dat", '.INCLUDE ink.dat\n.SEGMENT CHARACTER 0 ? "l"\n')
    (sample,) = read_samples(path, include=tmp_path / "parts")
    assert sample.label == "l" and sample.writer == ""
    with pytest.raises(DataError, match="line 1: .INCLUDE ink.dat: no include folder"):
        list(read_samples(path))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_ends_of_lines_and_gzip(tmp_path, end):
    text = end.join(textwrap.dedent(with_ink('.SEGMENT CHARACTER 0-2 OK "A"', '.SEGMENT CHARACTER 9 OK "B"')).split("\n"))
    path = tmp_path / "a.dat.gz"
    path.write_bytes(gzip.compress(text.encode()))
    reading = read_samples(path, skip_bad=True)
    assert [sample.label for sample in reading] == ["A"]
    assert [error.line for error in reading.errors] == [2]


BAD = {
    "no label": (".SEGMENT CHARACTER 0 OK", "no label in double quotes"),
    "a word": ('.SEGMENT CHARACTER 0 OK "AB"', "the label is one character, not 'AB'"),
    "no range": ('.SEGMENT CHARACTER OK "A"', "does not say which components"),
    "no range at all": ('.SEGMENT CHARACTER ? "A"', "does not say which components"),
    "a foreign range": ('.SEGMENT CHARACTER 0+1 OK "A"', "'0+1' is not a range"),
    "a component too many": ('.SEGMENT CHARACTER 2-4 OK "A"', "components 2-4 of 4"),
    "a huge component": ('.SEGMENT CHARACTER 0-99999999999 OK "A"', "components 0-99999999999 of 4"),
    "a range backwards": ('.SEGMENT CHARACTER 2-0 OK "A"', "components 2-0 of 4"),
    "a point too many": ('.SEGMENT CHARACTER 0-2:2 OK "A"', "points 0 to 2 of component 2, which has 2"),
    "points backwards": ('.SEGMENT CHARACTER 0:2-0:1 OK "A"', "points 2 to 1 of component 0"),
    "only a lifted pen": ('.SEGMENT CHARACTER 1 OK "A"', "movements of the lifted pen"),
    "no X": (".COORD Y T", ".COORD names X and Y once each"),
    "no resolution": (".X_POINTS_PER_INCH unknown", ".X_POINTS_PER_INCH is a number above 0"),
    "resolution 0": (".Y_POINTS_PER_MM 0", ".Y_POINTS_PER_MM is a number above 0"),
    "a missing include": (".INCLUDE abc/none.dat", ".INCLUDE abc/none.dat: there is no such file"),
    "an include outside": (".INCLUDE ../../secret", "inside the include folder, not '../../secret'"),
    "an absolute include": (".INCLUDE /etc/passwd", "inside the include folder, not '/etc/passwd'"),
    "an include of nothing": (".INCLUDE", "inside the include folder, not ''"),
}  # fmt: skip


@pytest.mark.parametrize("line, reason", BAD.values(), ids=BAD)
def test_a_bad_line_is_named_or_skipped(tmp_path, line, reason):
    (tmp_path / "include").mkdir()
    path = write(tmp_path / "a.dat", with_ink('.SEGMENT CHARACTER 0 OK "A"', line, '.SEGMENT CHARACTER 3 OK "B"'))
    with pytest.raises(DataError) as caught:
        list(read_samples(path))
    assert str(caught.value).startswith(f"{path}, line 2: ") and reason in str(caught.value)
    reading = read_samples(path, skip_bad=True)
    assert [sample.label for sample in reading] == ["A", "B"] and reading.skipped == 1


@pytest.mark.parametrize("text", ["12 x", "12", "1 2 3", "nan 5", "1 inf", "1 2e9"])
def test_a_bad_point_spoils_its_characters_only(tmp_path, text):
    segments = ('.SEGMENT CHARACTER 0 ? "A"', '.SEGMENT CHARACTER 0-2 ? "B"', '.SEGMENT CHARACTER 2 ? "C"')
    path = write(tmp_path / "a.dat", with_ink(*segments).replace("11 90", text))
    with pytest.raises(DataError, match=r"a.dat, line 1: .*a.dat, line 6: "):
        list(read_samples(path))
    reading = read_samples(path, skip_bad=True)
    assert [sample.label for sample in reading] == ["C"] and reading.skipped == 2


def test_files_that_include_one_another(tmp_path):
    write(tmp_path / "include/b.dat", ".INCLUDE b.dat\n.PEN_DOWN\n1 1\n")
    path = write(tmp_path / "a.dat", '.INCLUDE b.dat\n.SEGMENT CHARACTER 0 ? "A"\n')
    with pytest.raises(DataError, match="files include one another"):
        list(read_samples(path))
    reading = read_samples(path, skip_bad=True)
    assert len(list(reading)) == 1 and reading.skipped == 1


def test_a_truncated_gzip_file(tmp_path):
    path = tmp_path / "a.dat"
    path.write_bytes(gzip.compress(with_ink('.SEGMENT CHARACTER 0 ? "A"').encode() * 500)[:-20])
    with pytest.raises(DataError, match="damaged or cut short"):
        list(read_samples(path))


def test_a_folder_without_files(tmp_path):
    with pytest.raises(DataError, match="no .dat file in this folder"):
        list(read_samples(tmp_path))


def strokes_of(sample):
    """A sample's strokes as the case's own drawing has them: moved to begin at 0, in whole numbers."""
    return [np.rint(stroke).astype(int).tolist() for stroke in sample.strokes]


def drawn(path):
    """The strokes of one UNIPEN case by hand: each .PEN_DOWN's lines until the next keyword, y turned down."""
    strokes, is_down = [], False
    for line in path.read_text("latin-1").replace("\x1a", "").splitlines():
        if line.startswith("."):
            is_down = line.strip() == ".PEN_DOWN"
            strokes += [[]] if is_down else []
        elif is_down and line.strip():
            x, y = map(int, line.split()[:2])
            strokes[-1].append([x, -y])
    return strokes


def moved(strokes):
    low = np.min([point for stroke in strokes for point in stroke], axis=0)
    return [(np.array(stroke) - low).tolist() for stroke in strokes]


def test_char_is_character():
    first, second = read_samples(CASES / "char.unp")
    assert [first.label, second.label, first.quality] == ["R", "B", "bad"]
    strokes = drawn(CASES / "char.unp")
    assert strokes_of(first) == moved(strokes[:3]) and strokes_of(second) == moved(strokes[3:])


def test_components_count_from_0_after_each_start_set():
    letter, second = read_samples(CASES / "sets.dat")
    assert [letter.label, second.label] == ["L", "B"]
    strokes = drawn(CASES / "sets.dat")
    assert strokes_of(letter) == moved(strokes[:1]) and strokes_of(second) == moved(strokes[1:])


def test_a_segment_means_the_components_of_its_own_set(tmp_path):
    """Segments before and after their ink, in three sets; before the first set counts as one of its own."""
    text = """
        .PEN_DOWN
        0 0
        1 0
        .SEGMENT CHARACTER 0 ? "a"
        .START_SET one
        .SEGMENT CHARACTER 0 ? "b"
        .PEN_DOWN
        0 0
        2 0
        .SEGMENT CHARACTER 0 ? "c"
        .SEGMENT CHARACTER 1 ? "x"
        .START_SET two
        .PEN_DOWN
        0 0
        3 0
        .PEN_DOWN
        0 0
        4 0
        .SEGMENT CHARACTER 1 ? "d"
    """
    reading = read_samples(write(tmp_path / "a.dat", text), skip_bad=True)
    assert [(s.label, s.strokes[0][1, 0]) for s in reading] == [("a", 1), ("b", 2), ("c", 2), ("d", 4)]
    assert reading.skipped == 1 and "components 1 of 1" in str(reading.errors[0])


def test_segments_at_the_top_wait_for_their_set(tmp_path):
    path = write(tmp_path / "a.dat", '.SEGMENT CHARACTER 0 ? "a"\n.START_SET 1\n' + textwrap.dedent(INK))
    (sample,) = read_samples(path)
    assert ink(sample) == [[[0, 0], [1, 10], [2, 20], [3, 30]]]


def test_the_end_of_a_dos_text_is_no_component():
    """Ctrl-Z at the end of included files: the component of the next file keeps its number."""
    (alone,) = read_samples(CASES / "dos/one.dat")
    assert alone.label == "R" and strokes_of(alone) == moved(drawn(CASES / "dos/one.dat"))
    first, second = read_samples(CASES / "dos/data/main.dat")
    assert [first.label, second.label, len(first.strokes), len(second.strokes)] == ["R", "B", 3, 2]
    # 200 points an inch: 12.7 hundredths of a millimetre each.
    for sample, name in ((first, "a"), (second, "b")):
        expected = [
            np.rint(np.array(stroke) * 12.7).tolist() for stroke in moved(drawn(CASES / f"dos/include/x/{name}.dat"))
        ]
        assert strokes_of(sample) == expected
    assert [s.label for s in read_samples(CASES / "dos")] == ["R", "B", "R"]


def test_capitals_in_names_of_files(tmp_path):
    assert [s.label for s in read_samples(CASES / "upper")] == ["R", "B"]
    # As a CD-ROM names what its files call by lower-case letters.
    write(tmp_path / "INCLUDE/ABC/ONE.DAT", INK)
    path = write(tmp_path / "DATA/TWO.DAT", '.INCLUDE abc/one.dat\n.SEGMENT CHARACTER 3 ? "."\n')
    assert [(s.label, s.writer) for s in read_samples(path)] == [(".", "abc:TWO")]


def test_files_without_characters_say_what_they_hold(one, tmp_path):
    with pytest.raises(
        DataError,
        match=r"no segments of the level CHARACTER or CHAR, .* there are 2 of the level WORD, 1 of the level TEXT$",
    ):
        one('.SEGMENT WORD 0 ? "a"', '.SEGMENT TEXT 0-2 ? "ab"', '.SEGMENT word 2 ? "b"')
    with pytest.raises(DataError, match=r"no \.SEGMENT says which ink is which character"):
        one()
    # In a folder one file with characters is enough; broken ones are told as such, once.
    write(tmp_path / "b.dat", with_ink('.SEGMENT CHAR 3 ? "."'))
    assert [s.label for s in read_samples(tmp_path)] == ["."]
    write(tmp_path / "c/cut.dat", "").write_bytes(gzip.compress(b".SEGMENT WORD 0" * 99)[:-9])
    reading = read_samples(tmp_path / "c", skip_bad=True)
    assert list(reading) == [] and reading.skipped == 1 and "damaged or cut short" in str(reading.errors[0])


def test_a_byte_order_mark_and_utf_16(tmp_path):
    text = with_ink('.SEGMENT CHARACTER 3 ? "."').encode()
    (tmp_path / "a.dat").write_bytes(b"\xef\xbb\xbf" + text)
    assert [s.label for s in read_samples(tmp_path)] == ["."]
    (tmp_path / "a.dat").write_bytes(text.decode().encode("utf-16"))
    with pytest.raises(DataError, match=r"a\.dat: this is UTF-16 text; save it as ASCII or UTF-8"):
        list(read_samples(tmp_path))
