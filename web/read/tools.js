/** The tools under the pad and their keys. */
import { element, input, isTyping } from "../ui/dom.js";
import { drawGuides } from "../ink/guides.js";
import { acceptFiles, itemsIn, saveInk, savePicture } from "./files.js";

const [digits, capitals, lower] = ["0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"];
const ALLOWED = { any: "", digits, capitals, lower };

/** The labels that may be answered; "" is all. */
export function allowedLabels() {
  return ALLOWED[/** @type {HTMLInputElement} */ (element("allowed").querySelector("input:checked")).value];
}

export function guidesAreShown() {
  return input("guides-shown").checked;
}

/** `onChoice` is called when something else may be read or lines come or go, `complain` with words about a file. */
export function connectTools(ink, { onChoice, complain }) {
  const actions = {
    undo: [() => ink.undo(), () => ink.canUndo],
    clear: [() => ink.clear(), () => !ink.isEmpty],
    "save-picture": [() => savePicture(ink), () => ink.strokes.length > 0],
    "save-ink": [() => saveInk(ink), () => ink.strokes.length > 0],
  };
  for (const [id, [act, isPossible]] of Object.entries(actions)) {
    const button = element(id);
    button.addEventListener("click", () => isPossible() && act());
    // aria-disabled, not disabled: the keyboard's focus must not vanish from under a finger.
    const update = () => button.setAttribute("aria-disabled", String(!isPossible()));
    ink.addEventListener("change", update);
    update();
  }

  element("allowed").addEventListener("change", onChoice);
  drawGuides(element("guides"));
  const showGuides = () => element("guides").toggleAttribute("hidden", !guidesAreShown());
  showGuides(); // browsers bring back what was checked before a reload
  element("guides-shown").addEventListener("change", () => {
    showGuides();
    onChoice();
  });
  acceptFiles(element("open"), element("file"), async (file) => {
    try {
      ink.replace(await itemsIn(file));
    } catch (error) {
      complain(error.message);
    }
  });
  addEventListener("keydown", (event) => followKeys(event, ink));
}

/** Whether the drawing is in one of the views that are open: what is not seen must not be cleared. */
const isSeen = () => ["pad", "inside-pad", "lab-pad"].some((id) => element(id).offsetParent);

function followKeys(event, ink) {
  if (document.querySelector("dialog[open]") || event.altKey || isTyping(event) || !isSeen()) return;
  const isCommand = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (key === "escape" && !isCommand) ink.clear();
  else if (isCommand && key === "z" && !event.shiftKey) ink.undo();
  else if (isCommand && (key === "y" || (key === "z" && event.shiftKey))) ink.redo();
  else return;
  event.preventDefault();
}
