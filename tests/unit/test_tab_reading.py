"""The Read view's Python, called as the worker calls it."""

import numpy as np
import pytest

from inkling import Lines, Recognizer
from tab import call, known

STROKES = [np.array([[100, 100], [100, 500], [100, 900]], np.float32), np.array([[100, 500], [500, 500]], np.float32)]


@pytest.fixture(scope="module")
def package():
    return Recognizer.load()


def crossing(strokes):
    """Ink as it comes from JavaScript: flat buffers."""
    lengths = np.array([len(stroke) for stroke in strokes], np.uint32)
    return [memoryview(np.concatenate(strokes).ravel()), memoryview(lengths)]


@pytest.mark.parametrize("allowed", ["", "0123456789"])
@pytest.mark.parametrize("lines", [[], [760, 600]])
def test_read_is_the_package_read(package, allowed, lines):
    answer = call("reading.read", [*crossing(STROKES), allowed, lines])
    expected = package.examine(STROKES, allowed=allowed or None, lines=Lines(*lines) if lines else None)
    assert [tuple(pair) for pair in answer["candidates"]] == expected.candidates
    assert answer["decided_by"] == expected.decided_by and answer["look_alikes"] == expected.look_alikes
    assert answer["milliseconds"] > 0


def test_no_ink_no_answer():
    answer = call("reading.read", [memoryview(np.empty(0, np.float32)), memoryview(np.empty(0, np.uint32)), ""])
    assert answer["candidates"] == [] and answer["look_alikes"] == [] and not answer["confident"]


def test_read_image_is_the_package_read_image(package):
    pixels = np.full((40, 30, 4), 255, np.uint8)
    pixels[5:35, 13:16, :3] = 0
    answer = call("reading.read_image", [memoryview(pixels.ravel()), 40, 30, ""])
    assert [tuple(pair) for pair in answer["candidates"]] == package.read_image(pixels)


def test_about_counts_the_weights(package):
    arrays = [array for layer in package.network.layers for array in layer.parameters.values()]
    assert call("reading.about", []) == {"parameters": sum(array.size for array in arrays)}


@pytest.mark.parametrize(
    "name", ["reading._session", "reading.__init__", "reading.np", "os.system", "reading", "reading.nothing"]
)
def test_only_public_methods_can_be_called(name):
    with pytest.raises(ValueError, match="no method"):
        call(name, [])


def test_the_page_is_as_sure_as_the_package(package):
    """An R, and scribbles of every kind of doubt."""
    rng = np.random.default_rng(0)
    scribbles = [[np.cumsum(rng.normal(0, 20, (60, 2)), axis=0).astype(np.float32)] for _ in range(6)]
    told = [call("reading.read", crossing(strokes))["confident"] for strokes in (known.STROKES, *scribbles)]
    assert told == [package.is_confident(strokes) for strokes in (known.STROKES, *scribbles)] and {True, False} == set(told)
