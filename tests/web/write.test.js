/** A page of writing without a page: ink, text, what belongs to which, and undo of everything. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Document } from "../../web/write/document.js";
import { differenceOf } from "../../web/write/field.js";
import { ROW } from "../../web/write/state.js";
import { seeded } from "./random.js";

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const WIDE = 150; // a letter with its gap; words are two apart

/** A letter as one stroke, of six points, by which the reader below knows it. */
function write(document, letter, x, row) {
  const y = (row + 0.4) * ROW;
  const size = 100 + LETTERS.indexOf(letter);
  document.ink.begin(x, y);
  document.ink.extend([20, 40, 60, 80].map((step) => [x + step, y + (step % 40 ? size : 0), null]));
  document.ink.extend([[x + 100, y + size + 100, null]]);
  document.ink.end();
}

/** Words from a place of a row on; where the next one would begin. */
function writeWords(document, words, x = 200, row = 0) {
  for (const word of words.split(" ")) {
    for (const letter of word) {
      write(document, letter, x, row);
      x += WIDE;
    }
    x += WIDE;
  }
  return x;
}

/** A reader that knows the letters above by their size; words are parted by gaps. */
function readingOf(strokes) {
  const order = strokes.map((stroke, index) => ({ index, stroke, x: stroke.points[0] })).sort((a, b) => a.x - b.x);
  const words = [];
  let end = -Infinity;
  for (const { index, stroke, x } of order) {
    if (x - end > WIDE) words.push([]);
    end = x + 100;
    const { points } = stroke;
    const size = Math.round(Math.max(...points.filter((_, i) => i % 2)) - points[1] - 100);
    if (LETTERS[size - 100]) words.at(-1).push({ index, label: LETTERS[size - 100], last: stroke.length - 1 });
  }
  return {
    words: words
      .filter(({ length }) => length)
      .map((letters) => ({
        text: letters.map(({ label }) => label).join(""),
        probability: 0.9,
        strokes: letters.map(({ index }) => index),
        readings: [],
        characters: letters.map(({ index, label, last }) => ({
          label,
          probability: 1,
          spans: [[index, 0, last]],
          alternatives: [],
        })),
      })),
  };
}

function read(document) {
  for (const part of document.parts) if (!part.read?.settled) document.take(part, readingOf(part.strokes), true);
}

function written(words, row = 0) {
  const document = new Document();
  writeWords(document, words, 200, row);
  read(document);
  return document;
}

const wordsOf = (document) => document.words.map(({ text }) => text);
const shownBy = (document, word) => {
  const strokes = word.strokes.map((id) => document.stroke(id));
  return readingOf(strokes)
    .words.map(({ text }) => text)
    .join("");
};

test("text follows the ink, and the caret the pen", () => {
  const document = new Document();
  writeWords(document, "the grass");
  assert.equal(document.text, "");
  read(document);
  assert.equal(document.text, "the grass");
  assert.deepEqual([document.caret.start, document.caret.own], [9, false]);
  assert.deepEqual(wordsOf(document), ["the", "grass"]);
});

test("a word that is still there keeps its name when its row goes on", () => {
  const document = written("the grass");
  const ids = document.words.map(({ id }) => id);
  writeWords(document, "has", 200 + 11 * WIDE);
  read(document);
  assert.equal(document.text, "the grass has");
  assert.deepEqual(document.words.map(({ id }) => id).slice(0, 2), ids);
});

test("a word that is read as before is the same object, which undo remembers once", () => {
  const document = written("the grass");
  const [the, grass] = document.words;
  writeWords(document, "es", 200 + 9 * WIDE);
  read(document);
  assert.equal(document.text, "the grasses");
  assert.ok(document.words[0] === the && document.words[1] !== grass);
  document.undo();
  document.undo();
  assert.ok(document.words[0] === the && document.words[1] === grass);
});

test("every row is a line of text, wherever it is begun; a row that goes on is none", () => {
  const document = new Document();
  writeWords(document, "three", 200, 3);
  read(document);
  writeWords(document, "one", 200, 1);
  read(document);
  writeWords(document, "two", 200, 2);
  document.continueIn(4);
  writeWords(document, "four", 200, 4);
  read(document);
  assert.equal(document.text, "one\ntwo\nthree four");
});

