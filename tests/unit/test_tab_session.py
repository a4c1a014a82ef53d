"""One session: what teaching changes, every view sees; the lab's networks come from and go to files in memory."""

from io import BytesIO

import numpy as np
import pytest

from building.paths import WEB
from inkling import Recognizer, nn
from inkling.teaching.personal import LEAST_DRAWINGS
from tab.inside import Inside
from tab.learning import Learning
from tab.reading import Reading
from tab.session import Session
from tab.teaching import Teaching

LAB = WEB / "learn" / "lab" / "data"


@pytest.fixture
def session():
    return Session()


def crossing(strokes, scale=1):
    """Ink as it comes from the page."""
    flat = np.concatenate([np.float32(stroke) * scale for stroke in strokes]).ravel()
    return flat, np.array([len(stroke) for stroke in strokes], np.uint32)


def told(reading, inside, ink):
    """What Read and Inside answer to the same ink."""
    candidates = reading.read(*ink)["candidates"]
    answer = inside.look(*ink, [])["answer"]
    return candidates[0], [answer["label"], answer["probability"]]


def test_inside_explains_what_read_answers_before_and_after_teaching(session, real_ink):
    """Also a symbol, and where the size of the taught hand counts; after forgetting as before."""
    reading, inside, teaching = Reading(session), Inside(session), Teaching(session)
    inks = [crossing(sample.strokes, 3) for sample in real_ink[::25]]
    arrow = crossing([[[0, 0], [100, 0]], [[60, -30], [100, 0], [60, 30]]])

    def agree():
        for ink in (*inks, arrow):
            read, seen = told(reading, inside, ink)
            assert read[0] == seen[0] and read[1] == pytest.approx(seen[1], abs=1e-5)

    agree()
    before, labels = reading.read(*arrow)["candidates"], inside.describe()["labels"]
    learned = teaching.teach([[f"a{n}", "→", *arrow, True] for n in range(LEAST_DRAWINGS)])
    learned = teaching.teach(
        [[f"c{n}", sample.label, *crossing(sample.strokes, 3), True] for n, sample in enumerate(real_ink[:8])]
    )
    while teaching.settle():
        pass
    assert learned == {"symbols": "→", "drawings": LEAST_DRAWINGS + 8}
    assert reading.read(*arrow)["candidates"][0][0] == "→"
    agree()
    taught = inside.describe()
    assert taught["labels"] == [*labels, "→"] and taught["steps"][-1]["shape"] == [len(labels) + 1]
    assert inside.look(*arrow, [])["outputs"] == "".join(taught["outputs"])
    teaching.forget([f"a{n}" for n in range(LEAST_DRAWINGS)] + [f"c{n}" for n in range(8)])
    assert reading.read(*arrow)["candidates"] == before and inside.describe()["labels"] == labels
    agree()


def test_what_is_asked_about_is_what_was_looked_at(session, real_ink):
    """Teaching between a look and a question about it changes nothing of the answer."""
    inside, teaching = Inside(session), Teaching(session)
    ink = crossing(real_ink[0].strokes)
    inside.look(*ink, [])
    before = inside.arithmetic(len(inside.describe()["steps"]) - 1, 0, 0, 0)
    teaching.teach([["a", "Q", *ink, True]])
    after = inside.arithmetic(len(inside.describe()["steps"]) - 1, 0, 0, 0)
    assert before["result"] == after["result"] and np.array_equal(before["exponentials"], after["exponentials"])


def content(path):
    return np.frombuffer(path.read_bytes(), np.uint8)


def test_the_labs_network_is_saved_and_opened_again_without_a_file(session, real_ink):
    learning = Learning(session)
    loaded = learning.load(content(LAB / "train.jsonl.gz"), content(LAB / "test.jsonl.gz"))
    assert loaded["counts"][1] == len(loaded["labels"])
    learning.restart("017", {"filters": [4]}, {"augmentation": False, "batch": 8, "rate": 0.01}, [])
    learning.step(0, True)
    saved = learning.save()
    ink = crossing(real_ink[3].strokes)
    answer = learning.read(*ink)
    assert [list(each) for each in Recognizer.load(BytesIO(saved.tobytes())).read([*real_ink[3].strokes], top=3)] == [
        [label, pytest.approx(probability, abs=1e-5)] for label, probability in answer
    ]
    again = Learning(other := Session())
    again.load(content(LAB / "train.jsonl.gz"), content(LAB / "test.jsonl.gz"))
    assert again.open_weights("mine.npz", saved, {"augmentation": False}, [])["labels"] == "017"
    assert again.read(*ink) == [[label, pytest.approx(probability, abs=1e-5)] for label, probability in answer]
    assert other.reader is not other.trained
    for damaged in (saved[: len(saved) // 2], np.zeros(100, np.uint8)):
        with pytest.raises(nn.WeightsError, match=r"^mine\.npz: "):
            again.open_weights("mine.npz", damaged, {"augmentation": False}, [])


def test_files_of_samples_are_read_without_a_folder_and_name_their_bad_lines(session):
    teaching = Teaching(session)
    lines = b'{"label": "A", "strokes": [[[0, 0], [5, 9]]], "style": "traced"}\n' + b"no sample\n" * 30
    found = teaching.parse("mine.jsonl", np.frombuffer(lines, np.uint8))
    (sample,) = found["samples"]
    assert sample["label"] == "A" and sample["traced"] and sample["points"].tolist() == [0, 0, 5, 9]
    assert sample["points"].dtype == np.float32 and sample["lengths"].tolist() == [2]
    assert found["skipped"] == 30 and len(found["errors"]) == 20
    assert found["errors"][0].startswith("mine.jsonl, line 2: ")
