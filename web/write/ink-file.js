/**
 * A page of writing in a file: ink as everything of this project reads it, and with it what belongs to it.
 *
 *     {"text": "...", "strokes": [[[x, y], ...], ...], "page": {"version": 1, "words": ..., "runs": ..., ...}}
 *
 * "page" is what `Document.toJSON` gives, without the points: its strokes are those of "strokes", one after the other.
 * Ink of others, {"strokes": ...} or the bare list, has none.
 */
import { inkOf, parseJSON } from "../ink/file.js";

/** A page of writing holds more than one drawing. */
const MOST_POINTS = 1_000_000;

/** @param {{ text: string, runs: { strokes: { points: number[] }[] }[] }} page  of `Document.toJSON` */
export function fileOf(page) {
  const strokes = page.runs.flatMap((run) => run.strokes.map(({ points }) => pairsOf(points)));
  const runs = page.runs.map((run) => ({ ...run, strokes: run.strokes.map(({ points: _points, ...rest }) => rest) }));
  return { text: page.text, strokes, page: { ...page, runs } };
}

/**
 * What is in the bytes of a file: `page` for `Document.open`, or null where the file holds ink alone; `strokes` [[[x, y], ...], ...];
 * `leftOut`, how many points had no place. Errors are in words.
 */
export function writingIn(content) {
  const drawing = parseJSON(content);
  const { strokes, leftOut } = inkOf(drawing, MOST_POINTS);
  return { page: leftOut ? null : pageOf(drawing?.page, strokes), strokes, leftOut };
}

/** The page with its points; null if there is none, or its strokes are not these. Document.open checks the rest of it. */
function pageOf(page, strokes) {
  if (!Array.isArray(page?.runs) || !page.runs.every((run) => Array.isArray(run?.strokes))) return null;
  const count = page.runs.reduce((sum, run) => sum + run.strokes.length, 0);
  if (count !== strokes.length) return null;
  let at = 0;
  const runs = page.runs.map((run) => ({
    ...run,
    strokes: run.strokes.map((each) => ({ ...each, points: strokes[at++].flat() })),
  }));
  return { ...page, runs };
}

const pairsOf = (points) => Array.from({ length: points.length / 2 }, (_, i) => [points[2 * i], points[2 * i + 1]]);
