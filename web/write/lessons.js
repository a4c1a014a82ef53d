/**
 * What is put right teaches: the characters' network the letters, as in Read, and the language the words that one uses.
 *
 * It goes by what the document says and not by what was pressed: a word that is the user's and other than it was read is a
 * lesson, however it came to be so; undone it is taken back, done again it is taught again. What was put right before the
 * page was loaded or a draft was opened was taught then.
 */
import { excessOf } from "../ink/limits.js";
import { isBuiltIn } from "../ui/alphabets.js";
import { IN_WORDS, sampleOf } from "../samples/sample.js";
import { inkOf, isApart } from "./letters.js";

/** `say(words)` is told what was learned. */
export function connectLessons({ document, samples, ownWords, say }) {
  let asRead = new Map(); // word id: { text, letters } before the user put it right
  const lessons = new Map(); // word id and text: { id, text, samples, words, isTaught }

  function follow({ detail }) {
    if (detail === "saved") return;
    const before = asRead;
    asRead = new Map(); // of the words there are: not of all that there ever were
    for (const word of document.words) {
      if (!word.pinned) asRead.set(word.id, word);
      else if (detail === "opening") asRead.set(word.id, { text: word.text, letters: [] });
      else if (before.has(word.id)) asRead.set(word.id, before.get(word.id));
      if (word.pinned && detail !== "opening" && isDone(word, detail)) teach(word);
    }
    if (["undo", "redo", "text", "correction"].includes(detail)) takeBack();
  }

  /** Not while it is being typed: until the caret has left it. */
  function isDone(word, detail) {
    const { end } = document.caret;
    return !["text", "caret"].includes(detail) || end <= word.start || end > word.end;
  }

  function teach(word) {
    const before = asRead.get(word.id);
    if (!before || before.text === word.text) return;
    const key = `${word.id} ${word.text}`;
    const lesson = lessons.get(key) ?? { id: word.id, text: word.text, samples: samplesOf(word, before), isTaught: false };
    if (lesson.isTaught) return;
    lesson.isTaught = true;
    lessons.set(key, lesson);
    if (lesson.samples.length) samples.add(lesson.samples);
    lesson.words = ownWords.count([word.text]);
    const labels = lesson.samples.map(({ label }) => label);
    const learned = [...lesson.words.map((each) => `the word ${each}`), ...labels];
    if (learned.length) say(`Learned: ${learned.join(", ")}.`);
  }

  /** What the user has undone, or put right otherwise. Words that went with their ink stay learned. */
  function takeBack() {
    for (const lesson of lessons.values()) {
      const word = document.words.find(({ id }) => id === lesson.id);
      if (!lesson.isTaught || !word || (word.pinned && word.text === lesson.text)) continue;
      lesson.isTaught = false;
      const ids = lesson.samples.map(({ id }) => id).filter((id) => samples.get(id));
      if (ids.length) samples.remove(ids);
      ownWords.uncount(lesson.words);
    }
  }

  /** The letters that are another character than was read. Marks are none that the network for characters knows. */
  function samplesOf(word, before) {
    const labels = new Map(before.letters.map((spans, place) => [JSON.stringify(spans), before.text[place]]));
    const found = [];
    word.letters.forEach((spans, place) => {
      const label = word.text[place];
      const read = spans && labels.get(JSON.stringify(spans));
      if (!read || read === label || !isBuiltIn(label) || !isApart(document, spans)) return;
      const ink = inkOf(document, spans);
      if (ink && !excessOf(ink)) found.push({ ...sampleOf(label, ink), writer: IN_WORDS });
    });
    return found;
  }

  document.addEventListener("change", (event) => follow(/** @type {CustomEvent} */ (event)));
}
