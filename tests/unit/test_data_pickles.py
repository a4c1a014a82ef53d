"""Pickles read without unpickling: what Python writes comes back, all else is refused, and nothing is run."""

import io
import pickle
import sys
import tracemalloc

import numpy as np
import pytest

from inkling.data import DataError
from inkling.data.pickle_machine import LARGEST_FILE, MOST_MADE, PickleError
from inkling.data.pickles import loads, read

RNG = np.random.default_rng(0)
CONTENT = [
    {
        "layer_0": {"param_0": RNG.normal(size=(3, 1, 2, 2)).astype(np.float32), "param_1": np.arange(3.0)},
        "layer_1": {},
        "big-endian": np.arange(5, dtype=">i2"), "columns first": np.asfortranarray(RNG.normal(size=(3, 4))),
        "text": np.array(["A", "bc"]), "8 bits": np.array([b"x", b"yz"]), "bool": np.array([True, False]),
        "empty": np.zeros((0, 3), np.float16), "scalar": np.float32(0.5), "nothing": np.array(7, np.uint8),
    },
    {
        "vocab": ["A", "é", ":)", "\u2603", "\U0001f600", "it's \"so\"\n\\n"], "img_side": 20, "pair": (1, ("a", None)), "f": -0.25,
        "true": True, "no": False, "none": None, "large": 2**70, "negative": -70000, "bytes": b"\0\xff", "long": "x" * 300, 7: [],
    },
]  # fmt: skip


def same(a, b):
    """Whether `a`, as read, is `b`, as written: tuples become lists; numpy itself turns big-endian numbers round."""
    if isinstance(b, np.ndarray):
        return (
            isinstance(a, np.ndarray) and a.dtype.str[1:] == b.dtype.str[1:] and a.shape == b.shape and np.array_equal(a, b)
        )
    if isinstance(b, dict):
        return isinstance(a, dict) and list(a) == list(b) and all(same(a[key], b[key]) for key in b)
    if isinstance(b, list | tuple):
        return isinstance(a, list) and len(a) == len(b) and all(map(same, a, b))
    return a == b and type(a) is type(b.item() if isinstance(b, np.generic) else b)


class Python2:
    """What Python 2 wrote, instruction by instruction: strings of 8 bits, numpy.core, and in protocol 0 lines of text."""

    def __init__(self, protocol):
        self.protocol, self.kept = protocol, 0

    def dumps(self, value):
        return (b"\x80\x02" if self.protocol == 2 else b"") + self.value(value) + b"."

    def keep(self):
        self.kept += 1
        return b"p%d\n" % self.kept if self.protocol == 0 else b"r" + self.kept.to_bytes(4, "little")

    def value(self, value):
        if isinstance(value, np.ndarray):
            return self.array(value)
        if isinstance(value, str | bytes):
            data = value if isinstance(value, bytes) else value.encode("latin-1")
            text = (
                b"S" + repr(data)[1:].encode() + b"\n"
                if self.protocol == 0
                else b"T" + len(data).to_bytes(4, "little") + data
            )
            return text + self.keep()
        if isinstance(value, bool):
            return (b"I01\n" if value else b"I00\n") if self.protocol < 2 else (b"\x88" if value else b"\x89")
        if value is None:
            return b"N"
        if isinstance(value, int):
            return b"I%d\n" % value if self.protocol == 0 else b"J" + value.to_bytes(4, "little", signed=True)
        if isinstance(value, list):
            if self.protocol == 0:
                return b"(l" + self.keep() + b"".join(self.value(item) + b"a" for item in value)
            return b"]" + self.keep() + b"(" + b"".join(map(self.value, value)) + b"e"
        if isinstance(value, tuple):
            return b"(" + b"".join(map(self.value, value)) + b"t" + self.keep()
        assert isinstance(value, dict)
        if self.protocol == 0:
            return b"(d" + self.keep() + b"".join(self.value(k) + self.value(v) + b"s" for k, v in value.items())
        return b"}" + self.keep() + b"(" + b"".join(self.value(k) + self.value(v) for k, v in value.items()) + b"u"

    def array(self, array):
        order = "<" if array.dtype.byteorder == "=" else array.dtype.byteorder
        dtype = b"cnumpy\ndtype\n" + self.keep() + self.value((array.dtype.str[1:], 0, 1)) + b"R" + self.keep()
        dtype += self.value((3, order, None, None, None, -1, -1, 0)) + b"b"
        made = b"cnumpy.core.multiarray\n_reconstruct\n" + self.keep() + b"(cnumpy\nndarray\n" + self.value((0,))
        made += self.value("b") + b"t" + self.keep() + b"R" + self.keep()
        state = (
            b"(" + self.value(1) + self.value(array.shape) + dtype + self.value(False) + self.value(array.tobytes()) + b"t"
        )
        return made + state + self.keep() + b"b"


