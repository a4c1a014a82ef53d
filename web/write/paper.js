/**
 * Ruled paper: rows below each other, as wide as the window, as many as are written and one more. It shows some of them at a
 * time, and moves on when the hand rests; never under the pen.
 */
import { Painter } from "../ink/painter.js";
import { drawWithPointers } from "../ink/pointer.js";
import { whenHidden } from "../ink/hidden.js";
import { ROW } from "./state.js";

/** Rows of a page: then it is full. */
export const MOST_ROWS = 40;
/** Of a row: its height in rem, on paper that is narrower than so many of them, and else. */
const NARROW = 6;
const HEIGHTS = { narrow: 6.5, wide: 7 };
/** Of a row's height: ink ends this near the end of a narrow row if the row is full. */
const END = 0.8;
/** Milliseconds after which a hand that does not write rests. */
const REST = 900;

export class Paper {
  #rest = 0;
  #height = 0; // of a row, in CSS pixels
  #moved = -1; // the row that was moved on from
  #going = new Set(); // ids of strokes
  #faint = "";

  /** `document` is a Document; `parts` are elements: sheet (which scrolls), roll (all rows), window, canvas, mark, ring. */
  constructor(document, parts) {
    this.document = document;
    this.parts = parts;
    const { sheet, canvas } = parts;
    this.painter = new Painter(canvas, document.ink, {
      scale: () => (canvas.width / canvas.clientWidth) * this.pixelsPerUnit,
      above: () => this.above,
      color: ({ id }) => (this.#going.has(id) ? this.#faint : ""),
    });
    // Before the pen draws: a paper that still moves would bend its stroke.
    canvas.addEventListener("pointerdown", () => this.#hold(), { capture: true });
    drawWithPointers(
      canvas,
      document.ink,
      () => 1 / this.pixelsPerUnit,
      () => this.above,
    );
    sheet.addEventListener("wheel", (event) => document.ink.live && event.preventDefault(), { passive: false });
    sheet.addEventListener("scroll", () => this.#show());
    document.addEventListener("change", ({ detail }) => this.#follow(detail));
    document.ink.addEventListener("change", () => document.ink.live && clearTimeout(this.#rest));
    new ResizeObserver(() => this.#fit()).observe(sheet);
    whenHidden(sheet, () => clearTimeout(this.#rest));
  }

  get pixelsPerUnit() {
    return this.#height / ROW;
  }

  /** Units of the paper above what is seen. */
  get above() {
    return this.#height ? this.parts.sheet.scrollTop / this.pixelsPerUnit : 0;
  }

  /** Units from the beginning of a row to its end. */
  get width() {
    return this.#height ? this.parts.canvas.clientWidth / this.pixelsPerUnit : Infinity;
  }

  get isNarrow() {
    return this.width < NARROW * ROW;
  }

  /** Where a point of the page lies on the paper, in units. */
  place(clientX, clientY) {
    const box = this.parts.canvas.getBoundingClientRect();
    return [(clientX - box.left) / this.pixelsPerUnit, (clientY - box.top) / this.pixelsPerUnit + this.above];
  }

  /** Show strokes, by their ids, as what is about to go: faint. */
  showGoing(ids) {
    const isSame = ids.length === this.#going.size && ids.every((id) => this.#going.has(id));
    if (isSame) return;
    this.#going = new Set(ids);
    this.#faint = getComputedStyle(this.parts.ring).color;
    this.painter.repaint();
  }

  /** A ring around a point of the page, as far as `reach` units; none without a point. */
  showRing(point, reach = 0) {
    const { ring, canvas } = this.parts;
    ring.hidden = !point;
    if (!point) return;
    const box = canvas.getBoundingClientRect();
    const radius = reach * this.pixelsPerUnit;
    ring.style.setProperty("--radius", `${radius}px`);
    ring.style.transform = `translate(${point.clientX - box.left - radius}px, ${point.clientY - box.top - radius}px)`;
  }

  /** Bring a row into sight. */
  showRow(row, behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth") {
    const { sheet } = this.parts;
    const [top, bottom] = [row * this.#height, (row + 1) * this.#height];
    if (top < sheet.scrollTop) sheet.scrollTo({ top, behavior });
    else if (bottom > sheet.scrollTop + sheet.clientHeight) sheet.scrollTo({ top: bottom - sheet.clientHeight, behavior });
  }

  /** Rows as high as they should be, or so much lower that no ink is beyond the end of its row. */
  #fit() {
    const { sheet, canvas } = this.parts;
    if (!canvas.clientWidth) return;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const isNarrow = canvas.clientWidth < NARROW * HEIGHTS.narrow * rem;
    const wanted = rem * (isNarrow ? HEIGHTS.narrow : HEIGHTS.wide);
    const right = this.document.rows.reduce((most, row) => Math.max(most, row.right), 0);
    const height = Math.min(wanted, (canvas.clientWidth / (right + 0.05 * ROW)) * ROW);
    const isFirst = !this.#height;
    const above = isFirst ? 0 : sheet.scrollTop / this.#height;
    this.#height = height;
    sheet.style.setProperty("--row", `${height}px`);
    this.#grow();
    sheet.scrollTop = above * height;
    if (isFirst) this.#showNewest("instant");
    this.#show();
  }

  #grow() {
    const { sheet, roll } = this.parts;
    if (!this.#height) return; // another view is open
    const last = this.document.rows.at(-1)?.row ?? -1;
    const rows = Math.min(MOST_ROWS, Math.max(Math.floor(sheet.clientHeight / this.#height), last + 2));
    if (roll.style.getPropertyValue("--rows") !== String(rows)) roll.style.setProperty("--rows", String(rows));
  }

  #show() {
    this.parts.window.style.setProperty("--above", `${this.parts.sheet.scrollTop}px`);
    this.painter.repaint();
    this.parts.sheet.dispatchEvent(new Event("moved"));
  }

  #hold() {
    clearTimeout(this.#rest);
    const { sheet } = this.parts;
    sheet.scrollTo({ top: sheet.scrollTop, behavior: "instant" });
  }

  #follow(what) {
    if (what === "caret") return;
    if (what === "opening") this.#fit(); // there may be ink beyond the end of the rows
    this.#grow();
    if (["opening", "undo", "redo"].includes(what)) this.#showNewest();
    if (what !== "stroke") return;
    const row = this.document.rowOf(this.document.strokes.at(-1));
    this.#mark(row);
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#moveOn(row), REST);
  }

  /** The hand rests: at the end of a narrow row the next one goes on; and the row after the newest one is in sight. */
  #moveOn(row) {
    if (this.document.ink.live || row + 1 >= MOST_ROWS) return;
    const { right } = this.document.rows.find((each) => each.row === row) ?? { right: 0 };
    if (this.isNarrow && right > this.width - END * ROW && this.#moved !== row) {
      this.#moved = row;
      this.document.continueIn(row + 1);
      this.#mark(row + 1);
    }
    this.showRow(row + 1);
  }

  #showNewest(behavior = /** @type {"instant" | undefined} */ (undefined)) {
    const newest = this.document.strokes.at(-1);
    const row = newest ? this.document.rowOf(newest) : 0;
    this.#mark(row);
    if (this.#height) this.showRow(row, behavior);
  }

  #mark(row) {
    const { style } = this.parts.mark;
    if (style.getPropertyValue("--at") !== String(row)) style.setProperty("--at", String(row));
  }
}
