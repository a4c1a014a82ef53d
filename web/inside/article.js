/** The figures, most of them beside the article: each is computed from the drawing, and only while it is in sight. */
import { onTheme } from "../ui/colors.js";
import { hook } from "../ui/hooks.js";
import { orSay } from "../ui/or-say.js";
import { chainFigure, shiftedFigure, swappedFigure } from "./asked.js";
import { followVisibility, make, trouble } from "./dom.js";
import { bestFigure, countsFigure, mapsFigure, pairFigure, planesFigure, stepsFigure, zerosFigure } from "./figures.js";

export function connectArticle(live) {
  for (const holder of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#inside [data-figure]")))
    connectFigure(live, holder);
}

/** A figure of the network that is explained, by its name. */
function figureOf(live, name) {
  const { steps } = live;
  const find = (kind, turn = 0) =>
    steps.map((step, index) => [step, index]).filter(([step]) => step.kind === kind)[turn]?.[1];
  const [conv, relu, pool] = ["conv", "relu", "pool"].map((kind) => find(kind));
  const figures = {
    channels: () => mapsFigure(live, 0, { tile: 112, across: 3 }),
    simple: () => mapsFigure(live, relu, { tile: 72, across: 4 }),
    complex: () => pairFigure(live, relu, pool),
    shifted: () => shiftedFigure(live),
    counts: () => countsFigure(live, conv),
    steps: () => stepsFigure(live),
    bend: () => zerosFigure(live, conv, relu),
    softmax: () => bestFigure(live),
    chain: () => chainFigure(live, conv),
    swapped: () => swappedFigure(live),
    planes: () => planesFigure(live),
    bars: () => bestFigure(live),
    colors: () => planesFigure(live),
    depth: () => mapsFigure(live, find("pool", 2), { tile: 24, across: 8 }),
  };
  return figures[name]();
}

function connectFigure(live, holder) {
  const { figure: name } = holder.dataset;
  const place = holder.querySelector(".live");
  const problem = make("div");
  place.after(problem);
  const say = trouble(problem, () => (live.problem ? live.again() : paint()));
  let isVisible = false;
  let figure;

  const paint = orSay(
    async () => {
      if (live.problem) throw new Error(live.problem);
      if (live.best) await figure.paint(place);
      tell("");
    },
    (words) => tell(words),
  );
  function tell(words) {
    say(words);
    hook(holder, { state: words ? "failed" : "" });
  }
  const update = (moment) => isVisible && (live.best || live.problem) && figure.moment === moment && paint();

  function mount() {
    figure = figureOf(live, name);
    place.replaceChildren();
    figure.mount?.(place, () => live.best && paint());
    look();
  }
  function look() {
    live.show(name, isVisible ? (figure.wanted ?? []) : []);
    update(figure.moment);
  }
  mount();
  followVisibility(holder, (visible) => {
    isVisible = visible;
    look();
  });
  live.addEventListener("described", mount);
  live.addEventListener("seen", () => update("seen"));
  live.addEventListener("rest", () => update("rest"));
  live.addEventListener("failed", () => update(figure.moment));
  live.addEventListener("scale", () => update("seen"));
  onTheme(() => update(figure.moment));
}
