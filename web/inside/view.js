/** The Inside view: the same drawing on a smaller pad, and everything the network makes of it. */
import { announce } from "../ui/announce.js";
import { newestWins } from "../python/newest-wins.js";
import { Stroke } from "../ink/ink.js";
import { inkSubject } from "./ink.js";
import { drawingIn } from "../ink/open.js";
import { connectPad, connectSteps } from "../ink/pad.js";
import { Arithmetic } from "./arithmetic.js";
import { connectArticle } from "./article.js";
import { connectContents } from "./contents.js";
import { connectDesk } from "./desk.js";
import { trouble } from "./dom.js";
import { hook } from "../ui/hooks.js";
import { orSay } from "../ui/or-say.js";
import { showStatus } from "../ui/status.js";
import { element, enable, partOf } from "../ui/dom.js";
import { connectDream } from "./dream.js";
import { connectFool } from "./fool.js";
import { LayerView } from "./layer.js";
import { light } from "./light.js";
import { connectLinks } from "./links.js";
import { Live } from "./live.js";
import { Network } from "./network.js";
import { Overview } from "./overview.js";
import { connectPhotos } from "./photo/photos.js";
import { connectScale } from "./scale.js";
import { connectSheet } from "./sheet.js";
import { connectWhatIf } from "./whatif.js";
import { connectWhy } from "./why.js";
import { titleOf } from "./words.js";

/** The step that is shown first: the first convolution. */
const FIRST = 1;
/** Milliseconds between two updates of numbers while the pen moves: faster ones cannot be read. */
const READABLE = 250;

export function connect({ client, ink, samples }) {
  const main = element("inside");
  connectPad(ink, element("inside-pad"), element("inside-nib"));
  connectSteps(ink, { undo: element("inside-undo"), redo: element("inside-redo"), clear: element("inside-clear") });
  for (const button of main.querySelectorAll("[data-example]")) button.addEventListener("click", () => drawExample(ink));

  const drawn = inkSubject(ink);
  const photos = connectPhotos(client, { onSwitch: () => turn(), say: tell });
  let live = /** @type {Live | null} */ (null);
  let goTo = (_hash, _isNew) => {};
  let isOpen = false;
  connectDesk();
  connectContents();
  for (const button of main.querySelectorAll("[data-choose-photo]")) button.addEventListener("click", () => photos.choose());
  connectLinks((hash, isNew) => goTo(hash, isNew));

  async function take(file) {
    if (photos.isChosen) return photos.take(file);
    let said;
    try {
      const { items, words } = await drawingIn(file);
      ink.replace(items);
      said = words;
    } catch (error) {
      said = error.message;
    }
    tell(said);
    if (said) announce(said);
  }
  function tell(words) {
    element("inside-problem").textContent = words;
  }

  /** Explain what the switch says, once there is a network. */
  const turn = orSay(
    newestWins(async () => {
      const subject = photos.isChosen ? photos.subject : drawn;
      if (!isOpen || !live || subject === live.subject) return;
      if (subject === photos.subject) await photos.arrive();
      else photos.close();
      const description = await client.call(`${subject.module}.describe`);
      main.dataset.subject = subject.name;
      live.turnTo(subject, description);
      say("");
    }),
    (problem) => say(problem),
  );

  /** Make the parts that depend on the network, once: when Python is ready and the view is opened for the first time. */
  const start = orSay(
    async () => {
      if (live || !isOpen || client.state === "booting") return;
      const description = await client.call("inside.describe");
      if (live) return;
      ({ live, goTo } = showNetwork(client, drawn, description));
      hook(main, { state: "ready" });
      say("");
      goTo(location.hash, !history.state);
      if (isOpen) live.open();
      turn();
    },
    (problem) => say(problem),
  );
  const say = trouble(element("inside-trouble"), () => {
    if (client.state === "failed") client.start(true);
    else if (live) turn();
    else start();
  });
  const retry = () => (live ? isOpen && live.open() : start());
  for (const name of ["ready", "failed"]) client.addEventListener(name, retry);

  /** What is pressed before there is a network says why nothing comes of it. */
  main.addEventListener("click", ({ target }) => {
    if (live || !(target instanceof Element) || !target.closest("section :is(button, input, select)")) return;
    const words = client.state === "failed" ? "Python is not running." : "Python is still starting.";
    element("inside-caption").textContent = words;
    announce(words);
  });
  samples.addEventListener("learned", () => isOpen && live?.ask());
  return {
    title: "Inside",
    open() {
      isOpen = true;
      start();
      live?.open();
      turn();
    },
    close() {
      isOpen = false;
      live?.close();
      photos.close();
    },
    take,
  };
}

