/** Guide lines as in a school book, and whether ink was drawn on them: then its height tells c from C. */
import { SIDE } from "./ink.js";

const CAP = 0.16 * SIDE;
const X_HEIGHT = 0.4 * SIDE;
const BASE = 0.76 * SIDE;
const DESCENDER = 0.94 * SIDE;

/** Ink that ends within this distance of a line counts as ending on it. */
const NEAR = 0.035 * SIDE;

/** Draw the lines into an SVG element. */
export function drawGuides(svg) {
  svg.setAttribute("viewBox", `0 0 ${SIDE} ${SIDE}`);
  svg.replaceChildren(line(CAP, "faint"), line(X_HEIGHT, "dashed"), line(BASE, "base"), line(DESCENDER, "faint"));
}

function line(y, kind) {
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", `M0 ${y}H${SIDE}`);
  path.setAttribute("class", kind);
  return path;
}

/**
 * The height of a capital in pad units if the ink (x0, y0, x1, y1, ...) was drawn on the lines, that is, its top is at cap
 * height or x-height and its bottom on the base line or the descender; otherwise 0, and its height says nothing.
 */
export function capHeightFor(points) {
  let [top, bottom] = [Infinity, -Infinity];
  for (let i = 1; i < points.length; i += 2) {
    top = Math.min(top, points[i]);
    bottom = Math.max(bottom, points[i]);
  }
  const isNear = (y, lines) => lines.some((each) => Math.abs(y - each) <= NEAR);
  return isNear(top, [CAP, X_HEIGHT]) && isNear(bottom, [BASE, DESCENDER]) ? BASE - CAP : 0;
}
