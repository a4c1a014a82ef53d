"""Pictures in one .npz, and which reader gets which file."""

import gzip
import pickle
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from inkling.data import DataError, Sample, jsonlines, pictures
from inkling.data.formats import convert, read_samples
from inkling.tools.cli import main

INK = Sample("A", (np.array([[0, 0], [5, 9]], np.float32),), writer="w1")
IMAGES = np.random.default_rng(0).integers(0, 256, (4, 6, 5), np.uint8)


def write(tmp_path, **arrays):
    arrays = {"images": IMAGES, "labels": np.array(list("AbC7")), **arrays}
    path = tmp_path / "pictures.npz"
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})
    return path


@settings(max_examples=20)
@given(
    images=hnp.arrays(np.uint8, hnp.array_shapes(min_dims=3, max_dims=3, max_side=7)),
    data=st.data(),
)
def test_what_is_written_is_read_back(tmp_path_factory, images, data):
    def each(values):
        return data.draw(st.lists(values, min_size=len(images), max_size=len(images)))

    rows = zip(images, each(st.sampled_from("0aZñ😀")), each(st.booleans()), each(st.sampled_from(["", "w1", "Ünal"])))
    written = [Sample(label, pixels=i, case_known=known, writer=writer) for i, label, known, writer in rows]
    path = tmp_path_factory.mktemp("pictures") / "pictures.npz"
    assert pictures.write_samples(path, written) == len(written)
    read = list(read_samples(path))
    assert len(read) == len(written)
    for index, (a, b) in enumerate(zip(read, written)):
        assert (a.label, a.writer, a.case_known, a.strokes, a.line) == (b.label, b.writer, b.case_known, None, index)
        assert a.pixels.dtype == np.uint8 and np.array_equal(a.pixels, b.pixels)


def test_only_images_and_labels_are_needed(tmp_path):
    samples = list(read_samples(write(tmp_path)))
    assert [(s.label, s.case_known, s.writer) for s in samples] == [(c, True, "") for c in "AbC7"]


def test_case_known(tmp_path):
    samples = read_samples(write(tmp_path, case_known=np.array([True, False, True, False])))
    assert [sample.case_known for sample in samples] == [True, False, True, False]


BAD = {
    "no images": ({"images": None}, "array images is missing; there are labels"),
    "no labels": ({"labels": None}, "array labels is missing"),
    "floats": ({"images": IMAGES / 255}, "array images: float64 of shape (4, 6, 5), not uint8"),
    "wide integers": ({"images": IMAGES.astype(np.uint16)}, "array images: uint16 of shape (4, 6, 5), not uint8 along 3 axes"),
    "flat images": ({"images": IMAGES.reshape(4, 30)}, "array images: uint8 of shape (4, 30), not uint8 along 3 axes"),
    "colours": ({"images": IMAGES[..., None]}, "along 3 axes"),
    "empty images": ({"images": IMAGES[:, :0]}, "pictures of 0 x 5 pixels"),
    "huge images": ({"images": np.zeros((1, 1, 5000), np.uint8)}, "pictures of 1 x 5000 pixels"),
    "too few labels": ({"labels": np.array(["A"])}, "array labels: 1 of them for 4 images"),
    "numbers for labels": ({"labels": np.arange(4)}, "array labels: int64 of shape (4,), not text"),
    "objects for labels": ({"labels": np.array(["A", "b", "C", 7], object)}, "array labels"),
    "objects for images": ({"images": np.array([IMAGES[0], None], object)}, "array images"),
    "case_known as numbers": ({"case_known": np.ones(4)}, "array case_known: float64 of shape (4,), not bool"),
    "too many writers": ({"writers": np.array(["w"] * 5)}, "array writers: 5 of them for 4 images"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "reason"), BAD.values(), ids=BAD)
def test_a_bad_array_is_named(tmp_path, changes, reason):
    path = write(tmp_path, **changes)
    with pytest.raises(DataError) as caught:
        list(read_samples(path))
    assert str(caught.value).startswith(f"{path}: ") and reason in str(caught.value)
    reading = read_samples(path, skip_bad=True)
    assert list(reading) == [] and reading.skipped == 1


def test_a_bad_label_is_named_or_skipped(tmp_path):
    path = write(tmp_path, labels=np.array(["A", "", "C", "77"]))
    with pytest.raises(DataError, match="picture 1: the label is one character, not ''"):
        list(read_samples(path))
    reading = read_samples(path, skip_bad=True)
    assert [(s.label, s.line) for s in reading] == [("A", 0), ("C", 2)] and reading.skipped == 2


