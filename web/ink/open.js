/** Drawings out of files: ink as JSON, or a picture of ink. */
import { contextOf } from "../ui/dom.js";
import { looksLikeInk, readInk } from "./file.js";
import { SIDE, Stroke } from "./ink.js";
import { excessOf } from "./limits.js";
import { strokesOf } from "./thumbnail.js";

/** A character needs no more pixels than this, and the picture's way to Python stays short. */
const LONGEST_SIDE = 512;
/** What belongs elsewhere on the page, and where. */
const ELSEWHERE = [
  { end: /\.npz$/i, what: "is a network: open it in Learn, where one is trained" },
  { end: /\.jsonl(\.gz)?$/i, what: "holds drawings to learn from: import it in Learn, Your hand" },
];

/** `{ items, words }` of a file: strokes or one picture, and what there is to say of it. Errors are in words that name the file. */
export async function drawingIn(file) {
  const name = file.name || "That";
  refuse(file, name);
  if (!(await isInk(file))) return { items: [await pictureIn(file, name)], words: "" };
  let found;
  try {
    found = await readInk(file);
  } catch (error) {
    throw new Error(`${name} holds no ink: ${error.message}.`);
  }
  const { strokes, leftOut } = found;
  if (!strokes.length) throw new Error(`${name} holds no ink.`);
  const fit = fitter(strokes.flat());
  const items = strokes.map((stroke) => new Stroke(stroke.flatMap(fit)));
  const excess = excessOf({ points: items.flatMap(({ points }) => points), lengths: strokes.map(({ length }) => length) });
  if (excess) throw new Error(`${name} is no drawing of one character: ${excess}.`);
  const points = leftOut === 1 ? "1 point of it had" : `${leftOut} points of it had`;
  return {
    items,
    words: leftOut ? `${name} is open. ${points} no place and ${leftOut === 1 ? "is" : "are"} left out.` : "",
  };
}

/** The same with strokes only, for those who cannot do with a picture: its lines are traced by Python. */
export async function strokesIn(file, client) {
  const drawing = await drawingIn(file);
  const [picture] = drawing.items;
  if (picture instanceof Stroke) return { ...drawing, isTraced: false };
  const { data, height, width } = picture;
  const { points, lengths } = await client.call("teaching.trace", new Uint8Array(data), height, width);
  if (!lengths.length) throw new Error(`No ink was found in ${file.name || "that picture"}.`);
  return { items: strokesOf(points, lengths), words: "", isTraced: true };
}

/** A picture of anything. */
export async function photoIn(file) {
  const name = file.name || "That";
  refuse(file, name);
  if (await isInk(file)) throw new Error(`${name} holds no picture, but ink perhaps: choose Ink for that.`);
  return pictureIn(file, name);
}

function refuse({ name }, said) {
  for (const { end, what } of ELSEWHERE) if (end.test(name ?? "")) throw new Error(`${said} ${what}.`);
}

async function isInk(file) {
  if (file.type === "application/json" || /\.json$/i.test(file.name ?? "")) return true;
  return looksLikeInk(new Uint8Array(await file.slice(0, 64).arrayBuffer()));
}

async function pictureIn(file, name) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new Error(`${name} is not a picture this browser can open. PNG, JPEG and WebP work.`);
  }
  const pixels = pixelsOf(bitmap, bitmap.width, bitmap.height);
  bitmap.close();
  return pixels;
}

/** The pixels of whatever a canvas can draw, made smaller where it is large. */
export function pixelsOf(source, width, height) {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = contextOf(canvas, { willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** Points in any unit, fitted to the pad where they leave it. */
function fitter(points) {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (const point of points) {
    for (const axis of [0, 1]) {
      low[axis] = Math.min(low[axis], point[axis]);
      high[axis] = Math.max(high[axis], point[axis]);
    }
  }
  if (Math.min(...low) >= 0 && Math.max(...high) <= SIDE) return (point) => point;
  const scale = (0.7 * SIDE) / (Math.max(high[0] - low[0], high[1] - low[1]) || 1);
  return (point) => point.map((value, axis) => SIDE / 2 + (value - (low[axis] + high[axis]) / 2) * scale);
}
