/** Which pixels of a canvas new ink may colour. */

/** @typedef {[left: number, top: number, right: number, bottom: number]} Area */

/** @type {Area} */
export const NOWHERE = [Infinity, Infinity, -Infinity, -Infinity];

/**
 * `area` grown to hold what a stroke changes when more than its first `shown` points are drawn. `points` are x0, y0, x1, ...,
 * and `reach` is how far from them the stroke may colour the paper.
 * @returns {Area}
 */
export function grownBy([left, top, right, bottom], points, shown, reach) {
  // The last piece was straight; now it curves, from the midpoint between the two points before it.
  for (let i = 2 * Math.max(0, shown - 2); i < points.length; i += 2) {
    const [x, y] = [points[i], points[i + 1]];
    [left, right] = [Math.min(left, x - reach), Math.max(right, x + reach)];
    [top, bottom] = [Math.min(top, y - reach), Math.max(bottom, y + reach)];
  }
  return [left, top, right, bottom];
}

/** Left, top, width and height of an area in whole pixels of a canvas; `scale` is pixels per unit. Width 0 or less: none. */
export function pixelsOf([left, top, right, bottom], scale, { width, height }) {
  // A pixel more: the edges of ink are soft.
  const low = (value) => Math.max(0, Math.floor(value * scale) - 1);
  const high = (value, most) => Math.min(most, Math.ceil(value * scale) + 1);
  return [low(left), low(top), high(right, width) - low(left), high(bottom, height) - low(top)];
}
