/** The eraser at a pen's other end: ink that it touches is shown as going while it is down, and goes once it is up. */
import { ROW } from "./state.js";

/** Of `button` and `buttons`: a pen's eraser. */
const ERASER = 5;
const ERASER_HELD = 32;
/** Of a row: how near the eraser's way ink is touched. */
const NEAR = 0.06 * ROW;

/** `erase(ids)` is called with all that one sweep has touched: one step of undo. */
export function connectEraser(document, paper, erase) {
  const { canvas } = paper.parts;
  /** While the eraser is down; `strokes` are ids, `at` is the last point. */
  let rubbed = /** @type {{ id: number, strokes: Set<number>, at: number[] | null } | null} */ (null);

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
    canvas.addEventListener(name, (event) => event.pointerId === rubbed?.id && end(name === "pointercancel"));

  function rub(event) {
    if (!rubbed) return;
    const to = paper.place(event.clientX, event.clientY);
    const from = rubbed.at ?? to;
    rubbed.at = to;
    for (const { id, points } of document.strokes)
      if (!rubbed.strokes.has(id) && touches(points, from, to)) rubbed.strokes.add(id);
    paper.showGoing([...rubbed.strokes]);
    paper.showRing(event, NEAR);
  }

  /** What the system cancels was not meant. */
  function end(isCancelled = false) {
    const ids = [...(rubbed?.strokes ?? [])];
    rubbed = null;
    paper.showRing(null);
    paper.showGoing([]);
    if (ids.length && !isCancelled) erase(ids);
  }
}

/** Whether a stroke comes near the way from one point to another. */
function touches(points, from, to) {
  const [left, right] = from[0] < to[0] ? [from[0], to[0]] : [to[0], from[0]];
  const [top, bottom] = from[1] < to[1] ? [from[1], to[1]] : [to[1], from[1]];
  for (let i = 0; i < points.length; i += 2) {
    const last = Math.max(0, i - 2);
    const [x, y, nextX, nextY] = [points[last], points[last + 1], points[i], points[i + 1]];
    if (Math.max(x, nextX) < left - NEAR || Math.min(x, nextX) > right + NEAR) continue;
    if (Math.max(y, nextY) < top - NEAR || Math.min(y, nextY) > bottom + NEAR) continue;
    if (apart([x, y], [nextX, nextY], from, to) < NEAR) return true;
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
