"""A network in a file: what is saved is loaded; whatever is wrong with a file is named."""

import json
import os
import pickle
import re
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkling import nn


def a_network(seed=0):
    rng = np.random.default_rng(seed)
    network = nn.Network(
        [
            nn.Conv2D(1, 3, 3, rng=rng), nn.BatchNorm2D(3), nn.ReLU(), nn.MaxPool2D(2), nn.Conv2D(3, 4, 2, 1, "valid", False, rng),
            nn.AveragePool2D(2, 1), nn.Dropout(0.2), nn.Flatten(), nn.Dense(16, 5, rng),
        ],
        (1, 8, 8),
    )  # fmt: skip
    for layer in network.layers:
        for array in (*layer.parameters.values(), *layer.buffers.values()):
            array += rng.uniform(0.01, 0.5, array.shape)
    return network


X = np.random.default_rng(1).standard_normal((3, 1, 8, 8)).astype(np.float32)


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "weights.npz"
    nn.save(path, a_network(), "01Aaé", temperature=1.25, credit={"data": "UNIPEN"})
    return path


def test_what_is_saved_is_loaded(saved):
    network, header = nn.load(saved)
    assert np.array_equal(network.forward(X), a_network().forward(X))
    assert (header["labels"], header["input_shape"]) == ("01Aaé", [1, 8, 8])
    assert header["meta"] == {"temperature": 1.25, "credit": {"data": "UNIPEN"}}
    assert repr(network) == repr(a_network())
    assert all(array.dtype == np.float32 for array in network.parameters())
    assert [p.name for p in saved.parent.iterdir()] == ["weights.npz"]


def test_half_the_precision_half_the_file(tmp_path, saved):
    nn.save(tmp_path / "half.npz", a_network(), "01Aaé", dtype=np.float16)
    network, _ = nn.load(tmp_path / "half.npz")
    assert all(array.dtype == np.float32 for array in network.parameters())
    np.testing.assert_allclose(network.forward(X), a_network().forward(X), rtol=0.02, atol=0.02)


def test_bytes_for_weights_move_none_by_more_than_half_a_step(tmp_path, saved):
    network = a_network()
    kernel = network.layers[0].parameters["weight"]
    kernel[0] = 0  # a filter that is all nothing has no step
    nn.save(tmp_path / "bytes.npz", network, "01Aaé", dtype=np.int8)
    arrays, _ = read(tmp_path / "bytes.npz")
    loaded, _ = nn.load(tmp_path / "bytes.npz")
    matrices = 0
    for index, layer in enumerate(network.layers):
        for name, array in layer.parameters.items():
            found = loaded.layers[index].parameters[name]
            assert found.dtype == np.float32
            if array.ndim == 1:
                np.testing.assert_array_equal(found, array.astype(np.float16))
                continue
            matrices += 1
            assert arrays[f"{index}.{name}"].dtype == np.int8
            for row, one in zip(array, found):
                assert np.abs(row - one).max() <= np.abs(row).max() / 254 * 1.001
    assert matrices >= 2
    # What is read from bytes is written as the same bytes.
    nn.save(tmp_path / "again.npz", loaded, "01Aaé", dtype=np.int8)
    again, _ = nn.load(tmp_path / "again.npz")
    assert all(np.array_equal(a, b) for a, b in zip(loaded.parameters(), again.parameters()))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda steps: None, "'0.weight.step' is missing"),
        (lambda steps: steps[:-1], "field '0.weight.step': shape"),
        (lambda steps: steps * np.float32(np.nan), "field '0.weight.step': holds NaN"),
        (lambda steps: steps.astype(np.int32), "field '0.weight.step': int32 numbers"),
        (lambda steps: np.full(len(steps), 3e38, np.float32), "field '0.weight': holds NaN or infinite"),
    ],
)
def test_bytes_without_good_steps_are_named(tmp_path, change, said):
    path = tmp_path / "bytes.npz"
    nn.save(path, a_network(), "01Aaé", dtype=np.int8)
    rewrite(path, lambda arrays, header: arrays.update({"0.weight.step": change(arrays["0.weight.step"])}))
    with pytest.raises(nn.WeightsError, match=re.escape(said)):
        nn.load(path)


