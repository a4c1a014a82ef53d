/**
 * A scratch-out: one stroke that goes to and fro over ink, which is to be deleted.
 *
 * Letters go to and fro as well (w, m, a joined "minimum"), and strokes of letters cross each other (#, a t's bar). What no
 * letter does is both at once: four sweeps and more, each about as long as the whole, back over ink that was there before.
 * Of 67,971 strokes of words and lines by the 101 validation and test writers none passes (words.jsonl.gz and lines.jsonl.gz of
 * the model card's data); tests/web/scratch.test.js holds that for a few of them. A word that is written over another may pass,
 * so nothing is looked for while one writes over a word.
 */

/** Three reversals and more. */
const LEAST_SWEEPS = 4;
/** A sweep is at least so much of the whole extent along the axis: smaller ones are the hand's tremble. */
const LEAST_SWEEP = 0.55;
/** The way along the path for one along the axis, at most: sweeps are straight or narrow bows, and o, 8 and @ are not. */
const MOST_WAY = 1.25;
/** Of a stroke's length so much lies under the scratch-out if the stroke is meant. */
const LEAST_SHARE = 0.5;
/** Dots lie so far above their letters at most, in heights of these. */
const DOTS_ABOVE = 0.5;
/** How often the scratch-out runs across what it is over. */
const LEAST_CROSSINGS = 4;

/** Whether a stroke goes to and fro as a scratch-out does, whatever it is over. */
export const isScratch = (points) => sweepsOf(points) >= LEAST_SWEEPS;

/**
 * Which strokes a stroke scratches out: [] if it is none.
 *
 * @param {ArrayLike<number>} scratch x0, y0, x1, y1, ...
 * @param {ArrayLike<number>[]} strokes what was there before, in the same units
 * @returns {number[]} indices of `strokes`
 */
export function scratchedOut(scratch, strokes) {
  if (!isScratch(scratch)) return [];
  const hull = hullOf(scratch);
  const box = boxOf(scratch);
  const boxes = strokes.map(boxOf);
  const crossings = strokes.map((stroke, i) => (overlap(box, boxes[i]) ? crossingsOf(scratch, stroke) : 0));
  if (crossings.reduce((sum, count) => sum + count, 0) < LEAST_CROSSINGS) return [];
  const isUnder = strokes.map((stroke, i) => {
    if (!overlap(box, boxes[i]) || shareOf(stroke, ([x]) => x >= box[0] && x <= box[2]) < LEAST_SHARE) return false;
    return crossings[i] > 0 || shareOf(stroke, (point) => isInside(point, hull)) >= LEAST_SHARE;
  });
  const letters = union(boxes.filter((_, i) => isUnder[i]));
  return strokes.map((_, i) => i).filter((i) => isUnder[i] || belongs(boxes[i], letters, box));
}

/** Whether a box is that of a dot or a bar of the letters under a scratch-out, which itself need not touch it. */
function belongs(box, letters, under) {
  const [left, top, right, bottom] = box;
  const [from, , to] = under;
  const middle = (left + right) / 2;
  const above = DOTS_ABOVE * (letters[3] - letters[1]);
  return (
    middle >= from &&
    middle <= to &&
    left >= letters[0] &&
    right <= letters[2] &&
    top >= letters[1] - above &&
    bottom <= letters[3]
  );
}

/** How often a stroke goes to or fro along its main direction; 0 if it is no zigzag. */
function sweepsOf(points) {
  const [x, y] = axisOf(points);
  const along = steady(Array.from({ length: points.length / 2 }, (_, i) => points[2 * i] * x + points[2 * i + 1] * y));
  const extent = Math.max(...along) - Math.min(...along);
  const turns = turnsOf(along, LEAST_SWEEP * extent);
  let swept = 0;
  for (let i = 1; i < turns.length; i += 1) swept += Math.abs(along[turns[i]] - along[turns[i - 1]]);
  return lengthOf(points) <= MOST_WAY * swept ? turns.length - 1 : 0;
}

