/**
 * What a page of writing is at one moment, as values that never change, and the small steps that make the next from one.
 *
 * The text is one string. A word is a piece of it that stands for ink, and knows which ink shows which of its letters. A run
 * is ink that is read together: that of one row of the paper, or of a part of it that was written for another place of the text.
 *
 * @typedef {[stroke: number, first: number, last: number]} Span  points of one stroke
 * @typedef {{ id: number, run: number, text: string, start: number, end: number, strokes: number[], letters: (Span[] | null)[],
 *   reading: any, pinned: boolean, settled: boolean }} Word
 * @typedef {{ id: number, row: number, strokes: import("../ink/ink.js").Stroke[], at: number | null, glued: boolean,
 *   moved: boolean, how: { characters: string, language: string | null }, reads: Read[] }} Run
 * @typedef {{ key: string, settled: boolean, isFound: boolean }} Read  that this ink was read, and whether there was text in it
 * @typedef {{ start: number, end: number, own: boolean }} Caret  `own`: the user put it there; else it follows the pen
 * @typedef {{ text: string, words: Word[], runs: Run[], caret: Caret, writing: number }} State  `writing`: the newest ink's run
 */
import { SIDE } from "../ink/ink.js";

/** Rows are as high as a pad, so that pens and guide lines are the pad's. */
export const ROW = SIDE;

/** @type {State} */
export const EMPTY = Object.freeze({
  text: "",
  words: [],
  runs: [],
  caret: { start: 0, end: 0, own: false },
  writing: 0,
});

let last = 0;
/** The name of a stroke, a word or a run; no two have the same. */
export const newId = () => (last += 1);
/** A name that was given before the page was loaded. */
export const keepId = (id) => (last = Math.max(last, id));

export const isSpace = (character) => /\s/.test(character ?? "");

/** All strokes in the order in which they were written. */
export function strokesOf({ runs }) {
  return runs.flatMap(({ strokes }) => strokes).sort((one, other) => one.id - other.id);
}

/**
 * With other text in place of text[start, end), across which no word lies. Words, carets and the places that runs wait for
 * move along.
 * @param {State} state
 * @returns {State}
 */
export function spliced(state, start, end, inserted) {
  const shift = inserted.length - (end - start);
  const along = (at) => (at >= end ? at + shift : start + inserted.length);
  const placed = (at) => (at <= start ? at : along(at));
  // Where text is put in at the caret, the caret comes to stand behind it.
  const caret = (at) => (at < start || (at === start && end > start) ? at : along(at));
  return {
    ...state,
    text: state.text.slice(0, start) + inserted + state.text.slice(end),
    words: state.words.map((word) =>
      word.start < end || word.end <= start ? word : { ...word, start: word.start + shift, end: word.end + shift },
    ),
    runs: state.runs.map((run) => (run.at === null || run.at <= start ? run : { ...run, at: placed(run.at) })),
    caret: { ...state.caret, start: caret(state.caret.start), end: caret(state.caret.end) },
  };
}

/** With a word more, whose text is there already. */
export function withWord(state, word) {
  return { ...state, words: [...state.words, word].sort((one, other) => one.start - other.start) };
}

export function withoutWord(state, id) {
  return { ...state, words: state.words.filter((word) => word.id !== id) };
}

/** With another text, or something else about it, for a word. */
export function withChanged(state, id, changes) {
  const old = state.words.find((word) => word.id === id);
  const word = { ...old, ...changes };
  word.end = word.start + word.text.length;
  const rest = withoutWord(state, id);
  return withWord(word.text === old.text ? rest : spliced(rest, old.start, old.end, word.text), word);
}

/** Without a word, its text, and the white space that parted it from its neighbour; its ink stays. */
export function dropped(state, id) {
  let { start, end } = state.words.find((word) => word.id === id);
  const [before, after] = [state.text[start - 1], state.text[end]];
  if (start > 0 && isSpace(before) && (after === undefined || isSpace(after))) start -= 1;
  else if ((start === 0 || before === "\n") && isSpace(after)) end += 1;
  return spliced(withoutWord(state, id), start, end, "");
}

/** With a new word at a place of the text, parted from its neighbours by white space where there is none. */
export function inserted(state, at, word, { before = " ", after = " " } = {}) {
  const { text } = state;
  const lead = at === 0 || isSpace(text[at - 1]) ? "" : before;
  const trail = at === text.length || isSpace(text[at]) ? "" : after;
  const start = at + lead.length;
  return withWord(spliced(state, at, at, lead + word.text + trail), { ...word, start, end: start + word.text.length });
}

export function withRun(state, id, changes) {
  return { ...state, runs: state.runs.map((run) => (run.id === id ? { ...run, ...changes } : run)) };
}

/** A word that is less probable than this is not sure. */
export const UNSURE = 0.5;

/** How probable a word is: what the user has typed or put right is sure. */
export const probabilityOf = ({ pinned, reading }) => (pinned ? 1 : (reading?.probability ?? 1));

/** Of finished strokes, which do not change. */
const boxes = new WeakMap();

/** Left, top, right and bottom of strokes. */
export function boxOf(strokes) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const stroke of strokes) {
    const box = boxes.get(stroke) ?? boxOfStroke(stroke);
    left = Math.min(left, box[0]);
    top = Math.min(top, box[1]);
    right = Math.max(right, box[2]);
    bottom = Math.max(bottom, box[3]);
  }
  return { left, top, right, bottom, x: (left + right) / 2, y: (top + bottom) / 2 };
}

function boxOfStroke(stroke) {
  const { id, points } = stroke;
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    box[0] = Math.min(box[0], points[i]);
    box[1] = Math.min(box[1], points[i + 1]);
    box[2] = Math.max(box[2], points[i]);
    box[3] = Math.max(box[3], points[i + 1]);
  }
  if (id) boxes.set(stroke, box); // the one under the pen has none
  return box;
}

/** Of a word, by its strokes. */
export function boxOfWord(state, word) {
  const { strokes } = state.runs.find(({ id }) => id === word.run);
  return boxOf(strokes.filter(({ id }) => word.strokes.includes(id)));
}
