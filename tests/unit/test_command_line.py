"""The command line on its sad paths: one line of words on the error output, exit status 1, nothing half done."""

import contextlib
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from test_import_pickle import content as tutorial

import inkling
from inkling import nn
from inkling.characters import model
from inkling.data import jsonlines
from inkling.files import shipped
from inkling.labels import LABELS, NOTHING
from inkling.tools.cli import main
from inkling.tools.split import Split

CASES = Path(__file__).parents[1] / "cases"


@pytest.fixture
def good(tmp_path, real_ink):
    """A folder with files that are as they should be."""
    jsonlines.write_samples(tmp_path / "ink.jsonl", real_ink[::9])
    writers = sorted({sample.writer for sample in real_ink[::9]})
    Split(frozenset(writers[:2]), frozenset(writers[2:4]), 1).save(tmp_path / "split.json")
    network = model.build(len(LABELS) + 1, ((4,), (4,)), hidden=8)
    nn.save(tmp_path / "weights.npz", network.folded(), LABELS + NOTHING, dtype="float16")
    (tmp_path / "data_batch_1.bin").write_bytes(bytes(10 * 3073))  # ten black airplanes
    (tmp_path / "old.pkl").write_bytes(pickle.dumps(tutorial(dense=(10,)), 2))
    return tmp_path


def bad_files(folder):
    """{what is wrong: path}"""
    made = {"missing": folder / "none", "a folder": folder / "folder", "in no folder": folder / "none" / "none"}
    made["a folder"].mkdir()
    contents = {
        "empty": b"", "binary garbage": np.random.default_rng(0).bytes(5000), "text": b"hello\n", "zeros": bytes(3000),
        "a pickle": b"\x80\x04\x95\x10\0\0\0\0\0\0\0\x8c\x02os\x94\x8c\x06system\x94\x93.", "an array": b"\x93NUMPY\x01\0v\0{'descr': '|O'",
        "half a zip": (shipped("inkling.npz")).read_bytes()[:9000], "JSON": b'{"a": 1}\n', "line feeds": b"\n\n\n",
    }  # fmt: skip
    for name, content in contents.items():
        made[name] = folder / f"bad {name}"
        made[name].write_bytes(content)
    made["a name\nof two lines"] = folder / "two\nlines"
    return made


# Commands, with {bad} where the bad file goes.
READING = {
    "evaluate": "evaluate {bad}",
    "evaluate's weights": "evaluate ink.jsonl --weights {bad}",
    "evaluate's split": "evaluate ink.jsonl --split {bad} --part test",
    "train": "train --data {bad} --out out.npz --run-dir run",
    "train's split": "train --data ink.jsonl --split {bad} --out out.npz --run-dir run",
    "train's start": "train --data ink.jsonl --split split.json --start {bad} --out out.npz --run-dir run",
    "train's judge": "train --data ink.jsonl --split split.json --trust {bad} --out out.npz --run-dir run",
    "average": "average {bad} --out out.npz",
    "average's second": "average weights.npz {bad} --out out.npz",
    "predict": "predict {bad}",
    "predict's weights": "predict R.json --weights {bad}",
    "calibrate": "calibrate {bad} ink.jsonl --split split.json",
    "calibrate's samples": "calibrate weights.npz {bad} --split split.json",
    "calibrate's split": "calibrate weights.npz ink.jsonl --split {bad}",
    "hand-sizes": "hand-sizes {bad} ink.jsonl --split split.json",
    "hand-sizes' samples": "hand-sizes weights.npz {bad} --split split.json",
    "rehearsal": "rehearsal {bad} ink.jsonl --split split.json",
    "rehearsal's samples": "rehearsal weights.npz {bad} --split split.json",
    "replay": "replay {bad} --split split.json --part test",
    "replay's weights": "replay ink.jsonl --weights {bad} --split split.json --part test",
    "excerpt": "excerpt {bad} --split split.json --out folder.out",
    "split": "split {bad} --out out.json",
    "split's base": "split ink.jsonl --base {bad} --out out.json",
    "convert": "convert {bad} out.jsonl",
    "cut-words": "cut-words {bad} --out out.jsonl",
    "train-photos": "train-photos --data {bad} --out out.npz --run-dir run",
    "import-pickle": "import-pickle {bad} --out out.npz",
    "cut-words' judge": "cut-words ink.jsonl --weights {bad} --out out.jsonl",
}


def run(command, capfd, **places):
    """(exit status, output, error output) of a command; `places` are filled in."""
    code = main([word.format(**places) for word in command.split()])
    out, err = capfd.readouterr()
    return code, out, err


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and not path.is_symlink()}


