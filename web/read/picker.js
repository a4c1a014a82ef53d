/** The dialog in which a character is picked: all that the network knows, and symbols of one's own. */
import { dialog as dialogOf, element, form as formOf, input, make } from "../ui/dom.js";
import { ALPHABETS } from "../ui/alphabets.js";
import { hook } from "../ui/hooks.js";
import { labelIn, nameOf } from "../ui/labels.js";

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
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const label = labelIn(field.value);
    if (label) return choose(label);
    hint.textContent = field.value.trim()
      ? "One character that can be seen, such as → or ñ."
      : "Type or paste the character first.";
    field.focus();
  });

  function button(label) {
    const made = make("button", { type: "button", "aria-label": nameOf(label), translate: "no" }, label);
    made.addEventListener("click", () => choose(label));
    return hook(made, { label });
  }

  return function pick(title, own = "") {
    element("picker-title").textContent = title;
    field.value = hint.textContent = "";
    const all = [...Object.values(ALPHABETS), own].filter(Boolean);
    rows.replaceChildren(...all.map((row) => make("div", { class: "row" }, ...[...row].map(button))));
    dialog.showModal();
    return new Promise((resolve) => (answer = resolve));
  };
}
