/** The dialog in which a character is picked: all that the network knows, and symbols of one's own. */
import { dialog as dialogOf, element, form as formOf, input, make } from "../ui/dom.js";
import { nameOf } from "../ui/labels.js";

const ROWS = ["0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"];

/** Says of the character before it that it is shown as text or as an emoji: no character of its own. */
const VARIATION_SELECTORS = /[\uFE0E\uFE0F]/g;

/** One character that can be seen, composed (ñ is one, not n and a tilde); "" for anything else. */
export function labelIn(text) {
  const composed = text.trim().normalize("NFC").replace(VARIATION_SELECTORS, "");
  const isOne = [...composed].length === 1 && composed !== "∅" && !/[\p{C}\p{Z}\p{M}]/u.test(composed);
  return isOne ? composed : "";
}

/** pick(title, own) resolves to the character picked, or "" when the dialog is closed without one. */
export function connectPicker() {
  const [dialog, form, field] = [dialogOf("picker"), formOf("picker-own"), input("picker-symbol")];
  const [rows, hint] = ["picker-rows", "picker-hint"].map(element);
  /** @type {(label: string) => void} */
  let answer = () => {};

  const choose = (label) => {
    answer(label);
    dialog.close();
  };
  dialog.addEventListener("close", () => answer(""));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  rows.addEventListener("click", ({ target }) => {
    if (target instanceof HTMLButtonElement) choose(target.dataset.label);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const label = labelIn(field.value);
    if (label) return choose(label);
    hint.textContent = field.value.trim()
      ? "One character that can be seen, such as → or ñ."
      : "Type or paste the character first.";
    field.focus();
  });

  return function pick(title, own = "") {
    element("picker-title").textContent = title;
    field.value = hint.textContent = "";
    const all = own ? [...ROWS, own] : ROWS;
    rows.replaceChildren(...all.map((row) => make("div", { class: "row" }, ...[...row].map(button))));
    dialog.showModal();
    return new Promise((resolve) => (answer = resolve));
  };
}

function button(label) {
  return make("button", { type: "button", "data-label": label, "aria-label": nameOf(label), translate: "no" }, label);
}
