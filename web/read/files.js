/**
 * Pictures and ink in and out: opened, dropped or pasted; saved as a picture or as the project's ink format.
 */
import { SIDE, Stroke } from "../ink/ink.js";
import { drawStroke } from "../ink/brush.js";
import { connectFileButton } from "../ui/dom.js";
import { download } from "../ui/download.js";

/** Pixels: enough for one character, and little to send to Python. */
const LONGEST_SIDE = 512;
const SAVED_SIDE = 1024;

/** The items of a drawing in `file`: strokes from an ink file, or one picture. Errors are in plain words. */
export async function itemsIn(file) {
  const isInk = file.type === "application/json" || file.name?.endsWith(".json");
  return isInk ? strokesIn(await file.text(), file.name) : [await pictureIn(file)];
}

async function pictureIn(file) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new Error(`${file.name || "That"} is not a picture this browser can open. PNG, JPEG and WebP work.`);
  }
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** Strokes of a file {"strokes": [[[x, y], ...], ...]}, in any unit, fitted to the pad where they leave it. */
function strokesIn(text, name) {
  let strokes;
  try {
    ({ strokes } = JSON.parse(text));
  } catch {
    throw new Error(`${name} is not JSON.`);
  }
  const isPoint = (point) => Array.isArray(point) && point.length === 2 && point.every(Number.isFinite);
  const isStroke = (stroke) => Array.isArray(stroke) && stroke.length > 0 && stroke.every(isPoint);
  if (!Array.isArray(strokes) || !strokes.length || !strokes.every(isStroke)) {
    throw new Error(`${name} holds no ink: "strokes" must be lists of [x, y] points.`);
  }
  const fit = fitter(strokes.flat());
  return strokes.map((stroke) => new Stroke(stroke.flatMap(fit)));
}

function fitter(points) {
  const [low, high] = [Math.min, Math.max].map((pick) =>
    [0, 1].map((axis) => points.reduce((best, point) => pick(best, point[axis]), points[0][axis])),
  );
  if (Math.min(...low) >= 0 && Math.max(...high) <= SIDE) return (point) => point;
  const scale = (0.7 * SIDE) / (Math.max(high[0] - low[0], high[1] - low[1]) || 1);
  return (point) => point.map((value, axis) => SIDE / 2 + (value - (low[axis] + high[axis]) / 2) * scale);
}

export function saveInk(ink) {
  download(`${JSON.stringify(ink)}\n`, "ink.json", "application/json");
}

/** Dark on white whatever the theme: that is what other programs expect of ink. */
export async function savePicture(ink) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SAVED_SIDE;
  const context = canvas.getContext("2d");
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, SAVED_SIDE, SAVED_SIDE);
  context.fillStyle = context.strokeStyle = "#1d1b2e";
  for (const stroke of ink.strokes) drawStroke(context, stroke, SAVED_SIDE / SIDE);
  download(await new Promise((resolve) => canvas.toBlob(resolve, "image/png")), "ink.png", "image/png");
}

/** Take files from the Open button, from drag and drop, and from the clipboard. */
export function acceptFiles(button, input, take) {
  connectFileButton(button, input, take);
  const { documentElement: page } = document;
  addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    page.dataset.dropping = "";
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) delete page.dataset.dropping;
  });
  addEventListener("drop", (event) => {
    delete page.dataset.dropping;
    const [file] = event.dataTransfer.files;
    if (!file || event.defaultPrevented) return; // a view has handled it
    event.preventDefault();
    take(file);
  });
  addEventListener("paste", (event) => {
    const [file] = event.clipboardData.files;
    if (file) take(file);
  });
}
