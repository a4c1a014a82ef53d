/** On narrow screens the arithmetic lies over the page, from the lower edge, until it is closed. */
import { element, hasOpenDialog } from "../ui/dom.js";

/** Below this width the arithmetic is a sheet that opens on a tap. */
const NARROW = matchMedia("(max-width: 55.99rem)");

/** `goBack(options)` moves the focus to where the arithmetic was asked for; `isShown()` tells whether the view is open. */
export function connectSheet(goBack, isShown) {
  const sheet = element("arithmetic");
  let isOpen = false;

  function open(byKey) {
    isOpen = true;
    sheet.toggleAttribute("data-open", true);
    if (byKey) sheet.focus();
  }

  function close() {
    if (!isOpen) return;
    isOpen = false;
    sheet.toggleAttribute("data-open", false);
    goBack({ preventScroll: true });
  }

  element("arithmetic-close").addEventListener("click", close);
  // Wherever the focus is: Escape closes what lies over the page before it clears the drawing.
  addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || hasOpenDialog()) return;
      const liesOver = NARROW.matches && isOpen && isShown();
      if (liesOver) close();
      else if (sheet.contains(/** @type {Node} */ (event.target))) goBack();
      else return;
      event.stopPropagation();
    },
    true,
  );
  return { open };
}
