"""The parts of the network for text against the network itself, as a whole and on a row that grows."""

from types import SimpleNamespace

import numpy as np
import pytest

from inkling import TextReader, nn
from inkling.nn import winograd
from inkling.words import model
from inkling.words.growing import ROOM, Growing, Maps
from inkling.words.parts import PIECES, Plain, Rowed, Tiled, parts_of, reach


@pytest.fixture(params=["with BLAS", "without BLAS"])
def platform(request, monkeypatch):
    """Products as they are done here, and as they are done in the browser."""
    if request.param == "without BLAS":
        browser = SimpleNamespace(platform="emscripten")
        for module in ("inkling.words.parts", "inkling.nn.winograd", "inkling.nn.convolution"):
            monkeypatch.setattr(f"{module}.sys", browser)


@pytest.fixture(scope="module")
def network():
    """The one that ships, as it is used."""
    return TextReader.load().network


def small(seed=3):
    """A narrower network of the same kinds of layers."""
    made = model.build(
        classes=7, blocks=(((6,), (2, 2)), ((5, 9), (2, 2)), ((8,), (2, 1))), along=10, residual=((5, 1), (5, 3))
    )
    rng = np.random.default_rng(seed)
    folded = made.folded()
    for array in folded.parameters():
        array[...] = rng.normal(size=array.shape) / np.sqrt(array[0].size)
    return folded


def whole(network, picture):
    """(T, K), by the layers' own forward steps."""
    return network.forward(picture[None])[0][:, 0].T


def close(found, expected):
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() <= 1e-4 * max(1, np.abs(expected).max())


@pytest.mark.parametrize("width", [4, 8, 60, 300])
def test_the_parts_are_the_network(platform, network, width):
    picture = np.random.default_rng(width).random((3, 48, width), np.float32)
    for one in (network, small()):
        maps = Maps(Growing(one))
        assert maps.put(picture, 0) == 0
        close(maps.outputs, whole(one, picture))


def test_which_layers_are_done_fast(network):
    """Otherwise nothing would be gained."""
    kinds = [type(part) for part, _ in parts_of(network)]
    convolutions = sum(len(filters) for filters, _ in model.BLOCKS)
    assert kinds == [Tiled] * convolutions + [Rowed] * (len(model.RESIDUAL) + 2)


def test_a_row_that_grows_is_the_row_as_a_whole(platform, network):
    """New columns at its end, columns before them that have changed, or all of them, and more than there was room for."""
    rng = np.random.default_rng(1)
    for one in (network, small()):
        maps = Maps(Growing(one))
        picture = np.empty((3, 48, 0), np.float32)
        for first, width in ((0, 20), (20, 24), (12, 64), (64, 64), (63, 64), (31, 164), (0, 164), (150, ROOM + 36)):
            picture = np.concatenate([picture[:, :, :first], rng.random((3, 48, width - first), np.float32)], axis=2)
            before = maps.outputs.copy() if maps.width else np.empty((0, one.shapes[-1][0]))
            from_here = maps.put(picture[:, :, first:], first)
            assert from_here <= first // 4
            assert np.array_equal(maps.outputs[:from_here], before[:from_here])
            close(maps.outputs, whole(one, picture))


def test_no_more_is_computed_than_depends_on_the_change(network, monkeypatch):
    """As many columns of each part as its reach says, to the end of the row."""
    filled = []
    for kind in (Tiled, Rowed):
        fill = kind.fill
        monkeypatch.setattr(kind, "fill", lambda *args, fill=fill: (filled.append((args[3], args[4])), fill(*args))[1])
    maps = Maps(Growing(network))
    picture = np.random.default_rng(2).random((3, 48, 800), np.float32)
    maps.put(picture[:, :, :780], 0)
    filled.clear()
    maps.put(picture[:, :, 780:], 780)
    changed = []
    first = 780
    for part, _ in parts_of(network):
        first = (first - part.reach) // part.stride
        changed.append(first)
    assert [first for first, _ in filled] == changed
    assert [last for _, last in filled] == [400, 200, 200, 200, *[200] * (len(filled) - 4)]
    assert changed[-1] > 100


