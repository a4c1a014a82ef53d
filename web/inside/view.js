/** The Inside view: the same drawing on a smaller pad, and everything the network makes of it. */
import { announce } from "../read/answer.js";
import { nameOf, percent } from "../ui/labels.js";
import { newestWins } from "../python/client.js";
import { SIDE, Stroke } from "../ink/ink.js";
import { drawWithKeys } from "../ink/keyboard.js";
import { Painter } from "../ink/painter.js";
import { drawWithPointers } from "../ink/pointer.js";
import { Arithmetic } from "./arithmetic.js";
import { connectArticle } from "./article.js";
import { onTheme, paintLegend } from "../ui/colors.js";
import { element } from "./dom.js";
import { connectDream } from "./dream.js";
import { connectFool } from "./fool.js";
import { LayerView } from "./layer.js";
import { Live } from "./live.js";
import { Overview } from "./overview.js";
import { connectWhatIf } from "./whatif.js";
import { connectWhy } from "./why.js";
import { titleOf } from "./words.js";

/** The step that is shown first: the first convolution. */
const FIRST = 1;
/** Milliseconds that numbers stand at least while the pen moves. */
const READABLE = 250;
/** Below this width the arithmetic is a sheet that opens on a tap. */
const NARROW = "(max-width: 55.99rem)";

export function connect({ client, ink, samples }) {
  const main = element("inside");
  const pad = element("inside-pad");
  new Painter(pad, ink);
  drawWithPointers(pad, ink);
  drawWithKeys(pad, element("inside-nib"), ink, announce);
  connectButtons(ink);
  for (const button of main.querySelectorAll("[data-example]")) button.addEventListener("click", () => drawExample(ink));

  let live = null;
  let isOpen = false;

  /** Everything below needs to know the network, so it is made when Python is ready and the view is first opened. */
  async function start() {
    if (live || !isOpen || client.state !== "ready") return;
    const description = await client.call("inside.describe");
    if (live) return;
    live = showNetwork(client, ink, description);
    main.dataset.state = "ready";
    if (isOpen) live.open();
  }

  client.addEventListener("ready", () => (live ? isOpen && live.open() : start()));
  samples.addEventListener("learned", () => isOpen && live?.ask());
  return {
    title: "Inside",
    open() {
      isOpen = true;
      start();
      live?.open();
    },
    close() {
      isOpen = false;
      live?.close();
    },
  };
}

function connectButtons(ink) {
  for (const [id, act, isPossible] of [
    ["inside-undo", () => ink.undo(), () => ink.canUndo],
    ["inside-clear", () => ink.clear(), () => !ink.isEmpty],
  ]) {
    const button = element(id);
    button.addEventListener("click", act);
    const update = () => button.setAttribute("aria-disabled", !isPossible());
    ink.addEventListener("change", update);
    update();
  }
}

function showNetwork(client, ink, description) {
  const main = element("inside");
  const live = new Live(client, ink, description);
  const { steps } = live;
  const arithmetic = new Arithmetic(live);
  const overview = new Overview(live, enlarge);
  const layer = new LayerView(live, { onCell: explain, say: announce });
  layer.filters.onFilter = (channel) => layer.look({ ...layer.cell, channel }, true);
  layer.onOpen = (byKey) => openSheet(byKey);
  connectSheet(layer);
  connectAnswer(live);
  connectWhy(live);
  connectFool(live, announce);
  connectDream(live, announce);
  connectWhatIf(live, description.kernels);
  connectArticle(live);
  const walk = [
    { button: element("layer-before"), by: -1 },
    { button: element("layer-after"), by: 1 },
  ];
  const legend = element("legend-scale");
  paintLegend(legend);
  onTheme(() => paintLegend(legend));

  const explain_ = newestWins(async () => {
    if (!live.best) return;
    const { step, cell } = layer;
    const parts = await live.call("arithmetic", step, cell.channel, cell.row, cell.column).catch(() => null);
    if (!parts || step !== layer.step) return;
    arithmetic.show(step, cell, parts);
    overview.light(parts.fields);
    light(live, parts.fields[0]);
  });
  function explain() {
    explain_();
  }

  function choose(step) {
    overview.setCurrent(step);
    layer.choose(step);
    explain();
    walk.forEach(({ button, by }) => showNeighbour(button, steps[step + by]));
  }

  /** Chosen by hand: the step is wanted large, and that is further down the page. */
  function enlarge(step) {
    choose(step);
    element("layer").scrollIntoView();
  }

  for (const { button, by } of walk)
    button.addEventListener("click", () => steps[layer.step + by] && choose(layer.step + by));
  element("layer-all").addEventListener("click", () => {
    overview.focus(layer.step);
    element("overview").parentElement.scrollIntoView();
  });

  let explained = -Infinity;
  live.addEventListener("seen", () => {
    main.dataset.empty = false;
    main.dataset.updates = live.updates;
    // Maps follow every move of the pen; numbers that change faster than this nobody reads.
    if (performance.now() - explained < READABLE) return;
    explained = performance.now();
    layer.tell();
    explain();
  });
  live.addEventListener("rest", () => {
    layer.tell();
    explain();
  });
  live.addEventListener("empty", () => {
    main.dataset.empty = true;
    element("inside-problem").textContent = live.problem;
    arithmetic.clear();
    light(live, null);
  });
  live.addEventListener("described", () => choose(layer.step));
  choose(FIRST);
  return live;
}

