/** Small helpers for views that make their elements themselves. */

export const element = (id) => document.getElementById(id);

// The same, by what they are in the page.
export const canvas = (id) => /** @type {HTMLCanvasElement} */ (element(id));
export const dialog = (id) => /** @type {HTMLDialogElement} */ (element(id));
export const form = (id) => /** @type {HTMLFormElement} */ (element(id));
export const input = (id) => /** @type {HTMLInputElement} */ (element(id));
export const select = (id) => /** @type {HTMLSelectElement} */ (element(id));

/** make("button", { class: "step", type: "button" }, "words", child, ...) */
export function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Whether a key goes into a field, whose own business it then is. */
export function isTyping({ target }) {
  return (
    target instanceof Element && target.matches("select, textarea, input:not([type=checkbox], [type=radio], [type=range])")
  );
}

/** Give the browser a file to save. */
export function download(content, name, type) {
  const link = make("a", { href: URL.createObjectURL(new Blob([content], { type })), download: name });
  link.click();
  // The download has its own hold on the data once it has begun.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** "1 drawing", "5 drawings" */
export function counted(count, noun) {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