test("ink before other ink of its row comes before it in the text", () => {
  const document = new Document();
  writeWords(document, "after", 3000);
  read(document);
  writeWords(document, "now", 200);
  read(document);
  assert.equal(document.text, "now after");
});

test("a dot above its letter, near the row before, is its letter's", () => {
  const document = new Document();
  writeWords(document, "abc", 200, 2);
  document.ink.begin(250, 2 * ROW - 20); // a stroke's length above the letter, in the upper row
  document.ink.extend([[255, 2 * ROW - 15, null]]);
  document.ink.end();
  assert.deepEqual(
    document.parts.map(({ run, strokes }) => [run.row, strokes.length]),
    [
      [2, 3],
      [1, 1],
    ],
  );
  document.undo();
  document.ink.begin(250, 2 * ROW + 150);
  document.ink.extend([[255, 2 * ROW + 155, null]]);
  document.ink.end();
  document.ink.begin(350, 3 * ROW + 20 - 250); // a comma below
  document.ink.extend([[345, 3 * ROW - 200, null]]);
  document.ink.end();
  assert.deepEqual(
    document.parts.map(({ run, strokes }) => [run.row, strokes.length]),
    [[2, 5]],
  );
});

test("ink goes where the caret was put, and what follows it goes on there", () => {
  const document = written("one three");
  document.moveCaret(3);
  writeWords(document, "two", 200, 1);
  writeWords(document, "more", 200 + 5 * WIDE, 1);
  read(document);
  assert.equal(document.text, "one two more three");
  assert.deepEqual([document.caret.start, document.caret.own], ["one two more".length, false]);
});

test("ink in the middle of typed text goes on before what was typed after it", () => {
  const document = new Document();
  document.replaceText(0, 0, "before after");
  document.moveCaret(6);
  writeWords(document, "one", 200, 1);
  read(document);
  writeWords(document, "two", 3000, 1);
  read(document);
  assert.equal(document.text, "before one two after");
});

test("ink written for another place of the text is read apart, even beside ink of its row", () => {
  const document = written("bc");
  document.moveCaret(0);
  writeWords(document, "a", 4000);
  read(document);
  assert.equal(document.text, "a bc");
});

test("with the caret in a word, ink goes into the word", () => {
  const document = written("heo");
  document.moveCaret(2);
  writeWords(document, "ll", 200, 1);
  read(document);
  assert.equal(document.text, "hello");
});

test("typing beside and between words leaves them; typing into one makes it the user's", () => {
  const document = written("one two");
  document.replaceText(3, 3, " and");
  assert.equal(document.text, "one and two");
  assert.deepEqual(
    document.words.map(({ pinned }) => pinned),
    [false, false],
  );
  document.replaceText(11, 11, "s");
  assert.equal(document.text, "one and twos");
  assert.deepEqual(
    document.words.map(({ text, pinned }) => [text, pinned]),
    [
      ["one", false],
      ["twos", true],
    ],
  );
  writeWords(document, "x", 200 + 9 * WIDE);
  read(document);
  assert.equal(document.text, "one and twos x");
});

test("the ink of what is deleted goes, by words and by letters", () => {
  const document = written("one two three");
  document.replaceText(4, 8, "");
  assert.equal(document.text, "one three");
  assert.equal(document.strokes.length, 8);
  document.replaceText(5, 6, ""); // the h
  assert.equal(document.text, "one tree");
  assert.deepEqual(
    document.words.map((word) => shownBy(document, word)),
    ["one", "tree"],
  );
  document.replaceText(2, 5, ""); // "e t"
  assert.equal(document.text, "onree");
  assert.deepEqual(
    document.words.map(({ text, pinned }) => [text, pinned]),
    [["onree", true]],
  );
  assert.equal(document.strokes.length, 5);
  document.replaceText(0, 5, "");
  assert.equal(document.text, "");
  assert.equal(document.strokes.length, 0);
});

