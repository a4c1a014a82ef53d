/** The tools under the pad: steps back, what may be read, guide lines, files. */
import { connectButton } from "../ink/pad.js";
import { ALPHABETS } from "../ui/alphabets.js";
import { element, input } from "../ui/dom.js";
import { acceptFiles, itemsIn, saveInk, savePicture } from "./files.js";

/** The labels that may be answered; "" is all. */
const ALLOWED = { any: "", ...ALPHABETS };

/**
 * `onChoice` is called when something else may be read or lines come or go, `complain` with words about a file.
 * Returns what is chosen, { allowed, hasGuides }, which follows the controls.
 */
export function connectTools(ink, { onChoice, complain }) {
  const hasStrokes = () => ink.strokes.length > 0;
  connectButton(
    ink,
    element("undo"),
    () => ink.undo(),
    () => ink.canUndo,
  );
  connectButton(
    ink,
    element("clear"),
    () => ink.clear(),
    () => !ink.isEmpty,
  );
  connectButton(ink, element("save-picture"), () => savePicture(ink), hasStrokes);
  connectButton(ink, element("save-ink"), () => saveInk(ink), hasStrokes);

  const chosen = { allowed: "", hasGuides: true };
  function follow() {
    chosen.allowed = ALLOWED[/** @type {HTMLInputElement} */ (element("allowed").querySelector("input:checked")).value];
    chosen.hasGuides = input("guides-shown").checked;
    element("guides").toggleAttribute("hidden", !chosen.hasGuides);
  }
  follow(); // browsers restore form controls after a reload
  for (const id of ["allowed", "guides-shown"])
    element(id).addEventListener("change", () => {
      follow();
      onChoice();
    });

  acceptFiles(element("open"), element("file"), async (file) => {
    try {
      ink.replace(await itemsIn(file));
    } catch (error) {
      complain(error.message);
    }
  });
  return chosen;
}
