/**
 * The answer as it is seen and heard: the best label in large type, its name, its look-alikes, the bars.
 *
 * What is seen follows the pen; what is heard waits until the pen rests.
 */
import { element, enable, make } from "../ui/dom.js";
import { hook } from "../ui/hooks.js";
import { byWhat, nameOf, percent, tellLookAlikes } from "../ui/labels.js";

const [verdict, best, caption, list, copy] = ["verdict", "answer", "caption", "candidates", "copy"].map(element);

let shown = []; // the candidates in the list
/** @type {(label: string) => void} */
let picked = () => {};

/** `act(label)` is called when one of the candidates is clicked. */
export function whenPicked(act) {
  picked = act;
}

/** The character that is shown as the answer; "" if there is none. */
export const shownLabel = () => shown[0]?.[0] ?? "";

/** Nothing is drawn: show the invitation in place of the answer. */
export function showNothing() {
  show("empty", "", "", []);
}

/** Something is drawn but not read yet (Python is starting), or could not be read. */
export function showWords(words) {
  show("words", "", words, []);
}

/** Report something else, such as a file that cannot be opened, without removing the answer. */
export function showAside(words) {
  caption.textContent = words;
}

/** `isLive` while the pen is down: then bars jump to their new length, since a gliding bar would lag behind the answers. */
export function showAnswer(answer, isLive) {
  const { candidates, confident } = answer;
  list.toggleAttribute("data-live", isLive);
  show(confident ? "sure" : "unsure", candidates[0][0], wordsFor(answer), candidates);
}

export function wordsToHear({ candidates, look_alikes: lookAlikes, decided_by: decidedBy, confident }) {
  const [[label, probability]] = candidates;
  const others = lookAlikes.map((other) => `, or ${nameOf(other)}`).join("");
  const by = confident && !others ? byWhat(decidedBy) : "";
  return `${confident ? "" : "Not sure. Perhaps "}${nameOf(label)}${others}${by}, ${percent(probability)}`;
}

function wordsFor({ candidates, look_alikes: lookAlikes, decided_by: decidedBy, confident }) {
  const [[label]] = candidates;
  if (!confident) return "Not sure. Is it one character?";
  return lookAlikes.length ? tellLookAlikes(label, lookAlikes, decidedBy) : nameOf(label) + byWhat(decidedBy);
}

function show(mood, label, words, candidates) {
  verdict.dataset.mood = mood;
  best.textContent = label;
  caption.textContent = words;
  shown = candidates;
  enable(copy, candidates.length > 0);
  while (list.children.length > candidates.length) list.lastChild?.remove();
  candidates.forEach(([name, probability], i) => fillRow(list.children[i] ?? addRow(i), name, probability));
}

/** A row per rank, not per label: so a bar glides from one length to the next and rows never change places. */
function addRow(rank) {
  const row = make("button", { type: "button" });
  for (const part of ["label", "bar", "percent"]) {
    row.append(make("span", { class: part }), " ");
  }
  row.children[0].setAttribute("translate", "no");
  row.children[1].ariaHidden = "true";
  row.addEventListener("click", () => picked(shown[rank][0]));
  const item = make("li", {}, row);
  list.append(item);
  return item;
}

function fillRow(item, label, probability) {
  hook(item, { label, probability });
  const row = item.firstChild;
  const [name, bar, share] = row.children;
  name.textContent = label;
  bar.style.setProperty("--share", probability.toFixed(3)); // half a pixel: smaller changes would start invisible transitions
  share.textContent = percent(probability);
  row.setAttribute("aria-label", `${nameOf(label)} ${share.textContent}`); // heard alone, 0 and O could not be told apart
}