def test_a_loaded_network_trains_on(saved):
    network, _ = nn.load(saved)
    twin = a_network()
    for each in (network, twin):
        for layer in each.layers:
            if isinstance(layer, nn.Dropout):
                layer.rng = np.random.default_rng(9)
        each.backward(nn.cross_entropy(each.forward(X, training=True), np.array([0, 1, 2]))[1])
    assert all(np.array_equal(a, b) for a, b in zip(network.gradients(), twin.gradients()))


@settings(max_examples=25)
@given(st.lists(st.sampled_from(["conv", "norm", "relu", "max", "average", "drop"]), max_size=6), st.integers(0, 2**32 - 1))
def test_any_architecture_comes_back(tmp_path_factory, kinds, seed):
    rng = np.random.default_rng(seed)
    shape, layers = (2, 9, 8), []
    for kind in kinds:
        channels = shape[0]
        layer = {
            "conv": lambda channels=channels: nn.Conv2D(channels, int(rng.integers(1, 4)), int(rng.integers(1, 4)), rng=rng),
            "norm": lambda channels=channels: nn.BatchNorm2D(channels, momentum=0.3, epsilon=1e-3),
            "relu": nn.ReLU,
            "max": lambda: nn.MaxPool2D(2, 1),
            "average": lambda: nn.AveragePool2D(1, 1),
            "drop": lambda: nn.Dropout(float(rng.uniform(0, 0.9))),
        }[kind]()
        shape = layer.output_shape(shape)
        layers.append(layer)
    layers += [nn.Flatten(), nn.Dense(int(np.prod(shape)), 3, rng)]
    network = nn.Network(layers, (2, 9, 8))
    path = tmp_path_factory.mktemp("weights") / "w.npz"
    nn.save(path, network, "abc")
    loaded, _ = nn.load(path)
    x = rng.standard_normal((2, 2, 9, 8)).astype(np.float32)
    assert np.array_equal(loaded.forward(x), network.forward(x)) and loaded.architecture() == network.architecture()


def read(path):
    """The fields of a file, and its header as a dict."""
    with np.load(path) as archive:
        arrays = {name: archive[name] for name in archive.files}
    return arrays, json.loads(str(arrays.pop("header")))


def rewrite(path, change):
    """Apply `change` to arrays and header and write the file anew."""
    arrays, header = read(path)
    change(arrays, header)
    if "header" not in arrays and header is not None:
        arrays["header"] = np.array(json.dumps(header))
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})


def put(name, value):
    """A change of one array."""
    return lambda arrays, header: arrays.update({name: value})


def head(**values):
    """A change of the header."""
    return lambda arrays, header: header.update(values)


def layer(index, **values):
    """A change of one layer of the architecture."""
    return lambda arrays, header: header["architecture"][index].update(values)


