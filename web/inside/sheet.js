/** On narrow screens the arithmetic lies over the page, from the lower edge, until it is closed. */
import { element, hasOpenDialog } from "../ui/dom.js";
import { wayInto } from "./sight.js";

/** Below this width the arithmetic is a sheet that opens on a tap. */
const NARROW = matchMedia("(max-width: 55.99rem)");
/** CSS pixels left free around what is explained. */
const AROUND = 8;

/** `layer` shows the maps that are explained; `isShown()` tells whether the view is open. */
export function connectSheet(layer, isShown) {
  const sheet = element("arithmetic");
  const root = document.documentElement;
  let isOpen = false;

  function open(byKey) {
    isOpen = true;
    sheet.toggleAttribute("data-open", true);
    if (byKey) sheet.focus({ preventScroll: true });
    clear();
  }

  function close() {
    if (!isOpen) return;
    isOpen = false;
    sheet.toggleAttribute("data-open", false);
    clear();
    layer.canvas.focus({ preventScroll: true });
  }

  /** Scroll so that the sheet covers neither the map that it explains nor, where that is too large, the cell. */
  function clear() {
    const covered = NARROW.matches && isOpen ? sheet.offsetHeight : 0;
    root.style.setProperty("--sheet", `${covered}px`);
    if (!covered) return;
    const from = element("desk").getBoundingClientRect().bottom;
    const edges = [Math.max(0, from) + AROUND, innerHeight - covered - AROUND];
    const way = layer
      .spans()
      .map((span) => wayInto(span, ...edges))
      .find((way) => way !== null);
    if (way) scrollBy(0, way);
  }
  new ResizeObserver(clear).observe(sheet); // it grows with what it says

  element("arithmetic-open").addEventListener("click", () => open(true));
  element("arithmetic-close").addEventListener("click", close);
  // Wherever the focus is: Escape closes what lies over the page before it clears the drawing.
  addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || hasOpenDialog()) return;
      const liesOver = NARROW.matches && isOpen && isShown();
      if (liesOver) close();
      else if (sheet.contains(/** @type {Node} */ (event.target))) layer.canvas.focus();
      else return;
      event.stopPropagation();
    },
    true,
  );
  layer.onOpen = open;
}
