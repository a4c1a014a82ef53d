/** The keys that undo, redo and clear the page's drawing, wherever the focus is. */
import { stepByKey } from "../ink/keyboard.js";
import { isOnShow } from "../ink/pad.js";
import { hasOpenDialog, isTyping } from "../ui/dom.js";

export function connectShortcuts(ink) {
  addEventListener("keydown", (event) => {
    // Only while the drawing is visible: nobody should clear what he cannot see.
    if (!hasOpenDialog() && !isTyping(event) && isOnShow(ink)) stepByKey(event, ink);
  });
}
