/** A page of writing as JSON, and back; what comes back is checked before anything is done with it. */
import { Stroke } from "../ink/ink.js";
import { keyRenamed } from "./parts.js";
import { EMPTY, keepId, newId } from "./state.js";

const VERSION = 1;
const MOST_ROWS = 1000;

/** @param {import("./state.js").State} state */
export function contentOf({ text, words, runs, caret, writing }) {
  return {
    version: VERSION,
    text,
    words,
    runs: runs.map((run) => ({
      ...run,
      strokes: run.strokes.map(({ id, points, pressures }) => ({ id, points, pressures })),
    })),
    caret,
    writing,
  };
}

/** @returns {import("./state.js").State} TypeError that says what is wrong */
export function stateOf(json) {
  must(json?.version === VERSION, `its version is ${json?.version}, and this page reads ${VERSION}`);
  const { text, caret, writing } = json;
  must(typeof text === "string" && !text.includes("\r"), "its text is missing, or none of a field");
  must(Array.isArray(json.runs) && Array.isArray(json.words), "its ink is missing");
  const runs = json.runs.map(runOf);
  const places = new Map(runs.map((run) => [run.id, new Map(run.strokes.map((stroke) => [stroke.id, stroke.length]))]));
  let end = 0;
  const words = json.words.map((word) => {
    must(isCount(word?.id) && isCount(word.start) && word.start >= end, "its words are not in order");
    end = word.end;
    must(text.slice(word.start, end) === word.text && word.text, "its words are not those of its text");
    const strokes = places.get(word.run);
    must(strokes && Array.isArray(word.strokes) && word.strokes.every((id) => strokes.has(id)), "a word's ink is missing");
    must(Array.isArray(word.letters) && word.letters.length === word.text.length, "a word's letters are missing");
    for (const spans of word.letters)
      must(
        spans === null || (Array.isArray(spans) && spans.every((span) => isSpan(span, strokes))),
        "a letter's ink is missing",
      );
    return { ...word, pinned: word.pinned === true, settled: word.settled === true, reading: readingOf(word.reading) };
  });
  for (const { id } of [...runs, ...words, ...runs.flatMap(({ strokes }) => strokes)]) keepId(id);
  const isIn = isCount(caret?.start) && isCount(caret.end) && caret.start <= caret.end && caret.end <= text.length;
  return {
    text,
    words,
    runs,
    caret: isIn ? { start: caret.start, end: caret.end, own: caret.own === true } : { ...EMPTY.caret, start: end, end },
    writing: isCount(writing) ? writing : 0,
  };
}

/**
 * The same page under names that nothing here has: a word of a file may be called as one that was put right here.
 * @param {import("./state.js").State} state  of stateOf, whose strokes are nobody else's
 * @returns {import("./state.js").State}
 */
export function renamed(state) {
  const things = [...state.runs, ...state.words, ...state.runs.flatMap(({ strokes }) => strokes)];
  const old = [...new Set(things.map(({ id }) => id))].sort((one, other) => one - other); // strokes stay in their order
  const names = new Map(old.map((id) => [id, newId()]));
  const name = (id) => names.get(id) ?? 0;
  for (const { strokes } of state.runs) for (const stroke of strokes) stroke.id = name(stroke.id);
  return {
    ...state,
    runs: state.runs.map((run) => ({
      ...run,
      id: name(run.id),
      reads: run.reads.map((read) => ({ ...read, key: keyRenamed(read.key, name) })),
    })),
    words: state.words.map((word) => ({
      ...word,
      id: name(word.id),
      run: name(word.run),
      strokes: word.strokes.map(name),
      letters: word.letters.map((spans) => spans && spans.map(([stroke, first, last]) => [name(stroke), first, last])),
    })),
    writing: name(state.writing),
  };
}

function runOf(run) {
  must(isCount(run?.id) && isCount(run.row) && run.row < MOST_ROWS && Array.isArray(run.strokes), "its rows are no rows");
  const { id, row, at, glued, moved, how, reads } = run;
  must(
    ["text", "digits", "codes"].includes(how?.characters) && [null, "en"].includes(how.language),
    "it says not how it is read",
  );
  const known = Array.isArray(reads) ? reads.filter((read) => typeof read?.key === "string") : [];
  return {
    id,
    row,
    strokes: run.strokes.map(strokeOf),
    at: isCount(at) ? at : null,
    glued: glued === true,
    moved: moved === true,
    how: Object.freeze({ characters: how.characters, language: how.language }),
    reads: known.map(({ key, settled, isFound }) => ({ key, settled: settled === true, isFound: isFound === true })),
  };
}

function strokeOf(stroke) {
  const { id, points, pressures } = stroke ?? {};
  const isInk = isCount(id) && isNumbers(points) && points.length > 1 && points.length % 2 === 0;
  must(
    isInk && (pressures === null || (isNumbers(pressures) && 2 * pressures.length === points.length)),
    "a stroke is no stroke",
  );
  const made = new Stroke(
    points.map((value) => Math.round(10 * value) / 10),
    pressures,
  );
  made.id = id;
  return made;
}

/** What Python said of a word; without it the word is as it is, and has no other readings. */
function readingOf(reading) {
  const isWhole =
    Array.isArray(reading?.readings) &&
    Array.isArray(reading.alternatives) &&
    reading.alternatives.every((each) => typeof each === "string") &&
    Number.isFinite(reading.probability);
  return isWhole ? reading : null;
}

const isCount = (value) => Number.isInteger(value) && value >= 0;
const isNumbers = (values) => Array.isArray(values) && values.every((value) => Number.isFinite(value));

function isSpan(span, strokes) {
  if (!Array.isArray(span) || span.length !== 3 || !span.every(isCount)) return false;
  const [stroke, first, last] = span;
  return strokes.has(stroke) && first <= last && last < strokes.get(stroke);
}

function must(isSo, words) {
  if (!isSo) throw new TypeError(`This is no page of writing: ${words}.`);
}
