/**
 * Ink is data: what was drawn, as strokes in pad units, with undo and redo.
 *
 * x runs to the right and y down, both from 0 to SIDE over the pad; a stroke may leave the pad.
 * The drawing is a list of items: strokes, or one picture that somebody opened.
 * Every step (a stroke, a clearing, an opened picture) removes some items and adds others, so undoing
 * is the same few lines for all of them and costs no copy of the drawing.
 *
 * Events: "change", after every change; "stroke" and "withdrawn", each with the stroke in `detail`, once it is finished or
 * taken back: for whoever keeps a history of his own and then says what is to be seen (`show`).
 */

export const SIDE = 1000;

/** Points closer than this (pad units) to the last one say nothing new: a resting pen sends hundreds. */
const NEAR = 0.8;

/** So many steps can be undone; what was cleared before lets go of its memory. */
const MOST_STEPS = 1000;

/** One pen-down to pen-up: `points` holds x0, y0, x1, y1, ...; `pressures` 0 to 1 per point, or null. */
export class Stroke {
  id = 0; // given by who tells strokes apart

  constructor(points = /** @type {number[]} */ ([]), pressures = /** @type {number[] | null} */ (null)) {
    this.points = points;
    this.pressures = pressures;
  }

  get length() {
    return this.points.length / 2;
  }

  /** Whether the point was taken: one that is not finite never is, nor one that says nothing new. */
  add(x, y, pressure) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return false;
    const { points, pressures } = this;
    const n = points.length;
    if (n && Math.hypot(x - points[n - 2], y - points[n - 1]) < NEAR) return false;
    points.push(x, y);
    pressures?.push(pressure);
    return true;
  }
}

export class Ink extends EventTarget {
  #items = [];
  #done = [];
  #undone = [];
  #live = /** @type {Stroke | null} */ (null);

  /** Counts the changes other than a growing or an added stroke: a painter's cue to start over. */
  revision = 0;

  /** Of the ruled lines that it is drawn on, y of the base line and the height of a capital; [] without lines. */
  lines = [];

  get strokes() {
    return this.#live ? [...this.finished, this.#live] : this.finished;
  }

  /** The finished strokes only; the same array as long as `revision` stays. */
  get finished() {
    return this.#opened ? [] : this.#items;
  }

  get live() {
    return this.#live;
  }

  /** The opened picture (ImageData), or null. The first touch of the pen replaces it. */
  get picture() {
    return this.#live ? null : this.#opened;
  }

  get #opened() {
    return this.#items[0] instanceof Stroke ? null : (this.#items[0] ?? null);
  }

  get isEmpty() {
    return !this.#items.length && !this.#live;
  }

  /** What was done with the drawing as it is, by the newest step: see `act`; else null. */
  get deed() {
    return (!this.#live && this.#done.at(-1)?.deed) || null;
  }

  get canUndo() {
    return this.#done.length > 0 || this.#live !== null;
  }

  get canRedo() {
    return this.#undone.length > 0;
  }

  /** Pen down: the stroke that begins, or null where there is no such point. `pressure` is null for devices that have none. */
  begin(x, y, pressure = null) {
    if (this.#live) this.end();
    const stroke = new Stroke([], pressure === null ? null : []);
    if (!stroke.add(x, y, pressure)) return null;
    this.#live = stroke;
    if (this.#opened) this.revision += 1;
    this.#tell();
    return stroke;
  }

  /** Pen moved: any number of [x, y, pressure] at once, so that one event costs one redraw. */
  extend(samples) {
    if (!this.#live) return;
    let grew = false;
    for (const [x, y, pressure] of samples) grew = this.#live.add(x, y, pressure) || grew;
    if (grew) this.#tell();
  }

  /** Pen up. */
  end() {
    if (!this.#live) return;
    const stroke = this.#live;
    this.#live = null;
    this.#step(this.#opened ? [this.#opened] : [], [stroke]);
    this.dispatchEvent(new CustomEvent("stroke", { detail: stroke }));
  }

  /** The stroke under the pen was a mistake (a palm, say): as if it had not been. */
  cancel() {
    if (!this.#live) return;
    this.#live = null;
    this.revision += 1;
    this.#tell();
  }

  /** The newest stroke, finished already, was a mistake as well. */
  withdraw(stroke) {
    const step = this.#done.at(-1);
    if (step?.added.length !== 1 || step.added[0] !== stroke) return;
    this.#done.pop();
    this.#exchange(step.added, step.removed);
    this.dispatchEvent(new CustomEvent("withdrawn", { detail: stroke }));
  }

  clear() {
    this.cancel();
    if (this.#items.length) this.#step([...this.#items], []);
  }

  /** Put strokes, or one picture, in place of all there is. */
  replace(items) {
    this.cancel();
    this.#step([...this.#items], items);
  }

  /** These strokes and none else, without a step, and with none before: the history is somebody else's. */
  show(strokes) {
    this.cancel();
    [this.#items, this.#done, this.#undone] = [[...strokes], [], []];
    this.revision += 1;
    this.#tell();
  }

  /** A step that leaves the drawing as it is: a deed, already done, that its `undo()` takes back and its `redo()` does again. */
  act(deed) {
    this.#step([], [], deed);
  }

  undo() {
    if (this.#live) return this.cancel();
    const step = this.#done.pop();
    if (!step) return;
    this.#undone.push(step);
    step.deed?.undo();
    this.#exchange(step.added, step.removed);
  }

  redo() {
    const step = this.#live ? null : this.#undone.pop();
    if (!step) return;
    this.#done.push(step);
    step.deed?.redo();
    this.#exchange(step.removed, step.added);
  }

  /** For Python: all points in one Float32Array, and the number of points of each stroke. */
  flatten() {
    const strokes = this.strokes;
    const lengths = Uint32Array.from(strokes, (stroke) => stroke.length);
    const points = new Float32Array(strokes.reduce((sum, stroke) => sum + stroke.points.length, 0));
    let at = 0;
    for (const stroke of strokes) {
      points.set(stroke.points, at);
      at += stroke.points.length;
    }
    return { points, lengths };
  }

  /** The strokes as the samples format of the project writes them: [[[x, y], ...], ...]. */
  toJSON() {
    const round = (value) => Math.round(value * 10) / 10;
    const pairs = ({ points }) =>
      Array.from({ length: points.length / 2 }, (_, i) => [round(points[2 * i]), round(points[2 * i + 1])]);
    return { strokes: this.strokes.map(pairs) };
  }

  #step(removed, added, deed = null) {
    this.#done.push({ removed, added, deed });
    if (this.#done.length > MOST_STEPS) this.#done.shift();
    this.#undone = [];
    this.#exchange(removed, added);
  }

  /** What is removed always stands at the end of the items, by the way steps are made. */
  #exchange(removed, added) {
    if (removed.length) {
      this.#items.length -= removed.length;
      this.revision += 1;
    }
    if (added.length > 1 || (added.length && !(added[0] instanceof Stroke))) this.revision += 1;
    for (const item of added) this.#items.push(item);
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}