CORRUPTIONS = {
    "no header": (put("header", np.array("")), "field 'header'"),
    "a header that is no JSON": (put("header", np.array("{oops")), "field 'header'"),
    "a header of numbers": (put("header", np.zeros(3)), "field 'header'"),
    "a header that is a list": (put("header", np.array("[1]")), "field 'header.format'"),
    "a foreign format": (head(format="keras"), "field 'header.format'"),
    "a later version": (head(version=99), "field 'header.version': 99"),
    "a version of text": (head(version="1"), "field 'header.version': '1'"),
    "no version": (lambda a, h: h.pop("version"), "field 'header.version': None"),
    "no labels": (lambda a, h: h.pop("labels"), "field 'header.labels'"),
    "a label twice": (head(labels="01Aaa"), "field 'header.labels'"),
    "a label too few": (head(labels="01Aa"), "field 'header.labels': 4 labels"),
    "labels as a list": (head(labels=["0", "1", "A", "a", "b"]), "field 'header.labels'"),
    "no input shape": (lambda a, h: h.pop("input_shape"), "field 'header.input_shape'"),
    "a negative side": (head(input_shape=[1, -8, 8]), "field 'header.input_shape'"),
    "a side of text": (head(input_shape=[1, "8", 8]), "field 'header.input_shape'"),
    "a side that is true": (head(input_shape=[True, 8, 8]), "field 'header.input_shape'"),
    "another side": (head(input_shape=[1, 12, 12]), "field 'header.architecture'"),
    "no architecture": (lambda a, h: h.pop("architecture"), "field 'header.architecture'"),
    "an architecture of text": (head(architecture=["Conv2D"]), "field 'header.architecture'"),
    "an empty architecture": (head(architecture=[]), "field 'header."),
    "a layer of later days": (layer(2, layer="Swish"), "field 'header.architecture': layer 3: unknown kind 'Swish'"),
    "a layer without a kind": (layer(2, layer=None), "field 'header.architecture': layer 3: unknown kind None"),
    "a kind that is a list": (layer(2, layer=["ReLU"]), "field 'header.architecture': layer 3"),
    "an argument of later days": (layer(0, groups=2), "field 'header.architecture': layer 1, Conv2D"),
    "a size that is text": (layer(0, filters="3"), "field 'header.architecture': layer 1, Conv2D"),
    "a size that is a fraction": (layer(0, filters=2.5), "field 'header.architecture': layer 1, Conv2D"),
    "a size that is null": (layer(3, window=None), "field 'header.architecture': layer 4, MaxPool2D"),
    "a rate that is text": (layer(6, rate="0.2"), "field 'header.architecture': layer 7, Dropout"),
    "an unknown padding": (layer(0, padding="reflect"), "field 'header.architecture': layer 1, Conv2D"),
    "channels that do not follow": (layer(4, in_channels=2), "field 'header.architecture': layer 5, Conv2D"),
    "a layer of a terabyte": (layer(8, inputs=10**6, units=10**6), "field 'header.architecture': layer 9, Dense"),
    "a convolution of a terabyte": (layer(0, filters=10**11), "field 'header.architecture': layer 1, Conv2D"),
    "a missing array": (put("0.weight", None), "field '0.weight' is missing"),
    "a missing running mean": (put("1.mean", None), "field '1.mean' is missing"),
    "an array of another shape": (put("0.weight", np.zeros((3, 1, 3), np.float32)), "field '0.weight': shape (3, 1, 3)"),
    "a transposed array": (put("8.weight", np.zeros((16, 5), np.float32)), "field '8.weight': shape (16, 5)"),
    "a single number": (put("8.bias", np.float32(1)), "field '8.bias': shape ()"),
    "a NaN": (put("8.bias", np.array([0, 1, np.nan, 0, 0], np.float32)), "field '8.bias': holds NaN"),
    "an infinity": (put("1.variance", np.array([1, np.inf, 1], np.float32)), "field '1.variance': holds NaN or infinite"),
    "a variance below 0": (put("1.variance", np.array([1, -2, 1], np.float32)), "field '1.variance'"),
    "a number too large for float32": (put("8.bias", np.array([0, 1, 1e300, 0, 0])), "field '8.bias'"),
    "integers": (put("8.bias", np.arange(5)), "field '8.bias': int64"),
    "text": (put("8.bias", np.array(list("abcde"))), "field '8.bias'"),
    "complex numbers": (put("8.bias", np.zeros(5, complex)), "field '8.bias'"),
    "a pickled object": (put("8.bias", np.array([1, 2, 3, 4, {}], object)), "field '8.bias'"),
    "a pickled header": (put("header", np.array({"format": "inkling"}, object)), "field 'header'"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "reason"), CORRUPTIONS.values(), ids=CORRUPTIONS)
def test_a_wrong_field_is_named(saved, change, reason):
    rewrite(saved, change)
    with pytest.raises(nn.WeightsError) as caught:
        nn.load(saved)
    message = str(caught.value)
    assert message.startswith(f"{saved}: ") and reason in message and "\n" not in message
    assert len(message) < len(str(saved)) + 300 and isinstance(caught.value, ValueError)


