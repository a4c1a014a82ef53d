/** Ink against a drawing that is copied whole at every step. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Ink, Stroke } from "../../web/ink/ink.js";
import { seeded } from "./random.js";

const pointsOf = (ink) => ink.strokes.map(({ points }) => points.slice());

/** The naive truth: all states there were, and which of them is shown. */
class Copies {
  states = [[]];
  at = 0;

  step(state) {
    this.states = [...this.states.slice(0, this.at + 1), state];
    this.at += 1;
  }

  get now() {
    return this.states[this.at];
  }
}

test("undo and redo show what was there, whatever came between", () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const random = seeded(seed);
    const [ink, copies] = [new Ink(), new Copies()];
    const stroke = () => Array.from({ length: 2 * (1 + Math.floor(4 * random())) }, () => Math.floor(1000 * random()));
    for (let turn = 0; turn < 80; turn += 1) {
      const choice = random();
      if (choice < 0.4) {
        const points = stroke();
        ink.begin(points[0], points[1]);
        for (let i = 2; i < points.length; i += 2) ink.extend([[points[i], points[i + 1], null]]);
        const drawn = ink.live.points.slice();
        ink.end();
        copies.step([...copies.now, drawn]);
      } else if (choice < 0.5) {
        if (!ink.isEmpty) copies.step([]);
        ink.clear();
      } else if (choice < 0.55) {
        const strokes = [stroke(), stroke()];
        ink.replace(strokes.map((points) => new Stroke(points.slice())));
        copies.step(strokes);
      } else if (choice < 0.6) {
        ink.begin(1, 1);
        ink.extend([[500, 500, null]]);
        ink.cancel();
      } else if (choice < 0.85) {
        ink.undo();
        copies.at = Math.max(0, copies.at - 1);
      } else {
        ink.redo();
        copies.at = Math.min(copies.states.length - 1, copies.at + 1);
      }
      assert.deepEqual(pointsOf(ink), copies.now, `seed ${seed}, turn ${turn}`);
      assert.equal(ink.canUndo, copies.at > 0);
      assert.equal(ink.canRedo, copies.at < copies.states.length - 1);
      assert.equal(ink.isEmpty, copies.now.length === 0);
    }
  }
});

test("while the revision stays, strokes are only added: a painter needs no more than the new ones", () => {
  const random = seeded(7);
  const ink = new Ink();
  let before = { revision: ink.revision, strokes: [] };
  for (let turn = 0; turn < 400; turn += 1) {
    const choice = random();
    if (choice < 0.6) {
      ink.begin(random() * 1000, random() * 1000);
      ink.end();
    } else if (choice < 0.7) ink.clear();
    else if (choice < 0.85) ink.undo();
    else ink.redo();
    if (ink.revision === before.revision) {
      assert.deepEqual(
        before.strokes.map((stroke) => ink.finished.indexOf(stroke)),
        before.strokes.map((_, i) => i),
      );
    }
    before = { revision: ink.revision, strokes: [...ink.finished] };
  }
});

test("a picture gives way to the first stroke, and comes back when that is undone", () => {
  const picture = { width: 1, height: 1, data: new Uint8ClampedArray(4) };
  const ink = new Ink();
  ink.replace([picture]);
  assert.equal(ink.picture, picture);
  assert.deepEqual(ink.strokes, []);
  ink.begin(10, 10);
  assert.equal(ink.picture, null);
  ink.cancel();
  assert.equal(ink.picture, picture);
  ink.begin(10, 10);
  ink.end();
  assert.equal(ink.picture, null);
  assert.equal(ink.strokes.length, 1);
  ink.undo();
  assert.equal(ink.picture, picture);
});

test("what is not finite or says nothing new is no point", () => {
  const stroke = new Stroke([], []);
  assert.equal(stroke.add(0, 0, 0.5), true);
  for (const [x, y] of [
    [0.3, 0.3],
    [NaN, 5],
    [5, Infinity],
  ])
    assert.equal(stroke.add(x, y, 0.5), false);
  assert.equal(stroke.add(5, 5, 0.25), true);
  assert.deepEqual([stroke.points, stroke.pressures, stroke.length], [[0, 0, 5, 5], [0.5, 0.25], 2]);
});

test("flatten and JSON hold every point in its order", () => {
  const ink = new Ink();
  ink.replace([new Stroke([1, 2, 3.14159, 4]), new Stroke([5, 6])]);
  const { points, lengths } = ink.flatten();
  assert.deepEqual(points, Float32Array.of(1, 2, 3.14159, 4, 5, 6));
  assert.deepEqual(lengths, Uint32Array.of(2, 1));
  assert.equal(JSON.stringify(ink), '{"strokes":[[[1,2],[3.1,4]],[[5,6]]]}');
});

test("one change is told once", () => {
  const ink = new Ink();
  let told = 0;
  ink.addEventListener("change", () => (told += 1));
  ink.begin(0, 0);
  ink.extend([
    [10, 10, null],
    [20, 20, null],
  ]);
  ink.extend([[20.1, 20.1, null]]); // nothing new
  ink.end();
  assert.equal(told, 3);
});
