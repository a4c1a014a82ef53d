/** Ink as a picture: SVG, which stays sharp, and PNG. Dark on white whatever the theme: that is what other programs expect. */
import { drawStroke, reachOf } from "../ink/brush.js";
import { contextOf } from "../ui/dom.js";

const [PAPER, INK] = ["#ffffff", "#1d1b2e"];
/** White around the ink, in its units. */
const MARGIN = 60;
/** Pixels of a PNG for a unit of ink: a row of 1000 units is 250 pixels high. */
const SCALE = 0.25;
/** Browsers refuse canvases that are larger (iOS has the smallest). */
const [LONGEST, MOST_PIXELS] = [8192, 16 * 2 ** 20];

/** @returns {string} an SVG with `title` for those who cannot see it */
export function svgOf(strokes, title) {
  const [left, top, width, height] = frameOf(strokes);
  const paths = new Paths();
  for (const stroke of strokes) drawStroke(paths, stroke, 1);
  const size = [width, height].map((value) => rounded(value * SCALE));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size[0]}" height="${size[1]}" viewBox="${left} ${top} ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="${PAPER}"/>`,
    `<g fill="none" stroke="${INK}" stroke-linecap="round" stroke-linejoin="round">`,
    ...paths.elements,
    `</g>`,
    `</svg>`,
    ``,
  ].join("\n");
}

/** @returns {Promise<Blob>} */
export async function pngOf(strokes) {
  const [left, top, width, height] = frameOf(strokes);
  const scale = Math.min(SCALE, LONGEST / Math.max(width, height), Math.sqrt(MOST_PIXELS / (width * height)));
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(height * scale);
  const context = contextOf(canvas);
  context.fillStyle = PAPER;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.translate(-left * scale, -top * scale);
  context.fillStyle = context.strokeStyle = INK;
  for (const stroke of strokes) drawStroke(context, stroke, scale);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) throw new Error("this browser could not make the picture; save it as SVG");
  return blob;
}

/** Left, top, width and height of the picture, in units of ink. */
function frameOf(strokes) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const stroke of strokes) {
    const margin = MARGIN + reachOf(stroke);
    for (let i = 0; i < stroke.points.length; i += 2) {
      const [x, y] = [stroke.points[i], stroke.points[i + 1]];
      [left, right] = [Math.min(left, x - margin), Math.max(right, x + margin)];
      [top, bottom] = [Math.min(top, y - margin), Math.max(bottom, y + margin)];
    }
  }
  [left, top] = [Math.floor(left), Math.floor(top)];
  return [left, top, Math.ceil(right) - left, Math.ceil(bottom) - top];
}

/** What the brush asks of a canvas, as SVG elements. */
class Paths {
  elements = [];
  lineWidth = 1;
  #data = "";
  #dot = /** @type {number[] | null} */ (null);

  beginPath() {
    this.#data = "";
    this.#dot = null;
  }

  moveTo(x, y) {
    this.#data += `M${rounded(x)} ${rounded(y)}`;
  }

  lineTo(x, y) {
    this.#data += `L${rounded(x)} ${rounded(y)}`;
  }

  quadraticCurveTo(x, y, toX, toY) {
    this.#data += `Q${rounded(x)} ${rounded(y)} ${rounded(toX)} ${rounded(toY)}`;
  }

  arc(x, y, radius) {
    this.#dot = [x, y, radius].map(rounded);
  }

  stroke() {
    this.elements.push(`<path d="${this.#data}" stroke-width="${rounded(this.lineWidth)}"/>`);
  }

  fill() {
    const [x, y, radius] = this.#dot ?? [];
    this.elements.push(`<circle cx="${x}" cy="${y}" r="${radius}" fill="${INK}" stroke="none"/>`);
  }
}

const rounded = (value) => Math.round(10 * value) / 10;

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
/** Without what XML cannot hold: control characters, and halves of surrogate pairs. */
const escaped = (text) =>
  text
    .toWellFormed()
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "")
    .replace(/[&<>]/g, (character) => ENTITIES[character]);
