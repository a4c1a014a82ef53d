/** A pad: a canvas that shows an Ink and is drawn on with pointers and keys. */
import { announce } from "../ui/announce.js";
import { enable } from "../ui/dom.js";
import { drawGuides } from "./guides.js";
import { drawWithKeys } from "./keyboard.js";
import { Painter } from "./painter.js";
import { drawWithPointers } from "./pointer.js";

/** The canvases that show an Ink. */
const padsOf = new WeakMap();

/** `nib` shows where the pen of the keyboard is; `guides` is the SVG element of the guide lines, where there are any. */
export function connectPad(ink, canvas, nib, guides = /** @type {HTMLElement | null} */ (null)) {
  showOn(ink, canvas);
  new Painter(canvas, ink);
  drawWithPointers(canvas, ink);
  drawWithKeys(canvas, nib, ink, announce);
  // Browsers give it on a mouse's press only; after a finger or a pen the keys shall be the pad's, too.
  canvas.addEventListener("pointerdown", () => {
    canvas.classList.add("pointed"); // without the keyboard's ring, which a focus by script may show
    canvas.focus({ preventScroll: true });
  });
  for (const name of ["keydown", "blur"]) canvas.addEventListener(name, () => canvas.classList.remove("pointed"));
  if (guides) drawGuides(guides);
}

/** Say that a canvas shows an Ink. */
export function showOn(ink, canvas) {
  padsOf.set(ink, [...(padsOf.get(ink) ?? []), canvas]);
}

/** Whether an Ink is to be seen, on one of its pads. */
export function isOnShow(ink) {
  return (padsOf.get(ink) ?? []).some((canvas) => canvas.getClientRects().length > 0);
}

/** The steps for which every pad has buttons. */
export function connectSteps(ink, { undo, redo, clear }) {
  connectButton(
    ink,
    undo,
    () => ink.undo(),
    () => ink.canUndo,
  );
  connectButton(
    ink,
    redo,
    () => ink.redo(),
    () => ink.canRedo,
  );
  connectButton(
    ink,
    clear,
    () => ink.clear(),
    () => !ink.isEmpty,
  );
}

/** A button that does something with an Ink, or what tells of its changes as one does, where that is possible. */
export function connectButton(ink, button, act, isPossible) {
  button.addEventListener("click", () => isPossible() && act());
  const update = () => enable(button, isPossible());
  ink.addEventListener("change", update);
  update();
}