@pytest.mark.parametrize("command", READING.values(), ids=READING)
@pytest.mark.filterwarnings("error")
def test_bad_input_is_one_line_and_changes_nothing(good, capfd, monkeypatch, command):
    monkeypatch.chdir(good)
    (good / "R.json").write_bytes((CASES / "R.json").read_bytes())
    bad = bad_files(good)
    before = contents(good)
    for what, path in bad.items():
        code, _, err = run(command, capfd, bad=path.name if path.parent == good else f"none/{path.name}")
        assert code == 1, (what, err)
        assert err.startswith(f"{command.split()[0]}: ") and err.count("\n") == 1, (what, err)
        assert len(err) < 500, (what, err)
        for foreign in ("Errno", "Traceback", "allow_pickle", "unsafe", "substring", "codec can't", "zip file", "Error"):
            assert foreign not in err, (what, err)
    assert contents(good) == before


def test_a_checkpoint_that_cannot_be_gone_on_with_is_named(good, capfd, monkeypatch):
    monkeypatch.chdir(good)
    (good / "run").mkdir()
    for what, path in bad_files(good).items():
        if not path.is_file():
            continue
        (good / "run/checkpoint.npz").write_bytes(path.read_bytes())
        train = "train --data ink.jsonl --split split.json --out out.npz --run-dir run --blocks 4;4;4;4 --hidden 4 --resume"
        code, _, err = run(train, capfd)
        said = "train: run/checkpoint.npz: neither a checkpoint nor weights, or cut short ("
        assert code == 1 and err.startswith(said) and err.count("\n") == 1, (what, err)
    assert not (good / "out.npz").exists()


WRITING = {
    "evaluate's report": ("evaluate ink.jsonl --weights weights.npz --report {out}", "out.html"),
    "train": ("train --data ink.jsonl --split split.json --out {out} --run-dir run --epochs 0.01 --batch 8 --blocks 4 --hidden 4", "out.npz"),
    "average": ("average weights.npz weights.npz --out {out}", "out.npz"),
    "split": ("split ink.jsonl --writers 2 --out {out}", "out.json"),
    "convert": ("convert ink.jsonl {out}", "out.jsonl"),
    "convert, packed": ("convert ink.jsonl {out}", "out.jsonl.gz"),
    "train-photos": ("train-photos --data data_batch_1.bin --out {out} --run-dir run --epochs 0.01 --batch 4", "out.npz"),
    "import-pickle": ("import-pickle old.pkl --out {out}", "out.npz"),
    "hand-sizes": ("rehearsal {out} ink.jsonl --split split.json", "weights.npz"),
}  # fmt: skip


@pytest.mark.parametrize("command, name", WRITING.values(), ids=WRITING)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full is Linux's")
def test_a_full_disk_is_told_and_leaves_what_was_there(good, capfd, monkeypatch, command, name):
    monkeypatch.chdir(good)
    if not (good / name).exists():
        (good / name).write_bytes(b"what was there")
    before = (good / name).read_bytes()
    # Where the file is written before it takes its place.
    (good / f"{name}.part").symlink_to("/dev/full")
    code, _, err = run(command, capfd, out=name)
    last = err.splitlines()[-1]
    assert code == 1 and "o space left on device" in last and last.startswith(f"{command.split()[0]}: ")
    assert (good / name).read_bytes() == before and not (good / f"{name}.part").exists()


@pytest.mark.parametrize("command, name", WRITING.values(), ids=WRITING)
def test_a_place_that_cannot_be_written_to_is_named(good, capfd, monkeypatch, command, name):
    if command.startswith("rehearsal"):
        return  # reads it first, as above
    monkeypatch.chdir(good)
    (good / "none").write_bytes(b"a file")
    for place in (f"none/{name}", f"missing/{name}" if not command.startswith("train") else f"none/x/{name}"):
        code, _, err = run(command, capfd, out=place)
        assert code == 1 and err.count("\n") == 1 and place.split("/")[0] in err, err
        assert "Errno" not in err and ".part" not in err
    (good / name).mkdir()
    code, _, err = run(command, capfd, out=name)
    assert code == 1 and name in err and "directory" in err and err.count("\n") == 1
    assert not (good / f"{name}.part").exists()


NUMBERS = {
    "train --data ink.jsonl --out out.npz": [
        "--blocks a", "--blocks 4;;4", "--blocks 0", "--blocks 4,-3", "--hidden 0", "--hidden x", "--epochs nan", "--epochs -1",
        "--epochs 0", "--epochs inf", "--batch 0", "--batch 2.5", "--rate nan", "--rate 0", "--balance nan", "--balance 2",
        "--dropout 1", "--dropout -1", "--smoothing 7", "--strength -1", "--strength nan", "--traced 2", "--seed -1",
        "--contributor-balance 2", "--joins -1", "--joins nan", "--loops 1.5", "--workers 0", "--shares 0", "--shares nan", "--shares inf",
    ],
    "train-photos --data data_batch_1.bin --out out.npz": [
        "--epochs 0", "--batch 0", "--rate nan", "--decay -1", "--smoothing 2", "--dropout 1", "--cut -1", "--most 0", "--seed -1", "--workers 0",
    ],
    "average weights.npz --out out.npz": ["--shares -1", "--shares nan", "--shares x"],
    "split ink.jsonl --out out.json": ["--writers 0", "--writers -1", "--seed -1"],
    "excerpt ink.jsonl --split split.json --out folder": ["--seed -1"],
    "predict R.json": ["--top 0", "--top -1", "--top 1.5"],
}  # fmt: skip


