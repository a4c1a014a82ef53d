/** Small pictures of ink. */
import { drawStroke } from "./brush.js";
import { SIDE, Stroke } from "./ink.js";
import { contextOf, make } from "../ui/dom.js";

const SHARE = 0.72;

/** Strokes of flat points and lengths, fitted into pad units. */
export function strokesOf(points, lengths) {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 1) {
    low[i % 2] = Math.min(low[i % 2], points[i]);
    high[i % 2] = Math.max(high[i % 2], points[i]);
  }
  const scale = (SHARE * SIDE) / (Math.max(high[0] - low[0], high[1] - low[1]) || 1);
  const fitted = Float32Array.from(points, (value, i) => SIDE / 2 + (value - (low[i % 2] + high[i % 2]) / 2) * scale);
  let at = 0;
  return Array.from(lengths, (length) => new Stroke(Array.from(fitted.subarray(2 * at, 2 * (at += length)))));
}

/** A canvas with the ink, in the page's ink colour; `pixels` wide on the screen. */
export function thumbnail({ points, lengths }, pixels = 64) {
  const canvas = make("canvas", { class: "thumbnail", "aria-hidden": "true" });
  canvas.width = canvas.height = Math.round(pixels * Math.max(1, devicePixelRatio));
  const context = contextOf(canvas);
  context.fillStyle = context.strokeStyle = getComputedStyle(document.documentElement).color;
  for (const stroke of strokesOf(points, lengths)) drawStroke(context, wide(stroke), canvas.width / SIDE);
  return canvas;
}

/** The stroke with a pen 1.6 times as wide as the pad's, to be seen at this size. */
function wide(stroke) {
  return new Stroke(stroke.points, stroke.points.length > 2 ? Array(stroke.points.length / 2).fill(1.1) : null);
}
