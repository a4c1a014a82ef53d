/** The keys that undo, redo and clear the page's drawing, wherever the focus is. */
import { isOnShow } from "../ink/pad.js";
import { hasOpenDialog, isTyping } from "../ui/dom.js";

export function connectShortcuts(ink) {
  addEventListener("keydown", (event) => {
    // Only while the drawing is visible: nobody should clear what he cannot see.
    if (hasOpenDialog() || event.altKey || isTyping(event) || !isOnShow(ink)) return;
    const isCommand = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (key === "escape" && !isCommand) ink.clear();
    else if (isCommand && key === "z" && !event.shiftKey) ink.undo();
    else if (isCommand && (key === "y" || (key === "z" && event.shiftKey))) ink.redo();
    else return;
    event.preventDefault();
  });
}
