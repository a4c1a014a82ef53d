/**
 * One taught drawing: { id, label, points, lengths, traced, writer, made }. Ink as `Ink.flatten` gives it, whether it was
 * traced from a picture, whose it is, the time it was made.
 */

/** A symbol of one's own is read from so many drawings on (as in py/inkling/teaching/personal.py). */
export const LEAST_DRAWINGS = 5;
/** Who draws on this pad. Of others, whose drawings came from files, Python learns shapes but not sizes: their unit is another. */
export const ME = "me";
/** The same, of letters that were put right in words: the unit there is another than a pad's. */
export const IN_WORDS = "me, in words";

/** A sample of { points, lengths, traced }. */
export function sampleOf(label, { points, lengths, traced = false }, id = newId()) {
  return { id, label, points, lengths, traced, writer: ME, made: Date.now() };
}

/** The same as JSON, and back: places to a tenth, as files have them. */
export const plainOf = (sample) => ({
  ...sample,
  points: Array.from(sample.points, (value) => Math.round(value * 10) / 10),
  lengths: [...sample.lengths],
});
export const sampleFrom = ({ points, lengths, ...rest }) => ({
  ...rest,
  points: Float32Array.from(points),
  lengths: Uint32Array.from(lengths),
});

/** 128 random bits; crypto.randomUUID is not there on pages served without https. */
export function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The same for samples that say the same: one character and one ink. */
export function contentOf({ label, points, lengths }) {
  return `${label} ${lengths.join()} ${points.join()}`;
}

/** Samples as JSON lines, the format of py/inkling/data/jsonlines.py, which reads back the same float32 numbers. */
export function linesOf(samples) {
  return samples.map((sample) => `${JSON.stringify(entryOf(sample))}\n`).join("");
}

function entryOf({ label, points, lengths, writer, traced }) {
  let at = 0;
  const strokes = Array.from(lengths, (length) =>
    Array.from({ length }, () => [shortest(points[at++]), shortest(points[at++])]),
  );
  return { label, writer, strokes, style: traced ? "traced" : "?", quality: "?" };
}

/** The number with the fewest digits that is the same float32. */
function shortest(value) {
  if (Number.isInteger(value)) return value;
  for (let digits = 1; digits < 9; digits += 1) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return Number(value.toPrecision(9));
}
