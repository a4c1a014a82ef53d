"""Reading .npz against numpy's own reader, and what is said of files that are none."""

import io
import os
import pickle
import tracemalloc
import zipfile

import numpy as np
import pytest

from inkling.arrays import ArraysError, open_arrays

MB = 2**20


def packed(save=np.savez, **arrays):
    file = io.BytesIO()
    save(file, **arrays)
    return file.getvalue()


ARRAYS = {
    "floats": np.random.default_rng(0).standard_normal((3, 4, 5)),
    "halves": np.arange(6, dtype=np.float16),
    "fortran": np.asfortranarray(np.arange(12).reshape(3, 4)),
    "big-endian": np.arange(5, dtype=">i4"),
    "text": np.array(["a", "ünï", ""]),
    "one text": np.array("{}"),
    "no letters": np.array(["", ""]),
    "bytes": np.frombuffer(b"abc", "S1"),
    "bools": np.array([True, False]),
    "a number": np.float32(7),
    "empty": np.empty((0, 3), np.float32),
}


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_arrays_are_what_numpy_reads(tmp_path, save):
    path = tmp_path / "a.npz"
    path.write_bytes(packed(save, **ARRAYS))
    with np.load(path) as expected, open_arrays(path) as arrays, path.open("rb") as file, open_arrays(file) as again:
        assert arrays.names == expected.files == again.names
        for name in expected.files:
            for found in (arrays.read(name, MB), again.read(name, MB)):
                assert found.dtype == expected[name].dtype and found.shape == expected[name].shape
                assert np.array_equal(found, expected[name])
                assert found.flags.f_contiguous == expected[name].flags.f_contiguous
            assert arrays.header(name) == (expected[name].shape, expected[name].dtype)


FOREIGN = {
    "nothing": (b"", "an empty file"),
    "text": (b"hello", "of another format"),
    "half a zip": (packed(a=np.zeros(9))[:60], "damaged, or cut short"),
    "an array": (b"\x93NUMPY\x01\0", "a single array"),
    "a pickle": (pickle.dumps([1]), "a Python pickle, which can run code when it is read and is not accepted"),
    "gzip": (b"\x1f\x8b\x08\0", "a gzip'd file"),
}


@pytest.mark.parametrize("content, what", FOREIGN.values(), ids=FOREIGN)
def test_what_is_no_archive_is_named(tmp_path, content, what):
    path = tmp_path / "a.npz"
    path.write_bytes(content)
    with pytest.raises(ArraysError) as caught, open_arrays(path):
        pass
    assert (str(caught.value), caught.value.field) == (what, "")


def test_files_that_cannot_be_opened_are_the_systems_own_errors(tmp_path):
    for path in (tmp_path / "none.npz", tmp_path):
        with pytest.raises(OSError, match="No such file|Is a directory"), open_arrays(path):
            pass


class Bomb:
    def __reduce__(self):
        return os.mkdir, ("trace",)


def test_objects_are_refused_in_our_words(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    content = packed(bomb=np.array([Bomb()], object), record=np.zeros(2, [("a", object)]), well=np.ones(3))
    with open_arrays(io.BytesIO(content)) as arrays:
        for name in ("bomb", "record"):
            with pytest.raises(ArraysError, match=f"^'{name}' holds Python objects, which can run code"):
                arrays.read(name, MB)
        assert arrays.read("well", MB).tolist() == [1, 1, 1]
    assert not (tmp_path / "trace").exists()


def npy(header, data=b""):
    header = header.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\0" + len(header).to_bytes(2, "little") + header + data


MEMBERS = {
    "no array": (b"hello", "is damaged"),
    "nothing": (b"", "is damaged"),
    "another version": (b"\x93NUMPY\x09\x09" + b"\0" * 200, "is damaged"),
    "a promise": (
        npy("{'descr': '|u1', 'fortran_order': False, 'shape': (900000, 1)}"),
        r"is cut short: it is to hold \(900000, 1\)",
    ),
    "a huge promise": (npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1099511627776, 9)}"), "is larger than 1 MB"),
    "less than nothing": (npy("{'descr': '<f8', 'fortran_order': False, 'shape': (-1, 9)}"), "is damaged"),
    "too much": (npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2,)}", b"abc"), "is damaged"),
    "a header that is code": (npy("__import__('os').mkdir('trace')"), "is damaged"),
    "a header with an odd escape": (npy(r"{'descr': '\d', 'fortran_order': False, 'shape': (2,)}"), "is damaged"),
    "a header of another day": (npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1L,)}", b"\0" * 8), None),
}


@pytest.mark.parametrize("content, said", MEMBERS.values(), ids=MEMBERS)
@pytest.mark.filterwarnings("error")
def test_members_that_are_no_arrays(content, said):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.npy", content)
    with open_arrays(file) as arrays:
        if said is None:
            assert arrays.read("a", MB).tolist() == [0.0]
            return
        with pytest.raises(ArraysError, match=f"^'a' {said}"):
            arrays.read("a", MB)


def test_a_missing_array_is_named():
    with open_arrays(io.BytesIO(packed(a=np.zeros(2)))) as arrays, pytest.raises(ArraysError, match="^'b' is missing"):
        arrays.read("b", MB)


def test_a_bomb_takes_no_memory():
    content = packed(np.savez_compressed, a=np.zeros(40 * MB, np.uint8))
    tracemalloc.start()
    try:
        with open_arrays(io.BytesIO(content)) as arrays, pytest.raises(ArraysError, match="^'a' is larger than 2 MB"):
            arrays.read("a", 2 * MB)
        assert tracemalloc.get_traced_memory()[1] < MB
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.filterwarnings("error")
def test_no_damage_goes_unseen(save):
    """A thousand files with bytes changed or an end cut off: every array is the right one, or the error names it or the file."""
    whole, rng = packed(save, **ARRAYS), np.random.default_rng(3)
    told = []
    for turn in range(1000):
        content = bytearray(whole)
        if turn % 5 == 0:
            del content[int(rng.integers(0, len(content))) :]
        else:
            for place in rng.integers(0, len(content), int(rng.integers(1, 4))):
                content[place] ^= int(rng.integers(1, 256))
        try:
            with open_arrays(io.BytesIO(content)) as arrays:
                for name in arrays.names:
                    if name in ARRAYS:
                        found = arrays.read(name, MB)
                        assert found.dtype == np.asarray(ARRAYS[name]).dtype and np.array_equal(found, ARRAYS[name])
        except ArraysError as error:
            told.append((error.field, str(error)))
    assert len(told) > 500
    assert all(field in {"", *ARRAYS} and len(said) < 150 and said.isprintable() for field, said in told)
