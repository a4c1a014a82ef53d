/** The words of the ink, a button each beside the text, in its order: press one to put it right. */
import { make } from "../ui/dom.js";
import { hook } from "../ui/hooks.js";
import { percent } from "../ui/labels.js";
import { UNSURE, probabilityOf } from "./state.js";

/** Keys that move along the row of buttons, and where to. */
const STEPS = {
  ArrowRight: (at) => at + 1,
  ArrowLeft: (at) => at - 1,
  Home: () => 0,
  End: (_, last) => last,
};

/** `strip` is the element that gets the buttons; `open(id, button)` is called when one is pressed. */
export function connectWords(document, strip, open) {
  const buttons = new Map(); // by the word's id
  let isDue = false;
  const shown = new Map(); // the word as its button shows it, by its id

  function show() {
    const { words } = document;
    const ids = new Set(words.map(({ id }) => id));
    for (const [id, button] of buttons)
      if (!ids.has(id)) {
        buttons.delete(id);
        shown.delete(id);
        button.remove();
      }
    words.forEach((word, place) => {
      const button = buttons.get(word.id) ?? added(word.id);
      if (!looksAlike(shown.get(word.id), word)) fill(button, word);
      shown.set(word.id, word);
      if (strip.children[place] !== button) strip.insertBefore(button, strip.children[place] ?? null);
    });
    strip.hidden = !words.length;
    showCurrent();
  }

  function added(id) {
    const button = make("button", { type: "button", class: "word", "aria-haspopup": "dialog", translate: "no" });
    button.addEventListener("click", () => open(id, button));
    buttons.set(id, button);
    return button;
  }

  /** The word at the caret is marked, in sight, and the one that Tab leads to. */
  function showCurrent() {
    const { end } = document.caret;
    const word = document.words.find((each) => each.start <= end && end <= each.end) ?? document.words.at(-1);
    for (const [id, button] of buttons) {
      const isCurrent = id === word?.id;
      if ((button.tabIndex === 0) !== isCurrent) button.tabIndex = isCurrent ? 0 : -1;
      if (button.hasAttribute("aria-current") === isCurrent) continue;
      if (isCurrent) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      bringIntoSight(strip.querySelector("[aria-current]"));
    });
  }

  /** Not by scrollIntoView, which would scroll the page as well; and in a frame, which knows where everything is. */
  function bringIntoSight(button) {
    if (!button || strip.contains(globalThis.document.activeElement)) return;
    const [frame, box] = [strip.getBoundingClientRect(), button.getBoundingClientRect()];
    if (box.left < frame.left) strip.scrollLeft -= frame.left - box.left;
    else if (box.right > frame.right) strip.scrollLeft += box.right - frame.right;
  }

  strip.addEventListener("keydown", (event) => {
    const all = /** @type {HTMLElement[]} */ ([...strip.children]);
    const step = STEPS[event.key];
    const at = all.indexOf(event.target);
    if (!step || at < 0) return;
    event.preventDefault();
    const next = all[Math.max(0, Math.min(all.length - 1, step(at, all.length - 1)))];
    for (const button of all) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  });
  document.addEventListener("change", ({ detail }) => {
    if (detail === "caret") showCurrent();
    else if (detail !== "saved") show();
  });
  show();
}

const looksAlike = (one, other) =>
  one?.text === other.text && one.pinned === other.pinned && probabilityOf(one) === probabilityOf(other);

function fill(button, word) {
  const probability = probabilityOf(word);
  hook(button, { word: word.text, probability });
  if (button.textContent !== word.text) button.textContent = word.text;
  button.classList.toggle("unsure", probability < UNSURE);
  button.style.setProperty("--share", probability.toFixed(2));
  const how = word.pinned ? "put right" : `${percent(probability)}${probability < UNSURE ? ", not sure" : ""}`;
  const name = `${word.text}, ${how}`;
  if (button.getAttribute("aria-label") !== name) button.setAttribute("aria-label", name);
  button.title = how;
}
