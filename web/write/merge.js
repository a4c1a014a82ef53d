/**
 * What was read of ink becomes text. Words that are still there keep their name and their place, whatever was typed around
 * them; what is new comes to stand after the word before it on the paper, or where the caret was when its ink was begun.
 */
import { withRead } from "./parts.js";
import { boxOf, boxOfWord, dropped, inserted, newId, withChanged, withRun } from "./state.js";

/**
 * @param {{ run: { id: number }, strokes: any[], key: string }} part  as it was sent to be read
 * @param {{ words: any[] }} reading  of writing.read
 */
export function withReading(state, part, reading, settled) {
  const run = state.runs.find(({ id }) => id === part.run.id);
  if (!run) return state;
  const here = new Set(run.strokes.map(({ id }) => id));
  if (!part.strokes.every(({ id }) => here.has(id))) return state; // some of it is gone: this says nothing of what is left
  const ids = new Set(part.strokes.map(({ id }) => id));
  const olds = state.words.filter((word) => word.run === run.id && !word.pinned && word.strokes.some((id) => ids.has(id)));
  const news = completed(
    reading.words.map((word) => ({ ...wordOf(word, part.strokes), run: run.id, settled })),
    part.strokes,
  );
  let next = state;
  const fresh = [];
  for (const group of grouped(olds, news)) {
    group.news.forEach((word, i) => {
      const old = group.olds[i];
      if (!old) fresh.push(word);
      else if (!isAsBefore(old, word)) next = withChanged(next, old.id, word);
    });
    for (const old of group.olds.slice(group.news.length)) next = dropped(next, old.id);
  }
  for (const word of fresh) next = withNew(next, run, word);
  next = withRead(next, run.id, { key: part.key, settled, isFound: news.length > 0 });
  return followed(next, run.id);
}

/** A word of writing.read, its strokes called by their names. */
function wordOf({ text, probability, strokes, readings, characters }, all) {
  const letters = characters.map(({ spans }) => spans.map(([stroke, first, last]) => [all[stroke].id, first, last]));
  const isWhole = characters.map(({ label }) => label).join("") === text;
  return {
    text,
    strokes: strokes.map((stroke) => all[stroke].id),
    letters: isWhole ? letters : Array(text.length).fill(null),
    // Of each character what else it may be, in one text: a page has a thousand of them, and undo remembers more.
    reading: {
      probability: rounded(probability),
      readings: readings.map((each) => ({ ...each, probability: rounded(each.probability) })),
      alternatives: characters.map(({ alternatives }) => alternatives.join("")),
    },
    pinned: false,
  };
}

/** More digits nobody sees, and with them the words left of the pen would be others after each stroke. */
const rounded = (probability) => Math.round(1000 * probability) / 1000;

/** Whether a word was read as it was before: then it stays the same object, which undo remembers once and not with each stroke. */
function isAsBefore(old, word) {
  const read = ({ text, strokes, letters, reading, settled }) => JSON.stringify([text, strokes, letters, reading, settled]);
  return read(old) === read(word);
}

/** Ink in which no letter was found belongs to the word beside it. */
function completed(words, strokes) {
  const held = new Set(words.flatMap((word) => word.strokes));
  const left = strokes.filter(({ id }) => !held.has(id));
  if (!left.length || !words.length) return words;
  const middles = words.map((word) => boxOf(strokes.filter(({ id }) => word.strokes.includes(id))).x);
  const more = words.map(() => []);
  for (const stroke of left) {
    const { x } = boxOf([stroke]);
    const apart = middles.map((middle) => Math.abs(middle - x) || 0);
    more[apart.indexOf(Math.min(...apart))].push(stroke.id);
  }
  return words.map((word, i) => (more[i].length ? { ...word, strokes: [...word.strokes, ...more[i]] } : word));
}

/** Old and new words that share ink, together; each in its order. */
function grouped(olds, news) {
  const groups = news.map((word) => ({ ids: new Set(word.strokes), news: [word], olds: [] }));
  for (const word of olds) groups.push({ ids: new Set(word.strokes), news: [], olds: [word] });
  const joined = [];
  for (const group of groups) {
    let whole = group;
    for (const other of joined.filter(({ ids }) => [...ids].some((id) => group.ids.has(id)))) {
      joined.splice(joined.indexOf(other), 1);
      whole = {
        ids: new Set([...other.ids, ...whole.ids]),
        news: [...other.news, ...whole.news],
        olds: [...other.olds, ...whole.olds],
      };
    }
    joined.push(whole);
  }
  const [rankOld, rankNew] = [olds, news].map((words) => new Map(words.map((word, i) => [word, i])));
  for (const group of joined) {
    group.olds.sort((one, other) => rankOld.get(one) - rankOld.get(other));
    group.news.sort((one, other) => rankNew.get(one) - rankNew.get(other));
  }
  return joined;
}

/** With a word of a run that was not there before. */
function withNew(state, run, word) {
  const added = { ...word, id: newId() };
  const strokes = state.runs.find(({ id }) => id === run.id).strokes.filter(({ id }) => word.strokes.includes(id));
  const { x } = boxOf(strokes);
  const here = state.words.filter((each) => each.run === run.id);
  if (here.length) return beside(state, here, added, { row: run.row, x }, " ");
  if (run.at !== null) {
    const next = atCaret(state, run, added);
    return withRun(next, run.id, { at: null });
  }
  if (!state.words.length) return inserted(state, state.text.length, added);
  return beside(state, state.words, added, { row: run.row, x }, run.moved ? " " : "\n");
}

/** Where the caret was; at the end of a row's text a new row begins a line, as it does elsewhere. */
function atCaret(state, run, word) {
  const within = state.words.find(({ start, end }) => start < run.at && run.at < end); // read since
  const at = within ? within.end : run.at;
  if (run.glued) return inserted(state, at, word, { before: "", after: "" });
  const before = state.words.findLast(({ end }) => end <= at);
  const isAtEnd = at === state.text.length || state.text[at] === "\n";
  const isBelow = before && rowOf(state, before) < run.row;
  return inserted(state, at, word, { before: isAtEnd && isBelow && !run.moved ? "\n" : " " });
}

const rowOf = (state, word) => state.runs.find(({ id }) => id === word.run).row;

/** After the one of some words that comes before it on the paper; else before the first of them. */
function beside(state, words, word, place, between) {
  const ordered = words
    .map((each) => ({ word: each, row: rowOf(state, each), x: boxOfWord(state, each).x }))
    .sort((one, other) => one.row - other.row || one.x - other.x);
  const before = ordered.findLast(({ row, x }) => row < place.row || (row === place.row && x <= place.x));
  const partedBy = (other) => (other.row === place.row ? " " : between);
  if (!before) return inserted(state, ordered[0].word.start, word, { before: " ", after: partedBy(ordered[0]) });
  const next = state.words.find(({ start }) => start >= before.word.end);
  const after = next && rowOf(state, next) > place.row ? "\n" : " ";
  return inserted(state, before.word.end, word, { before: partedBy(before), after });
}

/** The caret follows the pen, unless the user has put it elsewhere since. */
function followed(state, runId) {
  if (state.caret.own || state.writing !== runId) return state;
  const end = state.words.findLast((word) => word.run === runId)?.end;
  return end === undefined ? state : { ...state, caret: { start: end, end, own: false } };
}
