"""Ink as JSON: one rule for the page and the command line, in tests/cases/ink.json."""

import base64
import json
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from inkling.data import DataError
from inkling.data.ink_file import read_ink
from inkling.tools.cli import main
from inkling.tools.split import Split

CASES = Path(__file__).parents[1] / "cases"
VECTORS = json.loads((CASES / "ink.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", VECTORS, ids=[case["name"] for case in VECTORS])
@pytest.mark.parametrize("name", ["ink.json", "drawing"])
def test_the_rule(tmp_path, capsys, case, name):
    path = tmp_path / name
    path.write_bytes(base64.b64decode(case["base64"]) if "base64" in case else case["text"].encode())
    if "refused" in case:
        with pytest.raises(DataError) as caught:
            read_ink(path)
        assert str(caught.value).startswith(f"{path}: ") and case["refused"] in str(caught.value)
        assert "\n" not in str(caught.value) and len(str(caught.value)) < len(str(path)) + 160
        if name.endswith(".json"):
            assert main(["predict", str(path)]) == 1
            assert capsys.readouterr() == ("", f"predict: {caught.value}\n")
        return
    strokes, left_out = read_ink(path)
    assert [stroke.tolist() for stroke in strokes] == case["strokes"] and left_out == case["left_out"]
    assert main(["predict", str(path), "--top", "1"]) == 0
    out, err = capsys.readouterr()
    assert (out == "no ink\n") == (not strokes) and (f"left out: {left_out}" in err if left_out else err == "")


@pytest.mark.parametrize("name", ["R.json", "R-bom.json", "R-array.json"])
def test_the_case_is_read(capsys, name):
    assert main(["predict", str(CASES / name), "--top", "1"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("R  0.99") and err == ""


def test_deep_nesting_and_endless_digits_are_told_in_our_words(tmp_path):
    path = tmp_path / "ink.json"
    for text, said in (("[" * 200_000, "nested too deeply"), ("[[[" + "9" * 5000 + ", 1]]]", "not finite")):
        path.write_text(text)
        with pytest.raises(DataError, match=said):
            read_ink(path)


def test_too_much_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "ink.json"
    path.write_text(json.dumps([[[0, 0]] * 60_000, [[1, 1]] * 60_000]))
    with pytest.raises(DataError, match="more than 100,000 points"):
        read_ink(path)
    path.write_bytes(b" " * (300 * 2**20))
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match="larger than 16 MB"):
            read_ink(path)
        assert tracemalloc.get_traced_memory()[1] < 40 * 2**20
    finally:
        tracemalloc.stop()
    zigzag = (np.arange(20_000) % 2)[:, None].repeat(2, axis=1)
    path.write_text(json.dumps([zigzag.tolist()]))
    assert main(["predict", str(path)]) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_split_is_read_by_the_same_rule(tmp_path, encoding):
    split = Split(frozenset({"ä_w1"}), frozenset({"b_w2"}), 3)
    split.save(tmp_path / "split.json")
    text = (tmp_path / "split.json").read_text(encoding="utf-8")
    (tmp_path / "split.json").write_text(text, encoding=encoding)
    assert Split.load(tmp_path / "split.json") == split