function showNetwork(client, subject, description) {
  const main = element("inside");
  const live = new Live(client, subject, description);
  const { steps } = live;
  const arithmetic = new Arithmetic(live);
  const overview = new Overview(live, enlarge);
  const layer = new LayerView(live, FIRST, { onCell: () => explain(), say: announce });
  layer.filters.onFilter = (channel) => layer.look({ ...layer.cell, channel }, true);
  const network = new Network(live);
  connectScale(live);
  connectSheet(layer, () => live.isOpen);
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

  const explain = orSay(
    newestWins(async () => {
      if (!live.best) return;
      const { step, cell } = layer;
      const { subject } = live;
      const parts = await live.call("arithmetic", step, cell.channel, cell.row, cell.column);
      if (!live.best || step !== layer.step || subject !== live.subject) return;
      arithmetic.show(step, cell, parts);
      overview.light(parts.fields);
      light(live, parts.fields[0]);
    }),
    (problem) => arithmetic.fail(problem, () => (live.problem ? live.again() : explain())),
  );
  let shown = null;
  function choose(step) {
    shown = live.subject;
    overview.setCurrent(step);
    network.setCurrent(step);
    layer.choose(step);
    explain();
    walk.forEach(({ button, by }) => showNeighbour(button, steps[step + by]));
  }

  /** A step was clicked: scroll to where it is shown large. */
  function enlarge(step) {
    choose(step);
    element("layer").scrollIntoView();
  }

  for (const { button, by } of walk)
    button.addEventListener("click", () => steps[layer.step + by] && choose(layer.step + by));
  element("layer-all").addEventListener("click", () => {
    overview.focus(layer.step);
    element("steps").scrollIntoView();
  });

  let explained = -Infinity;
  live.addEventListener("seen", () => {
    main.dataset.empty = "false";
    hook(main, { updates: live.updates });
    // Maps follow every move of the pen, numbers do not.
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
    const problem = live.nothing;
    main.dataset.empty = "true";
    element("inside-problem").textContent = problem;
    if (problem) announce(problem);
    arithmetic.clear();
    light(live, null);
  });
  live.addEventListener("described", () => choose(shown === live.subject ? layer.step : FIRST));

  choose(FIRST);

  /** Show the step that a fragment names, as #inside/conv2 does; an `isNew` one is scrolled to. */
  function goTo(hash, isNew) {
    const step = steps.findIndex(({ name }) => hash === `#inside/${name}`);
    if (step < 0) return;
    if (step !== layer.step) choose(step);
    if (!isNew) return;
    element("layer").scrollIntoView();
    element("layer-title").focus({ preventScroll: true });
  }
  return { live, goTo };
}

/** The button to the step before or after; disabled at the ends. */
function showNeighbour(button, step) {
  enable(button, step);
  partOf(button, "span").textContent = step ? titleOf(step) : "";
}

function connectAnswer(live) {
  const [answer, caption] = [element("inside-answer"), element("inside-caption")];
  // Choosing another step asks again about the same ink: that is not announced.
  let isNews = false;
  let words = "";
  live.addEventListener("changed", () => {
    isNews = true;
  });
  live.addEventListener("seen", () => {
    words = live.subject.answered(live.answer, live.best[0]);
    answer.textContent = live.answer.label;
    caption.textContent = words;
    const time = Math.max(1, Math.round(live.milliseconds));
    showStatus(`All ${live.steps.length} steps in ${time} ms, in numpy, in this tab.`);
  });
  live.addEventListener("rest", () => {
    if (isNews) announce(words);
    isNews = false;
  });
  live.addEventListener("empty", () => {
    answer.textContent = caption.textContent = words = "";
  });
  live.addEventListener("failed", () => {
    answer.textContent = "";
    caption.textContent = live.problem;
    announce(live.problem);
  });
}

/** Draw the R that the empty pad of Read shows as a ghost. */
function drawExample(ink) {
  ink.replace(
    [.../** @type {NodeListOf<SVGPathElement>} */ (document.querySelectorAll("#ghost path"))].map((path) => {
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
