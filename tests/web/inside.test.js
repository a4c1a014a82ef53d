/** What Inside computes without a page: which section is read, how far to scroll, cells, and names of steps. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { nicely, strongest } from "../../web/inside/cells.js";
import { currentOf, wayInto } from "../../web/inside/sight.js";
import { shortShapeOf, shortTitleOf } from "../../web/inside/words.js";
import { seeded } from "./random.js";

test("the section that is read is the last above the line", () => {
  const tops = [-900, -300, 90, 700];
  assert.equal(currentOf(tops, 100, false), 2);
  assert.equal(currentOf(tops, 80, false), 1);
  assert.equal(currentOf([200, 900], 100, false), 0, "before the first section the first counts");
});

test("of sections side by side it is the one asked for, else the first", () => {
  const tops = [-500, 40, 40.3, 800];
  assert.equal(currentOf(tops, 100, false), 1);
  assert.equal(currentOf(tops, 100, false, 2), 2);
  assert.equal(currentOf(tops, 100, false, 3), 1, "the one asked for is elsewhere");
});

test("at the end of the page the last is read, or the one asked for where it cannot come up", () => {
  const tops = [-500, 40, 300, 600];
  assert.equal(currentOf(tops, 100, true), 3);
  assert.equal(currentOf(tops, 100, true, 2), 2);
  assert.equal(currentOf(tops, 100, true, 0), 3, "what was asked for before is out of sight");
});

test("the way into sight is the shortest, and none where there is no room", () => {
  assert.equal(wayInto({ top: 200, bottom: 300 }, 100, 400), 0);
  assert.equal(wayInto({ top: 50, bottom: 150 }, 100, 400), -50);
  assert.equal(wayInto({ top: 350, bottom: 450 }, 100, 400), 50);
  assert.equal(wayInto({ top: 0, bottom: 301 }, 100, 400), null);
  const random = seeded(7);
  for (let round = 0; round < 200; round += 1) {
    const top = 1000 * random() - 200;
    const bottom = top + 250 * random();
    const way = wayInto({ top, bottom }, 100, 400);
    assert.ok(top - way >= 100 - 1e-9 && bottom - way <= 400 + 1e-9);
    const [up, down] = [way < 0 ? -way : 0, way > 0 ? way : 0]; // a pixel less would not do
    assert.ok((!up || top + up - 1 < 100) && (!down || bottom - down + 1 > 400));
  }
});

test("the strongest cell is found in maps and in vectors", () => {
  const random = seeded(5);
  for (const shape of [[3, 4, 5], [6], [2, 1, 7]]) {
    const [channels, rows, columns] = [shape[0], shape[1] ?? 1, shape[2] ?? 1];
    const cells = [];
    for (let channel = 0; channel < channels; channel += 1)
      for (let row = 0; row < rows; row += 1)
        for (let column = 0; column < columns; column += 1) cells.push({ value: 2 * random() - 1, channel, row, column });
    const { value: _, ...best } = cells.reduce((most, cell) => (cell.value > most.value ? cell : most));
    assert.deepEqual(
      strongest(
        Float32Array.from(cells, ({ value }) => value),
        shape,
      ),
      best,
    );
  }
  assert.deepEqual(strongest([0, 2, 2, -5], [1, 2, 2]), { channel: 0, row: 0, column: 1 }, "the first of equal ones");
  assert.deepEqual(strongest([-3, -1, -2], [3]), { channel: 1, row: 0, column: 0 });
});

test("maps stand in rows of equal length where that is possible", () => {
  assert.equal(nicely(7, 16), 4);
  assert.equal(nicely(9, 16), 8);
  assert.equal(nicely(5, 7), 5);
});

test("steps have short names and shapes", () => {
  const named = (name, kind) => shortTitleOf({ name, kind });
  assert.deepEqual(
    [
      named("conv3", "conv"),
      named("pool1", "pool"),
      named("relu2", "relu"),
      named("input", "input"),
      named("softmax", "softmax"),
    ],
    ["Conv 3", "Pool 1", "ReLU 2", "Picture", "Softmax"],
  );
  assert.equal(shortShapeOf({ shape: [16, 32, 32] }), "16 × 32²");
  assert.equal(shortShapeOf({ shape: [16, 32, 30] }), "16 × 32 × 30");
  assert.equal(shortShapeOf({ shape: [62] }), "62");
});
