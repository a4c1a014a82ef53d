"""What Inside calls for photographs, against the package's reader and naive loops."""

import numpy as np
import oracle
import pytest
from made_weights import photo_weights
from PIL import Image

from building.later import pictures
from inkling.nn import Conv2D
from inkling.photos.reader import PhotoReader, prepare, square
from tab import photos
from tab.photos import Photos


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    path = tmp_path_factory.mktemp("weights") / "photos.npz"
    photo_weights(path)
    return PhotoReader.load(path)


@pytest.fixture(scope="module")
def cat():
    """A square of a real photograph, RGBA."""
    with Image.open(pictures() / "chelsea.png") as picture:
        return np.asarray(picture.convert("RGBA").crop((70, 0, 370, 300)))


@pytest.fixture
def view(reader, monkeypatch, cat):
    """The view, looking at the cat; `view.seen` is what it said."""
    monkeypatch.setattr(photos, "PhotoReader", type("Shipped", (), {"load": staticmethod(lambda: reader)}))
    view = Photos(None)
    view.seen = view.look(cat.ravel(), len(cat), [0, 1])
    return view


def step_named(view, name):
    return [step["name"] for step in view.describe()["steps"]].index(name)


def outputs(view, name):
    return view._steps()[step_named(view, name)].output


def test_it_answers_as_the_package_does(view, reader, cat):
    reading = reader.read(cat)
    assert view.seen["best"] == [[guess.name, pytest.approx(guess.probability, abs=1e-6)] for guess in reading.guesses]
    assert len(view.seen["best"]) == 10 and sum(share for _, share in view.seen["best"]) == pytest.approx(1, abs=1e-5)
    assert view.seen["answer"] == {
        "label": reading.guesses[0].name,
        "probability": pytest.approx(reading.guesses[0].probability, abs=1e-6),
        "confident": True,
    }
    x = prepare(square(cat)[None])[0]
    assert np.array_equal(view.seen["maps"][: x.size], x.ravel())
    assert view.describe()["labels"] == list(reader.names)


@pytest.mark.parametrize("more", [1e-3, -1e-3])
def test_it_is_sure_from_the_least_probability_on(view, reader, cat, monkeypatch, more):
    best = view.seen["answer"]["probability"]
    monkeypatch.setattr(reader, "least", best + more)
    assert view.look(cat.ravel(), len(cat), [])["answer"]["confident"] == (more < 0) == reader.read(cat).confident


def test_the_arithmetic_of_a_cell_is_that_of_all_three_planes(view):
    step = step_named(view, "conv1")
    layer, x = view._layer(step, Conv2D), outputs(view, "input")
    parts = view.arithmetic(step, 2, 5, 7)
    weight = layer.parameters["weight"][2]
    by_hand = [sum(float(x[c, 4 + i, 6 + j]) * float(weight[c, i, j]) for i in range(3) for j in range(3)) for c in range(3)]
    assert parts["products"].reshape(3, 9).sum(axis=1) == pytest.approx(by_hand, abs=1e-5)
    assert parts["result"] == pytest.approx(sum(by_hand) + parts["bias"], abs=1e-5)
    truth = oracle.convolution(x[None], layer.parameters["weight"], layer.parameters["bias"], 1, "same")[0]
    assert view.seen["maps"][x.size :] == pytest.approx(truth.ravel(), abs=1e-4)


def test_the_end_of_a_block_adds_what_came_in(view):
    at = step_named(view, "add1")
    step = view.describe()["steps"][at]
    assert step["kind"] == "add"
    before, came_in = view._steps()[at - 1].output, view._steps()[at - 1 - step["back"]].output
    parts = view.arithmetic(at, 3, 4, 9)
    assert (parts["value"], parts["shortcut"]) == (before[3, 4, 9], came_in[3, 4, 9])
    assert parts["result"] == pytest.approx(float(before[3, 4, 9]) + float(came_in[3, 4, 9]), abs=1e-6)
    assert parts["fields"][0][1] - parts["fields"][0][0] > 3, "its receptive field is that of the whole block"


