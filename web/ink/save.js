/** A drawing as a file: the project's ink format, or a picture. */
import { contextOf } from "../ui/dom.js";
import { download } from "../ui/download.js";
import { drawStroke } from "./brush.js";
import { SIDE } from "./ink.js";

const SAVED_SIDE = 1024;

export function saveInk(ink) {
  download(`${JSON.stringify(ink)}\n`, "ink.json", "application/json");
}

/** Dark on white whatever the theme: that is what other programs expect of ink. */
export async function savePicture(ink) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SAVED_SIDE;
  const context = contextOf(canvas);
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, SAVED_SIDE, SAVED_SIDE);
  context.fillStyle = context.strokeStyle = "#1d1b2e";
  for (const stroke of ink.strokes) drawStroke(context, stroke, SAVED_SIDE / SIDE);
  download(await new Promise((resolve) => canvas.toBlob(resolve, "image/png")), "ink.png", "image/png");
}