@pytest.mark.parametrize(
    "command, option", [(command, option) for command, options in NUMBERS.items() for option in options]
)
def test_a_number_out_of_its_range_is_named_with_its_option(capsys, command, option):
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), *option.split()])
    name, value = option.split()
    last = capsys.readouterr().err.splitlines()[-1]
    assert ended.value.code == 2 and f"error: argument {name}: " in last and last.endswith(f", not {value!r}")


ODD = {
    "evaluate ink.jsonl --allowed Ω": "allowed is some of 0123",
    "predict R.json --allowed Ω": "allowed is some of 0123",
    "split ink.jsonl --base split.json --leave-out nobody --out out.json": "nobody of nobody is among the writers",
    "split ink.jsonl --writers 9999 --out out.json": "9999 writers cannot be drawn from",
    "replay ink.jsonl --split split.json --part test": "nobody has more than 5 drawings of a character",
    "replay signs.jsonl --split split.json --part test": "there are no samples of the labels 0123",
    "excerpt signs.jsonl --split split.json --out folder": "there are no samples of 0123",
    "evaluate signs.jsonl": "no sample has one of the labels 0123",
    "calibrate weights.npz signs.jsonl --split split.json": "signs.jsonl: no samples of the part 'validation'",
    "rehearsal weights.npz signs.jsonl --split split.json": "no sample is of the network's labels",
    "average weights.npz weights.npz --shares 1 2 3 --out out.npz": "one share above 0 for each of 2 files",
    "convert ink.jsonl out.txt": "the name ends in .jsonl, .jsonl.gz, .npz",
    "convert ink.jsonl out.npz": "is ink; .npz holds pictures",
    "evaluate ink.jsonl --part test": "--part needs --split",
    "cut-words ink.jsonl --out out.json": "none of 0 words can be cut into letters",
}


@pytest.mark.parametrize("command", ODD)
def test_what_cannot_be_done_is_told_in_one_line(good, capfd, monkeypatch, command):
    monkeypatch.chdir(good)
    (good / "R.json").write_bytes((CASES / "R.json").read_bytes())
    (good / "signs.jsonl").write_text('{"label": "€", "writer": "x", "strokes": [[[0, 0], [1, 2]]]}\n', encoding="utf-8")
    code, _, err = run(command, capfd)
    assert code == 1 and ODD[command] in err and err.count("\n") == 1
    assert not any((good / name).exists() for name in ("out.json", "out.npz", "out.txt"))


@contextlib.contextmanager
def without_rights(path):
    """As a user who may not read a file: whoever runs the tests, or nobody where that is one who may do everything."""
    if os.geteuid():
        path.chmod(0)
        yield
        path.chmod(0o600)
    else:
        os.seteuid(65534)
        try:
            yield
        finally:
            os.seteuid(0)


@pytest.mark.parametrize(
    "command",
    [
        "predict {bad}",
        "evaluate {bad}",
        "convert {bad} out.jsonl",
        "predict R.json --weights {bad}",
        "average {bad} --out o.npz",
    ],
)
def test_a_file_that_may_not_be_read_is_named(good, capfd, command):
    (good / "R.json").write_bytes((CASES / "R.json").read_bytes())
    command = command.replace("R.json", str(CASES / "R.json"))
    run(command, capfd, bad=good / "text")  # so that all is imported by one who may
    (good / "text").write_text("hello")
    with without_rights(good / "text"):
        code, _, err = run(command, capfd, bad=good / "text")
    assert code == 1 and f"{good / 'text'}: " in err and "permission denied" in err.lower() and err.count("\n") == 1


def line(*arguments, **options):
    """The command line in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(Path(inkling.__file__).parents[1])}
    return subprocess.run(
        [sys.executable, "-m", "inkling", *map(str, arguments)],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        **options,
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full is Linux's")
@pytest.mark.parametrize("buffered", ["", "1"])
def test_an_output_that_takes_nothing_is_told(monkeypatch, buffered):
    monkeypatch.setenv("PYTHONUNBUFFERED", buffered)
    with Path("/dev/full").open("w") as full:
        done = line("predict", CASES / "R.json", stdout=full)
    assert done.returncode == 1 and done.stderr == "predict: the output: no space left on device\n"


@pytest.mark.parametrize("buffered", ["", "1"])
def test_an_output_that_is_closed_ends_it_quietly(monkeypatch, buffered):
    monkeypatch.setenv("PYTHONUNBUFFERED", buffered)
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as closed:
        done = line("predict", CASES / "R.json", stdout=closed)
    assert done.returncode == 1 and done.stderr == ""


def test_ctrl_c_is_no_traceback(good, monkeypatch, capfd):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.chdir(good)
    monkeypatch.setattr("inkling.tools.commands.read_samples", interrupted)
    code, _, err = run("split ink.jsonl --out out.json", capfd)
    assert (code, err) == (130, "split: interrupted\n")