def test_few_arrays_are_kept_however_wide_rows_are(network):
    """For pieces of few sizes: a part that had some for each width would fill the memory of a tab."""
    growing = Growing(network)
    for width in range(64, 1200, 36):
        Maps(growing).put(np.zeros((3, 48, width), np.float32), 0)
    plans = [part._plans for part, _ in growing.parts if isinstance(part, Tiled)]
    assert max(map(len, plans)) <= len(PIECES)


def test_another_row_s_maps_are_its_own(network):
    """The parts' arrays are shared, what was made is not."""
    growing = Growing(network)
    pictures = [np.random.default_rng(seed).random((3, 48, 80), np.float32) for seed in (0, 1)]
    rows = [Maps(growing), Maps(growing)]
    for first, last in ((0, 32), (32, 80)):
        for row, picture in zip(rows, pictures):
            row.put(picture[:, :, first:last], first)
    for row, picture in zip(rows, pictures):
        close(row.outputs, whole(network, picture))


@pytest.mark.parametrize("first, columns", [(41, 8), (30, 8)])
def test_columns_that_are_not_the_last_ones(network, first, columns):
    maps = Maps(Growing(network))
    maps.put(np.zeros((3, 48, 40), np.float32), 0)
    with pytest.raises(ValueError, match=f"columns from {first} to {first + columns} are not the last ones of a row of 40"):
        maps.put(np.zeros((3, 48, columns), np.float32), first)


def test_other_layers_go_by_their_own_forward_step():
    """Another kernel, a wider pooling, a block with two convolutions, kernels that reach beyond the columns of zeros."""
    rng = np.random.default_rng(4)
    block = nn.Residual([nn.Conv2D(6, 6, (1, 3), rng=rng), nn.ReLU(), nn.Conv2D(6, 6, (1, 5), dilation=2, rng=rng)])
    layers = [nn.Conv2D(2, 4, 5, rng=rng), nn.ReLU(), nn.MaxPool2D((4, 2)), nn.Conv2D(4, 6, (2, 3), padding=("valid", "same"), rng=rng),
              block, nn.Conv2D(6, 3, 1, rng=rng)]  # fmt: skip
    network = nn.Network(layers, (2, 8, 32))
    for array in network.parameters():
        array[...] = rng.normal(size=array.shape) / np.sqrt(max(1, array[0].size))
    growing = Growing(network)
    assert [type(part) for part, _ in growing.parts] == [Plain, Plain, Plain, Rowed, Plain, Rowed]
    picture = rng.random((2, 8, 60), np.float32)
    maps = Maps(growing)
    maps.put(picture[:, :, :40], 0)
    maps.put(picture[:, :, 38:], 38)
    close(maps.outputs, whole(network, picture))
    far = nn.Network([nn.Conv2D(3, 3, (1, 9), dilation=16, rng=rng)], (3, 1, 40))
    part, _ = parts_of(far)[0]
    assert reach(far.layers) == (64, 1) and isinstance(part, Plain)


@pytest.mark.parametrize("pooled", [(1, 1), (2, 1), (1, 2), (2, 2)])
@pytest.mark.parametrize("channels", [3, 9])
def test_a_pooling_of_any_two(platform, channels, pooled):
    """Rows, columns, both: by Winograd's algorithm and by one product, on maps whose rows do not fill the tiles."""
    rng = np.random.default_rng(channels)
    network = nn.Network([nn.Conv2D(channels, 5, rng=rng), nn.ReLU(), nn.MaxPool2D(pooled)], (channels, 6, 40))
    part, shape = parts_of(network)[0]
    assert isinstance(part, Tiled) and len(parts_of(network)) == (1 if pooled != (1, 1) else 2)
    assert winograd.TILE * 2 > 6
    if pooled == (1, 1):
        return
    picture = rng.random((channels, 6, 40), np.float32)
    maps = Maps(Growing(network))
    maps.put(picture, 0)
    assert shape == (6 // pooled[0], 5)
    close(maps._maps[-1][:, 32 : 32 + 40 // pooled[1]], network.forward(picture[None])[0].transpose(1, 2, 0))
