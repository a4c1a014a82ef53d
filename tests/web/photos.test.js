/** What photos need without a page: the square that is looked at, and what is said of their network's steps. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { middleOf, moved, sideAt, zoomed, zoomOf } from "../../web/inside/photo/crop.js";
import { wordsFor } from "../../web/inside/words.js";
import { seeded } from "./random.js";

const near = (a, b, by = 1e-9) => assert.ok(Math.abs(a - b) <= by, `${a} is not ${b}`);

function lies(crop, { width, height }) {
  const { left, top, side } = crop;
  assert.ok(
    left >= -1e-9 && top >= -1e-9 && left + side <= width + 1e-9 && top + side <= height + 1e-9,
    JSON.stringify(crop),
  );
}

test("the square begins as large as fits, in the middle", () => {
  assert.deepEqual(middleOf({ width: 451, height: 300 }), { left: 75.5, top: 0, side: 300 });
  assert.deepEqual(middleOf({ width: 20, height: 90 }), { left: 0, top: 35, side: 20 });
});

test("wherever it is moved and however it is zoomed, it lies within the photo and is no smaller than the network's picture", () => {
  const random = seeded(3);
  for (let round = 0; round < 300; round += 1) {
    const photo = { width: 1 + Math.floor(600 * random()), height: 1 + Math.floor(600 * random()) };
    const most = Math.min(photo.width, photo.height);
    let crop = middleOf(photo);
    for (let step = 0; step < 6; step += 1) {
      crop =
        random() < 0.5
          ? moved(crop, 4 * random() - 2, 4 * random() - 2, photo)
          : zoomed(crop, Math.exp(4 * random() - 2), photo, random(), random());
      lies(crop, photo);
      assert.ok(crop.side <= most && crop.side >= Math.min(32, most));
    }
  }
});

test("what is under the finger stays there while there is room", () => {
  const photo = { width: 500, height: 500 };
  const crop = { left: 150, top: 200, side: 200 };
  for (const factor of [0.5, 0.8, 1.1]) {
    const closer = zoomed(crop, factor, photo, 0.25, 0.75);
    near(closer.left + 0.25 * closer.side, 200);
    near(closer.top + 0.75 * closer.side, 350);
    near(closer.side, 200 * factor);
  }
});

test("the slider's place and the side say the same", () => {
  const photo = { width: 640, height: 480 };
  assert.equal(zoomOf(middleOf(photo), photo), 0);
  near(sideAt(1, photo), 32);
  for (const zoom of [0, 0.2, 0.5, 0.9, 1]) near(zoomOf({ side: sideAt(zoom, photo) }, photo), zoom);
  assert.equal(zoomOf({ side: 20 }, { width: 20, height: 40 }), 0, "a photo too small to zoom into");
});

test("within a residual block, convolutions are said to be so, and are not counted among the others", () => {
  const kinds = ["input", "conv", "relu", "pool", "conv", "relu", "conv", "relu", "add", "conv"];
  const steps = kinds.map((kind, at) => ({ kind, name: `${kind}${at}`, layer: "", ...(kind === "add" && { back: 4 }) }));
  const words = { convolutions: ["first", "second", "third"] };
  const said = steps.flatMap((step) => (step.kind === "conv" ? [wordsFor(step, steps, words)] : []));
  assert.equal(said[0], "first");
  for (const of of said.slice(1, 3)) assert.match(of, /^Within a block/);
  assert.equal(said[3], "second");
});
