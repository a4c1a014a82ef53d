/**
 * The text: a field like any other, to type, select, copy and dictate into, which says what is written. What is done in it is
 * done to the document; under it lie marks that a field cannot have.
 */
import { make } from "../ui/dom.js";
import { UNSURE, probabilityOf } from "./state.js";

/** A word that is less probable than this is marked a little, one that is not sure more. */
const FAIR = 0.8;

export class Field {
  #shown = ""; // what the field showed when its text and the document's were last the same
  #isComposing = false;
  #isDue = false;
  #words = null; // as they are marked
  #pieces = /** @type {Piece[]} */ ([]);
  #caretAt = ""; // for which text and place the caret is shown

  /** `field` is the textarea, `marks` the element under it, `box` the one that scrolls both. */
  constructor(document, { field, marks, box }) {
    this.document = document;
    this.field = field;
    this.marks = marks;
    this.box = box;
    this.caret = make("span", { class: "text-caret" });
    this.lit = make("span", { class: "text-lit" });
    this.words = make("span");
    marks.append(this.lit, this.words, this.caret);
    document.addEventListener("change", () => this.#sync());
    field.addEventListener("beforeinput", (event) => this.#intercept(event));
    field.addEventListener("input", () => this.#isComposing || this.#take());
    field.addEventListener("compositionstart", () => (this.#isComposing = true));
    field.addEventListener("compositionend", () => {
      this.#isComposing = false;
      this.#take();
    });
    field.ownerDocument.addEventListener("selectionchange", () => this.#followCaret());
    field.addEventListener("selectionchange", () => this.#followCaret());
    for (const name of ["focus", "blur"]) field.addEventListener(name, () => this.#showCaret());
    new ResizeObserver(() => this.#showCaret()).observe(box);
    this.#sync();
  }

  /** Type at the caret, in place of what is selected. */
  type(text) {
    const { start, end } = this.document.caret;
    this.document.replaceText(start, end, text);
  }

  /** Delete what is selected, or the character before the caret. */
  backspace() {
    const { start, end } = this.document.caret;
    if (start !== end) return this.document.replaceText(start, end, "");
    const before = Array.from(this.document.text.slice(0, start)).at(-1) ?? "";
    if (before) this.document.replaceText(start - before.length, start, "");
    return undefined;
  }

  /** The place of the ink's character under a point of the page, or -1. */
  characterAt(x, y) {
    const { words } = this.document;
    const found = [...this.words.children].findIndex((word) => [...word.getClientRects()].some((box) => holds(box, x, y)));
    if (!words[found] || words !== this.#words) return -1;
    const { start, end } = words[found];
    for (let at = start; at < end; at += 1) if (this.#boxes(at, at + 1).some((box) => holds(box, x, y))) return at;
    return -1;
  }

  /** Light a piece of the text up; nothing if it is empty. */
  light(start, end) {
    const origin = this.marks.getBoundingClientRect();
    const boxes = start < end ? this.#boxes(start, end) : [];
    this.lit.replaceChildren(
      ...boxes.map(({ left, top, width, height }) => {
        const box = make("span");
        Object.assign(box.style, {
          left: `${left - origin.left}px`,
          top: `${top - origin.top}px`,
          width: `${width}px`,
          height: `${height}px`,
        });
        return box;
      }),
    );
  }

  /** The browser's own undo knows nothing of ink. */
  #intercept(event) {
    if (event.inputType !== "historyUndo" && event.inputType !== "historyRedo") return;
    event.preventDefault();
    if (event.inputType === "historyUndo") this.document.undo();
    else this.document.redo();
  }

  /** What was typed since the field and the document last said the same. */
  #take() {
    const { field, document } = this;
    const [before, after] = [this.#shown, field.value];
    const [start, end, typed] = differenceOf(before, after, field.selectionEnd);
    if (before !== document.text) {
      // Something was read while a word was being composed: what is typed keeps its place from the end, or from the start.
      const [from, to, read] = differenceOf(before, document.text, document.text.length);
      const shift = start >= to ? read.length - (to - from) : 0;
      document.replaceText(start + shift, Math.min(end + shift, document.text.length), typed);
    } else document.replaceText(start, end, typed);
    this.#sync();
  }

  #sync() {
    const { field, document } = this;
    if (this.#isComposing) return;
    if (field.value !== document.text) field.value = document.text;
    this.#shown = document.text;
    const { start, end } = document.caret;
    if (field.selectionStart !== start || field.selectionEnd !== end) field.setSelectionRange(start, end);
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#mark();
    });
  }

  #followCaret() {
    const { field, document } = this;
    const isHere = field.ownerDocument.activeElement === field && !this.#isComposing && field.value === document.text;
    if (isHere) document.moveCaret(field.selectionStart, field.selectionEnd);
  }

  /** The same text under the field, with a line under the words that are not sure. What is there already stays. */
  #mark() {
    const { words, text, caret } = this.document;
    const pieces = piecesOf(words, text);
    const changed = pieces.findIndex((piece, i) => !isSame(piece, this.#pieces[i]));
    if (changed >= 0 || pieces.length < this.#pieces.length) {
      const kept = changed < 0 ? pieces.length : changed;
      for (const node of [...this.words.childNodes].slice(2 * kept)) node.remove();
      this.words.append(...pieces.slice(kept).flatMap(({ gap, word, look }) => [gap, make("span", { class: look }, word)]));
    }
    [this.#words, this.#pieces] = [words, pieces];
    if (this.#caretAt !== `${caret.end} ${text}`) this.#showCaret();
  }

  /** A field shows its caret only while it has the focus; where the pen goes on shall be seen without. */
  #showCaret() {
    this.#caretAt = `${this.document.caret.end} ${this.document.text}`;
    const isPen = this.field.ownerDocument.activeElement !== this.field && this.document.text !== "";
    this.caret.hidden = !isPen;
    if (!isPen || !this.box.clientHeight) return;
    const { end } = this.document.caret;
    const origin = this.marks.getBoundingClientRect();
    const [before] = this.#boxes(end - 1, end).slice(-1);
    const [box] = this.#boxes(end, end + 1);
    const isBreak = end === 0 || this.document.text[end - 1] === "\n" || !before;
    const [x, { top, height }] = isBreak ? [box.left, box] : [before.right, before];
    this.caret.style.transform = `translate(${x - origin.left}px, ${top - origin.top}px)`;
    this.caret.style.height = `${height}px`;
    const frame = this.box.getBoundingClientRect();
    if (top < frame.top) this.box.scrollTop -= frame.top - top;
    else if (top + height > frame.bottom) this.box.scrollTop += top + height - frame.bottom;
  }

  /** Where a piece of the text is seen. */
  #boxes(start, end) {
    if (start < 0) return [];
    const range = this.field.ownerDocument.createRange();
    const [from, to] = [start, end].map((at, i) => this.#nodeAt(at, i === 1));
    if (!from || !to) return [];
    range.setStart(...from);
    range.setEnd(...to);
    return [...range.getClientRects()];
  }

  /** @returns {[Node, number] | null} */
  #nodeAt(at, isEnd) {
    const walker = this.field.ownerDocument.createTreeWalker(this.words, NodeFilter.SHOW_TEXT);
    for (let left = at, node = walker.nextNode(); node; node = walker.nextNode()) {
      const { length } = node.nodeValue;
      if (left < length || (isEnd && left === length)) return [node, left];
      left -= length;
    }
    return null;
  }
}

/** @typedef {{ gap: string, word: string, look: string }} Piece  a word, and the text between it and the one before */

/** @returns {Piece[]} of which the last one ends the text: with something, so that an empty last line has its height */
function piecesOf(words, text) {
  let at = 0;
  const pieces = words.map((word) => {
    const gap = text.slice(at, word.start);
    at = word.end;
    const sure = probabilityOf(word);
    return { gap, word: word.text, look: sure < UNSURE ? "unsure" : sure < FAIR ? "fair" : "sure" };
  });
  return [...pieces, { gap: text.slice(at), word: "\u200b", look: "end" }];
}

const isSame = (one, other) => one.gap === other?.gap && one.word === other.word && one.look === other.look;

const holds = ({ left, right, top, bottom }, x, y) => x >= left && x < right && y >= top && y < bottom;

/**
 * Where two texts differ: [start, end, inserted] of the old one. Of equal letters in a row the caret says which one it was.
 * @returns {[number, number, string]}
 */
export function differenceOf(before, after, caret) {
  const most = Math.min(before.length, after.length);
  let tail = 0;
  const fromEnd = Math.min(most, after.length - caret);
  while (tail < fromEnd && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  let start = 0;
  while (start < most - tail && before[start] === after[start]) start += 1;
  while (tail < most - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  return [start, before.length - tail, after.slice(start, after.length - tail)];
}
