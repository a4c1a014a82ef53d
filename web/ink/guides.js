/** Guide lines as in a school book: on them the height of ink tells c from C. */
import { SIDE } from "./ink.js";

const CAP = 0.16 * SIDE;
const X_HEIGHT = 0.4 * SIDE;
const BASE = 0.76 * SIDE;
const DESCENDER = 0.94 * SIDE;

/** As they are drawn, from the top. */
const ALL = [CAP, X_HEIGHT, BASE, DESCENDER];

/** For Python: y of the base line, and the height of a capital above it. */
export const LINES = [BASE, BASE - CAP];

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

/** Of ink (x0, y0, x1, y1, ...) that was drawn on the lines: y of the line where it begins, and of the one where it ends. */
export function linesOf(points) {
  let [top, bottom] = [Infinity, -Infinity];
  for (let i = 1; i < points.length; i += 2) {
    top = Math.min(top, points[i]);
    bottom = Math.max(bottom, points[i]);
  }
  const nearest = (y, [one, other]) => (Math.abs(y - one) <= Math.abs(y - other) ? one : other);
  return [nearest(top, [CAP, X_HEIGHT]), nearest(bottom, [BASE, DESCENDER])];
}

/** Show which of the lines counted, by their y. */
export function markGuides(svg, counted) {
  [...svg.children].forEach((path, i) => path.classList.toggle("counted", counted.includes(ALL[i])));
}
