/**
 * What a person changes: the text by hand, a word by a choice, ink with an eraser. Ink and text keep together: ink of text that
 * is gone goes, and text of ink that is gone goes.
 */
import { withoutLetters, withOwnStrokes } from "./cut.js";
import { partsOf, withRead } from "./parts.js";
import { dropped, newId, spliced, withChanged, withoutWord, withRun, withWord } from "./state.js";

/**
 * With `typed` in place of text[start, end). A word that is typed into, or of which something is taken away, is the user's
 * from then on; but one that only lost its last letters goes on being written where it ends.
 */
export function withText(state, start, end, typed) {
  const isEdge = (at, word) => (at === word.start || at === word.end ? !joins(state.text, typed, start, end, at) : false);
  const left = state.words.findLast((word) => word.start < start && word.end >= start && !isEdge(start, word));
  const right = state.words.find((word) => word.end > end && word.start <= end && !isEdge(end, word));
  const gone = state.words.filter((word) => start <= word.start && word.end <= end);
  let next = state;
  for (const word of gone) next = withoutInk(next, word.id);
  const sides = new Set([left, right].filter(Boolean).map(({ id }) => id));
  const isTail = isTailCut(state, left, right, end, typed);
  for (const id of sides) next = withCutLetters(next, id, start, end);
  // As they are with their ink cut.
  const [first, last] = [left, right].map((word) => word && next.words.find(({ id }) => id === word.id));
  for (const id of sides) next = withoutWord(next, id);
  next = spliced(next, start, end, typed);
  const from = first ? first.start : start;
  const head = first ? first.letters.slice(0, start - first.start) : [];
  const tail = last ? last.letters.slice(end - last.start) : [];
  const local = next.text.slice(from, start + typed.length + tail.length);
  const letters = [...head, ...Array(typed.length).fill(null), ...tail];
  next = withPieces(next, { local, letters, from, head: head.length, tail: tail.length, first, last, isTail });
  const caret = start + typed.length;
  return { ...asRead(state, next), caret: { start: caret, end: caret, own: true } };
}

/** Whether text that is put in, or put together, at `at` belongs to a word that borders there. */
function joins(text, typed, start, end, at) {
  if (!typed) return start !== end; // what was between two words is gone
  return at === start ? !/^\s/.test(typed) : !/\s$/.test(typed);
}

/** Whether nothing but the last letters of the last word of its run went. */
function isTailCut(state, left, right, end, typed) {
  if (!left || right || typed || left.end !== end || left.pinned) return false;
  return state.words.findLast(({ run }) => run === left.run) === left;
}

function withCutLetters(state, id, start, end) {
  const word = state.words.find((each) => each.id === id);
  const gone = new Set();
  word.letters.forEach((_, place) => {
    if (word.start + place >= start && word.start + place < end) gone.add(place);
  });
  return gone.size ? withoutLetters(state, word, gone) : state;
}

/** The text from the beginning of the word before to the end of the word after, as words again. */
function withPieces(state, { local, letters, from, head, tail, first, last, isTail }) {
  let next = state;
  const sources = first && last && first.id !== last.id ? [first, last] : [first ?? last];
  const border = first && last && first.run !== last.run ? local.length - tail : 0; // no word has ink of two runs
  const halves = border ? [local.slice(0, border), local.slice(border)] : [local];
  const pieces = halves.flatMap((half, i) =>
    Array.from(half.matchAll(/\S+/g), (piece) => ({ text: piece[0], index: piece.index + i * border })),
  );
  for (const { text, index } of pieces) {
    const isOfHead = head > 0 && index < head;
    const isOfTail = tail > 0 && index + text.length > local.length - tail;
    if (!isOfHead && !isOfTail) continue; // typed, and no word of ink
    const its = isOfHead && isOfTail ? sources : [isOfHead ? first : last];
    const isHalf = first && first === last && !(isOfHead && isOfTail);
    const [one] = its;
    const own = letters.slice(index, index + text.length);
    const word = {
      ...one,
      id: isOfHead || first !== last ? one.id : newId(),
      text,
      start: from + index,
      end: from + index + text.length,
      letters: own,
      strokes: isHalf ? strokesOfLetters(one, own, isOfHead) : [...new Set(its.flatMap(({ strokes }) => strokes))],
      pinned: its.some(({ pinned }) => pinned) || !isTail,
      settled: true,
    };
    if (its.length === 1 && text === one.text) next = withWord(next, { ...one, start: word.start, end: word.end });
    else if (word.strokes.length) next = word.pinned ? pinned(next, word) : withWord(next, word);
  }
  return next;
}

/** The strokes of a half of a word: each goes with the half that holds more of it; those without letters with the first. */
function strokesOfLetters(word, letters, isFirst) {
  const size = (spans, id) =>
    (spans ?? []).reduce((sum, [stroke, begin, end]) => sum + (stroke === id ? end - begin + 1 : 0), 0);
  const share = (all, id) => all.reduce((sum, spans) => sum + size(spans, id), 0);
  return word.strokes.filter((id) => {
    const [own, whole] = [share(letters, id), share(word.letters, id)];
    return isFirst ? 2 * own >= whole : 2 * own > whole;
  });
}

