/** Maps in Inside, on canvases that a test plays: what they show, in which colours, and what a click on them picks. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PAPER, Part, part, setTheme } from "./page.js";

const { Dropout } = await import("../../web/inside/dropout.js");
const { Filters } = await import("../../web/inside/filters.js");
const { Maps } = await import("../../web/ui/maps.js");

const turn = () => new Promise((resolve) => setImmediate(resolve));
const colorOf = (canvas) => [...canvas.pixels.slice(0, 3)];

test("maps that were cleared stay so, whatever is marked and however the theme changes", () => {
  const canvas = new Part();
  const maps = new Maps(canvas, [2, 3, 3], { tile: 9, across: 2 });
  maps.paint(new Float32Array(18));
  maps.mark([[0, 0, 1, 0, 1]]);
  assert.ok(canvas.pixels);
  maps.clear();
  maps.mark([[1, 1, 2, 1, 2]]);
  maps.repaint();
  assert.equal(canvas.pixels, null);
  maps.paint(new Float32Array(18));
  assert.deepEqual(colorOf(canvas), PAPER.bright);
});

/** Filters of a step with many and of one with few; `answer()` has them arrive. */
function filtersOf() {
  const steps = [8, 4].map((filters) => ({ kind: "conv", in_channels: 2, filters, kernel_size: 3 }));
  let answer;
  const call = (_, step) =>
    new Promise((resolve) => {
      answer = () => resolve(new Float32Array(steps[step].filters * 18));
    });
  return { filters: new Filters({ subject: { name: "ink" }, steps, call }), answer: () => answer() };
}
const [MANY, FEW] = [0, 1];

/** On the last of all filters that are shown. */
function clickTheLast() {
  const all = part("filters-all");
  all.dispatchEvent(Object.assign(new Event("click"), { clientX: 1, clientY: all.height - 2 }));
}

test("a click picks a filter of the step that is shown, and none while those of another are on their way", async () => {
  const { filters, answer } = filtersOf();
  const picked = [];
  filters.onFilter = (filter) => picked.push(filter);
  filters.choose(MANY, 0);
  answer();
  await turn();
  clickTheLast();
  assert.deepEqual(picked, [7]);
  filters.choose(FEW, 0);
  clickTheLast(); // still on the picture of the many, of which the other step has no eighth
  assert.deepEqual(picked, [7]);
  answer();
  await turn();
  clickTheLast();
  assert.deepEqual(picked, [7, 3]);
});

test("all filters follow the theme, not the chosen one alone", async () => {
  const { filters, answer } = filtersOf();
  filters.choose(MANY, 0);
  answer();
  await turn();
  for (const theme of ["dark", "bright"]) {
    setTheme(theme);
    for (const id of ["filter-one", "filters-all"]) assert.deepEqual(colorOf(part(id)), PAPER[theme], `${id}, ${theme}`);
  }
});

test("what dropout leaves follows the theme, and goes with the drawing", async () => {
  const live = Object.assign(new EventTarget(), {
    steps: [{ kind: "dropout", shape: [6] }],
    maps: new Map([[0, new Float32Array(6)]]),
    best: [["A", 1]],
    call: async () => ({ masks: new Float32Array(4 * 6), best: Array(4).fill(["A", 0.5]) }),
  });
  part("dropout-on").checked = true;
  new Dropout(live).choose(0);
  const colors = () => part("dropout-masks").children.map(({ children: [canvas] }) => colorOf(canvas));
  for (const theme of ["bright", "dark", "bright"]) {
    setTheme(theme);
    await turn();
    assert.deepEqual(colors(), Array(4).fill(PAPER[theme]), theme);
  }
  live.best = null;
  live.dispatchEvent(new Event("empty"));
  await turn();
  assert.deepEqual(colors(), []);
});
