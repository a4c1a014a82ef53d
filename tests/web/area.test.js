/** Where new ink may colour a canvas, against discs set along the curve, before and after. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { grownBy, NOWHERE, pixelsOf } from "../../web/ink/area.js";
import { drawStroke, reachOf } from "../../web/ink/brush.js";
import { Stroke } from "../../web/ink/ink.js";
import { seeded } from "./random.js";

const SIDE = 90; // pixels of the canvas
const SCALE = 0.1; // pixels per unit: units are those of a pad 900 wide

/** Places on the way of a stroke: a curve through the middles of neighbouring points, straight to the last. */
function places(points) {
  const at = (i) => [points[2 * i], points[2 * i + 1]];
  const count = points.length / 2;
  const found = [];
  let from = at(0);
  const middle = ([a, b], [c, d]) => [(a + c) / 2, (b + d) / 2];
  for (let i = 1; i < count; i += 1) {
    const isLast = i === count - 1;
    const to = isLast ? at(i) : middle(at(i), at(i + 1));
    const control = isLast ? middle(from, to) : at(i);
    for (let t = 0; t <= 1; t += 0.1) {
      found.push([0, 1].map((axis) => (1 - t) ** 2 * from[axis] + 2 * t * (1 - t) * control[axis] + t ** 2 * to[axis]));
    }
    from = to;
  }
  return found.length ? found : [from];
}

/** Which pixels a stroke colours. */
function coloured(points, radius) {
  const pixels = new Uint8Array(SIDE * SIDE);
  for (const [x, y] of points.length ? places(points) : []) {
    for (let row = 0; row < SIDE; row += 1) {
      for (let column = 0; column < SIDE; column += 1) {
        if (Math.hypot(column + 0.5 - x * SCALE, row + 0.5 - y * SCALE) <= radius * SCALE) pixels[row * SIDE + column] = 1;
      }
    }
  }
  return pixels;
}

test("every pixel that changes lies in the area", () => {
  const random = seeded(3);
  for (let round = 0; round < 20; round += 1) {
    const points = Array.from({ length: 2 * (1 + Math.floor(5 * random())) }, () => -100 + 1100 * random());
    const stroke = new Stroke(points);
    const shown = Math.floor(random() * (stroke.length + 1));
    const [before, after] = [coloured(points.slice(0, 2 * shown), reachOf(stroke)), coloured(points, reachOf(stroke))];
    const area = grownBy(NOWHERE, points, shown, reachOf(stroke));
    const [left, top, width, height] = pixelsOf(area, SCALE, { width: SIDE, height: SIDE });
    for (let at = 0; at < before.length; at += 1) {
      if (before[at] === after[at]) continue;
      const [column, row] = [at % SIDE, Math.floor(at / SIDE)];
      const isInside = column >= left && column < left + width && row >= top && row < top + height;
      assert.ok(isInside, `round ${round}: pixel ${column}, ${row} is beyond ${[left, top, width, height]}`);
    }
  }
});

test("an area stays on the canvas, and nothing new is no pixel", () => {
  const canvas = { width: 50, height: 20 };
  assert.deepEqual(pixelsOf(grownBy(NOWHERE, [-100, -100, 900, 900], 0, 10), 0.1, canvas), [0, 0, 50, 20]);
  assert.deepEqual(pixelsOf(grownBy(NOWHERE, [100, 100], 0, 10), 0.1, canvas), [8, 8, 4, 4]);
  const [, , width, height] = pixelsOf(NOWHERE, 0.1, canvas);
  assert.ok(!(width > 0) && !(height > 0));
});

test("no line or dot is wider than a stroke's reach", () => {
  for (const stroke of [
    new Stroke([5, 5]),
    new Stroke([5, 5], [1]),
    new Stroke([0, 0, 9, 9, 20, 5]),
    new Stroke([0, 0, 9, 9, 20, 5], [0.2, 1, 1]),
  ]) {
    const widths = [];
    const context = new Proxy(
      {},
      {
        get: (_, name) => (name === "arc" ? (x, y, radius) => widths.push(2 * radius) : () => {}),
        set: (_, name, value) => (name === "lineWidth" && widths.push(value), true),
      },
    );
    drawStroke(context, stroke, 1);
    assert.ok(widths.length && widths.every((width) => width / 2 <= reachOf(stroke)), String(widths));
  }
});
