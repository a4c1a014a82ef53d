/**
 * Feature maps on a canvas: many small pictures in a grid, each value a square of whole device pixels.
 *
 * A vector is shown as maps of one cell. Painting is one pass over one ImageData, so that it can follow the pen.
 */
import { contextOf } from "./dom.js";
import { colorOf, readableOn, reach, scaleOfColors, themeColor } from "./colors.js";

export class Maps {
  /**
   * `shape` is [channels, rows, columns] or [units]; `tile` the size of one map in CSS pixels, at most; `across` how
   * many maps stand beside each other; `names` what is written on maps of one cell; `tints` the pixels of -1 to 1, for each
   * map, in place of the scale of colours (see `tintOf`).
   */
  constructor(canvas, shape, { tile, across, gap = 2, names = [], tints = null }) {
    this.canvas = canvas;
    this.shape = shape.length === 3 ? shape : [shape[0], 1, 1];
    const [channels, rows, columns] = this.shape;
    const density = Math.min(3, Math.max(1, devicePixelRatio));
    this.scale = Math.max(1, Math.floor((tile * density) / Math.max(rows, columns)));
    this.gap = Math.round(gap * density);
    this.names = names;
    this.tints = tints;
    this.across = Math.min(across, channels);
    this.width = this.across * (columns * this.scale + this.gap) - this.gap;
    this.height = Math.ceil(channels / this.across) * (rows * this.scale + this.gap) - this.gap;
    canvas.width = this.width;
    canvas.height = this.height;
    canvas.style.setProperty("--wide", `${this.width / density}px`);
    this.density = density;
    this.values = null;
    this.top = 1;
    this.marks = [];
    this.context = contextOf(canvas);
    this.image = new ImageData(this.width, this.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  /**
   * Show values in the order channel, row, column; `scale` is the value of the full colour, unless `isEachOwn`: then it is
   * each map's own greatest. Maps of one cell have `scale` in any case.
   */
  paint(values, scale = reach(values), isEachOwn = false) {
    this.values = values;
    this.top = scale;
    this.isEachOwn = isEachOwn;
    const { pixels, width, scale: size } = this;
    const [channels, rows, columns] = this.shape;
    const { lookup, half } = scaleOfColors();
    const area = rows * columns;
    const isOwn = isEachOwn && area > 1;
    const { tints } = this;
    let at = 0;
    // The inner loops run a hundred thousand times at each move of the pen, so there are no calls in them.
    for (let channel = 0; channel < channels; channel += 1) {
      const [left, top] = this.corner(channel);
      const table = tints ? tints[channel] : lookup;
      const steps = half / (tints ? 1 : isOwn ? reach(values, at, at + area) : scale);
      for (let row = 0; row < rows; row += 1) {
        const start = (top + row * size) * width + left;
        let to = start;
        for (let column = 0; column < columns; column += 1, at += 1) {
          const place = (values[at] * steps + half + 0.5) | 0;
          const color = table[place < 0 ? 0 : place > 2 * half ? 2 * half : place];
          for (let copy = 0; copy < size; copy += 1, to += 1) pixels[to] = color;
        }
        for (let copy = 1; copy < size; copy += 1) pixels.copyWithin(start + copy * width, start, to);
      }
    }
    this.finish();
  }

  repaint() {
    if (this.values) this.paint(this.values, this.top, this.isEachOwn);
  }

  /** Show nothing, until there are values again. */
  clear() {
    this.values = null;
    this.marks = [];
    this.context.clearRect(0, 0, this.width, this.height);
  }

  /** Outline boxes [channel or null for all, top, bottom, left, right]. */
  mark(boxes) {
    if (String(boxes) === String(this.marks)) return;
    this.marks = boxes;
    if (this.values) this.finish();
  }

  finish() {
    const { context } = this;
    context.putImageData(this.image, 0, 0);
    if (!this.marks.length && !this.names.length) return;
    const line = Math.max(1, Math.round(1.5 * this.density));
    /** @type {[string, string]} */
    const colors = [themeColor("--paper"), getComputedStyle(this.canvas).color];
    this.names.forEach((name, channel) => this.write(name, channel));
    for (const [channel, ...box] of this.marks) {
      const chosen = channel === null ? Array(this.shape[0]).keys() : [channel];
      for (const each of chosen) this.outline(each, box, line, colors);
    }
  }

  /** The name of a map of one cell, on it. */
  write(name, channel) {
    const { context, scale } = this;
    const [x, y] = this.corner(channel);
    context.fillStyle = readableOn(colorOf(this.values[channel] / this.top));
    context.font = `${Math.round(Math.min(scale / 2, (1.6 * scale) / name.length))}px ${getComputedStyle(document.documentElement).getPropertyValue("--serif")}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(name, x + scale / 2, y + scale / 1.9);
  }

  /** Two lines, ink and paper, so that the box is seen on every colour. */
  outline(channel, [top, bottom, left, right], line, [paper, ink]) {
    const { context, scale } = this;
    const [x, y] = this.corner(channel);
    const box = [x + left * scale, y + top * scale, (right - left) * scale, (bottom - top) * scale];
    for (const [color, inset] of [
      [paper, -line / 2],
      [ink, line / 2],
    ]) {
      context.strokeStyle = color;
      context.lineWidth = line;
      context.strokeRect(box[0] + inset, box[1] + inset, Math.max(1, box[2] - 2 * inset), Math.max(1, box[3] - 2 * inset));
    }
  }

  /** Left and top of a map, in device pixels. */
  corner(channel) {
    const [, rows, columns] = this.shape;
    const column = channel % this.across;
    const row = (channel - column) / this.across;
    return [column * (columns * this.scale + this.gap), row * (rows * this.scale + this.gap)];
  }

  /** Where rows `top` to `bottom` of a map lie in the window, in CSS pixels: { top, bottom }. */
  spanOf(channel, top = 0, bottom = this.shape[1]) {
    const box = this.canvas.getBoundingClientRect();
    const zoom = box.height / this.height;
    const start = box.top + this.corner(channel)[1] * zoom;
    return { top: start + top * this.scale * zoom, bottom: start + bottom * this.scale * zoom };
  }

  /** The cell under a pointer, { channel, row, column }, or null. */
  cellAt({ clientX, clientY }) {
    const box = this.canvas.getBoundingClientRect();
    const x = ((clientX - box.left) / box.width) * this.width;
    const y = ((clientY - box.top) / box.height) * this.height;
    const [channels, rows, columns] = this.shape;
    const [wide, high] = [columns * this.scale + this.gap, rows * this.scale + this.gap];
    const channel = Math.floor(y / high) * this.across + Math.floor(x / wide);
    const [row, column] = [Math.floor((y % high) / this.scale), Math.floor((x % wide) / this.scale)];
    if (x < 0 || y < 0 || x >= this.width || channel >= channels || row >= rows || column >= columns) return null;
    return { channel, row, column };
  }

  valueAt({ channel, row, column }) {
    const [, rows, columns] = this.shape;
    return this.values?.[(channel * rows + row) * columns + column];
  }
}
