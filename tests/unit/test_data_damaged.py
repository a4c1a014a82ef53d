"""Every reader of samples on damaged files: a sample is whole, or an error names the file in one line."""

import gzip
import io
import zipfile

import numpy as np
import pytest

from inkling.data import DataError, Sample, jsonlines
from inkling.data.formats import read_samples
from inkling.data.sample import check_label, check_strokes

TURNS = 500
STROKES = (np.array([[0, 0], [3, 4.5], [10, 2]], np.float32), np.array([[5, 5]], np.float32))


def ink_lines():
    samples = [Sample(label, STROKES, writer="é_w1", style="printed", case_known=label != "O") for label in "aOé7"]
    return "".join(jsonlines.format_line(sample) + "\n" for sample in samples).encode()


def idx(array, axes):
    return bytes([0, 0, 8, axes]) + b"".join(size.to_bytes(4, "big") for size in array.shape) + array.tobytes()


def npz(compressed):
    file = io.BytesIO()
    save = np.savez_compressed if compressed else np.savez
    pixels = np.random.default_rng(1).integers(0, 256, (5, 6, 4), np.uint8)
    save(file, images=pixels, labels=np.array(list("abcAB")), case_known=np.ones(5, bool), writers=np.array(["w"] * 5))
    return file.getvalue()


UNIPEN = b""".VERSION 1.0
.COORD X Y T
.X_POINTS_PER_INCH 200
.WRITER_ID J D
.STYLE PRINTED
.START_SET 1
.SEGMENT WORD 0-3 OK "aB"
.SEGMENT CHARACTER 0:1-1 OK "a"
.SEGMENT CHAR 2,3 ? "B"
.PEN_DOWN
1 2 3
4 5 6
7 -8 9
.PEN_UP
1 1 1
.PEN_DOWN
-1 2 3 4 5 6
.INCLUDE more.dat
.PEN_DOWN
0 0 0
9 9 9
"""

IMAGES = idx(np.random.default_rng(2).integers(0, 256, (6, 5, 4), np.uint8), 3)
LABELS = idx(np.arange(6, dtype=np.uint8), 1)

# Name -> the files of a collection; the first is read, any may be damaged.
FILES = {
    "JSON lines": {"ink.jsonl": ink_lines()},
    "packed JSON lines": {"ink.jsonl.gz": gzip.compress(ink_lines(), mtime=0)},
    "UNIPEN": {"ink.dat": UNIPEN, "include/more.dat": b".PEN_DOWN\n5 5 5\n6 6 6\n"},
    "packed UNIPEN": {"ink.dat": gzip.compress(UNIPEN, mtime=0), "include/more.dat": b".PEN_DOWN\n5 5 5\n6 6 6\n"},
    "IDX": {"a-images-idx3-ubyte": IMAGES, "a-labels-idx1-ubyte": LABELS},
    "packed IDX": {
        "a-images-idx3-ubyte.gz": gzip.compress(IMAGES, mtime=0), "a-labels-idx1-ubyte.gz": gzip.compress(LABELS, mtime=0),
    },
    "npz": {"pictures.npz": npz(compressed=False)},
    "packed npz": {"pictures.npz": npz(compressed=True)},
}  # fmt: skip


def damaged(content, rng):
    """Cut short, with some bytes changed, with some put in, or with a piece twice."""
    content, kind = bytearray(content), rng.integers(0, 5)
    place = int(rng.integers(0, len(content) + 1))
    if kind == 0:
        del content[place:]
    elif kind == 1:
        content[place:place] = rng.integers(0, 256, int(rng.integers(1, 20)), np.uint8).tobytes()
    elif kind == 2:
        content[place:place] = content[place : place + int(rng.integers(1, 40))]
    else:
        for at in rng.integers(0, len(content), int(rng.integers(1, 6))):
            content[at] ^= int(rng.integers(1, 256))
    return bytes(content)


def check(sample):
    assert check_label(sample.label) == sample.label
    if sample.pixels is None:
        check_strokes([stroke.tolist() for stroke in sample.strokes])
        assert all(stroke.dtype == np.float32 for stroke in sample.strokes)
    else:
        assert sample.pixels.dtype == np.uint8 and sample.pixels.ndim == 2 and sample.strokes is None


@pytest.mark.parametrize("name", FILES)
@pytest.mark.filterwarnings("error")
def test_damage_is_told_in_one_line_or_does_no_harm(tmp_path, name):
    rng = np.random.default_rng([5, *name.encode()])
    files = FILES[name]
    (tmp_path / "include").mkdir()
    told = read = 0
    for _ in range(TURNS):
        broken = str(rng.choice(list(files)))
        for part, content in files.items():
            (tmp_path / part).write_bytes(damaged(content, rng) if part == broken else content)
        path = tmp_path / next(iter(files))
        try:
            reading = read_samples(path, skip_bad=True)
            for sample in reading:
                check(sample)
                read += 1
            errors = reading.errors
        except DataError as error:  # of a format that is none of these
            errors = [error]
        told += bool(errors)
        for error in errors:
            message = str(error)
            assert message.startswith(str(tmp_path)) and message.isprintable() and len(message) < len(str(path)) * 2 + 400
            assert not any(word in message for word in ("allow_pickle", "Object arrays", "unsafe", "codec", "Traceback"))
        if errors:  # the strict reading ends at the first of them
            with pytest.raises(DataError) as caught:
                list(read_samples(path))
            assert str(caught.value) == str(errors[0])
    assert told > TURNS / 10 and read > TURNS / 10


def test_an_archive_of_something_else_is_no_file_of_pictures(tmp_path):
    with zipfile.ZipFile(tmp_path / "book.docx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(DataError, match=r"book\.docx: array images is missing"):
        list(read_samples(tmp_path / "book.docx"))
