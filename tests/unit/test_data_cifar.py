"""CIFAR-10's two forms, on small files made up here: what is read, how it is split, and what is refused in which words."""

import io
import pickle
import tarfile

import numpy as np
import pytest
from PIL import Image

from inkling.data import DataError
from inkling.data.cifar import NAMES, is_cifar, read

RECORD = 3073


def photographs(count, seed=0):
    """(count, 32, 32, 3) smooth pictures, which JPEG keeps well, of classes 0 to 9 in turn."""
    corners = np.random.default_rng(seed).integers(40, 216, (count, 2, 2, 3))
    along = np.stack([np.linspace(1, 0, 32), np.linspace(0, 1, 32)])
    pixels = np.einsum("ai,bj,nabc->nijc", along, along, corners)
    return np.rint(pixels).astype(np.uint8), np.arange(count, dtype=np.uint8) % 10


def batch(pixels, labels):
    """A file of the binary version, byte by byte."""
    content = b""
    for photo, label in zip(pixels, labels):
        content += bytes([label])
        for channel in range(3):
            for row in range(32):
                content += bytes(photo[row, column, channel] for column in range(32))
    return content


def jpegs(pixels):
    made = []
    for photo in pixels:
        file = io.BytesIO()
        Image.fromarray(photo).save(file, "JPEG", quality=95, subsampling=0)
        made.append(file.getvalue())
    return made


def npz(path, photos, is_test, **changes):
    pixels, labels = photos
    content = jpegs(pixels)
    arrays = {
        "jpeg": np.frombuffer(b"".join(content), np.uint8), "offsets": np.cumsum([0, *map(len, content)]),
        "labels": labels, "split": np.asarray(is_test, np.uint8), "names": np.array(NAMES),
    } | changes  # fmt: skip
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})
    return path


@pytest.fixture
def folder(tmp_path):
    """The binary version, extracted: 200 photographs to learn from in two files, 20 for testing."""
    made = tmp_path / "cifar-10-batches-bin"
    made.mkdir()
    for name, count, seed in (("data_batch_1", 120, 1), ("data_batch_2", 80, 2), ("test_batch", 20, 3)):
        (made / f"{name}.bin").write_bytes(batch(*photographs(count, seed)))
    (made / "batches.meta.txt").write_text("\n".join(NAMES) + "\n\n")
    (made / "readme.html").write_text("<html>")
    return made


def test_the_binary_version_is_read_as_it_was_written(folder):
    assert is_cifar(folder)
    found = read(folder)
    pixels, labels = (np.concatenate(parts) for parts in zip(*(photographs(*of) for of in ((120, 1), (80, 2), (20, 3)))))
    assert found.names == NAMES and len(found) == 220
    assert np.array_equal(found.pixels, pixels) and np.array_equal(found.labels, labels)
    assert found.pixels.dtype == found.labels.dtype == np.uint8
    test = read(folder, "test")
    assert np.array_equal(test.pixels, photographs(20, 3)[0])


def test_an_archive_and_a_file_alone_are_read_too(folder, tmp_path):
    path = tmp_path / "cifar-10-binary.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        archive.add(folder, "cifar-10-batches-bin")
    assert is_cifar(path) and is_cifar(folder / "data_batch_2.bin")
    for part in (None, "train", "validation", "test"):
        assert all(np.array_equal(a, b) for a, b in zip(read(path, part)[:2], read(folder, part)[:2]))
    assert np.array_equal(read(folder / "data_batch_2.bin").pixels, photographs(80, 2)[0])
    assert len(read(folder / "test_batch.bin", "test")) == 20
    with pytest.raises(DataError, match=r"test_batch\.bin: no photographs of the part 'train'"):
        read(folder / "test_batch.bin", "train")


def test_a_tenth_of_each_class_is_for_validation_and_nothing_is_in_two_parts(folder, tmp_path):
    path = npz(tmp_path / "photos.npz", photographs(220, 5), (np.arange(220) >= 200).astype(np.uint8))
    for source in (folder, path):
        parts = {part: read(source, part) for part in ("train", "validation", "test")}
        assert [len(part) for part in parts.values()] == [180, 20, 20]
        assert np.bincount(parts["validation"].labels).tolist() == [2] * 10
        assert np.array_equal(read(source, "validation").pixels, parts["validation"].pixels)
        seen = {photo.tobytes() for part in parts.values() for photo in part.pixels}
        assert seen == {photo.tobytes() for photo in read(source).pixels} and len(seen) == 220


