/** The tools under the paper: what gaps and rows do by themselves, for those who want buttons; and how ink is read. */
import { element } from "../ui/dom.js";

export function connectWriteTools(page, field) {
  const acts = {
    "write-space": () => field.type(" "),
    "write-line": () => field.type("\n"),
    "write-back": () => field.backspace(),
  };
  for (const [id, act] of Object.entries(acts)) element(id).addEventListener("click", act);

  const chosen = (id) => /** @type {HTMLInputElement} */ (element(id).querySelector("input:checked")).value;
  function follow() {
    const characters = chosen("write-characters");
    const language = chosen("write-language");
    // Digits and codes make no words.
    element("write-language").toggleAttribute("disabled", characters !== "text");
    page.how = { characters, language: characters === "text" && language === "en" ? "en" : null };
  }
  follow(); // browsers restore form controls after a reload
  for (const id of ["write-characters", "write-language"]) element(id).addEventListener("change", follow);
}