test("after Backspace the pen goes on in the same word", () => {
  const document = written("helo");
  document.replaceText(3, 4, "");
  assert.deepEqual([document.text, document.strokes.length], ["hel", 3]);
  writeWords(document, "lo", 200 + 3 * WIDE);
  read(document);
  assert.equal(document.text, "hello");
});

test("a letter in the middle of a joined stroke is cut out of it", () => {
  const document = new Document();
  document.ink.begin(0, 400);
  document.ink.extend(Array.from({ length: 29 }, (_, i) => [10 * (i + 1), 400 + 50 * (i % 2), null]));
  document.ink.end();
  const spans = [[[0, 0, 10]], [[0, 10, 20]], [[0, 20, 29]]];
  const [part] = document.parts;
  const characters = spans.map((each, i) => ({ label: "abc"[i], probability: 1, spans: each, alternatives: [] }));
  document.take(part, { words: [{ text: "abc", probability: 1, strokes: [0], readings: [], characters }] }, true);
  document.replaceText(1, 2, "");
  assert.equal(document.text, "ac");
  assert.deepEqual(
    document.strokes.map(({ points }) => [points[0], points.at(-2)]),
    [
      [0, 100],
      [200, 290],
    ],
  );
  const [word] = document.words;
  assert.deepEqual(word.letters, [[[word.strokes[0], 0, 10]], [[word.strokes[1], 0, 9]]]);
  document.undo();
  assert.deepEqual([document.text, document.strokes.length], ["abc", 1]);
});

test("what was put right stays, and parts what is read", () => {
  const document = written("one two three");
  document.correct(document.words[1].id, "TWO");
  assert.equal(document.text, "one TWO three");
  writeWords(document, "x", 200 + 14 * WIDE);
  assert.deepEqual(
    document.parts.map(({ strokes, read }) => [strokes.length, read !== null]),
    [
      [3, true],
      [6, false],
    ],
  );
  read(document);
  assert.equal(document.text, "one TWO three x");
});

test("a correction keeps the ink of the letters that it keeps", () => {
  const document = written("grss");
  const [before] = document.words;
  document.correct(before.id, "grass");
  const [after] = document.words;
  assert.equal(after.id, before.id);
  const own = before.letters;
  assert.deepEqual(after.letters, [own[0], own[1], null, own[2], own[3]]);
});

test("a stroke that two words share is cut between them when one of them is put right", () => {
  const document = new Document();
  document.ink.begin(0, 400);
  document.ink.extend(Array.from({ length: 19 }, (_, i) => [10 * (i + 1), 400 + 50 * (i % 2), null]));
  document.ink.end();
  const word = (text, first, last) => {
    const characters = [{ label: text, probability: 1, spans: [[0, first, last]], alternatives: [] }];
    return { text, probability: 1, strokes: [0], readings: [], characters };
  };
  document.take(document.parts[0], { words: [word("a", 0, 9), word("b", 10, 19)] }, true);
  assert.equal(document.text, "a b");
  document.correct(document.words[0].id, "A");
  const [one, other] = document.words;
  assert.equal(document.strokes.length, 2);
  assert.deepEqual(
    one.strokes.filter((id) => other.strokes.includes(id)),
    [],
  );
  assert.deepEqual(
    document.parts.map(({ strokes }) => strokes.map(({ id }) => id)),
    [other.strokes],
  );
  document.erase(one.strokes);
  assert.equal(document.text, "b");
});

test("erased ink takes its letters and words along", () => {
  const document = written("one two three");
  document.erase(document.words[1].strokes);
  assert.equal(document.text, "one three");
  document.erase(document.words[1].strokes.slice(0, 2));
  assert.equal(document.text, "one ree");
  read(document);
  assert.equal(document.text, "one ree");
});

test("a reading of ink that has changed meanwhile adds what it can, and one of erased ink nothing", () => {
  const document = new Document();
  writeWords(document, "on");
  const [early] = document.parts;
  writeWords(document, "e", 200 + 2 * WIDE);
  assert.equal(document.take(early, readingOf(early.strokes), false), true);
  assert.deepEqual([document.text, document.parts[0].read], ["on", null]);
  document.erase([early.strokes[0].id]);
  assert.equal(document.take(early, readingOf(early.strokes), false), false);
});

