/** Level two: all maps of one step, its filters, and the cell that level three explains. */
import { nameOf } from "../ui/labels.js";
import { onTheme, reach } from "../ui/colors.js";
import { hook } from "../ui/hooks.js";
import { canvas, element, make } from "../ui/dom.js";
import { nicely, strongest } from "./cells.js";
import { trouble, written } from "./dom.js";
import { Dropout } from "./dropout.js";
import { Filters } from "./filters.js";
import { Maps } from "../ui/maps.js";
import { parametersOf, shapeOf, titleOf, wordsFor } from "./words.js";

/** Side of a map in CSS pixels by the number of maps, so that all fit on about one screen. */
const TILE = { 3: 192, 16: 112, 20: 112, 32: 96, 40: 80, 64: 54, 80: 54, 128: 44, 160: 44 };
const SMALLEST_VALUE = 22;
/** Side of a value with a name: of a character, of a word. */
const [NAMED_VALUE, WORD] = [32, 80];
const GAP = 4;

export class LayerView {
  /** @type {(byKey?: boolean) => void} called when the arithmetic of a cell is asked for */
  onOpen = () => {};
  /** @type {Maps} */
  #maps;
  #losers = /** @type {Maps | null} */ (null); // of a pooling
  /** Whether somebody picked the cell; whether the one to begin with was found. */
  #isPicked = false;
  #isFound = false;

  /** Begins with `step`. `onCell(cell)` is called when another cell is looked at, `say` announces to screen readers. */
  constructor(live, step, { onCell, say }) {
    this.live = live;
    this.step = step;
    this.cell = this.#firstCell();
    this.onCell = onCell;
    this.say = say;
    this.canvas = canvas("layer-maps");
    this.filters = new Filters(live);
    this.dropout = new Dropout(live);
    this.#maps = this.#laidOut();
    const complain = trouble(element("layer-problem"), () => live.again());
    live.addEventListener("seen", () => {
      complain("");
      if (!this.#isFound) this.#begin();
      this.paint();
    });
    live.addEventListener("rest", () => this.#begin());
    live.addEventListener("scale", () => {
      this.paint();
      this.tell();
    });
    live.addEventListener("empty", () => {
      complain("");
      this.#isPicked = this.#isFound = false;
      this.#clear();
    });
    live.addEventListener("failed", () => complain(live.problem));
    onTheme(() => this.paint());
    this.#followPointer();
    this.canvas.addEventListener("keydown", (event) => this.#followKeys(event));
    addEventListener("resize", () => {
      this.#maps = this.#laidOut();
      this.paint();
    });
  }

  choose(step) {
    const { steps } = this.live;
    this.step = step;
    this.#isPicked = this.#isFound = false;
    this.cell = this.#firstCell();
    const chosen = steps[step];
    element("layer-title").textContent = titleOf(chosen);
    element("layer-words").textContent = wordsFor(chosen, steps, this.live.subject.words);
    element("layer-facts").textContent = `${shapeOf(chosen)}, ${parametersOf(chosen)}`;
    hook(element("layer"), { kind: chosen.kind });
    element("layer-filters").hidden = !["conv", "dense"].includes(chosen.kind);
    element("layer-winners").hidden = !hasWinners(chosen);
    element("layer-dropout").hidden = chosen.kind !== "dropout";
    this.#maps = this.#laidOut();
    this.filters.choose(step, this.cell.channel);
    this.dropout.choose(step);
    this.live.show("layer", hasWinners(chosen) ? [step, step - 1] : [step]);
    this.paint();
    this.tell();
  }

  /** The cell to begin with: the strongest; of scores and probabilities the best label's, with what was taught. */
  #firstCell() {
    const { best, maps } = this.live;
    const named = best ? this.live.namesOf(this.step).indexOf(best[0][0]) : -1;
    if (named >= 0) return { channel: named, row: 0, column: 0 };
    return strongest(maps.get(this.step) ?? [0], this.live.steps[this.step].shape);
  }

  /** Until somebody picks a cell, the one to begin with follows the drawing. */
  #begin() {
    this.#isFound = this.live.maps.has(this.step);
    if (this.#isPicked || !this.#isFound) return;
    const cell = this.#firstCell();
    if (cell.channel !== this.cell.channel) this.filters.choose(this.step, cell.channel);
    this.cell = cell;
    this.#mark();
  }

  /** Look at a cell: from the pointer, the keyboard, or another part of the view. */
  look(cell, isSpoken = false) {
    this.cell = cell;
    this.#isPicked = true;
    this.#mark();
    this.filters.choose(this.step, cell.channel);
    this.onCell(cell);
    if (isSpoken) this.say(this.#wordsForCell());
  }

  paint() {
    const values = this.live.maps.get(this.step);
    if (!values) return;
    this.#mark();
    this.#maps.paint(values, reach(values), this.live.isEachOwn);
    const before = this.live.maps.get(this.step - 1);
    if (this.#losers && before) this.#losers.paint(this.#winners(before, values), reach(before), this.live.isEachOwn);
  }

  #clear() {
    this.tell();
    this.#maps.clear();
    this.#losers?.clear();
  }

  /** New maps of the step, as many beside each other as there is room for; and of what came before it, if it has winners. */
  #laidOut() {
    const { shape } = this.live.steps[this.step];
    const names = this.live.namesOf(this.step); // of scores and probabilities: the labels
    const wide = Math.max(240, element("layer-scale").clientWidth);
    const plain = shape.length === 3 ? (TILE[shape[0]] ?? 64) : SMALLEST_VALUE;
    const named = names.some((name) => [...name].length > 1) ? WORD : NAMED_VALUE;
    const tile = names.length ? named : plain;
    const across = nicely(Math.max(1, Math.floor((wide + GAP) / (tile + GAP))), shape[0]);
    // Maps grow into the room that is left, by half at most.
    const fit = Math.min(1.5 * tile, (wide + GAP) / across - GAP);
    const options = { tile: fit, across, gap: GAP };
    this.canvas.setAttribute(
      "aria-label",
      `${titleOf(this.live.steps[this.step])}: arrow keys move from cell to cell, Page Up and Page Down from map to map, Enter opens the arithmetic`,
    );
    this.#losers = null;
    if (hasWinners(this.live.steps[this.step])) {
      const before = this.live.steps[this.step - 1].shape;
      this.#losers = new Maps(element("winner-maps"), before, options);
    }
    return new Maps(this.canvas, shape, { ...options, names, tints: this.live.tintsOf(this.step) });
  }

  /** The maps before the pooling, with zero for every value that was not the greatest of its window. */
  #winners(before, after) {
    const [channels, rows, columns] = this.live.steps[this.step].shape;
    const { window: size, stride } = this.live.steps[this.step];
    const [, high, wide] = this.live.steps[this.step - 1].shape;
    const kept = new Float32Array(before.length);
    for (let c = 0; c < channels; c += 1)
      for (let i = 0; i < rows; i += 1)
        for (let j = 0; j < columns; j += 1) {
          const most = after[(c * rows + i) * columns + j];
          for (let k = 0; k < size * size; k += 1) {
            const at = (c * high + i * stride + Math.floor(k / size)) * wide + j * stride + (k % size);
            if (before[at] !== most) continue;
            kept[at] = most;
            break; // the first of equal values, as in inkling.nn
          }
        }
    return kept;
  }

  /** Where the map of the cell lies in the window, and the cell itself: { top, bottom } in CSS pixels. */
  spans() {
    const { channel, row } = this.cell;
    return [this.#maps.spanOf(channel), this.#maps.spanOf(channel, row, row + 1)];
  }

  #mark() {
    const { channel, row, column } = this.cell;
    this.#maps.mark([[channel, row, row + 1, column, column + 1]]);
  }

  /** Show least, greatest and share of zeros of the current values, and the scale of their colours. */
  tell() {
    const values = this.live.maps.get(this.step);
    element("layer-scale").textContent = values ? this.#wordsForScale(values) : "";
    let [least, most, zeros] = [Infinity, -Infinity, 0];
    for (const value of values ?? []) {
      if (value < least) least = value;
      if (value > most) most = value;
      if (value === 0) zeros += 1;
    }
    const facts = values && {
      Least: written(least),
      Greatest: written(most),
      Zeros: `${Math.round((100 * zeros) / values.length)}%`,
    };
    element("layer-numbers").replaceChildren(
      ...Object.entries(facts ?? {}).map(([name, value]) =>
        make("div", {}, make("dt", {}, name), hook(make("dd", {}, value), { name: name.toLowerCase() })),
      ),
    );
  }

  #wordsForScale(values) {
    if (this.live.tintsOf(this.step)) return "From dark, −1, to bright, 1.";
    const { shape } = this.live.steps[this.step];
    const isOne = shape.length === 1 || !this.live.isEachOwn;
    if (isOne) return `One scale: the full colour is ±${written(reach(values), 2)}.`;
    const area = shape[1] * shape[2];
    const own = Array.from({ length: shape[0] }, (_, at) => reach(values, at * area, (at + 1) * area));
    return `Own scales: the full colour is from ±${written(Math.min(...own), 2)} to ±${written(Math.max(...own), 2)}, by map.`;
  }

