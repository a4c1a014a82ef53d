/** Scratch-outs over real ink of test writers, and that no stroke of that ink is taken for one. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { scratchedOut } from "../../web/write/scratch.js";
import { seeded } from "./random.js";

const lines = gunzipSync(readFileSync(new URL("../unit/lines.jsonl.gz", import.meta.url)))
  .toString()
  .trim()
  .split("\n");
const samples = lines
  .map((line) => JSON.parse(line))
  .map(({ text, strokes }) => ({ text, strokes: strokes.map((each) => each.flat()) }));

const boxOf = (points) => {
  const [xs, ys] = [0, 1].map((axis) => points.filter((_, i) => i % 2 === axis));
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
};

/** To and fro between two sides of a box: `across` sweeps run to the right and left, the others up and down and on to the right. */
function scribble([left, top, right, bottom], { sweeps, across, random }) {
  const points = [];
  const near = (value, size) => value + 0.1 * size * (random() - 0.5);
  const [width, height] = [right - left, bottom - top];
  const corner = (i) =>
    across
      ? [
          near(i % 2 ? right + 0.1 * width : left - 0.1 * width, width),
          near(top + height * (0.2 + (0.6 * i) / sweeps), height),
        ]
      : [near(left + (width * i) / sweeps, height), near(i % 2 ? bottom + 0.1 * height : top - 0.1 * height, height)];
  for (let i = 0, from = corner(0); i < sweeps; i += 1) {
    const to = corner(i + 1);
    for (let step = 0; step < 10; step += 1)
      points.push(...[0, 1].map((axis) => from[axis] + ((to[axis] - from[axis]) * step) / 10));
    from = to;
  }
  return points;
}

test("a word of real ink is scratched out whole, to and fro or up and down", () => {
  const random = seeded(5);
  for (const across of [true, false]) {
    let whole = 0;
    for (const { text, strokes } of samples) {
      const box = boxOf(strokes.flat());
      const ratio = (box[2] - box[0]) / (box[3] - box[1]);
      const sweeps = across ? 4 + Math.floor(4 * random()) : Math.max(4, Math.round(4 * ratio));
      const under = scratchedOut(scribble(box, { sweeps, across, random }), strokes);
      assert.ok(under.length, text);
      whole += Number(under.length === strokes.length);
    }
    assert.ok(whole >= 0.85 * samples.length, `${whole} of ${samples.length}`);
  }
});

test("only what lies under it goes", () => {
  const random = seeded(3);
  let tried = 0;
  for (const { text, strokes } of samples) {
    const last = boxOf(strokes.at(-1));
    const others = strokes.slice(0, -1);
    const isApart = others.length > 1 && others.every((stroke) => boxOf(stroke)[2] < last[0] || boxOf(stroke)[0] > last[2]);
    if (!isApart || last[2] - last[0] < 40 || last[3] - last[1] < 40) continue;
    tried += 1;
    assert.deepEqual(scratchedOut(scribble(last, { sweeps: 6, across: true, random }), strokes), [strokes.length - 1], text);
  }
  assert.ok(tried >= 5);
});

test("no stroke of real ink is a scratch-out of those before it", () => {
  let count = 0;
  for (const { text, strokes } of samples)
    strokes.forEach((stroke, i) => {
      count += 1;
      assert.deepEqual(scratchedOut(stroke, strokes.slice(0, i)), [], `stroke ${i} of ${text}`);
    });
  assert.ok(count > 300);
});

test("to and fro beside ink, or across it three times only, deletes nothing", () => {
  const letter = [0, 0, 0, 100, 50, 100, 50, 0];
  const beside = [100, 50, 200, 55, 100, 60, 200, 65, 100, 70, 200, 75];
  assert.deepEqual(scratchedOut(beside, [letter]), []);
  const z = [-20, 10, 70, 10, -20, 90, 70, 90];
  assert.deepEqual(scratchedOut(z, [letter]), []);
  const w = [-20, 0, 10, 100, 25, 0, 40, 100, 70, 0]; // four sweeps, which a bar crosses
  assert.deepEqual(scratchedOut(w, [[100, 50, 200, 50]]), []);
  assert.deepEqual(scratchedOut([-20, 20, 70, 30, -20, 50, 70, 60, -20, 80], [letter]), [0]);
});

test("the direction and the unit are the writer's", () => {
  const letter = [10, 0, 12, 50, 10, 100, 60, 100];
  const scratch = [-20, 20, 80, 30, -20, 50, 80, 65, -20, 90, 80, 105];
  for (let angle = -0.5; angle <= 0.5; angle += 0.1)
    for (const scale of [1e-3, 1, 1e3]) {
      const [cosine, sine] = [scale * Math.cos(angle), scale * Math.sin(angle)];
      const turned = (points) =>
        points.map((value, i) => (i % 2 ? sine * points[i - 1] + cosine * value : cosine * value - sine * points[i + 1]));
      assert.deepEqual(scratchedOut(turned(scratch), [turned(letter)]), [0], `${angle} ${scale}`);
    }
});

test("the dot of a letter goes with it, though the scratch-out does not reach it", () => {
  const [stem, dot] = [
    [50, 40, 50, 100],
    [50, 15],
  ];
  const scratch = [20, 50, 80, 55, 20, 65, 80, 70, 20, 80, 80, 90];
  assert.deepEqual(scratchedOut(scratch, [stem, dot, [50, -200]]), [0, 1]);
});

test("dots, nothing, and a pen that rests are no scratch-out", () => {
  for (const stroke of [[], [5, 5], [5, 5, 5, 5, 5, 5, 5, 5], [0, 0, 10, 0]])
    assert.deepEqual(scratchedOut(stroke, [[0, 0, 10, 10], [5, 5], []]), []);
});