/** A button that goes to a step before or after; at the ends there is none. */
function showNeighbour(button, step) {
  button.setAttribute("aria-disabled", !step);
  button.querySelector("span").textContent = step ? titleOf(step) : "";
}

/** On the pad: the piece of the drawing that the chosen cell depends on. */
function light(live, box) {
  const lights = element("inside-light");
  lights.hidden = !box || !live.frame;
  if (lights.hidden) return;
  const [x, y, scale] = live.frame;
  const [top, bottom, left, right] = box;
  const middle = (live.steps[0].shape[1] - 1) / 2;
  // Pixel i covers i - 0.5 to i + 0.5, and the frame's middle lies between the two middle pixels.
  const place = (pixel, at) => ((pixel - 0.5 - middle) / scale + at) / SIDE;
  const [from, to] = [
    [place(left, x), place(top, y)],
    [place(right, x), place(bottom, y)],
  ];
  for (const [name, value] of [
    ["--left", from[0]],
    ["--top", from[1]],
    ["--wide", to[0] - from[0]],
    ["--high", to[1] - from[1]],
  ]) {
    lights.style.setProperty(name, value);
  }
}

function connectAnswer(live) {
  const [answer, caption] = [element("inside-answer"), element("inside-caption")];
  const show = () => {
    answer.textContent = live.answer.label;
    caption.textContent = wordsForAnswer(live.answer, live.best[0]);
    element("foot-line").textContent =
      `All ${live.steps.length} steps in ${Math.max(1, Math.round(live.milliseconds))} ms, in numpy, in this tab.`;
  };
  live.addEventListener("seen", show);
  // Another step that is shown means another look at the same ink, which is no news.
  let isNews = false;
  live.ink.addEventListener("change", () => {
    isNews = true;
  });
  live.addEventListener("rest", () => {
    if (isNews) announce(caption.textContent);
    isNews = false;
  });
  live.addEventListener("empty", () => {
    answer.textContent = "";
    caption.textContent = "";
  });
}

/** The answer that Read gives; what the network says by shape alone, where the size of a taught hand has changed it. */
function wordsForAnswer({ label, probability, confident }, [shape, byShape]) {
  if (!confident) return "Not sure. Is it one character?";
  const words = `${nameOf(label)}, ${percent(probability)}`;
  if (shape === label && percent(byShape) === percent(probability)) return words;
  return `${words}; by shape alone ${nameOf(shape)}, ${percent(byShape)}`;
}

/** On narrow screens the arithmetic lies over the page, from the lower edge, until it is closed. */
function connectSheet(layer) {
  const sheet = element("arithmetic");
  const close = () => {
    if (!("open" in sheet.dataset)) return;
    delete sheet.dataset.open;
    layer.canvas.focus({ preventScroll: true });
  };
  element("arithmetic-close").addEventListener("click", close);
  // Wherever the focus is: what lies over the page is closed before Escape clears the drawing.
  addEventListener(
    "keydown",
    (event) => {
      const isSheet = matchMedia(NARROW).matches && "open" in sheet.dataset && !element("inside").hidden;
      if (event.key !== "Escape" || document.querySelector("dialog[open]") || !(isSheet || sheet.contains(event.target)))
        return;
      if (isSheet) close();
      else layer.canvas.focus();
      event.stopPropagation();
    },
    true,
  );
}

function openSheet(byKey) {
  const sheet = element("arithmetic");
  sheet.dataset.open = "";
  if (byKey) sheet.focus();
}

/** An R, taken from the ghost of a stroke that the empty pad shows. */
function drawExample(ink) {
  ink.replace(
    [...document.querySelectorAll("#ghost path")].map((path) => {
      const length = path.getTotalLength();
      const stroke = new Stroke();
      for (let at = 0; at <= 40; at += 1) {
        const { x, y } = path.getPointAtLength((length * at) / 40);
        stroke.add(x, y, null);
      }
      return stroke;
    }),
  );
}
