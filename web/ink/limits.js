/**
 * How much ink one drawing may hold, as in py/inkling/ink/strokes.py (a test compares the two): here it is refused before
 * it is kept, taught or sent, there before memory is taken for it.
 */

export const MOST_POINTS = 100_000;
export const MOST_NODES = 100_000;
/** Nodes that the network's picture is drawn from, to the longer side of the drawing. */
const STEPS = 52;

/** The number of nodes of ink: points x0, y0, x1, y1, ... of all strokes, and the number of points of each. */
export function nodesOf({ points, lengths }) {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 1) {
    low[i % 2] = Math.min(low[i % 2], points[i]);
    high[i % 2] = Math.max(high[i % 2], points[i]);
  }
  const scale = STEPS / (Math.max(high[0] - low[0], high[1] - low[1]) || 1);
  let nodes = 0;
  let at = 0;
  for (const length of lengths) {
    let way = 0;
    for (const end = at + 2 * (length - 1); at < end; at += 2)
      way += Math.hypot(points[at + 2] - points[at], points[at + 3] - points[at + 1]);
    at += 2;
    nodes += Math.max(Math.ceil(way * scale - 1e-9), 1) + 1;
  }
  return nodes;
}

/** Why this ink is more than one drawing, in words; "" if it is not. */
export function excessOf(ink) {
  const count = ink.points.length / 2;
  if (count > MOST_POINTS) return `it holds ${words(count)} points, and ${words(MOST_POINTS)} are the most`;
  const nodes = nodesOf(ink);
  if (nodes <= MOST_NODES) return "";
  return `its lines are ${words(Math.round(nodes / STEPS))} times as long as it is wide or high, which is more than one drawing`;
}

const words = (number) => number.toLocaleString("en");
