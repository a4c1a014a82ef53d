/** Fool it: the smallest change of the pixels that turns the answer into another class. */
import { newestWins } from "../python/newest-wins.js";
import { onTheme } from "../ui/colors.js";
import { hook } from "../ui/hooks.js";
import { element, input, select } from "../ui/dom.js";
import { fillLabels } from "./dom.js";
import { nameOf, percent } from "../ui/labels.js";
import { orSay } from "../ui/or-say.js";
import { Maps } from "../ui/maps.js";

/** The slider's maximum, as a multiple of the change that was found. */
const MOST = 2;

export function connectFool(live, say) {
  const section = element("fool");
  const [list, start, slider] = [select("fool-label"), element("fool-start"), input("fool-size")];
  const [, side] = live.steps[0].shape;
  const area = side * side;
  const shape = [1, side, side];
  const options = { tile: 192, across: 1 };
  const [before, change, after] = ["fool-before", "fool-change", "fool-after"].map(
    (id) => new Maps(element(id), shape, options),
  );
  const wobble = new Maps(element("fool-wobble"), shape, options);
  let state = "empty"; // "empty" | "busy" | "failed" | "done"
  let words = "";
  let run = 0;
  let size = 0;
  live.addEventListener("described", () => fillLabels(list, live.labels, list.value));
  fillLabels(list, live.labels);

  async function fool() {
    if (!live.best) return tell("Draw something first.");
    const mine = (run += 1);
    const target = list.value;
    const [[label]] = live.best;
    if (target === label) return tell(`It is read as ${target} already. Choose another.`);
    become("busy");
    tell(`Looking for the smallest change that is read as ${target} …`);
    const picture = live.maps.get(0);
    before.paint(picture.subarray(0, area), 1);
    showBefore();
    await showRedrawn();
    if (mine !== run) return undefined;
    let found = null;
    for (let turn = 0; ; turn += 1) {
      const tried = await live.call("fool", target, turn === 0);
      if (mine !== run) return undefined;
      if (tried.done) break;
      found = tried;
      change.paint(found.change.subarray(0, area));
    }
    if (!found?.reached) {
      become("failed");
      return tell(`No change of up to half the ink's strength at each pixel is read as ${target}. Try another character.`);
    }
    size = found.size;
    become("done");
    hook(section, { target });
    slider.value = "1";
    await showSize();
    say(words);
    return undefined;
  }
  /** Python is gone, say: no longer busy, and in words why. */
  function fail(problem) {
    run += 1;
    become("failed");
    tell(problem);
    say(problem);
  }
  start.addEventListener("click", orSay(fool, fail));

  const showSize = newestWins(async () => {
    const amount = Number(slider.value);
    const { best, noise, picture, confident } = await live.call("fooled", amount, 7);
    after.paint(picture.subarray(0, area), 1);
    const [[label, probability]] = best;
    hook(section, { read: label });
    element("fool-answer").textContent = `Read as ${nameOf(label)}, ${percent(probability)}${doubted(confident[0])}`;
    element("fool-noise").textContent =
      `The same amount of change, but in random directions: ${nameOf(noise[0][0])}, ${percent(noise[0][1])}${doubted(confident[1])}`;
    const most = 100 * size * amount;
    tell(
      `No pixel is changed by more than ${most.toFixed(most < 10 ? 1 : 0)}% of full ink. The change is shown ${amplified(size)} times stronger than it is.`,
    );
    slider.setAttribute("aria-valuetext", `${most.toFixed(1)} percent of full ink: ${nameOf(label)}`);
  });
  slider.max = String(MOST);
  slider.addEventListener("input", () => state === "done" && orSay(showSize, fail)());

  /** For comparison: the ink as it is, and the same strokes redrawn, which changes pixels far more but not the answer. */
  function showBefore() {
    const [[label, probability]] = live.best;
    element("fool-before-words").textContent = `Your ink: ${nameOf(label)}, ${percent(probability)}`;
  }

  async function showRedrawn() {
    const { picture, best } = await live.call("redrawn");
    const [[label, probability]] = best;
    const [redrawn, drawn] = [picture.subarray(0, area), before.values];
    const most = redrawn.reduce((largest, ink, at) => Math.max(largest, Math.abs(ink - drawn[at])), 0);
    wobble.paint(redrawn, 1);
    hook(section, { redrawn: label });
    element("fool-redrawn").textContent =
      `The same strokes, redrawn a little tilted: pixels change by up to ${Math.round(100 * most)}% of full ink, and it is read as ${nameOf(label)}, ${percent(probability)}`;
  }

  function tell(what) {
    words = element("fool-words").textContent = what;
  }

  function become(now) {
    state = section.dataset.state = now;
  }

  /** Whenever the pen rests the runner-up is selected, unless the user has picked a class. */
  let isPicked = false;
  list.addEventListener("change", () => {
    isPicked = true;
  });
  live.addEventListener("rest", () => {
    if (state === "busy") return;
    const [[best], ...others] = live.best;
    if (list.value === best || !isPicked) {
      const other = others.find(([label]) => label.toLowerCase() !== best.toLowerCase());
      if (other) list.value = other[0];
    }
  });
  live.show("fool", [0]);
  live.addEventListener("empty", () => {
    run += 1;
    for (const id of ["fool-answer", "fool-noise", "fool-redrawn", "fool-words", "fool-before-words"])
      element(id).textContent = "";
    become("empty");
  });
  onTheme(() => [before, change, after, wobble].forEach((maps) => maps.repaint()));
}

const doubted = (isConfident) => (isConfident ? "" : ", but not surely");

const amplified = (size) => Math.max(1, Math.round(1 / size));
