/** Photographs: the pixels of one and the square of it that is looked at; a sheet keeps the newest, with undo and redo. */
import { outlive, pixelsAt, writtenDown } from "../../ink/session.js";
import { Ink } from "../../ink/ink.js";
import { canvasWith, contextOf } from "../../ui/dom.js";
import { scoped } from "../../ui/scope.js";
import { middleOf, zoomed } from "./crop.js";

/** Python gets no more than this a side: it takes the means of areas in any case, and the way there stays short. */
const MOST = 256;

export class Photo {
  #canvas = null;

  /** `picture` is an ImageData. */
  constructor(picture, crop = middleOf(picture)) {
    this.picture = picture;
    this.crop = crop;
  }

  /** The same photograph, cropped otherwise. */
  with(crop) {
    const other = new Photo(this.picture, crop);
    other.#canvas = this.#canvas;
    return other;
  }

  get canvas() {
    return (this.#canvas ??= canvasWith(this.picture));
  }

  /** Draw the square over all of a canvas. */
  drawOn(context) {
    const { left, top, side } = this.crop;
    const { width, height } = context.canvas;
    context.imageSmoothingQuality = "high";
    context.clearRect(0, 0, width, height);
    context.drawImage(this.canvas, left, top, side, side, 0, 0, width, height);
  }

  /** For Python: RGBA of the square, and its side. */
  pixels() {
    const side = Math.min(MOST, Math.round(this.crop.side));
    const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
    const context = contextOf(canvas, { willReadFrequently: true });
    this.drawOn(context);
    return { pixels: new Uint8Array(context.getImageData(0, 0, side, side).data.buffer), side };
  }
}

/** Holds one photograph as `picture`; putting another in its place and cropping are steps of undo. */
export class Sheet extends Ink {
  /** Whether the square is being moved just now. */
  isMoving = false;
  #gesture = null;
  #photo = null;

  /** Crop the photograph. All that belongs to one `gesture`, an object, is one step. */
  crop(crop, gesture) {
    const photo = this.picture;
    if (!photo) return;
    if (gesture === this.#gesture && photo === this.#photo) {
      photo.crop = crop;
      this.dispatchEvent(new Event("change"));
      return;
    }
    this.#gesture = gesture;
    this.#photo = photo.with(crop);
    this.replace([this.#photo]);
  }
}

/** Bring back the photo from before a reload, and store each from now on. */
export async function keepPhoto(sheet) {
  const { before, changed } = outlive(scoped("photo"), () => {
    const { picture: photo } = sheet;
    return photo ? { picture: writtenDown(photo.picture), crop: photo.crop } : null;
  });
  sheet.addEventListener("change", () => changed(!sheet.isMoving));
  if (!before) return;
  try {
    const picture = await pixelsAt(before.picture);
    const { left, top, side } = before.crop;
    if (!sheet.isEmpty || ![left, top, side].every(Number.isFinite)) return;
    sheet.replace([new Photo(picture, zoomed({ left, top, side }, 1, picture))]);
  } catch {
    // Nothing that this version understands.
  }
}
