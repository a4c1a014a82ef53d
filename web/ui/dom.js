/** Small helpers for views that make their elements themselves. */

export const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

// The same, by what they are in the page.
export const canvas = (id) => /** @type {HTMLCanvasElement} */ (element(id));
export const dialog = (id) => /** @type {HTMLDialogElement} */ (element(id));
export const form = (id) => /** @type {HTMLFormElement} */ (element(id));
export const input = (id) => /** @type {HTMLInputElement} */ (element(id));
export const select = (id) => /** @type {HTMLSelectElement} */ (element(id));

/** What a selector finds within an element of the page, or of what the page makes, that has it. */
export const partOf = (whole, selector) => /** @type {HTMLElement} */ (whole.querySelector(selector));

/** What draws on a canvas. */
export const contextOf = (canvas, options = {}) =>
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", options));

/** A canvas that holds a picture (ImageData). */
export function canvasWith(picture) {
  const made = make("canvas", { width: picture.width, height: picture.height });
  contextOf(made).putImageData(picture, 0, 0);
  return made;
}

/** A form's fields, by their names and one after the other. */
export const fieldsOf = (form) => /** @type {Record<string, any> & Iterable<HTMLInputElement>} */ (form.elements);

/** make("button", { class: "step", type: "button" }, "words", child, ...) */
export function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Whether a dialog or a panel lies over the page: then keys are not for the page. */
export const hasOpenDialog = () => document.querySelector("dialog[open], :popover-open") !== null;

/** Say whether a button can be used. Not by `disabled`: the keyboard's focus must not vanish from under a finger. */
export function enable(button, isPossible) {
  const value = String(!isPossible);
  if (button.getAttribute("aria-disabled") !== value) button.setAttribute("aria-disabled", value);
}

/** Whether a key event goes to a text field or a list, which handles it itself. */
export function isTyping({ target }) {
  return (
    target instanceof Element && target.matches("select, textarea, input:not([type=checkbox], [type=radio], [type=range])")
  );
}

/**
 * The key of a shortcut, in lower case. A keyboard layout without Latin letters has the shortcuts where a Latin one
 * has them; on one with Latin letters the letter counts, wherever it lies.
 */
export function shortcutOf({ key, code }) {
  const letter = /^Key([A-Z])$/.exec(code);
  return (letter && !/^[ -~]$/.test(key) ? letter[1] : key).toLowerCase();
}

/** Whether a key event goes to a pad: single characters act only there, so that dictated words trigger nothing. */
export const isOnPad = ({ target }) => target instanceof Element && target.matches(".pad");

/** "1 drawing", "5 drawings" */
export function counted(count, noun) {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/** Whether two lists hold the same things. What shows them is made anew only if not, lest a press on it, or its focus, is lost. */
export const isSame = (some, others) => some.length === others.length && some.every((each, i) => each === others[i]);

/**
 * A function that shows words and elements in `line`; they are made anew only when they say something else, lest a press on a
 * button among them is lost.
 */
export function sayingIn(line) {
  let shown = "";
  return (parts) => {
    const now = parts.map((part) => (typeof part === "string" ? part : part.textContent)).join("\n");
    if (now !== shown) line.replaceChildren(...parts);
    shown = now;
  };
}

/** A button that reads like a link within a line of words. */
export function linkButton(words, act) {
  const made = make("button", { type: "button", class: "link" }, words);
  made.addEventListener("click", act);
  return made;
}

/** Tells `changed(isVisible)` when an element comes into sight or leaves it; returns a function that ends that. */
export function followVisibility(target, changed, rootMargin = "100px") {
  const tell = (entries) => changed(entries[entries.length - 1].isIntersecting);
  const observer = new IntersectionObserver(tell, { rootMargin });
  observer.observe(target);
  return () => observer.disconnect();
}

/** `take(file)` is called with the file that was chosen after `button`, by way of the hidden `input`. */
export function connectFileButton(button, input, take) {
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    if (input.files[0]) take(input.files[0]);
    input.value = ""; // so that the same file can be opened twice
  });
}
