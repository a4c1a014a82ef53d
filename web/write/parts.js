/**
 * What is read together: a run's ink, without the words that the user has put right. These part it: what stands between two
 * of them is read by itself.
 */
import { boxOf } from "./state.js";

/** @typedef {{ run: import("./state.js").Run, strokes: import("../ink/ink.js").Stroke[], key: string, read: any }} Part  `read`:
 *   the Read of this very ink, if it was read */

/** @returns {Part[]} from left to right; none without ink */
export function partsOf(state, run) {
  const words = state.words.filter((word) => word.run === run.id);
  const pinned = words.filter((word) => word.pinned);
  const fixed = new Set(pinned.flatMap((word) => word.strokes));
  const free = run.strokes.filter(({ id }) => !fixed.has(id));
  const middle = (ids) => boxOf(run.strokes.filter(({ id }) => ids.includes(id))).x;
  const borders = pinned.map((word) => middle(word.strokes)).sort((one, other) => one - other);
  const places = new Map(); // of strokes that are a word's: the word's
  for (const word of words)
    if (!word.pinned && borders.length) {
      const x = middle(word.strokes);
      for (const id of word.strokes) places.set(id, x);
    }
  const parts = borders.map(() => []).concat([[]]);
  for (const stroke of free) {
    const x = borders.length ? (places.get(stroke.id) ?? boxOf([stroke]).x) : 0;
    parts[borders.filter((border) => border < x).length].push(stroke);
  }
  return parts.filter(({ length }) => length).map((strokes) => ({ run, strokes, ...readOf(run, strokes) }));
}

function readOf(run, strokes) {
  const key = keyOf(run.how, strokes);
  return { key, read: run.reads.find((read) => read.key === key) ?? null };
}

/** Names ink and how it is read: what has the same was read already. */
export function keyOf({ characters, language }, strokes) {
  return `${characters} ${language} ${strokes.map(({ id }) => id).join(" ")}`;
}

/** The same key where strokes are called otherwise: `name` gives the new name of an old one. */
export function keyRenamed(key, name) {
  const [characters, language, ...ids] = key.split(" ");
  return [characters, language, ...ids.map((id) => name(Number(id)))].join(" ");
}

/** The run with only what was read of its ink as it is. */
export function withRead(state, runId, read) {
  const runs = state.runs.map((run) => {
    if (run.id !== runId) return run;
    const now = { ...run, reads: [...run.reads.filter(({ key }) => key !== read.key), read] };
    const keys = new Set(partsOf(state, now).map(({ key }) => key));
    return { ...now, reads: now.reads.filter(({ key }) => keys.has(key)) };
  });
  return { ...state, runs };
}
