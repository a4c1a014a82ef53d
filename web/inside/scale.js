/** The scale of the maps' colours: one for all maps of a step, or each its own, which shows weak maps on a projector. */
import { onTheme, paintLegend } from "../ui/colors.js";
import { canvas, element } from "../ui/dom.js";
import { flag } from "./flag.js";

export function connectScale(live) {
  const chosen = flag("own scales");
  const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("#inside [data-scale]"));
  const legend = canvas("legend-scale");
  for (const box of boxes) {
    box.addEventListener("change", () => {
      chosen.set(box.checked);
      show();
    });
  }

  function show() {
    live.isEachOwn = chosen.get();
    for (const box of boxes) box.checked = live.isEachOwn;
    element("legend-words").textContent = live.isEachOwn
      ? "zero is paper; each map has a scale of its own"
      : "zero is paper; all maps of a step share a scale";
    live.dispatchEvent(new Event("scale"));
  }
  show();
  paintLegend(legend);
  onTheme(() => paintLegend(legend));
}
