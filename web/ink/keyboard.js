/**
 * Drawing without a pointer: on the focused pad the arrow keys move a pen, Space puts it down and lifts it. And the keys of
 * undo, redo and clear.
 */
import { shortcutOf } from "../ui/dom.js";
import { whenHidden } from "./hidden.js";
import { SIDE } from "./ink.js";

const STEP = 40;
const SMALL_STEP = 8;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Undo, redo or clear, where that is what a key asks for. */
export function stepByKey(event, ink) {
  if (event.altKey) return;
  const isCommand = event.ctrlKey || event.metaKey;
  const key = shortcutOf(event);
  if (key === "escape" && !isCommand) ink.clear();
  else if (isCommand && key === "z" && !event.shiftKey) ink.undo();
  else if (isCommand && (key === "y" || key === "z")) ink.redo();
  else return;
  event.preventDefault();
}

/** `nib` is the element that shows where the pen is; `say` announces to screen readers. */
export function drawWithKeys(pad, nib, ink, say) {
  let at = [SIDE / 2, SIDE / 2];
  let isDown = false;

  function show() {
    nib.style.setProperty("--x", at[0] / SIDE);
    nib.style.setProperty("--y", at[1] / SIDE);
    nib.dataset.down = isDown;
    nib.hidden = false;
  }

  function lift() {
    if (!isDown) return;
    isDown = false;
    ink.end();
  }

  pad.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (arrow) {
      const step = event.shiftKey ? SMALL_STEP : STEP;
      at = at.map((value, axis) => Math.max(0, Math.min(SIDE, value + arrow[axis] * step)));
      // Another way of drawing, or undo, may have ended this stroke meanwhile.
      isDown &&= ink.live !== null;
      if (isDown) ink.extend([[...at, null]]);
    } else if (event.key === " " && !event.repeat) {
      if (isDown) lift();
      else ink.begin(...at);
      isDown = ink.live !== null;
      say(isDown ? "Pen down" : "Pen up");
    } else return;
    event.preventDefault();
    show();
  });

  function leave() {
    lift();
    nib.hidden = true;
  }

  for (const name of ["blur", "pointerdown"]) pad.addEventListener(name, leave, { capture: true });
  whenHidden(pad, leave);
}
