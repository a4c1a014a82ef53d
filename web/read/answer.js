/**
 * The answer as it is seen and heard: the best label in large type, its name, its look-alikes, the bars.
 *
 * What is seen follows the pen; what is heard waits until the pen rests.
 */
import { nameOf, percent, tellLookAlikes } from "../ui/labels.js";

const [verdict, best, caption, list, announcer] = ["verdict", "answer", "caption", "candidates", "announcer"].map((id) =>
  document.getElementById(id),
);

/** Nothing drawn: the invitation stands where the answer will be. */
export function showNothing() {
  show("empty", "", "", []);
}

/** Something is drawn but not read yet (Python is starting), or could not be read. */
export function showWords(words) {
  show("words", "", words, []);
}

/** Something else went wrong: the words for it, beside the answer that still stands. */
export function showAside(words) {
  caption.textContent = words;
}

/** `isLive` while the pen draws: then the bars follow it at once, for one that glides shows answers of long ago. */
export function showAnswer(answer, isLive) {
  const { candidates, confident } = answer;
  list.toggleAttribute("data-live", isLive);
  show(confident ? "sure" : "unsure", candidates[0][0], wordsFor(answer), candidates);
}

/** For screen readers. The same words twice in a row are said twice: the second drawing was read too. */
export function announce(words) {
  announcer.textContent = announcer.textContent === words ? `${words}\u00a0` : words;
}

export function wordsToHear({ candidates, look_alikes: lookAlikes, confident }) {
  const [[label, probability]] = candidates;
  const others = lookAlikes.map((other) => `, or ${nameOf(other)}`).join("");
  return `${confident ? "" : "Not sure. Perhaps "}${nameOf(label)}${others}, ${percent(probability)}`;
}

function wordsFor({ candidates, look_alikes: lookAlikes, confident }) {
  const [[label]] = candidates;
  if (!confident) return "Not sure. Is it one character?";
  return lookAlikes.length ? tellLookAlikes(label, lookAlikes) : nameOf(label);
}

function show(mood, label, words, candidates) {
  verdict.dataset.mood = mood;
  best.textContent = label;
  caption.textContent = words;
  while (list.children.length > candidates.length) list.lastChild.remove();
  candidates.forEach(([name, probability], i) => fillRow(list.children[i] ?? addRow(), name, probability));
}

/** Rows belong to ranks: a bar glides to its new length and never jumps about. */
function addRow() {
  const row = document.createElement("li");
  for (const part of ["label", "bar", "percent"]) {
    const span = document.createElement("span");
    span.className = part;
    row.append(span);
  }
  row.children[0].setAttribute("translate", "no");
  row.children[1].ariaHidden = "true";
  list.append(row);
  return row;
}

function fillRow(row, label, probability) {
  row.dataset.label = label;
  row.dataset.probability = probability;
  const [name, bar, share] = row.children;
  name.textContent = label;
  bar.style.setProperty("--share", probability.toFixed(3)); // half a pixel: less would glide unseen
  share.textContent = percent(probability);
}
