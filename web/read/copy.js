/** The answer to take away: by a button, and by Ctrl+C where nothing is selected. */
import { element, isTyping } from "../ui/dom.js";
import { announce } from "../ui/announce.js";
import { showAside, shownLabel } from "./answer.js";

/** `isOpen()` tells whether the Read view is open. */
export function connectCopy(isOpen) {
  element("copy").addEventListener("click", async () => {
    if (!shownLabel()) return;
    try {
      await navigator.clipboard.writeText(shownLabel());
      say(`Copied: ${shownLabel()}`);
    } catch {
      say("This browser does not let the page copy: select the answer and press Ctrl+C.");
    }
  });
  addEventListener("copy", (event) => {
    const isElsewhere = !isOpen() || document.querySelector("dialog[open]") || isTyping(event);
    if (isElsewhere || !getSelection()?.isCollapsed || !shownLabel()) return;
    event.clipboardData?.setData("text/plain", shownLabel());
    event.preventDefault();
    say(`Copied: ${shownLabel()}`);
  });
}

function say(words) {
  showAside(words);
  announce(words);
}
