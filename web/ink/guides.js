/** Guide lines as in a school book, and whether ink was drawn on them: then its height tells c from C. */
import { SIDE } from "./ink.js";

const CAP = 0.16 * SIDE;
const X_HEIGHT = 0.4 * SIDE;
const BASE = 0.76 * SIDE;
const DESCENDER = 0.94 * SIDE;

/** How far from a line ink may end and still be meant to end there. */
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
 * The height of a capital, in pad units, for ink (x0, y0, x1, y1, ...) that keeps to the lines: one that
 * begins at cap height or x-height and ends on the base line or the descender. 0 for ink that does not,
 * whose height says nothing.
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
