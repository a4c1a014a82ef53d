/** The small pad stays in sight; it can be folded away, and what is beneath it never holds the focus. */
import { element, partOf } from "../ui/dom.js";
import { settling } from "./dom.js";
import { flag } from "./flag.js";
import { wayInto } from "./sight.js";

/** Of the window's height the desk may cover this share; a taller one scrolls away with the page. */
const MOST = 0.45;

export function connectDesk() {
  const desk = element("desk");
  const fold = element("inside-fold");
  const folded = flag("pad folded");

  function show() {
    desk.toggleAttribute("data-folded", folded.get());
    partOf(fold, "span").textContent = folded.get() ? "Show pad" : "Hide pad";
  }
  fold.addEventListener("click", () => {
    folded.set(!folded.get());
    show();
  });
  show();

  // Browsers scroll what has the focus, or is the target of a link, to below this (see layout.css), but not again when
  // sections above it come into sight and get their heights.
  element("inside").addEventListener("focusin", ({ target }) => {
    if (!(target instanceof Element) || target.closest(".desk, .arithmetic") || !target.matches(":focus-visible")) return;
    settling(() => {
      if (target !== document.activeElement) return;
      const { scrollPaddingTop, scrollPaddingBottom } = getComputedStyle(document.documentElement);
      const [from, to] = [parseFloat(scrollPaddingTop), innerHeight - parseFloat(scrollPaddingBottom)];
      const way = wayInto(target.getBoundingClientRect(), from, to);
      if (way) scrollBy(0, way);
    });
  });

  function measure() {
    const isTall = desk.offsetHeight > MOST * innerHeight;
    desk.toggleAttribute("data-tall", isTall);
    document.documentElement.style.setProperty("--covered", isTall ? "0px" : `${desk.offsetHeight}px`);
  }
  new ResizeObserver(measure).observe(desk);
  addEventListener("resize", measure);
}
