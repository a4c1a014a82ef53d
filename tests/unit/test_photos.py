"""Photographs: the network's shape and its gradients, the reader, augmentation, training, and the commands."""

import csv
import json

import numpy as np
import oracle
import pytest
from PIL import Image

from inkling import explain, nn
from inkling.data import jsonlines
from inkling.data.cifar import NAMES, Photos
from inkling.photos import model
from inkling.photos.model import Stage
from inkling.photos.reader import PhotoReader, prepare, square
from inkling.tools import training_run
from inkling.tools.cli import main
from inkling.tools.evaluate_photos import drawn, evaluate_photos, noise, strange
from inkling.tools.photo_training import UNSURE, calibration_of
from inkling.training.dataset import collect
from inkling.training.photo_augment import GREY, STILL, Strength, augment
from inkling.training.photo_trainer import PhotoTrainer, Settings

COLORS = np.random.default_rng(0).permutation(np.stack(np.meshgrid([40, 130, 220], [40, 220], [40, 220]), -1).reshape(-1, 3))


def things(count, seed=0, size=32):
    """Photographs that a small network can tell apart: class n is a square somewhere, of a color of its own."""
    rng = np.random.default_rng(seed)
    classes = np.arange(count) % 10
    pixels = rng.integers(0, 120, (count, size, size, 3), np.uint8)
    for photo, label in zip(pixels, classes):
        top, left = rng.integers(0, size // 2, 2)
        photo[top : top + size // 2, left : left + size // 2] = COLORS[label]
    return pixels, classes.astype(np.uint8)


def small(**settings):
    return model.build(first=4, stages=(Stage(6, 1), Stage(8, 1)), **settings)


def test_the_network_keeps_to_its_budget_and_ends_in_the_mean_of_each_map():
    network = model.build()
    assert network.parameter_count <= 650_000 and network.multiply_adds <= 45_000_000
    products = sum(int(np.prod(layer.parameters["weight"].shape)) * side * side for layer, side in _convolutions(network))
    assert network.multiply_adds == products + 160 * 10
    # Global average pooling: what is seen counts alike wherever it is.
    pooled = next(layer for layer in network.layers if isinstance(layer, nn.AveragePool2D))
    x = np.random.default_rng(0).standard_normal((2, 160, 4, 4)).astype(np.float32)
    assert pooled.forward(x)[:, :, 0, 0] == pytest.approx(x.mean(axis=(2, 3)), abs=1e-6)
    assert network.shapes[-1] == (10,)


def _convolutions(network):
    for layer, (_, side, _) in zip(network.layers, (shape for shape in network.shapes[:-1] if len(shape) == 3)):
        for inner in getattr(layer, "layers", [layer]):
            if isinstance(inner, nn.Conv2D):
                yield inner, side


def test_three_channels_are_convolved_as_loops_say():
    layer = model.build().layers[0]
    x = np.random.default_rng(1).uniform(-1, 1, (1, 3, 6, 6)).astype(np.float32)
    weight = layer.parameters["weight"][:4]
    expected = oracle.convolution(x, weight, None, 1, "same")
    assert nn.convolve(x, weight) == pytest.approx(expected, abs=1e-5)


def test_the_gradients_of_the_whole_network_are_slopes():
    rng = np.random.default_rng(2)
    network = model.build(classes=3, first=2, stages=(Stage(3, 1), Stage(3, 0), Stage(4, 2)))
    for layer in network.layers:
        for inner in [layer, *getattr(layer, "layers", [])]:
            for name, array in inner.parameters.items():
                inner.parameters[name] = array.astype(np.float64) + rng.normal(size=array.shape) * 0.2
        if isinstance(layer, nn.Residual):
            layer.parameters = layer._gathered("parameters")
    x, classes = rng.uniform(-1, 1, (4, 3, 32, 32)), np.array([0, 1, 2, 1])

    def loss():
        return nn.cross_entropy(network.forward(x, training=True), classes, 0.1)

    network.backward_parameters(loss()[1])
    for array, gradient in zip(network.parameters(), [g.copy() for g in network.gradients()]):
        for place in {tuple(int(rng.integers(size)) for size in array.shape) for _ in range(3)}:
            kept, step = array[place], 1e-6
            array[place] = kept + step
            above = loss()[0]
            array[place] = kept - step
            slope = (above - loss()[0]) / (2 * step)
            array[place] = kept
            assert gradient[place] == pytest.approx(slope, rel=1e-3, abs=1e-6)


def test_every_step_of_the_network_can_be_explained_residual_blocks_too():
    network = small().folded()
    x = np.random.default_rng(11).uniform(-1, 1, (3, 32, 32)).astype(np.float32)
    steps = explain.trace(network, x)
    assert [step.name for step in steps[:9]] == [
        "input",
        "conv1",
        "relu1",
        "conv2",
        "relu2",
        "pool1",
        "conv3",
        "relu3",
        "conv4",
    ]
    assert steps[-2].output == pytest.approx(network.forward(x[None])[0], abs=1e-5)
    assert explain.shapes(network) == [step.output.shape for step in steps]
    added = [index for index, step in enumerate(steps) if step.name.startswith("add")]
    assert len(added) == 2
    for index in added:
        channel, row, column = (size // 2 for size in steps[index].output.shape)
        parts = explain.arithmetic(network, x, index, channel, row, column, steps=steps)
        assert parts["kind"] == "add" and parts["result"] == pytest.approx(parts["value"] + parts["shortcut"], abs=1e-6)
        assert parts["value"] == steps[index - 1].output[channel, row, column]
        pooled = max(n for n in range(index) if steps[n].name.startswith("pool"))
        assert parts["shortcut"] == steps[pooled].output[channel, row, column]


def test_the_gradient_of_a_weight_before_within_and_after_a_block_is_its_slope():
    network = small().folded()
    x = np.random.default_rng(13).uniform(-1, 1, (3, 32, 32)).astype(np.float32)
    for step, name in enumerate(explain.names(network)):
        if name.startswith("conv"):
            parts = explain.weight_gradient(network, x, 4, step, (1, 2, 0, 1))
            assert parts["gradient"] == pytest.approx(parts["slope"], rel=1e-3, abs=1e-6), name
    assert name == "softmax"


def test_the_receptive_field_of_a_block_is_what_changes_it():
    """Every pixel of the input, pushed by itself, against the box that is said to be all that a cell has seen."""
    network = small().folded()
    for layer in network.layers:  # no weight below 0: what is pushed up is felt by all that see it, whatever ReLU does
        for inner in getattr(layer, "layers", [layer]):
            np.abs(inner.parameters.get("weight", np.zeros(1)), out=inner.parameters.get("weight", np.zeros(1)))
    rng = np.random.default_rng(12)
    x = rng.uniform(-1, 1, (3, 32, 32)).astype(np.float32)
    step = explain.names(network).index("add1")
    cell = (2, 3, 9)
    top, bottom, left, right = explain.receptive_field(network, step, cell)[0]
    value = explain.trace(network, x)[step].output[cell]
    changed = np.zeros((32, 32), bool)
    for row, column in np.ndindex(32, 32):
        if not (top - 2 <= row < bottom + 2 and left - 2 <= column < right + 2):
            continue  # far away, which the next lines look at together
        moved = x.copy()
        moved[:, row, column] += 5
        changed[row, column] = explain.trace(network, moved)[step].output[cell] != value
    outside = rng.uniform(-1, 1, x.shape).astype(np.float32)
    outside[:, top:bottom, left:right] = x[:, top:bottom, left:right]
    assert explain.trace(network, outside)[step].output[cell] == pytest.approx(value, abs=1e-6)
    assert (
        not changed[:top].any()
        and not changed[bottom:].any()
        and not changed[:, :left].any()
        and not changed[:, right:].any()
    )
    assert changed[top].any() and changed[bottom - 1].any() and changed[:, left].any() and changed[:, right - 1].any()


def test_input_is_red_green_and_blue_from_minus_one_to_one():
    pixels = np.random.default_rng(3).integers(0, 256, (2, 32, 32, 3), np.uint8)
    x = prepare(pixels)
    assert x.shape == (2, 3, 32, 32) and x.dtype == np.float32
    for n, channel, row, column in [(0, 0, 0, 0), (1, 2, 31, 5), (0, 1, 7, 30)]:
        assert x[n, channel, row, column] == pytest.approx(pixels[n, row, column, channel] / 127.5 - 1, abs=1e-6)


def test_a_picture_of_any_size_is_seen_in_its_middle():
    tall = np.zeros((96, 64, 3), np.uint8)
    tall[16:80, :32], tall[16:80, 32:] = (10, 20, 30), (200, 100, 50)
    seen = square(tall)
    assert seen.shape == (32, 32, 3) and (seen[:, :15] == (10, 20, 30)).all() and (seen[:, 17:] == (200, 100, 50)).all()
    grey = np.full((40, 50), 77, np.uint8)
    assert (square(grey) == 77).all()
    clear = np.zeros((32, 32, 4), np.uint8)
    clear[:, 16:, 3] = 255
    assert (square(clear)[:, :16] == 255).all() and (square(clear)[:, 16:] == 0).all()
    already = np.random.default_rng(4).integers(0, 256, (32, 32, 3), np.uint8)
    assert np.array_equal(square(already), already)
    assert square(np.full((1, 9, 3), 5, np.uint8)).shape == (32, 32, 3)


@pytest.mark.parametrize(
    "wrong",
    [np.zeros((4, 4, 2), np.uint8), np.zeros((4, 4, 3)), np.zeros((0, 4, 3), np.uint8), [[1]], np.zeros(4, np.uint8)],
)
def test_what_is_no_picture_is_refused(wrong):
    with pytest.raises(ValueError, match=r"a picture (is|has)"):
        square(wrong)


def test_no_augmentation_leaves_photographs_alone_and_the_input_is_never_changed():
    pixels, _ = things(20)
    before = pixels.copy()
    assert np.array_equal(augment(pixels, np.random.default_rng(0), STILL), pixels)
    augment(pixels, np.random.default_rng(0), Strength())
    assert np.array_equal(pixels, before)


def test_augmented_photographs_are_pieces_of_the_mirrored_ones():
    """Each is, but for the blanked square, a window of the photograph with a mirrored border, or of its mirror image."""
    pixels = np.random.default_rng(5).integers(0, 256, (30, 32, 32, 3), np.uint8)
    changed = augment(pixels, np.random.default_rng(6), Strength(flip=0.5, shift=2, cut=6))
    flipped, places = 0, set()
    for photo, new in zip(pixels, changed):
        padded = np.pad(photo, ((2, 2), (2, 2), (0, 0)), mode="reflect")
        kept = (new != GREY).any(axis=2)
        assert 9 <= np.count_nonzero(~kept) <= 36
        found = [
            (mirrored, down, along)
            for mirrored in (False, True) for down in range(5) for along in range(5)
            for window in [padded[down : down + 32, along : along + 32]]
            if np.array_equal((window[:, ::-1] if mirrored else window)[kept], new[kept])
        ]  # fmt: skip
        assert len(found) == 1
        flipped += found[0][0]
        places.add(found[0][1:])
    assert 5 < flipped < 25 and len(places) > 10


def trained(tmp_path=None, **settings):
    pixels, labels = things(240)
    settings = {"epochs": 20, "batch": 24, "workers": 2, "average": 0.9, **settings}
    return PhotoTrainer(small(), pixels, labels, Settings(**settings))


@pytest.mark.parametrize("optimizer", [{}, {"optimizer": "sgd", "rate": 0.05, "decay": 5e-4}], ids=["muon", "sgd"])
def test_it_learns(optimizer):
    trainer = trained(augmentation=STILL, **optimizer)
    losses = [done.loss for done in trainer.run()]
    assert np.mean(losses[-5:]) < 0.5 * np.mean(losses[:5])
    pixels, labels = things(100, seed=9)
    reader = PhotoReader(trainer.averaged.folded(), NAMES)
    assert np.mean(reader.probabilities(pixels).argmax(axis=1) == labels) > 0.9


def test_every_photograph_is_learned_from_once_an_epoch():
    trainer = trained(epochs=2)
    drawn = []
    for _ in range(2 * trainer.steps_per_epoch):
        drawn.append(trainer._draw())
        trainer.step += 1
    first, second = np.array_split(np.concatenate(drawn), 2)
    assert sorted(first) == sorted(second) == list(range(240)) and not np.array_equal(first, second)


def test_a_run_that_was_stopped_goes_on_as_if_it_had_not_been(tmp_path):
    whole, first, second = (trained(epochs=1.5) for _ in range(3))
    list(whole.run())
    steps = first.run()
    for _ in range(12):
        next(steps)
    first.save(tmp_path / "checkpoint.npz")
    second.restore(tmp_path / "checkpoint.npz")
    list(second.run())
    assert all(np.array_equal(a, b) for a, b in zip(whole.averaged.parameters(), second.averaged.parameters()))
    with pytest.raises(ValueError, match="other settings"):
        trained(epochs=1.5, rate=0.01).restore(tmp_path / "checkpoint.npz")


WRONG = {"epochs": 0, "batch": 0, "rate": -1, "optimizer": "adam", "decay": -1, "smoothing": 2, "average": -1, "workers": 0}


@pytest.mark.parametrize("name, value", [*WRONG.items(), ("augmentation", Strength(flip=2))])
def test_a_setting_out_of_its_range_is_named(name, value):
    with pytest.raises(ValueError, match=f"{name} is out of its range"):
        Settings(**{name: value})


class Fixed(PhotoReader):
    """A reader whose logits are given."""

    def __init__(self, logits, **meta):
        super().__init__(small(), NAMES, **meta)
        self.given = logits

    def logits(self, pixels):
        return self.given[: len(pixels)] / np.float32(self.temperature)


def test_figures_against_counting():
    rng = np.random.default_rng(8)
    labels = rng.integers(0, 10, 300).astype(np.uint8)
    logits = rng.normal(size=(300, 10)).astype(np.float32)
    logits[np.arange(300), labels] += 1.5
    reader = Fixed(logits, least=0.4)
    result = evaluate_photos(reader, Photos(np.zeros((300, 32, 32, 3), np.uint8), labels, NAMES))
    right = sure = both = near = 0
    confusions = [[0] * 10 for _ in range(10)]
    for row, label in zip(logits.tolist(), labels.tolist()):
        chances = oracle.softmax(row)
        best = chances.index(max(chances))
        confusions[label][best] += 1
        right += best == label
        sure += max(chances) >= 0.4
        both += best == label and max(chances) >= 0.4
        near += label in sorted(range(10), key=lambda k: -chances[k])[:2]
    figures = result.figures
    assert figures["samples"] == 300 and figures["accuracy"] == pytest.approx(right / 300, abs=1e-5)
    assert figures["not_sure"] == pytest.approx(1 - sure / 300, abs=1e-5)
    assert figures["accuracy_sure"] == pytest.approx(both / sure, abs=1e-5)
    assert figures["top2"] == pytest.approx(near / 300, abs=1e-5)
    assert figures["confusions"] == confusions
    assert figures["by_class"]["cat"] == pytest.approx(confusions[3][3] / sum(confusions[3]), abs=1e-5)
    with pytest.raises(ValueError, match="the photographs show a, b; the network knows airplane"):
        evaluate_photos(reader, Photos(np.zeros((1, 32, 32, 3), np.uint8), labels[:1], ("a", "b")))


def test_calibration_finds_the_temperature_that_was_hidden():
    rng = np.random.default_rng(9)
    true = rng.normal(size=(4000, 10)) * 2
    chances = np.exp(true) / np.exp(true).sum(axis=1, keepdims=True)
    labels = np.array([rng.choice(10, p=row) for row in chances])
    meta = calibration_of((true * 1.7).astype(np.float32), labels)
    assert meta["temperature"] == pytest.approx(1.7, rel=0.05)
    assert np.mean(chances.max(axis=1) < meta["least"]) == pytest.approx(UNSURE, abs=0.01)


def test_what_is_no_photograph(real_ink):
    pictures = noise(8)
    assert pictures.shape == (8, 32, 32, 3) and len({picture.tobytes() for picture in pictures}) == 8
    assert all((pictures[3, :8, :8] == pictures[3, 0, 0]).ravel())
    ink = drawn(collect(real_ink[:5]))
    assert ink.shape == (5, 32, 32, 3) and ink.min() == 0 and (ink[:, 0] == 255).all()
    logits = np.zeros((5, 10), np.float32)
    logits[:2, 4] = 9
    said = strange(Fixed(logits, least=0.5), ink)
    assert said["samples"] == 5 and said["not_sure"] == 0.6
    assert said["answers"]["deer"] == 0.4 and said["answers"]["airplane"] == 0.6


@pytest.fixture
def data(tmp_path):
    """A tiny CIFAR-10 in its binary form."""
    for name, count, seed in (("data_batch_1", 100, 1), ("test_batch", 40, 2)):
        pixels, labels = things(count, seed)
        records = np.concatenate([labels[:, None], pixels.transpose(0, 3, 1, 2).reshape(count, -1)], axis=1)
        (tmp_path / f"{name}.bin").write_bytes(records.astype(np.uint8).tobytes())
    return tmp_path


def _outside_svg(page):
    return "".join(part.rpartition("</svg>")[2] for part in page.split("<svg"))


def run(*arguments):
    return main([str(argument) for argument in arguments])


def test_the_commands_train_resume_evaluate_and_predict(data, capsys, monkeypatch, real_ink):
    build = model.build
    monkeypatch.setattr(
        model, "build", lambda *args, **kwargs: build(*args, first=4, stages=(Stage(6, 1), Stage(8, 1)), **kwargs)
    )
    out = data / "photos.npz"
    training = ["train-photos", "--data", data, "--out", out, "--run-dir", data / "run", "--epochs", 3, "--batch", 10]
    assert run(*training) == 0
    said = capsys.readouterr().out
    assert "90 photographs, 10 for validation, 27 steps" in said and said.count("validation accuracy") == 3
    rows = list(csv.DictReader((data / "run" / "metrics.csv").open()))
    assert [float(row["epoch"]) for row in rows] == [1, 2, 3] and float(rows[0]["samples_per_second"]) > 0
    network, header = nn.load(out)
    assert header["meta"]["names"] == list(NAMES) and {"temperature", "least"} <= header["meta"].keys()
    assert len(header["labels"]) == 10 and not any(isinstance(layer, nn.BatchNorm2D) for layer in network.layers)
    assert run(*training) == 1 and "--resume goes on with it" in capsys.readouterr().err
    assert run(*training, "--resume") == 0
    capsys.readouterr()

    assert run("evaluate", data, "--weights", out, "--part", "test", "--json") == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["samples"] == 40 and 0 <= figures["accuracy"] <= 1 and np.sum(figures["confusions"]) == 40
    assert run("evaluate", data, "--weights", out, "--part", "test", "--report", data / "report.html") == 0
    page = _outside_svg((data / "report.html").read_text())
    wrong = sum(sum(row) - row[n] for n, row in enumerate(figures["confusions"]))
    assert page.count("data:image/png;base64,") == wrong > 0 and "http" not in page and "accuracy, cat" in page
    assert "by_class" in capsys.readouterr().out
    jsonlines.write_samples(data / "ink.jsonl", real_ink[:6])
    assert run("evaluate", data / "ink.jsonl", "--weights", out, "--json") == 0
    assert json.loads(capsys.readouterr().out)["samples"] == 6

    Image.fromarray(things(1, size=64)[0][0]).save(data / "photo.png")
    assert run("predict", data / "photo.png", "--weights", out, "--top", 2) == 0
    lines = capsys.readouterr().out.splitlines()
    reading = PhotoReader.load(out).read(things(1, size=64)[0][0])
    assert [line.split() for line in lines[:2]] == [[name, f"{p:.4f}"] for name, p in reading.guesses[:2]]
    assert (len(lines) == 2) == reading.confident

    for arguments, words in {
        ("predict", data / "ink.jsonl", "--weights", out): "ink.jsonl is ink; ",
        ("predict", data / "photo.png", "--weights", out, "--allowed", "ab"): "--allowed is for characters",
        ("evaluate", data, "--weights", out, "--allowed", "ab"): "--allowed is for characters",
        ("evaluate", data, data, "--weights", out): "photographs are one file or folder",
        ("evaluate", data / "data_batch_1.bin", "--weights", out, "--part", "test"): "no photographs of the part 'test'",
    }.items():
        assert run(*arguments) == 1
        assert words in capsys.readouterr().err


def test_weights_for_characters_cannot_see_photographs(data, capsys):
    from inkling.files import shipped

    assert run("evaluate", data, "--weights", shipped("inkling.npz")) == 1
    assert "holds photographs, which" in capsys.readouterr().err
    assert run("predict", data / "test_batch.bin", "--weights", shipped("words.npz")) == 1
    assert "reads text: use `read`" in capsys.readouterr().err
    with pytest.raises(nn.WeightsError, match=r"inkling\.npz: field 'header\.meta\.names'"):
        PhotoReader.load(shipped("inkling.npz"))


@pytest.mark.parametrize(
    "meta, field", [({"names": "abc"}, "meta.names"), ({"names": list(NAMES[:9])}, "header"), ({"least": 2}, "meta.least"), ({"temperature": "a"}, "meta.temperature")]
)  # fmt: skip
def test_weights_that_do_not_fit_are_told(tmp_path, meta, field):
    nn.save(tmp_path / "w.npz", small(), model.labels_of(NAMES), **{"names": list(NAMES), **meta})
    with pytest.raises(nn.WeightsError, match=rf"w\.npz: field '.*{field}"):
        PhotoReader.load(tmp_path / "w.npz")


def test_a_killed_run_leaves_weights_and_goes_on(data, monkeypatch):
    build = model.build
    monkeypatch.setattr(
        model, "build", lambda *args, **kwargs: build(*args, first=4, stages=(Stage(6, 1), Stage(8, 1)), **kwargs)
    )
    line = ["train-photos", "--data", data, "--epochs", 3, "--batch", 10, "--workers", 1]
    assert run(*line, "--out", data / "whole.npz", "--run-dir", data / "whole") == 0
    save = training_run.PhotoTrainer.save

    def stop(trainer, path):
        save(trainer, path)
        if trainer.step == 13:
            raise KeyboardInterrupt

    monkeypatch.setattr(training_run, "CHECKPOINT_EVERY", -1)  # after each step
    with monkeypatch.context() as stopping:
        stopping.setattr(training_run.PhotoTrainer, "save", stop)
        assert run(*line, "--out", data / "cut.npz", "--run-dir", data / "cut") == 130
    assert PhotoReader.load(data / "cut.npz").names == NAMES
    assert run(*line, "--out", data / "cut.npz", "--run-dir", data / "cut", "--resume") == 0
    one, other = (nn.load(data / f"{name}.npz")[0].parameters() for name in ("whole", "cut"))
    assert all(np.array_equal(a, b) for a, b in zip(one, other))