OLD = [{"layer_0": {"param_0": CONTENT[0]["layer_0"]["param_0"], "param_1": np.arange(3, dtype=">f8")}, "layer_1": {}},
       {"vocab": ["A", ":)", "caf\xe9", "'"], "img_side": 20, "pair": (1, True, None)}]  # fmt: skip


@pytest.mark.parametrize("protocol", range(5))
def test_what_python_writes_comes_back(protocol):
    assert same(loads(pickle.dumps({**CONTENT[1], "large": 2**100}, protocol)), {**CONTENT[1], "large": 2**100})
    assert same(loads(pickle.dumps(CONTENT, protocol)), CONTENT)


@pytest.mark.parametrize("protocol", [0, 1, 2])
@pytest.mark.filterwarnings("ignore")  # of numpy, when Python's pickle gives it what Python 2 wrote
def test_what_python_2_wrote_comes_back(protocol):
    content = Python2(protocol).dumps(OLD)
    assert same(loads(content), OLD)
    # The writer above writes what Python itself takes for the same.
    assert same(loads(content), pickle.loads(content, encoding="latin1"))  # noqa: S301


def test_what_is_there_twice_is_one():
    array = np.arange(3.0)
    both = loads(pickle.dumps([array, array, [array]], 2))
    assert both[0] is both[1] is both[2][0] and np.array_equal(both[0], array)


def test_a_file_is_read_and_named(tmp_path):
    (tmp_path / "w.pkl").write_bytes(pickle.dumps(CONTENT, 2))
    assert same(read(tmp_path / "w.pkl"), CONTENT)
    (tmp_path / "w.pkl").write_bytes(b"cos\nsystem\n(S'true'\ntR.")
    with pytest.raises(DataError, match=r"w\.pkl: not plain data: it asks for 'os\.system', .*nothing in it was run"):
        read(tmp_path / "w.pkl")
    with (tmp_path / "w.pkl").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    with pytest.raises(DataError, match=r"w\.pkl: larger than 64 MB"):
        read(tmp_path / "w.pkl")


class Evil:
    def __reduce__(self):
        return print, ("run",)


