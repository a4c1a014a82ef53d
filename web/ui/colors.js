/**
 * Numbers to colours: zero is paper, positive turns to indigo, negative to orange. Indigo and orange stay
 * apart for every kind of colour blindness, and both differ from paper in lightness alone.
 */
import { contextOf } from "./dom.js";

const HALF = 255;

let table = /** @type {Uint32Array | null} */ (null);
const registered = new Set();

/** A colour of colors.css in the current theme, as rgb(...); `name` is the custom property's. */
export function themeColor(name) {
  if (!registered.has(name)) {
    // An unregistered property is returned as its text, light-dark(...); a registered one is computed.
    CSS.registerProperty({ name, syntax: "<color>", inherits: true, initialValue: "transparent" });
    registered.add(name);
  }
  return getComputedStyle(document.documentElement).getPropertyValue(name);
}

/** 2 * HALF + 1 pixels (little-endian RGBA) from the most negative to the most positive, in this theme. */
function colors() {
  if (!table) {
    const [minus, zero, plus] = ["--minus", "--paper", "--plus"].map((name) =>
      (themeColor(name).match(/\d+/g) ?? []).map(Number),
    );
    const made = new Uint32Array(2 * HALF + 1);
    for (let i = -HALF; i <= HALF; i += 1) made[i + HALF] = mix(zero, i < 0 ? minus : plus, Math.abs(i) / HALF);
    table = made;
  }
  return table;
}

function mix(from, to, share) {
  const [red, green, blue] = from.map((value, i) => Math.round(value + (to[i] - value) * share));
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** For inner loops: the pixel of a share of -1 to 1 is lookup[round(share * half) + half]. */
export function scaleOfColors() {
  return { lookup: colors(), half: HALF };
}

/** A table like `lookup`, from black to the full light of a color, [red, green, blue] of 0 to 1. */
export function tintOf(light) {
  return Uint32Array.from({ length: 2 * HALF + 1 }, (_, at) =>
    mix(
      [0, 0, 0],
      light.map((share) => 255 * share),
      at / (2 * HALF),
    ),
  );
}

/** One pixel for a value of -1 to 1. */
export function colorOf(share) {
  const lookup = colors();
  // Clamped, and 0 for NaN, so that the index is always inside the table.
  return lookup[Math.round(Math.max(-1, Math.min(1, share || 0)) * HALF) + HALF];
}

export const channelsOf = (pixel) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];

/** Black or white for text on a pixel's colour, whichever has the better contrast: 4.58 to 1 at least. */
export function readableOn(pixel) {
  const [red, green, blue] = channelsOf(pixel).map((value) =>
    value <= 10 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000" : "#fff";
}

/** `repaint` is called when the theme changes. */
export function onTheme(repaint) {
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
    matchMedia(query).addEventListener("change", () => {
      table = null;
      repaint();
    });
  }
}

/** The greatest absolute value from index `from` to before `to`, or 1 where there is nothing but zeros. */
export function reach(values, from = 0, to = values.length) {
  let most = 0;
  for (let at = from; at < to; at += 1) {
    const size = Math.abs(values[at]);
    if (size > most) most = size;
  }
  return most || 1;
}

/** A picture of the scale itself, from -1 to 1. */
export function paintLegend(canvas) {
  canvas.width = 129;
  canvas.height = 1;
  const image = new ImageData(129, 1);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < 129; i += 1) pixels[i] = colorOf((i - 64) / 64);
  contextOf(canvas).putImageData(image, 0, 0);
}