def test_every_cell_of_every_step_can_be_explained(view):
    for index, step in enumerate(view.describe()["steps"]):
        channels, *sides = step["shape"]
        cell = (channels - 1, *(side // 2 for side in sides)) if sides else (channels - 1, 0, 0)
        parts = view.arithmetic(index, *cell)
        assert parts["result"] == pytest.approx(float(view._steps()[index].output[cell if sides else cell[0]]), abs=1e-5)


def test_slopes_are_what_more_light_does(view, reader):
    """A pixel gets more red, green and blue alike."""
    label = view.seen["best"][0][0]
    slopes = view.saliency(label)["slopes"].reshape(32, 32)
    x = outputs(view, "input").astype(np.float64)
    place = reader.names.index(label)
    row, column = np.unravel_index(np.abs(slopes).argmax(), slopes.shape)
    more = np.zeros_like(x)
    more[:, row, column] = 1e-4
    up, down = (float(reader.network.forward((x + sign * more)[None])[0, place]) for sign in (1, -1))
    assert (up - down) / 2e-4 == pytest.approx(float(slopes[row, column]), rel=1e-3)


def test_products_add_up_to_what_more_contrast_does(view, reader):
    """Along the input itself: Euler's rule."""
    label = view.seen["best"][0][0]
    x, place = outputs(view, "input").astype(np.float64), reader.names.index(label)
    up, down = (float(reader.network.forward((x * (1 + sign * 1e-5))[None])[0, place]) for sign in (1, -1))
    assert float(view.saliency(label)["product"].sum()) == pytest.approx((up - down) / 2e-5, rel=1e-3)


def test_in_a_mirror_left_is_right(view):
    redrawn = view.redrawn()
    assert np.array_equal(redrawn["picture"].reshape(3, 32, 32), outputs(view, "input")[:, :, ::-1])
    assert redrawn["change"] == pytest.approx(np.abs(redrawn["picture"] - view.seen["maps"][: 3 * 32 * 32]).max())


def test_it_is_fooled_within_what_light_can_be(view):
    target = view.seen["best"][1][0]
    tried = [view.fool(target, True)]
    while not tried[-1]["done"]:
        tried.append(view.fool(target, False))
    found = tried[-2]
    assert found["reached"] and 0 < found["size"] <= 0.5
    assert np.abs(found["change"]).max() == pytest.approx(found["size"])
    fooled = view.fooled(1, 7)
    assert fooled["best"][0][0] == target and len(fooled["best"]) == 10
    assert np.abs(fooled["picture"]).max() <= 1
    assert view.fooled(0, 7)["best"][0][0] == view.seen["best"][0][0]


def test_kernels_go_over_each_channel_by_itself(view):
    x = outputs(view, "input")
    all_three = view.try_out([0, 1, 2], "vertical", 3, 1, "same", "average", 2)
    assert all_three["shapes"] == {"padded": [3, 34, 34], "convolved": [3, 32, 32], "pooled": [3, 16, 16]}
    for channel in range(3):
        alone = view.try_out([channel], "vertical", 3, 1, "same", "average", 2)
        kernel = alone["kernel"].reshape(1, 1, 3, 3)
        truth = oracle.convolution(x[None, channel : channel + 1], kernel, None, 1, "same")[0, 0]
        assert alone["convolved"] == pytest.approx(truth.ravel(), abs=1e-5)
        assert np.array_equal(all_three["convolved"].reshape(3, -1)[channel], alone["convolved"])
        assert np.array_equal(all_three["pooled"].reshape(3, -1)[channel], alone["pooled"])
    assert "does not fit" in view.try_out([1], "blur", 3, 1, "same", "maximum", 40)["problem"]


def test_a_dream_climbs_and_keeps_to_what_light_can_be(view):
    dreams = [view.dream("ship", True, 3)]
    while not dreams[-1]["done"]:
        dreams.append(view.dream("ship", False, 3))
    first, last = dreams[0], dreams[-2]
    assert dict(map(tuple, last["best"]))["ship"] > dict(map(tuple, first["best"]))["ship"]
    assert np.abs(last["picture"]).max() <= 1
    # Smoother than noise: neighbours are alike.
    picture = last["picture"].reshape(3, 32, 32)
    assert np.abs(np.diff(picture, axis=2)).mean() < np.abs(picture - picture[:, :, ::-1]).mean()
    assert np.array_equal(view.dream("ship", True, 3)["picture"], first["picture"])


def test_nothing_can_be_asked_before_something_was_looked_at(reader, monkeypatch):
    monkeypatch.setattr(photos, "PhotoReader", type("Shipped", (), {"load": staticmethod(lambda: reader)}))
    with pytest.raises(ValueError, match="nothing to look into"):
        Photos(None).shifted()
    with pytest.raises(ValueError, match="labels are airplane, automobile"):
        Photos(None).dream("unicorn", True, 1)
