/**
 * What is written: ink, text, and which belongs to which; with undo and redo of everything. It knows no page.
 *
 * Everything that the user does is a step: a stroke, typing, a correction, an erasing, a clearing. What was read of the ink is
 * none: it changes the state that the newest step has led to, so that undo leads back to ink with its text.
 *
 * Events: "change" after every change, whose `detail` is what happened: "stroke", "text", "correction", "erasing",
 * "clearing", "reading", "how", "caret", "undo", "redo", "opening" or "saved"; and "stroke" before a finished stroke becomes ink, with it
 * in `detail`: whoever prevents its default takes it for something else, such as a scratch-out, and it is no ink.
 */
import { Ink } from "../ink/ink.js";
import { withCorrection, withErased, withText } from "./editing.js";
import { withReading } from "./merge.js";
import { partsOf } from "./parts.js";
import { rowFor, withStroke } from "./place.js";
import { contentOf, renamed, stateOf } from "./stored.js";
import { EMPTY, boxOf, newId, strokesOf } from "./state.js";

/** So many steps can be undone. */
const MOST_STEPS = 1000;

/** A function of the state, computed once for each state: the page asks several times after a change. */
function latest(compute) {
  let of = null;
  let found = null;
  return (state) => {
    if (state !== of) [of, found] = [state, compute(state)];
    return found;
  };
}

export class Document extends EventTarget {
  #state = EMPTY;
  #strokes = []; // of the state
  #done = []; // { state: as it was before, kind, stroke }
  #undone = []; // { state: as it was after, kind }
  #typing = -1; // where typing goes on in the same step; -1 if it begins another
  #continued = -1;
  #saved = { text: "", newest: 0 }; // the text and the newest stroke as they were last taken elsewhere
  #how = Object.freeze({ characters: "text", language: "en" });
  #parts = latest((state) => state.runs.flatMap((run) => partsOf(state, run)));
  #rows = latest(rowsOf);

  /** Where the pens draw: by drawWithPointers and a painter. Its strokes have an `id` once they are finished. */
  ink = new Ink();

