/** What is in sight, as numbers alone: places are in CSS pixels from the window's upper edge. */

/**
 * The index of the section that is read, of sections in the order of the page that begin at `tops`: the last that begins
 * above `line`. Of several side by side it is the one asked for (its index), else the first. At the end of the page, where
 * the last sections cannot come up to the line, it is the one asked for, or the last.
 */
export function currentOf(tops, line, isAtEnd, asked = -1) {
  const last = tops.length - 1;
  const found = Math.max(
    0,
    tops.findLastIndex((top) => top <= line),
  );
  if (isAtEnd && tops[found] < tops[last]) return asked > found ? asked : last;
  const row = tops.flatMap((top, index) => (Math.abs(top - tops[found]) < 1 ? [index] : []));
  return row.includes(asked) ? asked : row[0];
}

/** How far down the page has to scroll for a box to lie between two edges; null if it is too large for that. */
export function wayInto(box, from, to) {
  if (box.bottom - box.top > to - from) return null;
  if (box.top < from) return box.top - from;
  return Math.max(0, box.bottom - to);
}