  #followPointer() {
    const at = (event) => {
      const cell = this.#maps.cellAt(event);
      if (cell) this.look(cell);
      return cell;
    };
    this.canvas.addEventListener("pointermove", (event) => event.pointerType !== "touch" && at(event));
    this.canvas.addEventListener("click", (event) => at(event) && this.onOpen());
  }

  #followKeys(event) {
    const [channels, rows, columns] = this.#maps.shape;
    const { across } = this.#maps;
    const { channel, row, column } = this.cell;
    const isVector = rows * columns === 1;
    const moves = {
      ArrowRight: isVector ? [1, 0, 0] : [0, 0, 1],
      ArrowLeft: isVector ? [-1, 0, 0] : [0, 0, -1],
      ArrowDown: isVector ? [across, 0, 0] : [0, 1, 0],
      ArrowUp: isVector ? [-across, 0, 0] : [0, -1, 0],
      PageDown: [1, 0, 0],
      PageUp: [-1, 0, 0],
      Home: [-channel, -row, -column],
      End: [channels, rows, columns],
    };
    if (event.key === "Enter" || event.key === " ") this.onOpen(true);
    else if (moves[event.key] && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const [c, i, j] = moves[event.key];
      const within = (value, size) => Math.max(0, Math.min(size - 1, value));
      this.look(
        { channel: within(channel + c, channels), row: within(row + i, rows), column: within(column + j, columns) },
        true,
      );
    } else return;
    event.preventDefault();
  }

  #wordsForCell() {
    const { channel, row, column } = this.cell;
    const value = this.#maps.valueAt(this.cell);
    const isVector = this.live.steps[this.step].shape.length === 1;
    const name = this.live.namesOf(this.step)[channel];
    const place = name
      ? nameOf(name)
      : isVector
        ? `Unit ${channel + 1}`
        : `Map ${channel + 1}, row ${row + 1}, column ${column + 1}`;
    return value === undefined ? place : `${place}: ${written(value)}`;
  }
}

/** Of a pooling by the greatest, not of one by the mean. */
const hasWinners = ({ layer }) => layer === "MaxPool2D";
