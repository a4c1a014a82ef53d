/**
 * Keeps a canvas showing an Ink: at device resolution, once a frame at most, sharp again after every
 * resize, in the canvas's own CSS colour (so themes and forced colours are the style sheet's business).
 *
 * Finished strokes are kept in a second, unseen canvas: however long the drawing, a frame copies that one
 * and draws only the stroke under the pen.
 */
import { SIDE } from "./ink.js";
import { drawStroke } from "./brush.js";

/** Sharper than this no eye tells, and memory grows with the square. */
const MOST_PIXELS = 2400;

export class Painter {
  #context;
  #store = document.createElement("canvas");
  #stored = 0;
  #revision = -1;
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
    const side = this.canvas.width;
    const scale = side / SIDE;
    const color = getComputedStyle(this.canvas).color;
    this.#keepFinished(scale, color);
    const context = this.#context;
    context.clearRect(0, 0, side, side);
    if (this.#store.width) context.drawImage(this.#store, 0, 0);
    if (this.ink.live) {
      context.strokeStyle = context.fillStyle = color;
      drawStroke(context, this.ink.live, scale);
    }
  }

  /** Bring the store up to date: add what is new, or start over when something went away. */
  #keepFinished(scale, color) {
    const { ink } = this;
    const context = this.#store.getContext("2d");
    if (this.#revision !== ink.revision) {
      context.clearRect(0, 0, this.#store.width, this.#store.height);
      this.#revision = ink.revision;
      this.#stored = 0;
      if (ink.picture) drawPicture(context, ink.picture);
    }
    context.strokeStyle = context.fillStyle = color;
    for (const strokes = ink.finished; this.#stored < strokes.length; this.#stored += 1) {
      drawStroke(context, strokes[this.#stored], scale);
    }
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