# Instructions of exploits as they were published, and of memory bombs; each is refused in words that hold the second.
HOSTILE = {
    "os.system": (b"cos\nsystem\n(S'echo run'\ntR.", "os.system"),
    "posix.system": (b"cposix\nsystem\n(S'echo run'\ntR.", "posix.system"),
    "nt.system": (b"cnt\nsystem\n(S'calc'\ntR.", "nt.system"),
    "eval": (b"c__builtin__\neval\n(S'print(1)'\ntR.", "__builtin__.eval"),
    "exec from the stack": (b"\x80\x04\x8c\x08builtins\x8c\x04exec\x93\x8c\x08print(1)\x85R.", "builtins.exec"),
    "subprocess": (b"\x80\x02csubprocess\nPopen\n]U\x02lsa\x85R.", "subprocess.Popen"),
    "an instance": (b"(S'echo run'\nios\nsystem\n.", "os.system"),
    "an instance of what arrays have": (b"(inumpy\nndarray\n.", "damaged"),
    "an object": (b"(cos\nsystem\nS'echo'\no.", "os.system"),
    "a new object": (b"\x80\x02cbuiltins\nobject\n)\x81.", "builtins.object"),
    "a new object of what arrays have": (b"\x80\x02cnumpy\nndarray\n)\x81.", r"instruction b'\\x81'"),
    "getattr": (b"c__builtin__\ngetattr\n(cos\nS'system'\ntR.", "__builtin__.getattr"),
    "a dotted name": (b"\x80\x04\x8c\x05numpy\x8c\x10ndarray.__init__\x93.", r"numpy.ndarray.__init__"),
    "numpy's own runner": (b"cnumpy.testing._private.utils\nrunstring\n(S'1'\n}tR.", "numpy.testing._private.utils.runstring"),
    "numpy's file reader": (b"cnumpy\nfromfile\n(S'/etc/passwd'\ntR.", "numpy.fromfile"),
    "numpy's pickles": (b"cnumpy\nload\n(S'x.npy'\ntR.", "numpy.load"),
    "another codec": (b"c_codecs\nencode\n(Vabc\nVrot13\ntR.", "Latin-1"),
    "decode": (b"c_codecs\ndecode\n(Vabc\nVlatin1\ntR.", "_codecs.decode"),
    "copyreg": (b"ccopy_reg\n_reconstructor\n(c__main__\nA\ntR.", "copy_reg._reconstructor"),
    "an extension": (b"\x80\x02\x82\x01.", r"instruction b'\\x82'"),
    "a persistent id": (b"Pfile\n.", "instruction b'P'"),
    "another persistent id": (b"U\x04fileQ.", "instruction b'Q'"),
    "a state": (b"}}b.", "no array"),
    "a state with a setter": (b"cnumpy\nndarray\n}U\x0c__setstate__cos\nsystem\nsb.", "os.system"),
    "an array of objects": (b"cnumpy\ndtype\n(S'O8'\nI0\nI1\ntR.", "arrays of 'O8'"),
    "records": (b"cnumpy\ndtype\n(S'f4'\nI0\nI1\ntR(I3\nS'<'\nNS'a'\nNI-1\nI-1\nI0\ntb.", "records"),
    "a line break in a name": (b"\x80\x04\x8c\x02os\x8c\x0csys\ntem\x1b[31m\x93.", r"os.sys\\ntem"),
    "protocol 5": (b"\x80\x05N.", "protocol 5"),
    "a huge string": (b"T\xff\xff\xff\x7f.", "cut short"),
    "a string of less than nothing": (b"T\xff\xff\xff\xffN.", "cut short"),
    "exabytes": (b"\x8e\xff\xff\xff\xff\xff\xff\xff\xff.", "cut short"),
    "a huge number": (b"\x8b\xff\xff\xff\x7f" + bytes(99), "cut short"),
    "a number of many digits": (b"\x8a\xff" + bytes(255) + b".", "more digits"),
    "digits without end": (b"I" + b"9" * 5000 + b"\n.", "no whole number"),
    "an empty file": (b"", "cut short"),
    "no pickle": (b"hello\n", "instruction b'h'|comes back"),
    "nothing at the end": (b".", "left over"),
    "something after the end": (b"N.N.", "left over"),
    "two things at the end": (b"NN.", "left over"),
    "a mark taken": (b"(].", "left over"),
    "a mark appended": (b"](a.", "takes what is not there"),
    "a list as a key": (b"}]Ns.", "a key that is neither"),
    "a dict of tuples": (b"})Ns.", "a key that is neither"),
    "a function as data": (b"](cnumpy\ndtype\ne.", "a function or a type"),
    "a type as data": (b"}K\1cnumpy\ndtype\n(S'f4'\ntRs.", "a function or a type"),
    "itself": (b"]q\0h\0a(.", "left over"),
    "steps without end": (b"N" * 200_000, "more than 100,000 instructions"),
}  # fmt: skip