test("ink in which nothing was found is kept and known", () => {
  const document = new Document();
  writeWords(document, "a");
  document.take(document.parts[0], { words: [] }, true);
  assert.deepEqual([document.text, document.strokes.length, document.parts[0].read.isFound], ["", 1, false]);
});

test("whoever takes a stroke for something else keeps it out of the ink", () => {
  const document = written("one");
  document.addEventListener(
    "stroke",
    (event) => {
      event.preventDefault();
      assert.equal(document.strokes.length, 3, "it is none of those that are there");
      document.erase(document.words[0].strokes);
    },
    { once: true },
  );
  write(document, "z", 300, 0);
  assert.deepEqual([document.text, document.strokes.length], ["", 0]);
  document.undo();
  assert.deepEqual([document.text, document.strokes.length], ["one", 3]);
});

test("the hand that a pen came after leaves nothing", () => {
  const document = written("one");
  write(document, "z", 2000, 0);
  document.ink.withdraw(document.strokes.at(-1));
  assert.deepEqual([document.text, document.strokes.length, document.canRedo], ["one", 3, false]);
});

test("how ink is read changes for what is being written, not for rows before", () => {
  const document = written("one");
  writeWords(document, "two", 200, 1);
  read(document);
  document.how = { characters: "digits", language: null };
  assert.deepEqual(
    document.parts.map(({ run, read }) => [run.how.characters, read !== null]),
    [
      ["text", true],
      ["digits", false],
    ],
  );
});

test("letters typed one after the other are one step, and so are those taken back", () => {
  const document = new Document();
  for (const [i, letter] of [..."to be"].entries()) document.replaceText(i, i, letter);
  const texts = [];
  while (document.canUndo) {
    document.undo();
    texts.push(document.text);
  }
  assert.deepEqual(texts, ["to", ""]);
  while (document.canRedo) document.redo();
  document.replaceText(4, 5, "");
  document.replaceText(3, 4, "");
  document.undo();
  assert.equal(document.text, "to be");
});

/** What must hold of any page of writing. */
function check(document) {
  const strokes = new Map(document.strokes.map((stroke) => [stroke.id, stroke]));
  assert.equal(strokes.size, document.strokes.length);
  let end = 0;
  const held = [];
  for (const word of document.words) {
    assert.ok(word.start >= end && word.text && document.text.slice(word.start, word.end) === word.text);
    end = word.end;
    assert.equal(word.letters.length, word.text.length);
    assert.ok(word.strokes.length && word.strokes.every((id) => strokes.has(id)));
    held.push(...word.strokes);
    for (const [id, first, last] of word.letters.flatMap((spans) => spans ?? []))
      assert.ok(word.strokes.includes(id) && first <= last && last < strokes.get(id).length);
  }
  assert.equal(new Set(held).size, held.length, "words share no strokes here");
  const { caret, text } = document;
  assert.ok(caret.start >= 0 && caret.start <= caret.end && caret.end <= text.length);
  const again = Document.fromJSON(JSON.parse(JSON.stringify(document)));
  assert.equal(JSON.stringify(again), JSON.stringify(document));
}

test("ink of a page that is opened, which was to be read otherwise, is still to be read", () => {
  const document = written("the grass");
  document.how = { characters: "digits", language: null };
  assert.ok(document.parts.every(({ read }) => !read));
  document.open(JSON.parse(JSON.stringify(document)));
  assert.ok(document.parts.length && document.parts.every(({ read }) => !read));
});

test("a page that is opened is read as far as it was, and its parts still belong together", () => {
  const document = written("the grass");
  const [the] = document.words;
  document.correct(the.id, "The");
  const file = JSON.parse(JSON.stringify(document));
  const taken = document.strokes.map(({ id }) => id);
  document.open(file);
  assert.ok(document.strokes.every(({ id }) => !taken.includes(id)));
  assert.ok(document.parts.length && document.parts.every(({ read }) => read?.settled));
  check(document);
  document.undo();
  assert.deepEqual(
    document.strokes.map(({ id }) => id),
    taken,
  );
});

const shown = (document) => JSON.stringify([document.text, wordsOf(document), document.strokes.map(({ id }) => id)]);

