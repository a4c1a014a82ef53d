"""The page's own reading of ink against the package's: the scripts of web/ink in node, beside Python."""

import base64
import json
import shutil
import subprocess

import numpy as np
import pytest

from building.paths import ROOT
from inkling.ink import strokes

NODE = shutil.which("node")
VECTORS = json.loads((ROOT / "tests/cases/ink.json").read_text(encoding="utf-8"))["cases"]


def in_node(script, value):
    """What `run(value)` of an ES module gives; `script` defines it, and may import from web/."""
    source = f"""{script}
        let text = "";
        for await (const chunk of process.stdin) text += chunk;
        console.log(JSON.stringify(run(JSON.parse(text))));"""
    done = subprocess.run(
        [NODE, "--input-type=module", "-e", source],
        input=json.dumps(value),
        cwd=ROOT / "web",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def read():
    """What the page reads in each case: strokes and how many points are left out, or why it refuses."""
    contents = [case["base64"] if "base64" in case else base64.b64encode(case["text"].encode()).decode() for case in VECTORS]
    return in_node(
        """import { parseInk } from "./ink/file.js";
        const run = (contents) => contents.map((content) => {
          try { return parseInk(new Uint8Array(Buffer.from(content, "base64"))); }
          catch (error) { return { refused: error.message }; }
        });""",
        contents,
    )


@pytest.mark.parametrize("index", range(len(VECTORS)), ids=[case["name"] for case in VECTORS])
def test_a_file_of_ink_is_read_by_the_command_line_s_rule(read, index):
    case, found = VECTORS[index], read[index]
    if "refused" in case:
        assert list(found) == ["refused"] and "\n" not in found["refused"] and len(found["refused"]) < 160
    else:
        assert found == {"strokes": case["strokes"], "leftOut": case["left_out"]}


def test_the_limits_are_the_package_s_and_count_the_same():
    rng = np.random.default_rng(5)
    inks = [
        [rng.normal(size=(rng.integers(1, 40), 2)) * scale for _ in range(rng.integers(1, 5))] for scale in (1, 300, 1e6)
    ]
    inks += [[np.zeros((1, 2))], [np.zeros((3, 2))], [np.array([[0, 0], [52, 0.0]]), np.array([[5, 5.0]])]]
    zigzag = np.stack([np.arange(3000) % 2 * 500.0, np.arange(3000) * 0.1], axis=1)
    inks.append([zigzag])
    found = in_node(
        """import { MOST_NODES, MOST_POINTS, excessOf, nodesOf } from "./ink/limits.js";
        const run = (inks) => ({ MOST_NODES, MOST_POINTS, nodes: inks.map(nodesOf), excess: inks.map(excessOf) });""",
        [{"points": np.concatenate(ink).ravel().tolist(), "lengths": [len(stroke) for stroke in ink]} for ink in inks],
    )
    assert (found["MOST_NODES"], found["MOST_POINTS"]) == (strokes.MOST_NODES, strokes.MOST_POINTS)
    for ink, nodes, excess in zip(inks, found["nodes"], found["excess"]):
        try:
            assert len(strokes.resample(strokes.validate(ink)).nodes) == nodes and not excess
        except ValueError:
            assert nodes > strokes.MOST_NODES and "times as long as it is wide or high" in excess
    assert found["excess"][-1] and not any(found["excess"][:-1])
