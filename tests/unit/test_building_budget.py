"""What a first visit downloads, gzip'd, stays within the budget, and the budget counts what is there."""

import subprocess

import pytest

from building import assets, budget


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    assets.build(folder)
    return folder


def test_bytes_of_a_first_visit(dist):
    found = budget.totals(budget.measure(dist))
    assert budget.LIMITS == {"first visit": 9.6e6, "snapshot": 4.5e6}
    for name, limit in budget.LIMITS.items():
        assert found[name] <= limit, f"{name}: {found[name]:,} bytes of {limit:,.0f}"


def test_every_file_is_counted_once(dist):
    sizes = budget.measure(dist)
    counted = sum(raw for parts in sizes.values() for raw, _ in parts.values())
    assert counted == sum(path.stat().st_size for path in dist.rglob("*") if path.is_file())


def test_what_the_page_cannot_start_without_is_in_the_first_visit(dist):
    sizes = budget.measure(dist)
    first, later = sizes["first visit"], sizes["later"]
    assert {"snapshot", "Pyodide", "numpy's libraries", "the page"} <= set(first)
    assert {"ordinary boot", "the lab's samples", "what Write reads with"} <= set(later) and not set(first) & set(later)


def test_bytes_are_those_that_gzip_makes(dist):
    """gzip(1) at its usual level, on the largest file, says the same to 1%."""
    wasm = next(dist.glob("assets/pyodide.asm-*.wasm"))
    zipped = len(subprocess.run(["gzip", "-c", wasm], capture_output=True, check=True).stdout)
    others = [path for path in dist.glob("assets/pyodide*") if path != wasm]
    rest = sum(len(subprocess.run(["gzip", "-c", path], capture_output=True, check=True).stdout) for path in others)
    assert budget.measure(dist)["first visit"]["Pyodide"][1] == pytest.approx(zipped + rest, rel=0.01)
