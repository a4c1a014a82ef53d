/** Dream it: gradient ascent on the picture, from noise towards a class, shown step by step. */
import { onTheme } from "../ui/colors.js";
import { hook } from "../ui/hooks.js";
import { element, select } from "../ui/dom.js";
import { fillLabels } from "./dom.js";
import { nameOf, percent } from "../ui/labels.js";
import { orSay } from "../ui/or-say.js";

export function connectDream(live, say) {
  const section = element("dream");
  const [list, start] = [select("dream-label"), element("dream-start")];
  let subject, picture;
  function layOut() {
    const isNew = subject !== live.subject;
    ({ subject } = live);
    picture = new subject.Picture(element("dream-picture"), live.steps[0].shape, { tile: 288 });
    fillLabels(list, live.labels, isNew ? subject.words.dreamt : list.value);
    return isNew;
  }
  layOut();
  let isBusy = false;
  let words = "";
  let run = 0;
  let seed = 0;
  live.addEventListener("described", () => {
    if (!layOut()) return;
    if (isBusy) stop("Stopped.");
    start.textContent = "Dream";
    section.removeAttribute("data-state");
  });

  async function dream() {
    const mine = (run += 1);
    if (isBusy) return stop("Stopped.");
    const label = list.value;
    setBusy(true);
    hook(section, { label });
    start.textContent = "Stop";
    seed += 1;
    for (let step = 1; ; step += 1) {
      const dreamt = await live.call("dream", label, step === 1, seed);
      if (mine !== run) return;
      if (dreamt.done) return stop(dreamt.problem);
      picture.paint(dreamt.picture, 1);
      const [[read, probability]] = dreamt.best;
      hook(section, { step, read });
      tell(`Step ${step}: ${subject.words.read} as ${nameOf(read)}, ${percent(probability)}`);
    }
  }
  start.addEventListener("click", orSay(dream, stop));

  function stop(problem) {
    run += 1;
    setBusy(false);
    start.textContent = "Dream again";
    if (problem) tell(problem);
    say(words);
  }

  function setBusy(isNow) {
    isBusy = isNow;
    section.dataset.state = isNow ? "busy" : "done";
  }

  function tell(what) {
    words = element("dream-words").textContent = what;
  }

  onTheme(() => picture.repaint());
}
