/** The tools under the pad: steps back, what may be read, guide lines, files. */
import { LINES } from "../ink/guides.js";
import { connectButton, connectSteps } from "../ink/pad.js";
import { saveInk, savePicture } from "../ink/save.js";
import { ALPHABETS } from "../ui/alphabets.js";
import { connectFileButton, element, input } from "../ui/dom.js";
import { orSay } from "../ui/or-say.js";

/** The labels that may be answered; "" is all. */
const ALLOWED = { any: "", ...ALPHABETS };

/**
 * `onChoice()` is called when something else may be read or lines come or go, `take(file)` with a file to open.
 * Returns what may be read, { allowed }, which follows the controls, as `ink.lines` does.
 */
export function connectTools(ink, { onChoice, take }) {
  const hasStrokes = () => ink.strokes.length > 0;
  connectSteps(ink, { undo: element("undo"), redo: element("redo"), clear: element("clear") });
  connectButton(
    ink,
    element("save-picture"),
    orSay(() => savePicture(ink)),
    hasStrokes,
  );
  connectButton(ink, element("save-ink"), () => saveInk(ink), hasStrokes);

  const chosen = { allowed: "" };
  function follow() {
    chosen.allowed = ALLOWED[/** @type {HTMLInputElement} */ (element("allowed").querySelector("input:checked")).value];
    const hasGuides = input("guides-shown").checked;
    ink.lines = hasGuides ? LINES : [];
    element("guides").toggleAttribute("hidden", !hasGuides);
  }
  follow(); // browsers restore form controls after a reload
  for (const id of ["allowed", "guides-shown"])
    element(id).addEventListener("change", () => {
      follow();
      onChoice();
    });

  connectFileButton(element("open"), element("file"), take);
  return chosen;
}
