/** Fool it: the smallest change of the pixels that turns the answer into another class. */
import { newestWins } from "../python/newest-wins.js";
import { onTheme } from "../ui/colors.js";
import { hook } from "../ui/hooks.js";
import { element, input, select } from "../ui/dom.js";
import { fillLabels } from "./dom.js";
import { nameOf, percent } from "../ui/labels.js";
import { orSay } from "../ui/or-say.js";

/** The slider's maximum, as a multiple of the change that was found. */
const MOST = 2;

export function connectFool(live, say) {
  const section = element("fool");
  const [list, start, slider] = [select("fool-label"), element("fool-start"), input("fool-size")];
  let before, change, after, wobble, subject;
  function layOut() {
    ({ subject } = live);
    [before, change, after, wobble] = ["fool-before", "fool-change", "fool-after", "fool-wobble"].map(
      (id) => new subject.Picture(element(id), live.steps[0].shape, { tile: 192 }),
    );
    fillLabels(list, live.labels, list.value);
  }
  layOut();
  let state = "empty"; // "empty" | "busy" | "failed" | "done"
  let words = "";
  let run = 0;
  let size = 0;
  live.addEventListener("described", () => {
    if (subject !== live.subject) isPicked = false;
    layOut();
  });

  async function fool() {
    const { words: of } = subject;
    if (!live.best) return tell(of.first);
    const mine = (run += 1);
    const target = list.value;
    const [[label]] = live.best;
    if (target === label) return tell(`It is ${of.read} as ${target} already. Choose another.`);
    become("busy");
    tell(`Looking for the smallest change that is ${of.read} as ${target} …`);
    before.paint(live.maps.get(0), 1);
    showBefore();
    await showRedrawn();
    if (mine !== run) return undefined;
    let found = /** @type {{ size: number, reached: boolean } | null} */ (null);
    for (let turn = 0; ; turn += 1) {
      const tried = await live.call("fool", target, turn === 0);
      if (mine !== run) return undefined;
      if (tried.done) break;
      found = tried;
      change.paint(tried.change);
    }
    if (!found?.reached) {
      become("failed");
      return tell(`${of.unreached} ${of.read} as ${target}. ${of.another}`);
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
    const { words: of } = subject;
    after.paint(picture, 1);
    const [[label, probability]] = best;
    hook(section, { read: label });
    element("fool-answer").textContent =
      `${of.read[0].toUpperCase()}${of.read.slice(1)} as ${nameOf(label)}, ${percent(probability)}${doubted(confident[0])}`;
    element("fool-noise").textContent =
      `The same amount of change, but in random directions: ${nameOf(noise[0][0])}, ${percent(noise[0][1])}${doubted(confident[1])}`;
    const most = (100 * size * amount) / of.range;
    tell(
      `No pixel is changed by more than ${most.toFixed(most < 10 ? 1 : 0)}% of ${of.full}. The change is shown ${amplified(size)} times stronger than it is.`,
    );
    slider.setAttribute("aria-valuetext", `${most.toFixed(1)} percent of ${of.full}: ${nameOf(label)}`);
  });
  slider.max = String(MOST);
  slider.addEventListener("input", () => state === "done" && orSay(showSize, fail)());

  /** For comparison: the input as it is, and as it might as well have come in, which changes pixels far more but not the answer. */
  function showBefore() {
    const [[label, probability]] = live.best;
    element("fool-before-words").textContent = `${subject.words.unchanged}: ${nameOf(label)}, ${percent(probability)}`;
  }

  async function showRedrawn() {
    const { picture, best } = await live.call("redrawn");
    const [[label, probability]] = best;
    const { words: of } = subject;
    const drawn = before.values;
    const most = drawn.reduce((largest, value, at) => Math.max(largest, Math.abs(value - picture[at])), 0);
    wobble.paint(picture, 1);
    hook(section, { redrawn: label });
    element("fool-redrawn").textContent =
      `${of.redrawn(Math.round((100 * most) / of.range))} ${of.read} as ${nameOf(label)}, ${percent(probability)}`;
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