def test_jpegs_are_decoded(tmp_path):
    pixels, labels = photographs(12)
    path = npz(tmp_path / "photos.npz", (pixels, labels), np.array([0, 1] * 6, np.uint8))
    assert is_cifar(path)
    found = read(path)
    assert np.array_equal(found.labels, labels) and found.names == NAMES
    assert np.abs(found.pixels.astype(int) - pixels).max() <= 4
    assert np.array_equal(read(path, "test").labels, labels[1::2])


def test_pickles_are_refused_and_the_binary_version_is_named(tmp_path):
    content = pickle.dumps({"data": np.zeros((2, 3072), np.uint8), "labels": [0, 1]}, 2)
    (tmp_path / "data_batch_1").write_bytes(content)
    with tarfile.open(tmp_path / "cifar-10-python.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "data_batch_1", "cifar-10-batches-py/data_batch_1")
    for path in (tmp_path / "data_batch_1", tmp_path, tmp_path / "cifar-10-python.tar.gz"):
        assert is_cifar(path)
        with pytest.raises(DataError, match=r"data_batch_1: a Python pickle, .* not accepted; .*cifar-10-binary\.tar\.gz"):
            read(path)


WRONG_BATCHES = {
    "cut short": (lambda good: good[:-1], "92,189 bytes are not whole photographs of 3,073"),
    "empty": (lambda good: b"", "0 bytes are not whole photographs"),
    "a class too many": (
        lambda good: good[: 29 * RECORD] + bytes([10]) + good[29 * RECORD + 1 :],
        "photograph 29 is of class 10",
    ),
}


@pytest.mark.parametrize("change, said", WRONG_BATCHES.values(), ids=WRONG_BATCHES)
def test_a_damaged_batch_is_named(tmp_path, change, said):
    (tmp_path / "data_batch_1.bin").write_bytes(change(batch(*photographs(30))))
    with pytest.raises(DataError, match=rf"data_batch_1\.bin: {said}"):
        read(tmp_path / "data_batch_1.bin")


@pytest.mark.parametrize("names", [b"", b"a\na\n", b"\xff\xfe", b"a\x07\n"])
def test_damaged_names_are_refused(folder, names):
    (folder / "batches.meta.txt").write_bytes(names)
    with pytest.raises(DataError, match=r"batches\.meta\.txt: not the names of the classes"):
        read(folder)


def test_a_folder_or_an_archive_without_photographs_is_refused(tmp_path):
    (tmp_path / "batches.meta.txt").write_text("a\nb\n")
    with pytest.raises(DataError, match=r"no photographs: .*data_batch_1\.bin"):
        read(tmp_path)
    assert not is_cifar(tmp_path)
    (tmp_path / "cifar-10-binary.tar.gz").write_bytes(b"\x1f\x8bnot really")
    with pytest.raises(DataError, match="the archive is damaged or cut short"):
        read(tmp_path / "cifar-10-binary.tar.gz")


def test_an_archive_cut_short_is_told_wherever_it_is_cut(folder, tmp_path):
    with tarfile.open(tmp_path / "whole.tar.gz", "w:gz") as archive:
        archive.add(folder, "cifar-10-batches-bin")
    whole = (tmp_path / "whole.tar.gz").read_bytes()
    for share in (0.1, 0.5, 0.9, 0.999):
        (tmp_path / "cut.tar.gz").write_bytes(whole[: int(share * len(whole))])
        with pytest.raises(DataError, match=r"cut\.tar\.gz: the archive is damaged or cut short"):
            read(tmp_path / "cut.tar.gz")


def test_a_link_in_an_archive_leads_nowhere(tmp_path):
    (tmp_path / "secret").write_bytes(batch(*photographs(3)))
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        link = tarfile.TarInfo("data_batch_1.bin")
        link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path / "secret")
        archive.addfile(link)
    with pytest.raises(DataError, match="no photographs"):
        read(tmp_path / "a.tar")


