/**
 * One drawing in a file: ink as JSON, {"strokes": [[[x, y], ...], ...]} or the bare list of strokes.
 * The rule is that of py/inkling/data/ink_file.py, and both are held to tests/cases/ink.json.
 */
import { MOST_POINTS } from "./limits.js";

/** In bytes: MOST_POINTS points with two numbers a line are fewer. */
const LARGEST_FILE = 16 * 2 ** 20;
const FARTHEST = 1e12;

/** `{ strokes: [[[x, y], ...], ...], leftOut }` of a File or Blob; `leftOut` points had no place. Errors are in words. */
export async function readInk(file) {
  return parseInk(await contentOf(file));
}

/** The bytes of a file of ink. */
export async function contentOf(file) {
  if (file.size > LARGEST_FILE) throw new Error(`larger than ${LARGEST_FILE / 2 ** 20} MB, which no drawing is`);
  return new Uint8Array(await file.arrayBuffer());
}

/** Whether a file that begins with these bytes is JSON. */
export function looksLikeInk(start) {
  const text = new TextDecoder(encodingOf(start)).decode(start);
  return /^\s*[[{]/.test(text);
}

export function parseInk(content) {
  return inkOf(parseJSON(content));
}

/** The same of what a file's JSON says, of at most `most` points. */
export function inkOf(drawing, most = MOST_POINTS) {
  const isBare = Array.isArray(drawing) || typeof drawing !== "object" || drawing === null;
  if (!isBare && !("strokes" in drawing)) throw new Error('"strokes" is missing');
  const strokes = isBare ? drawing : drawing.strokes;
  if (!Array.isArray(strokes)) throw new Error(`ink is a list of strokes, not ${shortly(strokes)}`);
  let [count, leftOut] = [0, 0];
  const kept = strokes.map((stroke, index) => {
    if (!Array.isArray(stroke)) throw new Error(`stroke ${index} is a list of points [x, y], not ${shortly(stroke)}`);
    count += stroke.length;
    if (count > most) throw new Error(`more than ${most.toLocaleString("en")} points, which no drawing has`);
    for (const point of stroke) check(point, index);
    const whole = stroke.filter((point) => !point.includes(null));
    leftOut += stroke.length - whole.length;
    return whole;
  });
  return { strokes: kept.filter(({ length }) => length), leftOut };
}

/** A point is [x, y]; null is how JSON writes a number that is not finite. */
function check(point, index) {
  const isPoint = Array.isArray(point) && point.length === 2 && point.every((n) => n === null || typeof n === "number");
  if (!isPoint) throw new Error(`stroke ${index} holds ${shortly(point)}, not a point [x, y]`);
  for (const value of point) {
    if (value === null || Math.abs(value) <= FARTHEST) continue;
    throw new Error(`stroke ${index} reaches ${value}: coordinates are finite and go up to ${FARTHEST.toExponential(0)}`);
  }
}

/** What the bytes of a file say in JSON; an Error in words where they do not. */
export function parseJSON(content) {
  const text = textIn(content);
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("not JSON");
  }
}

/** The text in the bytes of a file; an Error in words where there is none. */
export function textIn(content) {
  const encoding = encodingOf(content);
  let text;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(content); // without a byte-order mark
  } catch {
    throw new Error(`not ${encoding.toUpperCase()} text`);
  }
  if (!text.trim()) throw new Error("empty");
  return text;
}

/** UTF-8, or UTF-16 where a byte-order mark says so, as PowerShell writes it. */
function encodingOf([first, second]) {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return "utf-8";
}

function shortly(value) {
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
