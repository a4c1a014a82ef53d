/**
 * Where a new stroke belongs: to which row of the paper, and to which ink that is read with it.
 *
 * The page knows its lines, so a stroke belongs to the row of its centre. Dots, bars and commas go with the ink that they
 * are nearest to, and whoever writes across the lines goes on in the row that he is in.
 */
import { splitAt } from "./editing.js";
import { boxOf, newId, ROW } from "./state.js";

/** Of a row: what is no longer than this is a mark; how near a mark has its ink; how far apart ink is another word's. */
const MARK = 0.35 * ROW;
const NEAR = 0.4 * ROW;
const LETTER_GAP = 0.2 * ROW;
/** Beside ink that is no farther than this, a stroke that shares this much of its height with it is in its row. */
const BESIDE = 0.8 * ROW;
const SHARED = 0.6;

/** The state with a stroke more. `how` is how new ink is read; `continued`, the row into which the row before it goes on. */
export function withStroke(state, stroke, how, continued) {
  const box = boxOf([stroke]);
  const row = rowFor(state, stroke, box);
  const run = runFor(state, row, box, how);
  if (run) {
    const runs = state.runs.map((each) => (each === run ? { ...run, strokes: [...run.strokes, stroke] } : each));
    return { ...state, runs, writing: run.id };
  }
  const { caret } = state;
  const added = {
    id: newId(),
    row,
    strokes: [stroke],
    at: caret.own ? caret.end : null,
    glued: caret.own && goesOn(state, row, box),
    moved: row === continued,
    how,
    reads: [],
  };
  const parted = caret.own ? splitAt(state, caret.end) : state;
  return { ...parted, runs: [...parted.runs, added], writing: added.id, caret: { ...caret, own: false } };
}

export function rowFor(state, stroke, box = boxOf([stroke])) {
  const row = Math.max(0, Math.floor(box.y / ROW));
  const runs = state.runs.filter((run) => Math.abs(run.row - row) <= 1);
  const others = runs.flatMap((run) => run.strokes.map((each) => ({ stroke: each, row: run.row })));
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  const isMark = height < MARK && width < 2 * MARK;
  return (isMark ? markedRow(others, box) : sharedRow(others, box, row)) ?? row;
}

/** The row of the ink that a mark is nearest to. */
function markedRow(others, { x, y }) {
  let [nearest, row] = [NEAR, null];
  for (const { stroke, row: its } of others) {
    const { points } = stroke;
    for (let i = 0; i < points.length; i += 2) {
      const distance = Math.hypot(points[i] - x, points[i + 1] - y);
      if (distance < nearest) [nearest, row] = [distance, its];
    }
  }
  return row;
}

/** Another row than its own, beside whose ink a stroke stands, if none of its own row is there. */
function sharedRow(others, box, own) {
  let row = null;
  for (const { stroke, row: its } of others) {
    const beside = boxOf([stroke]);
    if (Math.max(beside.left - box.right, box.left - beside.right) > BESIDE) continue;
    if (its === own) return own;
    const height = Math.min(box.bottom - box.top, beside.bottom - beside.top);
    const shared = Math.min(box.bottom, beside.bottom) - Math.max(box.top, beside.top);
    if (height > MARK / 2 && shared > SHARED * height) row = its;
  }
  return row;
}

/** The run that a stroke joins, if it does not begin one. */
function runFor(state, row, box, how) {
  const runs = state.runs.filter((run) => run.row === row && run.strokes.length);
  const apart = (run) => {
    const { left, right } = boxOf(run.strokes);
    return Math.max(left - box.x, box.x - right, 0);
  };
  runs.sort((one, other) => apart(one) - apart(other) || other.id - one.id);
  const [nearest] = runs;
  if (!nearest) return null;
  if (apart(nearest) === 0) return nearest; // within its ink: a dot, a bar, a letter put in
  if (state.caret.own || nearest.how.characters !== how.characters || nearest.how.language !== how.language) return null;
  return nearest;
}

/** Whether ink beside a word, at whose end the caret stands, goes on with that word. */
function goesOn(state, row, box) {
  const { end } = state.caret;
  const within = state.words.find((word) => word.start < end && end < word.end);
  if (within) return true;
  const before = state.words.find((word) => word.end === end);
  const run = before && state.runs.find(({ id }) => id === before.run);
  if (run?.row !== row) return false;
  const { right } = boxOf(run.strokes.filter(({ id }) => before.strokes.includes(id)));
  return box.left - right < LETTER_GAP;
}
