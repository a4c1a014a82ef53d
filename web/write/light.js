/** Ink and text belong together: what is pointed at on one side lights up on the other. */
import { drawStroke } from "../ink/brush.js";
import { Stroke } from "../ink/ink.js";
import { onTheme } from "../ui/colors.js";
import { contextOf } from "../ui/dom.js";
import { ROW, boxOf } from "./state.js";

/** Of a row: how far from ink one points at it. */
const NEAR = 0.12 * ROW;
/** How hard the pen presses that lights ink up. */
const PRESSURE = 0.95;

/** `lit` is a canvas that lies under the paper's. */
export function connectLight({ document, paper, field, lit }) {
  const { canvas, sheet } = paper.parts;
  let shown = /** @type {{ start: number, end: number } | null} */ (null); // of the text

  /** Show which ink a piece of the text stands for, and the piece itself. */
  function light(start, end) {
    if (shown ? shown.start === start && shown.end === end : start >= end) return;
    shown = start < end ? { start, end } : null;
    field.light(start, end);
    paint();
  }

  function paint() {
    const context = contextOf(lit);
    if (lit.width !== canvas.width || lit.height !== canvas.height) [lit.width, lit.height] = [canvas.width, canvas.height];
    else context.clearRect(0, 0, lit.width, lit.height);
    if (!shown || !canvas.clientWidth) return;
    const scale = (canvas.width / canvas.clientWidth) * paper.pixelsPerUnit;
    context.strokeStyle = context.fillStyle = getComputedStyle(lit).color;
    context.setTransform(1, 0, 0, 1, 0, -paper.above * scale);
    for (const piece of inkOf(document, shown)) drawStroke(context, wide(piece), scale);
    context.setTransform(1, 0, 0, 1, 0, 0);
  }

  function pointAtText({ clientX, clientY, buttons }) {
    if (buttons) return;
    const at = field.characterAt(clientX, clientY);
    light(at, at < 0 ? at : at + 1);
  }

  function pointAtInk({ clientX, clientY, buttons }) {
    if (buttons || document.ink.live) return light(0, 0);
    const at = characterOf(document, ...paper.place(clientX, clientY));
    return light(at, at < 0 ? at : at + 1);
  }

  const nothing = () => light(0, 0);
  field.box.addEventListener("pointermove", pointAtText);
  canvas.addEventListener("pointermove", pointAtInk);
  for (const element of [field.box, canvas]) element.addEventListener("pointerleave", nothing);
  canvas.addEventListener("pointerdown", nothing);
  document.addEventListener("change", ({ detail }) => {
    // With the keyboard: what is selected, or the character before the caret.
    const { start, end, own } = document.caret;
    if (detail === "caret" && own) light(start === end ? Math.max(0, start - 1) : start, end);
    else nothing();
  });
  field.field.addEventListener("blur", nothing);
  sheet.addEventListener("moved", paint);
  onTheme(paint);
}

/** The ink of a piece of the text, as strokes. */
function inkOf(document, { start, end }) {
  const pieces = [];
  for (const word of document.words) {
    if (word.end <= start || word.start >= end) continue;
    const letters = word.letters.slice(Math.max(0, start - word.start), end - word.start);
    for (const [id, first, last] of letters.flatMap((spans) => spans ?? [])) {
      const { points } = document.stroke(id);
      pieces.push(new Stroke(points.slice(2 * first, 2 * last + 2)));
    }
  }
  return pieces;
}

function wide({ points, length }) {
  return new Stroke(points, length > 1 ? Array(length).fill(1.6 * PRESSURE) : undefined);
}

/** The place in the text of the ink at a point of the paper, or -1. */
function characterOf(document, x, y) {
  let [nearest, point] = [NEAR, 0];
  let stroke = /** @type {Stroke | null} */ (null);
  for (const each of document.strokes) {
    const { points } = each;
    const box = boxOf([each]);
    if (x < box.left - NEAR || x > box.right + NEAR || y < box.top - NEAR || y > box.bottom + NEAR) continue;
    for (let i = 0; i < points.length; i += 2) {
      const distance = Math.hypot(points[i] - x, points[i + 1] - y);
      if (distance < nearest) [nearest, stroke, point] = [distance, each, i / 2];
    }
  }
  const id = stroke?.id;
  if (!id) return -1;
  for (const word of document.words) {
    if (!word.strokes.includes(id)) continue;
    const covers = ([each, first, last]) => each === id && first <= point && point <= last;
    const place = word.letters.findIndex((spans) => spans?.some(covers));
    if (place >= 0) return word.start + place;
  }
  return -1;
}
