/**
 * Cutting ink: a pen that joins its letters writes several of them, or several words, in one stroke. So where a letter goes a
 * piece of a stroke goes, and a word that shall be left alone gets strokes of its own.
 */
import { Stroke } from "../ink/ink.js";
import { newId, withRun } from "./state.js";

/** With the ink of some letters of a word gone; `gone` are their places in it. */
export function withoutLetters(state, word, gone) {
  const [cut, kept] = [new Map(), new Map()];
  word.letters.forEach((spans, place) => mark(gone.has(place) ? cut : kept, spans));
  let next = state;
  for (const [id, points] of cut) {
    const inside = (i) => points.has(i) && !kept.get(id)?.has(i);
    next = divided(next, word.run, id, inside, (_, piece) => !piece.isInside, false);
  }
  return next;
}

/** With the ink of a word in strokes of its own: those that it shares with other words are cut at its borders. */
export function withOwnStrokes(state, word) {
  const own = new Map();
  for (const spans of word.letters) mark(own, spans);
  const others = state.words.filter(({ id }) => id !== word.id);
  let next = state;
  for (const id of word.strokes) {
    if (!others.some(({ strokes }) => strokes.includes(id))) continue;
    const inside = (i) => Boolean(own.get(id)?.has(i));
    next = divided(next, word.run, id, inside, (each, piece) => piece.isInside === (each.id === word.id), true);
  }
  return next;
}

function mark(points, spans) {
  for (const [stroke, first, last] of spans ?? []) {
    if (!points.has(stroke)) points.set(stroke, new Set());
    for (let i = first; i <= last; i += 1) points.get(stroke).add(i);
  }
}

/**
 * With a stroke divided where `inside(point)` changes. What is inside stays only if `isWhole`; `isFor(word, piece)` tells
 * which words a piece may belong to.
 */
function divided(state, runId, id, inside, isFor, isWhole) {
  const run = state.runs.find((each) => each.id === runId);
  const stroke = run.strokes.find((each) => each.id === id);
  const sides = Array.from({ length: stroke.length }, (_, i) => inside(i));
  if (!sides.includes(true)) return state;
  const pieces = piecesOf(stroke, sides, isWhole);
  const strokes = run.strokes.flatMap((each) => (each === stroke ? pieces.map((piece) => piece.stroke) : [each]));
  const words = state.words.map((word) => {
    if (!word.strokes.includes(id)) return word;
    const its = pieces.filter((piece) => isFor(word, piece));
    const letters = word.letters.map((spans) => spans && spans.flatMap((span) => onPieces(span, id, its)));
    const shown = new Set(letters.flatMap((spans) => (spans ?? []).map(([piece]) => piece)));
    const isKnown = word.letters.some((spans) => spans?.some(([each]) => each === id));
    const held = its.filter((piece) => !isKnown || shown.has(piece.stroke.id)).map((piece) => piece.stroke.id);
    return { ...word, letters, strokes: word.strokes.flatMap((each) => (each === id ? held : [each])) };
  });
  return withRun({ ...state, words }, runId, { strokes });
}

function onPieces([stroke, first, last], id, pieces) {
  if (stroke !== id) return [[stroke, first, last]];
  return pieces
    .filter(({ start, end }) => first <= end && last >= start)
    .map(({ stroke: piece, start, end }) => [piece.id, Math.max(first, start) - start, Math.min(last, end) - start]);
}

/** Pieces that stay as they were meet in a point, so that the ink shows no gap; beside what goes, a lone point goes too. */
function piecesOf(stroke, sides, isWhole) {
  const pieces = [];
  for (let start = 0, end; start < sides.length; start = end) {
    end = start + 1;
    while (end < sides.length && sides[end] === sides[start]) end += 1;
    const isInside = sides[start];
    if (isWhole)
      pieces.push(piece(stroke, start === sides.length - 1 ? start - 1 : start, Math.min(end, sides.length - 1), isInside));
    else if (!isInside && end - start > 1) pieces.push(piece(stroke, start, end - 1, isInside));
  }
  return pieces;
}

function piece({ points, pressures }, start, end, isInside) {
  const stroke = new Stroke(points.slice(2 * start, 2 * end + 2), pressures && pressures.slice(start, end + 1));
  stroke.id = newId();
  return { stroke, start, end, isInside };
}