  constructor() {
    super();
    this.ink.addEventListener("stroke", (event) => this.#take(/** @type {CustomEvent} */ (event).detail));
    this.ink.addEventListener("withdrawn", (event) => this.#withdraw(/** @type {CustomEvent} */ (event).detail));
  }

  get text() {
    return this.#state.text;
  }

  /** In the order of the text: { id, text, start, end, strokes (ids), letters (ink of each character), reading, pinned, settled }. */
  get words() {
    return this.#state.words;
  }

  /** { start, end, own }: where the next ink goes; `own` if the user has put it there. */
  get caret() {
    return this.#state.caret;
  }

  /** Of a stroke id, the stroke. */
  stroke(id) {
    return this.strokes.find((stroke) => stroke.id === id);
  }

  /** All strokes that are ink; a finished one is not before whoever listens to "stroke" has left it. */
  get strokes() {
    return this.#strokes;
  }

  /** Ink that is read together, each with what is known of its reading: see parts.js. */
  get parts() {
    return this.#parts(this.#state);
  }

  /** The row in which a stroke stands, or would. */
  rowOf(stroke) {
    return this.#state.runs.find(({ strokes }) => strokes.includes(stroke))?.row ?? rowFor(this.#state, stroke);
  }

  /** { row, left, right } of the ink in each row that has some, from the upper to the lower. */
  get rows() {
    return this.#rows(this.#state);
  }

  get isEmpty() {
    return !this.text && this.ink.isEmpty;
  }

  /** Whether there is text that is nowhere but here, or ink that has not become text. */
  get isUnsaved() {
    if (this.text.trim()) return this.text !== this.#saved.text;
    return this.strokes.length > 0 && this.#newest !== this.#saved.newest;
  }

  /** What is here, as it is, is copied or saved elsewhere. */
  markSaved() {
    this.#saved = { text: this.text, newest: this.#newest };
    this.#tell("saved");
  }

  get #newest() {
    return this.#strokes.at(-1)?.id ?? 0;
  }

  get canUndo() {
    return this.#done.length > 0 || this.ink.live !== null;
  }

  get canRedo() {
    return this.#undone.length > 0;
  }

  /** How ink is read: { characters: "text", "digits" or "codes"; language: "en" or null }. */
  get how() {
    return this.#how;
  }

  /** From now on, and the ink that is being written, too: what was put right in it stays. */
  set how(how) {
    if (how.characters === this.#how.characters && how.language === this.#how.language) return;
    this.#how = Object.freeze({ ...how });
    const { runs, writing } = this.#state;
    if (!runs.some(({ id }) => id === writing)) return;
    const changed = runs.map((run) => (run.id === writing ? { ...run, how: this.#how } : run));
    this.#become({ ...this.#state, runs: changed }, "how");
  }

  /** The row before `row` is full, and what is written in this one goes on from there, without a new line. */
  continueIn(row) {
    this.#continued = row;
  }

  /** The user has put the caret somewhere: what is written next goes there. */
  moveCaret(start, end = start) {
    const { caret, text } = this.#state;
    [start, end] = [start, end].map((at) => Math.max(0, Math.min(text.length, at)));
    if (caret.start === start && caret.end === end) return;
    this.#typing = -1;
    this.#state = { ...this.#state, caret: { start, end, own: true } };
    this.#tell("caret");
  }

  /** Typed, pasted or deleted by hand: the ink of what is gone goes, too. */
  replaceText(start, end, typed) {
    if (start === end && !typed) return;
    const goesOn = this.#typing === start && start === end && this.#done.at(-1)?.kind === "text" && !/\s/.test(typed);
    const deletes = this.#typing === end && start < end && !typed && this.#done.at(-1)?.kind === "deletion";
    const next = withText(this.#state, start, end, typed);
    if (goesOn || deletes) this.#become(next, "text");
    else this.#step(next, typed ? "text" : "deletion", "text");
    this.#typing = start + typed.length;
  }

  /** The user's choice for a word: reading again never changes it. */
  correct(id, text) {
    const word = this.words.find((each) => each.id === id);
    if (!word) return;
    if (!text.trim()) this.erase(word.strokes);
    else this.#step(withCorrection(this.#state, id, text.trim()), "correction");
  }

  /** Ink goes, and the text that it showed. */
  erase(ids) {
    const here = new Set(this.strokes.map(({ id }) => id));
    const erased = ids.filter((id) => here.has(id));
    if (erased.length) this.#step(withErased(this.#state, erased), "erasing");
  }

  clear() {
    this.ink.cancel();
    if (!this.isEmpty) this.#step(EMPTY, "clearing");
  }

  undo() {
    if (this.ink.live) return this.ink.cancel();
    const step = this.#done.pop();
    if (!step) return;
    this.#undone.push({ ...step, state: this.#state });
    this.#become(step.state, "undo");
  }

  redo() {
    const step = this.ink.live ? null : this.#undone.pop();
    if (!step) return;
    this.#done.push({ ...step, state: this.#state });
    this.#become(step.state, "redo");
  }

  /** What Python read of a part (one of `parts`): no step of the user's. False if it came too late to say anything. */
  take(part, reading, settled) {
    const next = withReading(this.#state, part, reading, settled);
    if (next === this.#state) return false;
    this.#become(next, "reading");
    return true;
  }

  /** Something else in place of everything: ink out of a file, a draft. Undo brings back what was. */
  open(json) {
    this.#step(renamed(stateOf(json)), "opening");
  }

  /** What was here before a reload: no step. */
  restore(json) {
    this.#become(stateOf(json), "opening");
  }

  toJSON() {
    return contentOf(this.#state);
  }

  /** TypeError in words where this is none of ours. */
  static fromJSON(json) {
    const made = new Document();
    made.restore(json);
    return made;
  }

  #take(stroke) {
    stroke.id = newId();
    stroke.points = stroke.points.map(rounded);
    stroke.pressures &&= stroke.pressures.map((value) => Math.round(1000 * value) / 1000);
    const isInk = this.dispatchEvent(new CustomEvent("stroke", { detail: stroke, cancelable: true }));
    if (!isInk) return this.#show();
    this.#step(withStroke(this.#state, stroke, this.#how, this.#continued), "stroke", "stroke", stroke);
  }

  /** The hand that holds the pen had drawn: as if it had not. */
  #withdraw(stroke) {
    const step = this.#done.at(-1);
    if (step?.stroke === stroke) this.#become(this.#done.pop().state, "undo");
    else this.#show();
  }

  #step(state, kind, told = kind, stroke = null) {
    this.#done.push({ state: this.#state, kind, stroke });
    if (this.#done.length > MOST_STEPS) this.#done.shift();
    this.#undone = [];
    this.#become(state, told);
  }

  #become(state, told) {
    this.#state = state;
    this.#typing = -1;
    this.#show();
    this.#tell(told);
  }

  /** The ink that is seen is the state's. */
  #show() {
    const strokes = (this.#strokes = strokesOf(this.#state));
    const seen = this.ink.finished;
    if (strokes.length !== seen.length || strokes.some((stroke, i) => stroke !== seen[i])) this.ink.show(strokes);
  }

  #tell(what) {
    this.dispatchEvent(new CustomEvent("change", { detail: what }));
  }
}

/** A tenth of a unit is a hundredth of a pixel, and short to write down. */
const rounded = (value) => Math.round(10 * value) / 10;

function rowsOf({ runs }) {
  const rows = new Map();
  for (const { row, strokes } of runs) if (strokes.length) rows.set(row, [...(rows.get(row) ?? []), ...strokes]);
  return [...rows].map(([row, strokes]) => ({ row, ...boxOf(strokes) })).sort((one, other) => one.row - other.row);
}