@pytest.mark.parametrize("content, said", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_refused_in_words(content, said):
    with pytest.raises(PickleError, match=said) as caught:
        loads(content)
    assert str(caught.value).isprintable() and len(str(caught.value)) < 300


def shaped(shape, data):
    return (
        b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR(I1\n("
        + b"".join(b"L%dL\n" % size for size in shape)
        + b"tcnumpy\ndtype\n(S'f4'\nI0\nI1\ntRI00\nT"
        + len(data).to_bytes(4, "little")
        + data
        + b"tb."
    )


@pytest.mark.parametrize(
    "shape, data",
    [
        ((2**40,), bytes(8)),
        ((2**20, 2**20), bytes(8)),
        ((-1,), bytes(4)),
        ((0, 2**62), b""),
        ((1,) * 70, bytes(4)),
        ((3,), bytes(8)),
    ],
)
def test_a_shape_is_believed_where_there_are_bytes_for_it(shape, data):
    assert np.array_equal(loads(shaped((2, 1), bytes(8))), np.zeros((2, 1), np.float32))
    with pytest.raises(PickleError, match="an array of"):
        loads(shaped(shape, data))


def test_bombs_take_no_memory():
    """One string, asked for as bytes again and again, and a huge promise of each kind."""
    again = b"X" + (2**20).to_bytes(4, "little") + b"a" * 2**20 + b"q\0"
    again = (
        b"\x80\x02]q\1(c_codecs\nencode\nq\2" + again + b"U\6latin1q\3\x86Rh\2h\0h\3\x86R" + b"h\2h\0h\3\x86R" * 9000 + b"e."
    )
    promises = [HOSTILE[name][0] for name in ("a huge string", "exabytes", "a huge number")] + [shaped((2**40,), bytes(8))]
    for content, most in [(again, MOST_MADE * 1.1), *((content, 2**20) for content in promises)]:
        tracemalloc.start()
        try:
            with pytest.raises(PickleError):
                loads(content)
            assert tracemalloc.get_traced_memory()[1] < most
        finally:
            tracemalloc.stop()


def test_no_file_runs_anything():
    """5,000 files, damaged and hostile: data or words come of each, and no import, no call, no other file."""
    rng = np.random.default_rng(7)
    good = [pickle.dumps(CONTENT, protocol) for protocol in range(5)] + [Python2(p).dumps(OLD) for p in range(3)]
    good += [pickle.dumps([Evil(), CONTENT[0]["text"]], protocol) for protocol in range(5)]
    bad = [content for content, _ in HOSTILE.values() if len(content) < 1000]
    done, refused, events = 0, 0, []
    watched = {
        "import",
        "exec",
        "compile",
        "os.system",
        "subprocess.Popen",
        "open",
        "pickle.find_class",
        "os.exec",
        "socket.connect",
    }
    watching = False

    def watch(event, arguments):
        if watching and event in watched:
            events.append((event, arguments))

    sys.addaudithook(watch)  # for good, so it looks only while this test reads
    for turn in range(5000):
        content = bytearray(good[turn % len(good)])
        kind = rng.integers(0, 5)
        place = int(rng.integers(0, len(content) + 1))
        if kind == 0:
            del content[place:]
        elif kind == 1:  # an exploit within
            content[place:place] = bad[int(rng.integers(len(bad)))].removesuffix(b".")
        elif kind == 2:  # at an end, or alone
            content[:0] = bad[int(rng.integers(len(bad)))][: int(rng.integers(1, 60))]
        else:
            for at in rng.integers(0, len(content), int(rng.integers(1, 4))):
                content[at] = int(rng.integers(0, 256))
        watching = True
        try:
            value = loads(bytes(content))
        except PickleError as error:
            watching = False
            refused += str(error).isprintable()
        else:
            watching = False
            done += plain(value)
    assert not events and done + refused == 5000 and done > 100 and refused > 3000


def plain(value):
    """Whether there is nothing but data, each part looked at once."""
    todo, seen = [value], set()
    while todo:
        one = todo.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, dict):
            todo += [*one, *one.values()]
        elif isinstance(one, list):
            todo += one
        elif isinstance(one, np.ndarray):
            assert not one.dtype.hasobject
        else:
            assert (
                type(one) in (str, bytes, int, float, bool, type(None)) or type(one).__module__ == "inkling.data.pickles"
            ), one
    return True


def test_pythons_own_reader_would_have_run_it(capsys):
    """That the watched events would be seen: Python's pickle, told to print, prints."""
    pickle.load(io.BytesIO(pickle.dumps(Evil())))  # noqa: S301
    assert capsys.readouterr().out == "run\n"
