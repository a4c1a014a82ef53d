/** What is put right on a page of writing teaches, by what the document says; undone it is taken back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { linesOfOwn, ownIn, recordOf, wordIn } from "../../web/samples/own-lines.js";
import { IN_WORDS } from "../../web/samples/sample.js";
import { Document } from "../../web/write/document.js";
import { connectLessons } from "../../web/write/lessons.js";

class Shelf {
  all = new Map();
  add(samples) {
    for (const sample of samples) this.all.set(sample.id, sample);
  }
  remove(ids) {
    for (const id of ids) this.all.delete(id);
  }
  get(id) {
    return this.all.get(id);
  }
  get labels() {
    return [...this.all.values()].map(({ label }) => label).join("");
  }
}

class Words {
  counts = {};
  count(words) {
    for (const word of words) this.counts[word] = (this.counts[word] ?? 0) + 1;
    return words;
  }
  uncount(words) {
    for (const word of words) if (!(this.counts[word] -= 1)) delete this.counts[word];
  }
}

/** A document in which each letter of `text` is a stroke, or all of it one, read as `text`. */
function pageOf(text, { joined = false } = {}) {
  const document = new Document();
  const [samples, ownWords, said] = [new Shelf(), new Words(), []];
  connectLessons({ document, samples, ownWords, say: (words) => said.push(words) });
  const strokes = joined ? [text.length] : Array(text.length).fill(1);
  let x = 100;
  for (const letters of strokes) {
    document.ink.begin(x, 400);
    for (let i = 1; i < 2 * letters; i += 1) document.ink.extend([[x + 60 * i, i % 2 ? 700 : 400, null]]);
    document.ink.end();
    x += 120 * letters;
  }
  const spans = (i) => (joined ? [[0, 2 * i, 2 * i + 1]] : [[i, 0, 1]]);
  const characters = [...text].map((label, i) => ({ label, probability: 0.9, spans: spans(i), alternatives: [] }));
  const word = { text, probability: 0.5, start: 0, strokes: strokes.map((_, i) => i), readings: [], characters };
  document.take(document.parts[0], { words: [word] }, true);
  assert.equal(document.text, text);
  return { document, samples, ownWords, said, id: document.words[0].id };
}

test("a chosen reading teaches its letters and counts its word", () => {
  const { document, samples, ownWords, said, id } = pageOf("hcllo");
  document.correct(id, "hello");
  assert.equal(samples.labels, "e");
  const [sample] = samples.all.values();
  assert.deepEqual([...sample.points], [220, 400, 280, 700]);
  assert.equal(sample.writer, IN_WORDS);
  assert.deepEqual(ownWords.counts, { hello: 1 });
  assert.deepEqual(said, ["Learned: the word hello, e."]);
  document.undo();
  assert.equal(samples.labels, "");
  assert.deepEqual(ownWords.counts, {});
  document.redo();
  assert.equal(samples.labels, "e");
  assert.deepEqual(ownWords.counts, { hello: 1 });
});

test("another choice for the same word takes the first one's place", () => {
  const { document, samples, ownWords, id } = pageOf("hcllo");
  document.correct(id, "hullo");
  document.correct(id, "hello");
  const after = () => [samples.labels, ownWords.counts];
  assert.deepEqual(after(), ["e", { hello: 1 }]);
  document.undo();
  assert.deepEqual(after(), ["u", { hullo: 1 }]);
  document.redo();
  assert.deepEqual(after(), ["e", { hello: 1 }]);
});

test("of joined letters nobody knows where one ends: only the word is learned", () => {
  const { document, samples, ownWords, id } = pageOf("hcllo", { joined: true });
  document.correct(id, "hello");
  assert.equal(samples.labels, "");
  assert.deepEqual(ownWords.counts, { hello: 1 });
});

test("letters that came or went teach nothing, and neither does choosing what was read", () => {
  const { document, samples, ownWords, id } = pageOf("helo");
  document.correct(id, "hello");
  assert.equal(samples.labels, "");
  assert.deepEqual(ownWords.counts, { hello: 1 });
  const same = pageOf("hello");
  same.document.correct(same.id, "hello");
  assert.deepEqual([same.samples.labels, same.ownWords.counts], ["", {}]);
});

test("what is typed into a word is learned once the caret has left it", () => {
  const { document, samples, ownWords } = pageOf("hcllo");
  document.replaceText(1, 2, "e");
  assert.deepEqual([document.text, samples.labels, ownWords.counts], ["hello", "", {}]);
  document.moveCaret(5);
  assert.deepEqual(ownWords.counts, {});
  document.replaceText(5, 5, " ");
  assert.deepEqual(ownWords.counts, { hello: 1 });
});

test("what was put right before is not taught again when its page is opened; cleared, it stays learned", () => {
  const { document, ownWords, id } = pageOf("hcllo");
  document.correct(id, "hello");
  const page = JSON.parse(JSON.stringify(document));
  document.clear();
  assert.deepEqual(ownWords.counts, { hello: 1 });
  document.open(page);
  document.moveCaret(0);
  assert.equal(document.text, "hello");
  assert.deepEqual(ownWords.counts, { hello: 1 });
});

test("a page out of a file has nothing to do with words put right here that were called as its own are", () => {
  const { document, samples, ownWords, id } = pageOf("hcllo");
  const file = JSON.parse(JSON.stringify(document));
  document.correct(id, "hello");
  document.open({ ...file, words: file.words.map((word) => ({ ...word, pinned: true })) });
  document.replaceText(5, 5, " there");
  assert.equal(document.text, "hcllo there");
  assert.equal(samples.labels, "e");
  assert.deepEqual(ownWords.counts, { hello: 1 });
  document.undo();
  document.undo();
  document.undo();
  assert.equal(samples.labels, "");
});

test("words are words: without the marks around them, and no numbers or formulas", () => {
  const words = { hello: "hello", "Hello,": "Hello", "“Ink”": "Ink", "e-mail": "e-mail", "it's": "it's", naïve: "naïve" };
  for (const [text, word] of Object.entries(words)) assert.equal(wordIn(text), word);
  for (const text of ["", "a", "12", "B2B", "--", "a+b", "x".repeat(41), "((((hello))))", "two words"])
    assert.equal(wordIn(text), "", text);
});

test("words and drafts come back from their lines, and what is none of them does not", async () => {
  const page = { version: 1, text: "a" };
  const lines = linesOfOwn([recordOf("Inkling", 3)], [{ name: "Notes", made: 5, page }]);
  const { words, drafts } = await ownIn(new TextEncoder().encode(`{"label":"a"}\n${lines}`));
  assert.deepEqual(words, [recordOf("Inkling", 3)]);
  assert.deepEqual(
    drafts.map(({ name, made, page: its }) => [name, made, its]),
    [["Notes", 5, page]],
  );
  for (const entry of [
    { own: "word", word: 5, count: 1 },
    { own: "word", word: "two words", count: 1 },
    { own: "word", word: "word", count: 0 },
    { own: "word", word: "word", count: "1" },
    { own: "draft", name: "", made: 1, page },
    { own: "draft", name: "n", made: 1, page: null },
    { own: "draft", name: "n", made: "1", page },
    { own: "else" },
  ]) {
    const found = await ownIn(new TextEncoder().encode(JSON.stringify(entry)));
    assert.deepEqual(found, { words: [], drafts: [] }, JSON.stringify(entry));
  }
  assert.deepEqual(await ownIn(new Uint8Array([0x1f, 0x8b, 1])), { words: [], drafts: [] });
});