@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_truncated_file(tmp_path, kept):
    path = write(tmp_path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    with pytest.raises(DataError, match="not an .npz file, or cut short"):
        list(read_samples(path))


def test_damage_inside_an_array(tmp_path):
    path = write(tmp_path)
    data = bytearray(path.read_bytes())
    data[data.index(IMAGES.tobytes()) + 3] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(DataError, match="array images is damaged"):
        list(read_samples(path))


def test_a_promise_too_large_is_not_kept(tmp_path):
    """A header of 2**40 images, without them: refused before anything is allocated."""
    path = write(tmp_path, images=None)
    header = b"{'descr': '|u1', 'fortran_order': False, 'shape': (1099511627776, 6, 5), }".ljust(117) + b"\n"
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("images.npy", b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header)
    with pytest.raises(DataError, match="array images is larger than 4 GB"):
        list(read_samples(path))


def test_pictures_of_different_sizes_are_not_written(tmp_path):
    two = [Sample("A", pixels=IMAGES[0]), Sample("B", pixels=IMAGES[1][:3])]
    with pytest.raises(ValueError, match=r"picture 1 is \(3, 5\), those before it \(6, 5\)"):
        pictures.write_samples(tmp_path / "pictures.npz", two)
    with pytest.raises(ValueError, match="sample 0, 'A', is ink"):
        pictures.write_samples(tmp_path / "pictures.npz", [INK])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty or damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "a PNG picture, not a file of labelled samples"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 20, "a JPEG picture"),
        (pickle.dumps([1, 2, 3]), "a Python pickle, which can run code"),
        (b'[{"label": "A"}]', "one JSON array; samples are JSON lines"),
        (b"label,x,y\nA,1,2\n", "an unknown format, beginning with b'label,x,y"),
        (b"\xff\xfe{\0", "UTF-16"),
        (gzip.compress(b"hello", mtime=0), "an unknown format, beginning with b'hello'"),
        (gzip.compress(b"hello" * 100, mtime=0)[:15], "empty or damaged"),
    ],
)
def test_an_unknown_format(tmp_path, content, reason):
    path = tmp_path / "samples.bin"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_samples(path)
    assert reason in str(caught.value) and "Formats that can be read: ink as JSON lines" in str(caught.value)
    assert str(caught.value).startswith(str(path))


def test_content_decides_not_the_name(tmp_path):
    for name in ("ink.dat", "ink.txt", "ink"):
        jsonlines.write_samples(tmp_path / name, [INK])
        assert [sample.label for sample in read_samples(tmp_path / name)] == ["A"]
        (tmp_path / name).write_text('.SEGMENT CHARACTER 0 ? "Q"\n.PEN_DOWN\n1 1\n')
        assert [sample.label for sample in read_samples(tmp_path / name)] == ["Q"]
        with (tmp_path / name).open("wb") as file:
            np.savez(file, images=IMAGES[:1], labels=np.array(["7"]))
        assert [sample.label for sample in read_samples(tmp_path / name)] == ["7"]


def test_converting_ink(tmp_path):
    other = Sample("A", (np.array([[0, 0], [5, 10]], np.float32),))
    jsonlines.write_samples(tmp_path / "a.jsonl", [INK, other, INK])
    (tmp_path / "b.dat").write_text('.SEGMENT CHARACTER 0 ? "A"\n.SEGMENT CHARACTER 5 ? "B"\n.PEN_DOWN\n0 9\n5 0\n')
    out = tmp_path / "all.jsonl.gz"
    done = convert([tmp_path / "a.jsonl", tmp_path / "b.dat"], out, skip_bad=True)
    # The third line is the first again, and so is b.dat's character, y turned down.
    assert (done.written, done.duplicates, done.skipped) == (2, 2, 1)
    assert len(done.reports) == 1 and "b.dat, line 2" in done.reports[0]
    assert [len(sample.strokes[0]) for sample in read_samples(out)] == [2, 2]
    with pytest.raises(DataError, match="b.dat, line 2"):
        convert([tmp_path / "b.dat"], out)
    assert len(list(read_samples(out))) == 2  # the old file is still there


def test_converting_pictures(tmp_path):
    done = convert([write(tmp_path)], tmp_path / "copy.npz")
    assert done.written == 4
    assert [sample.label for sample in read_samples(tmp_path / "copy.npz")] == list("AbC7")
    with pytest.raises(ValueError, match="is a picture; JSON lines hold ink"):
        convert([write(tmp_path)], tmp_path / "ink.jsonl")
    with pytest.raises(ValueError, match="the name ends in .jsonl, .jsonl.gz, .npz"):
        convert([write(tmp_path)], tmp_path / "out.csv")


def test_the_command(tmp_path, capsys):
    jsonlines.write_samples(tmp_path / "a.jsonl", [INK, INK])
    with (tmp_path / "a.jsonl").open("a") as file:
        file.write("{oops\n")
    source, out = str(tmp_path / "a.jsonl"), tmp_path / "b.jsonl.gz"
    assert main(["convert", source, str(out)]) == 1
    assert "a.jsonl, line 3: not JSON" in capsys.readouterr().err and not out.exists()
    assert main(["convert", source, str(out), "--skip-bad"]) == 0
    told = capsys.readouterr().out
    assert "1 samples written" in told and "1 exact duplicates" in told and "1 bad line was left out" in told
    assert len(list(read_samples(out))) == 1
