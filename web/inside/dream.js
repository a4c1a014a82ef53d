/** Dream it: gradient ascent on the picture, from noise towards a class, shown step by step. */
import { onTheme } from "../ui/colors.js";
import { element, fillLabels } from "./dom.js";
import { nameOf, percent } from "../ui/labels.js";
import { Maps } from "../ui/maps.js";

export function connectDream(live, say) {
  const section = element("dream");
  const [select, start] = [element("dream-label"), element("dream-start")];
  const [, side] = live.steps[0].shape;
  const maps = new Maps(element("dream-picture"), [1, side, side], { tile: 288, across: 1 });
  let run = 0;
  let seed = 0;
  live.addEventListener("described", () => fillLabels(select, live.labels, select.value));
  fillLabels(select, live.labels, "R");

  start.addEventListener("click", async () => {
    const mine = (run += 1);
    if (section.dataset.state === "busy") return stop("Stopped.");
    const label = select.value;
    section.dataset.state = "busy";
    section.dataset.label = label;
    start.textContent = "Stop";
    seed += 1;
    for (let step = 1; ; step += 1) {
      const dreamt = await live
        .call("dream", label, step === 1, seed)
        .catch((error) => ({ done: true, problem: error.message }));
      if (mine !== run) return;
      if (dreamt.done) return stop(dreamt.problem);
      maps.paint(dreamt.picture.subarray(0, side * side), 1);
      section.dataset.step = step;
      section.dataset.read = dreamt.best[0][0];
      element("dream-words").textContent =
        `Step ${step}: read as ${nameOf(dreamt.best[0][0])}, ${percent(dreamt.best[0][1])}`;
    }
  });

  function stop(problem) {
    run += 1;
    section.dataset.state = "done";
    start.textContent = "Dream again";
    if (problem) element("dream-words").textContent = problem;
    say(element("dream-words").textContent);
  }

  onTheme(() => maps.repaint());
}
