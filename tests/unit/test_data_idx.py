"""IDX pairs, on small ones written here byte by byte."""

import gzip
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from inkling.data import DataError, idx
from inkling.data.formats import read_samples
from inkling.labels import LABELS


def write_idx(path, array, packed=False):
    data = struct.pack(">HBB", 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()
    path.write_bytes(gzip.compress(data) if packed else data)
    return path


def pair(folder, prefix, images, classes, packed=False, dot=False):
    joint, ending = "." if dot else "-", ".gz" if packed else ""
    write_idx(folder / f"{prefix}-labels{joint}idx1-ubyte{ending}", np.array(classes, np.uint8), packed)
    return write_idx(folder / f"{prefix}-images{joint}idx3-ubyte{ending}", images, packed)


def noise(count, height=5, width=4, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (count, height, width), np.uint8)


@settings(max_examples=20)
@given(
    images=hnp.arrays(np.uint8, hnp.array_shapes(min_dims=3, max_dims=3, max_side=6)),
    packed=st.booleans(),
    dot=st.booleans(),
    data=st.data(),
)
def test_mnist_reads_back(tmp_path_factory, images, packed, dot, data):
    classes = data.draw(st.lists(st.integers(0, 9), min_size=len(images), max_size=len(images)))
    folder = tmp_path_factory.mktemp("mnist")
    path = pair(folder, "train", images, classes, packed, dot)
    for given_path in (path, next(folder.glob("*labels*"))):
        samples = list(read_samples(given_path))
        assert [sample.label for sample in samples] == [str(c) for c in classes]
        assert all(np.array_equal(sample.pixels, image) for sample, image in zip(samples, images))
        assert all(sample.case_known and sample.strokes is None for sample in samples)
        assert [sample.line for sample in samples] == list(range(len(images)))


def test_emnist_is_turned_upright(tmp_path):
    images = noise(3)
    for sample, image in zip(read_samples(pair(tmp_path, "emnist-digits-test", images, [1, 2, 3])), images):
        assert np.array_equal(sample.pixels, image.T) and sample.pixels.flags.c_contiguous


# Cohen et al. 2017, section II.B and the mapping files that come with the data.
BALANCED = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt"


@pytest.mark.parametrize(
    ("split", "classes", "expected"),
    [
        ("byclass", range(62), LABELS),
        ("balanced", range(47), BALANCED),
        ("bymerge", range(47), BALANCED),
        ("letters", range(1, 27), "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        ("digits", range(10), "0123456789"),
        ("mnist", range(10), "0123456789"),
    ],
)
def test_classes_of_emnist(tmp_path, split, classes, expected):
    path = pair(tmp_path, f"emnist-{split}-train", noise(len(classes)), list(classes), packed=True)
    samples = list(read_samples(path))
    assert "".join(sample.label for sample in samples) == expected
    unknown = {sample.label for sample in samples if not sample.case_known}
    merged = {"balanced": "CIJKLMOPSUVWXYZ", "bymerge": "CIJKLMOPSUVWXYZ", "letters": "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    assert unknown == set(merged.get(split, ""))


def test_a_layout_can_be_given(tmp_path):
    path = pair(tmp_path, "my", noise(2), [1, 26])
    assert [sample.label for sample in read_samples(path, layout="emnist-letters")] == ["A", "Z"]
    with pytest.raises(ValueError, match="layout is one of mnist, .* not 'letters'"):
        list(read_samples(path, layout="letters"))


def test_many_images_are_read_in_pieces(tmp_path):
    images = noise(2500, 3, 3)
    samples = list(read_samples(pair(tmp_path, "train", images, np.arange(2500) % 10)))
    assert len(samples) == 2500 and np.array_equal(samples[2100].pixels, images[2100])


def test_a_class_that_is_none(tmp_path):
    path = pair(tmp_path, "train", noise(4), [3, 10, 255, 4])
    with pytest.raises(DataError, match="train-labels-idx1-ubyte, picture 1: class 10, where 0 to 9 stand for 0123456789"):
        list(read_samples(path))
    reading = read_samples(path, skip_bad=True)
    assert [sample.label for sample in reading] == ["3", "4"] and reading.skipped == 2


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("which", ["images", "labels"])
def test_a_file_cut_short(tmp_path, which, packed):
    images = noise(1500, 4, 4)
    path = pair(tmp_path, "train", images, [7] * 1500, packed)
    cut = next(tmp_path.glob(f"*{which}*"))
    cut.write_bytes(cut.read_bytes()[: -len(cut.read_bytes()) // 5])
    with pytest.raises(DataError, match="cut short"):
        list(read_samples(path))
    reading = read_samples(path, skip_bad=True)
    read = list(reading)
    assert reading.skipped == 1 and (packed or 1024 <= len(read) < 1500)
    assert all(np.array_equal(sample.pixels, image) for sample, image in zip(read, images))


def test_different_numbers_of_images_and_labels(tmp_path):
    path = pair(tmp_path, "train", noise(5), [1, 2, 3])
    with pytest.raises(DataError, match="5 images, but 3 labels"):
        list(read_samples(path))
    reading = read_samples(path, skip_bad=True)
    assert [sample.label for sample in reading] == ["1", "2", "3"] and reading.skipped == 1


def test_more_than_the_header_says(tmp_path):
    path = pair(tmp_path, "train", noise(2), [1, 2])
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(DataError, match="holds more than the 2"):
        list(read_samples(path))


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        (b"\0\0\x0d\x03" + struct.pack(">3I", 1, 2, 2), "begins with 00 00 0d 03, not 00 00 08 03"),
        (b"\0\0\x08\x01" + struct.pack(">3I", 1, 2, 2), "begins with 00 00 08 01, not 00 00 08 03"),
        (b"\0\0\x08\x03\0\0", "cut short within its header"),
        (b"\0\0\x08\x03" + struct.pack(">3I", 1, 0, 2), "pictures of 0 x 2 pixels"),
        (b"\0\0\x08\x03" + struct.pack(">3I", 1, 2**31, 2**31), "sides go from 1 to 4096"),
        (b"\0\0\x08\x03" + struct.pack(">3I", 2**32 - 1, 4, 4), "4,294,967,295 images, but 1 labels"),
    ],
)
def test_a_header_that_cannot_be(tmp_path, head, reason):
    path = pair(tmp_path, "train", noise(1), [1])
    path.write_bytes(head + b"\0" * 4)
    with pytest.raises(DataError, match=reason):
        list(read_samples(path))
    # A promise of 4 thousand million images allocates nothing and ends with what there is.
    reading = read_samples(path, skip_bad=True)
    assert list(reading) == [] and reading.skipped >= 1


def test_the_other_half_is_missing(tmp_path):
    path = write_idx(tmp_path / "train-images-idx3-ubyte", noise(1))
    with pytest.raises(DataError, match="its labels are not beside it: no file train-labels-idx1-ubyte"):
        list(read_samples(path))
    path = write_idx(tmp_path / "digits", noise(1))
    with pytest.raises(DataError, match="named for what it holds"):
        list(read_samples(path))


def test_one_half_may_be_packed(tmp_path):
    path = write_idx(tmp_path / "t10k-images-idx3-ubyte", noise(1))
    write_idx(tmp_path / "t10k-labels-idx1-ubyte.gz", np.array([5], np.uint8), packed=True)
    assert [sample.label for sample in read_samples(path)] == ["5"]


def test_layouts_have_distinct_classes():
    for layout in idx.LAYOUTS.values():
        assert len(set(layout.classes)) == len(layout.classes) and set(layout.merged) <= set(layout.classes)
