/**
 * What else one keeps beside drawings, as JSON lines in the same file: {"own": "word", "word", "count"} and {"own": "draft",
 * "name", "made", "page"}. Readers of samples pass these lines over.
 */
import { newId } from "./sample.js";

const MOST_COUNT = 1000;
const LONGEST_NAME = 80;
/** Letters at least; between them also marks, as in "e-mail" and "it's". */
const WORD = /^\p{L}[\p{L}\p{M}'’-]*\p{L}$/u;
const LONGEST_WORD = 40;

/** A draft of a page; its label tells one state of it from another. */
export function draftOf(name, page, id = newId(), made = Date.now()) {
  return { id, label: `${made} ${name}`, name, made, page };
}

export function linesOfOwn(words, drafts) {
  const entries = [
    ...words.map(({ word, count }) => ({ own: "word", word, count })),
    ...drafts.map(({ name, made, page }) => ({ own: "draft", name, made, page })),
  ];
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
}

/** The words and drafts in the bytes of a file, plain or gzip'd; what is damaged is left to the reader of samples to tell. */
export async function ownIn(content) {
  /** @type {{ words: any[], drafts: any[] }} */
  const found = { words: [], drafts: [] };
  const text = await textOf(content).catch(() => "");
  for (const line of text.split("\n")) {
    if (!line.startsWith('{"own"')) continue;
    try {
      const entry = JSON.parse(line);
      if (entry.own === "word") found.words.push(...wordOf(entry));
      else if (entry.own === "draft") found.drafts.push(...draftIn(entry));
    } catch {
      // Cut short: no entry.
    }
  }
  return found;
}

function wordOf({ word, count }) {
  const isWord = typeof word === "string" && wordIn(word) === word && Number.isInteger(count) && count > 0;
  return isWord ? [recordOf(word, Math.min(count, MOST_COUNT))] : [];
}

/** The page itself is checked when it is opened. */
function draftIn({ name, made, page }) {
  const isDraft =
    typeof name === "string" && name.trim() && name.length <= LONGEST_NAME && Number.isFinite(made) && page !== null;
  return isDraft && typeof page === "object" ? [draftOf(name, page, newId(), made)] : [];
}

async function textOf(content) {
  const isZipped = content[0] === 0x1f && content[1] === 0x8b;
  const plain = new Blob([content]).stream();
  return new Response(isZipped ? plain.pipeThrough(new DecompressionStream("gzip")) : plain).text();
}

export function recordOf(word, count) {
  return { id: word, label: String(count), word, count };
}

/** A word without the marks around it; "" where there is none, such as in a number or a formula. */
export function wordIn(text) {
  const word = text.normalize("NFC").replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  const isWord = word.length <= LONGEST_WORD && WORD.test(word);
  return isWord && text.length - word.length <= 4 && !/\d/.test(text) ? word : "";
}
