/** The ink of letters: pieces of strokes, by the spans of a word's `letters`. */

/** { points, lengths } of spans [[stroke id, first point, last point], ...]; null where there is none. */
export function inkOf(document, spans) {
  const pieces = (spans ?? [])
    .map(([id, first, last]) => document.stroke(id)?.points.slice(2 * first, 2 * last + 2))
    .filter(Boolean);
  if (!pieces.length) return null;
  return { points: Float32Array.from(pieces.flat()), lengths: Uint32Array.from(pieces, ({ length }) => length / 2) };
}

/** Whether spans are whole strokes: of joined letters nobody knows to the point where one ends. */
export function isApart(document, spans) {
  return (
    Boolean(spans?.length) && spans.every(([id, first, last]) => first === 0 && last === document.stroke(id)?.length - 1)
  );
}
