/** The lab: settings, the training they make, and what it shows of itself. */
import { DATA } from "./data.js";
import { strokesIn } from "../../ink/open.js";
import { counted, element, enable, linkButton, partOf } from "../../ui/dom.js";
import { orSay } from "../../ui/or-say.js";
import { hook } from "../../ui/hooks.js";
import { announce } from "../../ui/announce.js";
import { adviceOn } from "./advice.js";
import { connectResults } from "./results.js";
import * as form from "./settings.js";
import { Training } from "./training.js";
import { connectFile, connectTrying } from "./trying.js";

/** `isOpen()` tells whether the Learn view is open. */
export function connectLab({ client, ink, samples, isOpen }) {
  const training = new Training(client);
  const [start, step, reset, said] = ["lab-start", "lab-step", "lab-reset", "lab-said"].map(element);
  let ready = /** @type {Promise<void> | null} */ (null); // of the lab's ink in Python
  let hasInk = false;
  let isStale = false; // settings were changed since the network was made
  let isBuildable = true;
  let turn = 0;
  /** @type {[number, number]} */
  let rate = [0, 0]; // the learning rate of the network, and the usual one

  /** Load the lab's ink into Python: once, and again after a restart. */
  function prepare() {
    if (!ready) said.textContent = "Start waits for the lab's ink, which is being loaded.";
    ready ??= load().catch((error) => {
      ready = null;
      say(`The lab's ink could not be loaded, and there is no training without it: ${error.message}`);
      said.append(" ", linkButton("Try again", prepare));
    });
    return ready;
  }

  async function load() {
    const [train, test] = await Promise.all([fetched(DATA.train), fetched(DATA.test)]);
    const characters = await client.call("learning.load", train, test);
    // Imported late, because uPlot takes longer to start than the rest of the page.
    const { Plots } = await import("./plots.js");
    const [trained, tested] = characters.counts;
    element("lab-data").textContent =
      `There are ${counted(trained, "character")} to train on and, by other writers, ${tested.toLocaleString("en")} to test on.`;
    connectOnce(characters, Plots);
    hasInk = true;
    say("");
    await describe();
    hook(element("learn"), { state: "ready" });
  }

  let connectOnce = (characters, Plots) => {
    connectOnce = () => {};
    connectResults(client, training, characters);
    new Plots(training);
  };

  async function describe() {
    const asked = ++turn;
    const said = form.wrong() ?? (await client.call("learning.describe", form.shape(), form.labels().length));
    if (asked !== turn) return; // a newer request is under way
    isBuildable = !said.problem;
    form.showShape(said);
    // Of a shape only the pooling window can be too large.
    form.showWrong(said.problem, said.problem && (said.name ?? "window"));
    element("lab-waits").textContent = said.problem ? `Start waits: ${said.problem}` : "";
    show();
  }

  const own = () =>
    form.ownIsWanted() ? samples.all.map(({ label, points, lengths }) => [label, points.slice(), lengths.slice()]) : [];

  async function make() {
    await training.pause();
    await prepare();
    if (!hasInk) return false;
    await describe();
    if (!isBuildable) return false;
    const settings = form.settings();
    rate = [settings.rate, form.usualRate()];
    training.begin(await client.call("learning.restart", form.labels(), form.shape(), settings, own()));
    isStale = false;
    say("");
    return true;
  }

  /** A network, or a drawing to try it on. */
  async function take(file) {
    if (/\.npz$/i.test(file.name ?? "")) return open(file);
    try {
      const { items, words } = await strokesIn(file, client);
      ink.replace(items);
      say(words);
    } catch (error) {
      say(error.message);
    }
  }

  async function open(file) {
    await training.pause();
    await prepare();
    if (!hasInk) return;
    try {
      const content = new Uint8Array(await file.arrayBuffer());
      const opened = await client.call("learning.open_weights", file.name, content, form.settings(), own());
      training.begin(opened);
      isStale = false;
      say(`${file.name} is open: it reads ${opened.labels.replace("∅", "")}. Try it on the pad, or train it further.`);
      await training.measure();
    } catch (error) {
      say(error.message);
    }
  }

  function say(words) {
    said.textContent = words;
    if (words) announce(words);
  }

  function show() {
    const { state } = training;
    const words = {
      empty: "Start",
      paused: training.steps.length ? "Go on" : "Start",
      running: "Pause",
      stopped: "Start anew",
    };
    partOf(start, "span").textContent = words[state];
    hook(start, { state });
    for (const [button, isPossible] of [
      [start, (hasInk && isBuildable) || state === "running"],
      [step, hasInk && isBuildable && state !== "running" && state !== "stopped"],
      [reset, hasInk && isBuildable && state !== "empty"],
    ]) {
      enable(button, isPossible);
    }
    element("lab-stale").hidden = !isStale || state === "empty";
    element("lab").dataset.training = state;
    if (training.reason) said.textContent = training.reason;
    said.dataset.mood = training.reason ? "problem" : "";
    showFigures();
  }

  function showFigures() {
    const { steps, tests, epoch } = training;
    const test = tests.at(-1);
    const last = steps.at(-1);
    element("lab-step-count").textContent = last ? last[0].toLocaleString("en") : "0";
    element("lab-epoch").textContent = epoch.toFixed(1);
    element("lab-loss").textContent = last ? last[1].toFixed(3) : "–";
    element("lab-accuracy").textContent = test ? `${(100 * test.accuracy).toFixed(1)}%` : "–";
    const advice = adviceOn(training, rate);
    if (advice && !element("lab-advice").textContent) announce(advice);
    element("lab-advice").textContent = advice;
    hook(element("lab"), { accuracy: test?.accuracy ?? "", steps: last?.[0] ?? 0 });
  }

  const canMake = () => hasInk && isBuildable;
  const connect = (button, act) => button.addEventListener("click", orSay(act, say));
  connect(start, async () => {
    if (training.state === "running") return training.pause();
    if (!canMake()) return undefined;
    if (training.state !== "paused" && !(await make())) return undefined;
    training.start();
    return undefined;
  });
  connect(step, async () => {
    if (!canMake() || training.state === "running" || training.state === "stopped") return;
    if (training.state === "empty" && !(await make())) return;
    await training.step();
  });
  connect(reset, () => training.state !== "empty" && canMake() && make());
  training.addEventListener("state", show);
  training.addEventListener("progress", showFigures);
  training.addEventListener("made", show);
  form.connectSettings(() => {
    isStale = true;
    if (client.state === "ready") orSay(describe, say)();
    show();
  });
  connectTrying({ client, ink, training, isOpen });
  connectFile(client, training, open, say);
  show();
  client.addEventListener("lost", () => {
    ready = null;
    hasInk = false;
    show();
  });

  return { open: () => client.state === "ready" && prepare(), take };
}

async function fetched(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url.pathname.split("/").pop()}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}
