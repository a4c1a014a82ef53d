/**
 * Keeps a canvas showing an Ink: at device resolution, once a frame at most, sharp again after every
 * resize, in the canvas's own CSS colour (so themes and forced colours are the style sheet's business).
 *
 * Finished strokes are kept in a second, hidden canvas: a frame copies that one and draws only the stroke under the pen, so
 * its cost does not grow with the drawing. Both are limited to the area that changed, because without a graphics
 * processor the browser has to composite every pixel that was touched.
 */
import { canvasWith, contextOf } from "../ui/dom.js";
import { onTheme } from "../ui/colors.js";
import { grownBy, NOWHERE, pixelsOf } from "./area.js";
import { drawStroke, reachOf } from "./brush.js";
import { SIDE } from "./ink.js";

/** A pad is as wide and as high as SIDE units; nothing is above what it shows. */
const PAD = { scale: (canvas) => canvas.width / SIDE, above: () => 0 };

/** The share of a pad that an opened picture fills. */
export const PICTURE_SHARE = 0.92;

/** More pixels are not visibly sharper, and memory grows with the square. */
const MOST_PIXELS = 2400;

export class Painter {
  #context;
  #store = document.createElement("canvas");
  #stored = 0;
  #revision = -1;
  #color = "";
  #live = null; // the stroke under the pen, as it was last painted, and how many of its points
  #points = 0;
  #due = false;

  /**
   * `view` tells which part of the ink the canvas shows: `scale(canvas)` is its pixels to a unit, and `above()` how many
   * units of the ink lie above it; and `color(stroke)`, if it is there, the colour of a stroke that has another than the
   * canvas's, else "" (`repaint` once any of this changes).
   */
  constructor(canvas, ink, view = PAD) {
    this.canvas = canvas;
    this.ink = ink;
    this.view = view;
    this.#context = contextOf(canvas);
    ink.addEventListener("change", () => this.#ask());
    this.#followSize();
    onTheme(() => this.repaint());
  }

  /** Paint everything again, after a change of size or colours. */
  repaint() {
    this.#revision = -1;
    this.#ask();
  }

  #followSize() {
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry.contentRect;
      // The exact size accounts for the box's position on the pixel grid; under device emulation it is wrong.
      const exact = entry.devicePixelContentBoxSize?.[0];
      const pixels = (size, its) => {
        const wanted = Math.round(size * devicePixelRatio);
        return Math.abs(its - wanted) <= 1 ? its : wanted;
      };
      this.#resize(pixels(width, exact?.inlineSize), pixels(height, exact?.blockSize));
    });
    try {
      observer.observe(this.canvas, { box: "device-pixel-content-box" });
    } catch {
      // Safari reports CSS pixels only, which change with the zoom, too.
      observer.observe(this.canvas);
    }
  }

  #resize(width, height) {
    const share = Math.min(1, MOST_PIXELS / Math.max(width, height));
    const [across, down] = [width, height].map((size) => Math.max(1, Math.round(size * share)));
    if ([this.canvas, this.#store].every((canvas) => canvas.width === across && canvas.height === down)) return;
    for (const canvas of [this.canvas, this.#store]) [canvas.width, canvas.height] = [across, down];
    this.#revision = -1;
    this.#paint(); // at once: a resized canvas is blank, and waiting for the next frame would flicker
  }

  #ask() {
    if (this.#due) return;
    this.#due = true;
    requestAnimationFrame(() => {
      this.#due = false;
      this.#paint();
    });
  }

  #paint() {
    const { canvas, ink } = this;
    const context = this.#context;
    const isAnew = this.#revision !== ink.revision;
    if (isAnew) this.#startOver();
    const [left, top, width, height] = isAnew ? [0, 0, canvas.width, canvas.height] : this.#news();
    this.#keepFinished();
    this.#live = ink.live;
    this.#points = ink.live?.length ?? 0;
    if (width <= 0 || height <= 0) return;
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    context.clearRect(left, top, width, height);
    context.drawImage(this.#store, left, top, width, height, left, top, width, height);
    if (ink.live) this.#draw(context, ink.live);
    context.restore();
  }

  #startOver() {
    const context = contextOf(this.#store);
    context.clearRect(0, 0, this.#store.width, this.#store.height);
    this.#revision = this.ink.revision;
    this.#color = getComputedStyle(this.canvas).color;
    this.#stored = 0;
    if (this.ink.picture) drawPicture(context, this.ink.picture);
  }

  /** The area in which the ink has grown since it was painted: left, top, width, height in whole pixels. */
  #news() {
    let area = NOWHERE;
    for (const stroke of this.ink.strokes.slice(this.#stored)) {
      // A finished stroke is painted again as a whole: painted bit by bit, its antialiased edge would differ a little.
      const shown = stroke === this.ink.live && stroke === this.#live ? this.#points : 0;
      if (shown < stroke.length) area = grownBy(area, stroke.points, shown, reachOf(stroke));
    }
    const above = this.view.above();
    const [left, top, right, bottom] = area;
    return pixelsOf([left, top - above, right, bottom - above], this.view.scale(this.canvas), this.canvas);
  }

  /** Add new finished strokes to the hidden canvas. */
  #keepFinished() {
    const strokes = this.ink.finished;
    if (this.#stored === strokes.length) return;
    const context = contextOf(this.#store);
    for (; this.#stored < strokes.length; this.#stored += 1) this.#draw(context, strokes[this.#stored]);
  }

  #draw(context, stroke) {
    const scale = this.view.scale(this.canvas);
    const above = this.view.above() * scale;
    context.strokeStyle = context.fillStyle = this.view.color?.(stroke) || this.#color;
    context.translate(0, -above);
    drawStroke(context, stroke, scale);
    context.translate(0, above);
  }
}

/** A picture fills the pad as far as its shape allows. */
function drawPicture(context, picture) {
  const source = canvasWith(picture);
  const side = context.canvas.width;
  const scale = (PICTURE_SHARE * side) / Math.max(picture.width, picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  context.drawImage(source, (side - width) / 2, (side - height) / 2, width, height);
}