/** The direction in which most of the path runs, to or fro: the mean of twice the angle, weighted by length. */
function axisOf(points) {
  let [cosine, sine] = [0, 0];
  for (let i = 2; i < points.length; i += 2) {
    const [dx, dy] = [points[i] - points[i - 2], points[i + 1] - points[i - 1]];
    const length = Math.hypot(dx, dy) || 1;
    cosine += (dx * dx - dy * dy) / length;
    sine += (2 * dx * dy) / length;
  }
  const angle = Math.atan2(sine, cosine) / 2;
  return [Math.cos(angle), Math.sin(angle)];
}

/** Values without their drift, the straight line that fits them best: a slanted zigzag over a long word wanders along its axis. */
function steady(values) {
  const middle = (values.length - 1) / 2;
  let [slope, squares] = [0, 0];
  values.forEach((value, i) => {
    slope += (i - middle) * value;
    squares += (i - middle) ** 2;
  });
  return values.map((value, i) => value - ((i - middle) * slope) / (squares || 1));
}

/** Where values turn back by `least` or more: indices of the extremes, those at both ends included. */
function turnsOf(values, least) {
  const turns = [];
  let [low, high] = [0, 0];
  let direction = 0; // 1 up, -1 down, 0 not known yet
  values.forEach((value, i) => {
    if (value < values[low]) low = i;
    if (value > values[high]) high = i;
    if (direction >= 0 && values[high] - value >= least) {
      turns.push(high);
      [direction, low] = [-1, i];
    } else if (direction <= 0 && value - values[low] >= least) {
      turns.push(low);
      [direction, high] = [1, i];
    }
  });
  if (direction) turns.push(direction > 0 ? high : low);
  return turns;
}

function lengthOf(points) {
  let length = 0;
  for (let i = 2; i < points.length; i += 2) length += Math.hypot(points[i] - points[i - 2], points[i + 1] - points[i - 1]);
  return length;
}

/** Left, top, right, bottom. */
function boxOf(points) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 1) {
    box[i % 2] = Math.min(box[i % 2], points[i]);
    box[2 + (i % 2)] = Math.max(box[2 + (i % 2)], points[i]);
  }
  return box;
}

const union = (boxes) => [0, 1, 2, 3].map((side) => (side < 2 ? Math.min : Math.max)(...boxes.map((box) => box[side])));

const overlap = (a, b) => a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];

/** The convex hull, corners in order (Andrew 1979, "Another efficient algorithm for convex hulls in two dimensions"). */
function hullOf(points) {
  const sorted = pairsOf(points).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (corners) => {
    const chain = [];
    for (const corner of corners) {
      while (chain.length > 1 && turn(chain.at(-2), chain.at(-1), corner) <= 0) chain.pop();
      chain.push(corner);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

/** Positive where a, b, c turn one way, negative for the other, 0 on a line: twice the triangle's area. */
const turn = (a, b, c) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

const pairsOf = (points) => Array.from({ length: points.length / 2 }, (_, i) => [points[2 * i], points[2 * i + 1]]);

const isInside = (point, hull) => hull.every((corner, i) => turn(corner, hull[(i + 1) % hull.length], point) >= 0);

/** The share of a stroke's length where `holds(point)`; of a dot 1 or 0. */
function shareOf(points, holds) {
  const held = pairsOf(points).map((point) => Number(holds(point)));
  let [share, all] = [0, 0];
  for (let i = 1; i < held.length; i += 1) {
    const length = Math.hypot(points[2 * i] - points[2 * i - 2], points[2 * i + 1] - points[2 * i - 1]);
    all += length;
    share += (length * (held[i] + held[i - 1])) / 2;
  }
  return all ? share / all : held[0];
}

/** How often two strokes cross. */
function crossingsOf(one, other) {
  const [a, b] = [pairsOf(one), pairsOf(other)];
  let count = 0;
  for (let i = 1; i < a.length; i += 1)
    for (let j = 1; j < b.length; j += 1)
      count += Number(
        turn(a[i - 1], a[i], b[j - 1]) * turn(a[i - 1], a[i], b[j]) < 0 &&
          turn(b[j - 1], b[j], a[i - 1]) * turn(b[j - 1], b[j], a[i]) < 0,
      );
  return count;
}