/** With a word that reading leaves alone. */
function pinned(state, word) {
  const next = withOwnStrokes(withWord(state, word), word);
  const alone = { ...next.words.find(({ id }) => id === word.id), pinned: true, settled: true };
  return withWord(withoutWord(next, word.id), alone);
}

/** What is left of ink that was read counts as read, though it stands by itself now: nothing changes under the user's hand. */
function asRead(before, after) {
  let next = after;
  for (const run of before.runs) {
    const now = after.runs.find(({ id }) => id === run.id);
    if (!now || partsOf(before, run).some(({ read }) => !read)) continue;
    for (const { key } of partsOf(next, now)) next = withRead(next, run.id, { key, settled: true, isFound: true });
  }
  return next;
}

/** Two words where there was one, if `at` lies within it: nothing between them, and both the user's. */
export function splitAt(state, at) {
  const word = state.words.find(({ start, end }) => start < at && at < end);
  if (!word) return state;
  const place = at - word.start;
  const [head, tail] = [word.letters.slice(0, place), word.letters.slice(place)];
  const first = { ...word, text: word.text.slice(0, place), end: at, letters: head };
  const second = { ...word, id: newId(), text: word.text.slice(place), start: at, letters: tail };
  first.strokes = strokesOfLetters(word, head, true);
  second.strokes = strokesOfLetters(word, tail, false);
  const halves = [first, second].filter(({ strokes }) => strokes.length); // what was typed into it may have no ink
  return halves.reduce(pinned, withoutWord(state, word.id));
}

/** With another text for a word, chosen by the user: its ink stays, and it is never read again. */
export function withCorrection(state, id, text) {
  const word = state.words.find((each) => each.id === id);
  if (!word) return state;
  const next = withOwnStrokes(state, word);
  const own = next.words.find((each) => each.id === id);
  const letters = realigned(own.text, own.letters, text);
  return asRead(state, withChanged(next, id, { text, letters, pinned: true, settled: true }));
}

/** The ink of each letter of another text for a word, by the cheapest way from one to the other (Wagner and Fischer 1974). */
function realigned(old, letters, text) {
  const costs = Array.from({ length: old.length + 1 }, () => new Uint16Array(text.length + 1));
  for (let i = 0; i <= old.length; i += 1) costs[i][0] = i;
  for (let j = 0; j <= text.length; j += 1) costs[0][j] = j;
  const change = (i, j) => (old[i - 1] === text[j - 1] ? 0 : 1);
  for (let i = 1; i <= old.length; i += 1)
    for (let j = 1; j <= text.length; j += 1)
      costs[i][j] = Math.min(costs[i - 1][j - 1] + change(i, j), costs[i - 1][j] + 1, costs[i][j - 1] + 1);
  const aligned = Array(text.length).fill(null);
  for (let i = old.length, j = text.length; i && j;) {
    if (costs[i][j] === costs[i - 1][j - 1] + change(i, j)) aligned[(j -= 1)] = letters[(i -= 1)];
    else if (costs[i][j] === costs[i - 1][j] + 1) i -= 1;
    else j -= 1;
  }
  return aligned;
}

/** Without a word's ink, but for what of it shows other words; its text goes too. */
function withoutInk(state, id) {
  const word = state.words.find((each) => each.id === id);
  const next = withOwnStrokes(state, word);
  const { strokes } = next.words.find((each) => each.id === id);
  return withoutStrokes(withoutWord(next, id), strokes);
}

/** Without strokes; words lose the letters that these alone showed, and words without ink go. */
export function withErased(state, ids) {
  const erased = new Set(ids);
  let next = state;
  for (const { id } of state.words.filter(({ strokes }) => strokes.some((each) => erased.has(each)))) {
    const word = next.words.find((each) => each.id === id);
    const strokes = word.strokes.filter((each) => !erased.has(each));
    const stays = (spans) => !spans?.length || spans.some(([stroke]) => !erased.has(stroke));
    const places = [...word.text].map((_, place) => place).filter((place) => stays(word.letters[place]));
    const text = places.map((place) => word.text[place]).join("");
    if (!strokes.length || !text) next = dropped(next, id);
    else {
      const left = (spans) => spans && spans.filter(([stroke]) => !erased.has(stroke));
      next = withChanged(next, id, { text, strokes, letters: places.map((place) => left(word.letters[place])) });
    }
  }
  return asRead(state, withoutStrokes(next, [...erased]));
}

/** Without strokes and without the runs that these were all of. */
function withoutStrokes(state, ids) {
  const erased = new Set(ids);
  let next = state;
  for (const run of state.runs) {
    const strokes = run.strokes.filter(({ id }) => !erased.has(id));
    if (strokes.length < run.strokes.length) next = withRun(next, run.id, { strokes });
  }
  return { ...next, runs: next.runs.filter(({ strokes }) => strokes.length) };
}
