/** The figures beside the article: each is computed from the drawing, and only while it is in sight. */
import { onTheme } from "../ui/colors.js";
import { hook } from "../ui/hooks.js";
import { orSay } from "../ui/or-say.js";
import { chainFigure, shiftedFigure, swappedFigure } from "./asked.js";
import { followVisibility, make, trouble } from "./dom.js";
import { bestFigure, countsFigure, kindsFigure, mapsFigure, pairFigure, zerosFigure } from "./figures.js";

export function connectArticle(live) {
  const { steps } = live;
  const find = (kind, turn = 0) =>
    steps.map((step, index) => [step, index]).filter(([step]) => step.kind === kind)[turn]?.[1];
  const [conv, relu, pool] = ["conv", "relu", "pool"].map((kind) => find(kind));
  const figures = {
    channels: mapsFigure(live, 0, { tile: 112, across: 3 }),
    simple: mapsFigure(live, relu, { tile: 72, across: 4 }),
    complex: pairFigure(live, relu, pool),
    shifted: shiftedFigure(live),
    counts: countsFigure(live, conv),
    steps: kindsFigure(live),
    bend: zerosFigure(live, conv, relu),
    softmax: bestFigure(live),
    chain: chainFigure(live, conv),
    swapped: swappedFigure(live),
    depth: mapsFigure(live, find("pool", 2), { tile: 24, across: 8 }),
  };
  for (const holder of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#story [data-figure]")))
    connectFigure(live, holder, figures[holder.dataset.figure]);
}

function connectFigure(live, holder, figure) {
  const place = holder.querySelector(".live");
  const problem = make("div");
  place.after(problem);
  const say = trouble(problem, () => (live.problem ? live.again() : paint()));
  let isVisible = false;

  const paint = orSay(
    async () => {
      if (live.problem) throw new Error(live.problem);
      await figure.paint(place);
      tell("");
    },
    (words) => tell(words),
  );
  function tell(words) {
    say(words);
    hook(holder, { state: words ? "failed" : "" });
  }
  const update = (moment) => isVisible && (live.best || live.problem) && figure.moment === moment && paint();

  figure.mount?.(place, () => live.best && paint());
  followVisibility(holder, (visible) => {
    isVisible = visible;
    live.show(holder.dataset.figure, visible ? (figure.wanted ?? []) : []);
    update(figure.moment);
  });
  live.addEventListener("seen", () => update("seen"));
  live.addEventListener("rest", () => update("rest"));
  live.addEventListener("failed", () => update(figure.moment));
  live.addEventListener("scale", () => update("seen"));
  onTheme(() => update(figure.moment));
}
