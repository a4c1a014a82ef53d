/** Deleting ink with the pen: by a scratch-out, and with the eraser at its other end. Both can be undone. */
import { announce } from "../ui/announce.js";
import { counted } from "../ui/dom.js";
import { isScratch, scratchedOut } from "./scratch.js";
import { ROW } from "./state.js";

/** Of `button` and `buttons`: a pen's eraser. */
const ERASER = 5;
const ERASER_HELD = 32;
/** Of a row: how near the eraser's way ink is touched. */
const NEAR = 0.06 * ROW;

/** `isOff()`: whether a stroke is ink whatever it looks like, as while a word is written again over itself. */
export function connectErasing(document, paper, isOff = () => false) {
  document.addEventListener("stroke", (event) => {
    const scratch = /** @type {CustomEvent} */ (event).detail;
    if (isOff() || !isScratch(scratch.points)) return;
    const { strokes } = document;
    const under = scratchedOut(
      scratch.points,
      strokes.map(({ points }) => points),
    );
    if (under.length) {
      event.preventDefault();
      erase(under.map((i) => strokes[i].id));
    } else if (eraseLetters(document, scratch)) event.preventDefault();
  });

  const { canvas } = paper.parts;
  let rubbed = null; // { id, strokes: ids, at: the last point }, while the eraser is down

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== ERASER) return;
    rubbed = { id: event.pointerId, strokes: new Set(), at: null };
    try {
      canvas.setPointerCapture(event.pointerId);
    } catch {
      // It is gone already; its end is told all the same.
    }
    rub(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== rubbed?.id) return;
    if (!(event.buttons & ERASER_HELD)) return end();
    for (const each of event.getCoalescedEvents?.() ?? []) rub(each);
    rub(event);
  });
  for (const name of ["pointerup", "pointercancel", "lostpointercapture"])
    canvas.addEventListener(name, (event) => event.pointerId === rubbed?.id && end());

  function rub({ clientX, clientY }) {
    const to = paper.place(clientX, clientY);
    const from = rubbed.at ?? to;
    rubbed.at = to;
    for (const { id, points } of document.strokes) if (touches(points, from, to)) rubbed.strokes.add(id);
  }

  /** All that one sweep of the eraser has touched is one step of undo. */
  function end() {
    const ids = [...rubbed.strokes];
    rubbed = null;
    if (ids.length) erase(ids);
  }

  function erase(ids) {
    const before = document.text;
    document.erase(ids);
    announce(before === document.text ? `Erased ${counted(ids.length, "stroke")}` : "Erased");
  }
}

/** Joined letters are one stroke: those that a scratch-out covers are deleted as text is, and their ink is cut out. */
function eraseLetters(document, { points }) {
  for (const word of document.words) {
    const letters = word.letters.map((spans) =>
      (spans ?? []).flatMap(([id, first, last]) => document.stroke(id).points.slice(2 * first, 2 * last + 2)),
    );
    const under = scratchedOut(points, letters).filter((at) => letters[at].length);
    if (!under.length) continue;
    document.replaceText(word.start + Math.min(...under), word.start + Math.max(...under) + 1, "");
    announce("Erased");
    return true;
  }
  return false;
}

/** Whether a stroke comes near the way from one point to another. */
function touches(points, from, to) {
  for (let i = 0; i < points.length; i += 2) {
    const last = Math.max(0, i - 2);
    if (apart([points[last], points[last + 1]], [points[i], points[i + 1]], from, to) < NEAR) return true;
  }
  return false;
}

/** The distance of two segments: 0 where they cross, else from an end of one to the other. */
function apart(a, b, c, d) {
  const side = (p, q, r) => (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]);
  if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) return 0;
  return Math.min(distance(a, c, d), distance(b, c, d), distance(c, a, b), distance(d, a, b));
}

function distance(point, from, to) {
  const way = [to[0] - from[0], to[1] - from[1]];
  const squared = way[0] ** 2 + way[1] ** 2;
  const along = squared ? ((point[0] - from[0]) * way[0] + (point[1] - from[1]) * way[1]) / squared : 0;
  const share = Math.max(0, Math.min(1, along));
  return Math.hypot(point[0] - from[0] - share * way[0], point[1] - from[1] - share * way[1]);
}
