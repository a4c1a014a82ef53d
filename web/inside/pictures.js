/** An input of a network as a person sees it. `paint(values, scale)` takes all its channels, or a change of all. */
import { reach } from "../ui/colors.js";
import { Maps } from "../ui/maps.js";

/** Ink: how much covers each pixel, which is the first channel. */
export class InkPicture extends Maps {
  constructor(canvas, [, rows, columns], options) {
    super(canvas, [1, rows, columns], { across: 1, ...options });
  }

  paint(values, scale = undefined) {
    const [, rows, columns] = this.shape;
    super.paint(values.subarray(0, rows * columns), scale);
  }
}

/** A photograph: three planes of light, where -scale is none and scale is all; so of a change, grey is nothing. */
export class ColorPicture extends Maps {
  constructor(canvas, [, rows, columns], options) {
    super(canvas, [1, rows, columns], { across: 1, ...options });
  }

  paint(values, scale = reach(values)) {
    this.values = values;
    this.top = scale;
    const { pixels, width, scale: size } = this;
    const [, rows, columns] = this.shape;
    const area = rows * columns;
    const level = (value) => Math.max(0, Math.min(255, Math.round((value / scale + 1) * 127.5)));
    for (let row = 0, at = 0; row < rows; row += 1) {
      const start = row * size * width;
      let to = start;
      for (let column = 0; column < columns; column += 1, at += 1) {
        const [red, green, blue] = [values[at], values[at + area], values[at + 2 * area]].map(level);
        const color = ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
        for (let copy = 0; copy < size; copy += 1, to += 1) pixels[to] = color;
      }
      for (let copy = 1; copy < size; copy += 1) pixels.copyWithin(start + copy * width, start, to);
    }
    this.finish();
  }
}