U8 = np.uint8
CHANGES = {
    "no offsets": ({"offsets": None}, "array offsets is missing"),
    "labels of another kind": ({"labels": np.zeros(12)}, "array labels: float64 of shape"),
    "objects": ({"names": np.array([{}], object)}, "array names: object of shape"),
    "a label too many": ({"labels": np.full(13, 1, U8)}, "13 labels, 12 of split and 13 offsets"),
    "offsets beyond the end": ({"offsets": np.arange(13) * 10**6}, "array offsets: not places"),
    "offsets that go back": ({"offsets": np.array([0, 5, 3, *range(6, 16)])}, "array offsets: not places"),
    "an unknown class": ({"labels": np.full(12, 10, U8)}, "a label of 10"),
    "an unknown part": ({"split": np.full(12, 2, U8)}, "a label of 9 or a split of 2"),
    "two classes of one name": ({"names": np.array(["a"] * 10)}, "array names: not 1 to 256 different names"),
    "no names": ({"names": np.array([], "U3")}, "array names: not 1 to 256 different names"),
}


@pytest.mark.parametrize("changes, said", CHANGES.values(), ids=CHANGES)
def test_an_npz_that_does_not_fit_is_told(tmp_path, changes, said):
    path = npz(tmp_path / "photos.npz", photographs(12), np.zeros(12, U8), **changes)
    with pytest.raises(DataError, match=rf"photos\.npz: {said}"):
        read(path)


def test_a_damaged_jpeg_and_one_of_another_size_are_named(tmp_path):
    pixels, labels = photographs(3)
    content = jpegs(pixels)
    for name, wrong in {
        "cut": content[1][:200],
        "gif": b"GIF89a" + bytes(90),
        "large": jpegs([np.zeros((40, 32, 3), U8)])[0],
    }.items():
        parts = [content[0], wrong, content[2]]
        arrays = {"jpeg": np.frombuffer(b"".join(parts), U8), "offsets": np.cumsum([0, *map(len, parts)])}
        path = npz(tmp_path / f"{name}.npz", (pixels, labels), np.zeros(3, U8), **arrays)
        with pytest.raises(DataError, match=r"photograph 1: (the JPEG is damaged|not of 32 x 32 pixels)"):
            read(path)


def test_damage_is_told_in_one_line_or_does_no_harm(tmp_path):
    rng = np.random.default_rng(11)
    good = {"data_batch_1.bin": batch(*photographs(4))}
    npz(tmp_path / "good.npz", photographs(6), np.array([0, 0, 0, 0, 1, 1], U8))
    good["photos.npz"] = (tmp_path / "good.npz").read_bytes()
    told, read_whole = [], 0
    for turn in range(400):
        name = list(good)[turn % 2]
        content = bytearray(good[name])
        if turn % 4 < 2:
            for at in rng.integers(0, len(content), 3):
                content[at] ^= int(rng.integers(1, 256))
        else:
            del content[int(rng.integers(0, len(content))) :]
        (tmp_path / name).write_bytes(content)
        try:
            photos = read(tmp_path / name)
        except DataError as error:
            told.append(str(error))
        else:
            read_whole += 1
            assert photos.pixels.shape == (len(photos), 32, 32, 3) and photos.labels.max() < len(photos.names)
    assert len(told) > 100 and read_whole > 20
    assert all(str(tmp_path) in line and line.isprintable() and len(line) < len(str(tmp_path)) + 400 for line in told)


def test_other_files_are_not_taken_for_photographs(tmp_path):
    np.savez(tmp_path / "pictures.npz", images=np.zeros((1, 2, 2), U8), labels=np.array(["a"]))
    (tmp_path / "broken.npz").write_bytes(b"PK\x03\x04 and no more")
    (tmp_path / "ink.jsonl").write_text("{}")
    assert not any(map(is_cifar, tmp_path.iterdir()))
    with pytest.raises(ValueError, match="part is one of train, validation, test, not 'all'"):
        read(tmp_path / "pictures.npz", "all")
    with pytest.raises(FileNotFoundError):
        is_cifar(tmp_path / "none.npz")