def test_a_pickle_is_never_run(saved, tmp_path):
    """An array whose unpickling would leave a trace on the disk."""
    trace = tmp_path / "trace"

    class Bomb:
        def __reduce__(self):
            return (os.mkdir, (str(trace),))

    for name in ("8.bias", "header"):
        rewrite(saved, put(name, np.array([Bomb()], object)))
        with pytest.raises(nn.WeightsError, match=name):
            nn.load(saved)
        nn.save(saved, a_network(), "01Aaé")
    saved.write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(nn.WeightsError, match="not a weights file"):
        nn.load(saved)
    assert not trace.exists()


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file(saved, share):
    saved.write_bytes(saved.read_bytes()[: int(saved.stat().st_size * share)])
    with pytest.raises(nn.WeightsError, match="weights.npz: not a weights file, or cut short"):
        nn.load(saved)


@pytest.mark.parametrize(
    "content", [b"hello", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04" + b"\0" * 100, b"\x93NUMPY\x01\x00", b"\0" * 50]
)
def test_not_a_weights_file(saved, content):
    saved.write_bytes(content)
    with pytest.raises(nn.WeightsError, match="weights.npz: not a weights file, or cut short"):
        nn.load(saved)


def test_a_single_array(tmp_path):
    np.save(tmp_path / "weights.npy", np.zeros(3))
    with pytest.raises(nn.WeightsError, match=r"weights\.npy: not a weights file, or cut short \(a single array\)"):
        nn.load(tmp_path / "weights.npy")


def test_another_archive_of_arrays(tmp_path):
    np.savez(tmp_path / "other.npz", images=np.zeros((2, 2)))
    with pytest.raises(nn.WeightsError, match="other.npz: field 'header' is missing"):
        nn.load(tmp_path / "other.npz")


def test_an_archive_of_other_things(tmp_path):
    with zipfile.ZipFile(tmp_path / "w.npz", "w") as archive:
        archive.writestr("header.npy", b"no array")
    with pytest.raises(nn.WeightsError, match="w.npz: field 'header'"):
        nn.load(tmp_path / "w.npz")


def test_no_such_file(tmp_path):
    with pytest.raises(nn.WeightsError, match="nothing.npz: there is no such file"):
        nn.load(tmp_path / "nothing.npz")
    with pytest.raises(nn.WeightsError, match="not a weights file"):
        nn.load(tmp_path)


def test_every_damaged_byte_is_caught_or_harmless(saved):
    """One byte changed anywhere: an error that names the file, or the very same network."""
    whole = saved.read_bytes()
    expected = a_network().forward(X)
    rng = np.random.default_rng(0)
    for place in rng.choice(len(whole), 150, replace=False):
        damaged = bytearray(whole)
        damaged[place] ^= int(rng.integers(1, 256))
        saved.write_bytes(damaged)
        try:
            network, _ = nn.load(saved)
        except nn.WeightsError as error:
            assert str(error).startswith(str(saved))  # noqa: PT017 (it need not be raised)
        else:
            assert np.array_equal(network.forward(X), expected)


def test_a_bomb_is_not_unpacked(saved):
    """A field that unpacks to 200 MB of zeros, in a file of a few hundred kB."""
    arrays, header = read(saved)
    arrays["8.bias"] = np.zeros(50 * 2**20, np.float32)
    np.savez_compressed(saved, header=np.array(json.dumps(header)), **arrays)
    with pytest.raises(nn.WeightsError, match="field '8.bias' is larger than"):
        nn.load(saved)


def test_a_failed_saving_leaves_the_old_file(saved):
    before = saved.read_bytes()
    with pytest.raises(TypeError):
        nn.save(saved, a_network(1), "01Aaé", meta_that_json_cannot_hold=object())
    assert saved.read_bytes() == before and [p.name for p in saved.parent.iterdir()] == ["weights.npz"]
