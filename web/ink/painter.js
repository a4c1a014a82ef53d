/**
 * Keeps a canvas showing an Ink: at device resolution, once a frame at most, sharp again after every
 * resize, in the canvas's own CSS colour (so themes and forced colours are the style sheet's business).
 *
 * Finished strokes are kept in a second, unseen canvas: however long the drawing, a frame copies that one
 * and draws only the stroke under the pen, and both only where something is new: what changes of a canvas has
 * to be shown again by the browser, point by point where there is no graphics processor.
 */
import { SIDE } from "./ink.js";
import { drawStroke, reachOf } from "./brush.js";

/** Sharper than this no eye tells, and memory grows with the square. */
const MOST_PIXELS = 2400;

export class Painter {
  #context;
  #store = document.createElement("canvas");
  #stored = 0;
  #revision = -1;
  #color = "";
  #live = null; // the stroke under the pen as far as it is shown: so many of its points
  #points = 0;
  #due = false;

  constructor(canvas, ink) {
    this.canvas = canvas;
    this.ink = ink;
    this.#context = canvas.getContext("2d");
    ink.addEventListener("change", () => this.#ask());
    this.#followSize();
    for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
      matchMedia(query).addEventListener("change", () => this.repaint());
    }
  }

  /** Everything anew, after a change of size or colours. */
  repaint() {
    this.#revision = -1;
    this.#ask();
  }

  #followSize() {
    const observer = new ResizeObserver(([entry]) => {
      const wanted = Math.round(entry.contentRect.width * devicePixelRatio);
      // The exact size knows how the box falls on the screen's pixels; under device emulation it is not scaled.
      const exact = entry.devicePixelContentBoxSize?.[0].inlineSize;
      this.#resize(Math.abs(exact - wanted) <= 1 ? exact : wanted);
    });
    try {
      observer.observe(this.canvas, { box: "device-pixel-content-box" });
    } catch {
      // Safari knows CSS pixels only; zooming there changes those too.
      observer.observe(this.canvas);
    }
  }

  #resize(pixels) {
    const side = Math.max(1, Math.min(MOST_PIXELS, pixels));
    if (side === this.canvas.width && side === this.#store.width) return;
    for (const canvas of [this.canvas, this.#store]) canvas.width = canvas.height = side;
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
    context.strokeStyle = context.fillStyle = this.#color;
    if (ink.live) drawStroke(context, ink.live, canvas.width / SIDE);
    context.restore();
  }

  #startOver() {
    const context = this.#store.getContext("2d");
    context.clearRect(0, 0, this.#store.width, this.#store.height);
    this.#revision = this.ink.revision;
    this.#color = getComputedStyle(this.canvas).color;
    this.#stored = 0;
    if (this.ink.picture) drawPicture(context, this.ink.picture);
  }

  /** Where the canvas does not show the ink yet, which only grew: left, top, width, height in whole pixels. */
  #news() {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const stroke of this.ink.strokes.slice(this.#stored)) {
      // A finished stroke is shown anew from the store: painted bit by bit, its edge is not the same to the last shade.
      const shown = stroke === this.ink.live && stroke === this.#live ? this.#points : 0;
      if (shown === stroke.length) continue;
      const reach = reachOf(stroke);
      // The piece to the last point was straight and bends now, from the middle between the two before.
      for (let i = 2 * Math.max(0, shown - 2); i < stroke.points.length; i += 2) {
        const [x, y] = [stroke.points[i], stroke.points[i + 1]];
        [left, right] = [Math.min(left, x - reach), Math.max(right, x + reach)];
        [top, bottom] = [Math.min(top, y - reach), Math.max(bottom, y + reach)];
      }
    }
    const side = this.canvas.width;
    // A pixel more: the edges of ink are soft.
    const [low, high] = [
      (value) => Math.max(0, Math.floor((value / SIDE) * side) - 1),
      (value) => Math.min(side, Math.ceil((value / SIDE) * side) + 1),
    ];
    return [low(left), low(top), high(right) - low(left), high(bottom) - low(top)];
  }

  /** Bring the store up to date: add the strokes that are new. */
  #keepFinished() {
    const strokes = this.ink.finished;
    if (this.#stored === strokes.length) return;
    const context = this.#store.getContext("2d");
    context.strokeStyle = context.fillStyle = this.#color;
    for (; this.#stored < strokes.length; this.#stored += 1)
      drawStroke(context, strokes[this.#stored], this.#store.width / SIDE);
  }
}

/** A picture fills the pad as far as its shape allows. */
function drawPicture(context, picture) {
  const source = document.createElement("canvas");
  source.width = picture.width;
  source.height = picture.height;
  source.getContext("2d").putImageData(picture, 0, 0);
  const side = context.canvas.width;
  const scale = (0.92 * side) / Math.max(picture.width, picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  context.drawImage(source, (side - width) / 2, (side - height) / 2, width, height);
}