test("whatever is done in whatever order, it holds together, and undo and redo show what was there", () => {
  for (let seed = 1; seed <= 80; seed += 1) {
    const random = seeded(seed);
    const pick = (count) => Math.floor(count * random());
    const document = new Document();
    let steps = 0;
    const states = [shown(document)]; // after every step, with what was read since
    const settle = () => (states[steps] = shown(document));
    for (let turn = 0; turn < 60; turn += 1) {
      const before = shown(document);
      const choice = random();
      const [from, to] = [pick(document.text.length + 1), pick(document.text.length + 1)].sort((a, b) => a - b);
      if (choice < 0.4) write(document, LETTERS[pick(26)], 200 + WIDE * pick(20) * (1 + pick(2)), pick(3));
      else if (choice < 0.6) {
        read(document);
        settle();
        check(document);
        continue;
      } else if (choice < 0.7) document.replaceText(from, Math.min(to, from + 3), ["", "x", " ", "a b"][pick(4)]);
      else if (choice < 0.75 && document.words.length)
        document.correct(document.words[pick(document.words.length)].id, "right");
      else if (choice < 0.8 && document.strokes.length) document.erase([document.strokes[pick(document.strokes.length)].id]);
      else if (choice < 0.83) document.clear();
      else if (choice < 0.9) {
        document.moveCaret(from);
        continue;
      } else if (document.canUndo) {
        document.undo();
        steps -= 1;
        assert.equal(shown(document), states[steps], `undo, seed ${seed}`);
        document.redo();
        steps += 1;
        assert.equal(shown(document), states[steps], `redo, seed ${seed}`);
        continue;
      }
      if (shown(document) !== before || document.canUndo) {
        const depth = depthOf(document);
        if (depth > steps) steps += 1;
        states.length = steps;
        settle();
      }
      check(document, seed, turn);
    }
    for (; document.canUndo; steps -= 1) {
      assert.equal(shown(document), states[steps], `seed ${seed}`);
      document.undo();
    }
    assert.equal(steps, 0);
    assert.deepEqual([document.text, document.strokes.length], ["", 0]);
  }
});

/** How many steps can be undone, by undoing and redoing them. */
function depthOf(document) {
  let depth = 0;
  while (document.canUndo) {
    document.undo();
    depth += 1;
  }
  for (let i = 0; i < depth; i += 1) document.redo();
  return depth;
}

test("what is no page of writing is not opened, and says why", () => {
  const good = JSON.parse(JSON.stringify(written("one two")));
  const spoilt = [
    null,
    [],
    {},
    { ...good, version: 2 },
    { ...good, text: 5 },
    { ...good, runs: [{}] },
    { ...good, text: "other" },
    { ...good, words: good.words.map((word) => ({ ...word, strokes: [999] })) },
    { ...good, words: good.words.map((word) => ({ ...word, letters: [] })) },
    { ...good, runs: good.runs.map((run) => ({ ...run, strokes: [{ id: 1, points: [1], pressures: null }] })) },
    { ...good, runs: good.runs.map((run) => ({ ...run, row: -1 })) },
  ];
  for (const json of spoilt) assert.throws(() => Document.fromJSON(json), TypeError);
  assert.equal(Document.fromJSON(good).text, "one two");
});

test("what was typed is found between two texts, of equal letters the one at the caret", () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = seeded(seed);
    const pick = (count) => Math.floor(count * random());
    const before = Array.from({ length: pick(8) }, () => "ab"[pick(2)]).join("");
    const [start, end] = [pick(before.length + 1), pick(before.length + 1)].sort((one, other) => one - other);
    const typed = Array.from({ length: pick(4) }, () => "ab"[pick(2)]).join("");
    const after = before.slice(0, start) + typed + before.slice(end);
    const [from, to, found] = differenceOf(before, after, start + typed.length);
    assert.equal(before.slice(0, from) + found + before.slice(to), after);
    assert.ok(from >= start && to <= end, "nothing beside what was changed");
    assert.ok(to - from <= end - start && found.length <= typed.length);
  }
  assert.deepEqual(differenceOf("aaa", "aaaa", 2), [1, 1, "a"]);
});
