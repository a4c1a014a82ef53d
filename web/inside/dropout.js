/** What the answer would be with dropout on: several masks, each with the answer it leaves. */
import { onTheme } from "../ui/colors.js";
import { hook } from "../ui/hooks.js";
import { percent } from "../ui/labels.js";
import { element, input, make } from "../ui/dom.js";
import { trouble } from "./dom.js";
import { orSay } from "../ui/or-say.js";
import { Maps } from "../ui/maps.js";

const MASKS = 4;

export class Dropout {
  #step = /** @type {number | null} */ (null);
  #seed = 1;
  #shown;

  constructor(live) {
    this.live = live;
    this.isOn = input("dropout-on");
    const say = trouble(element("dropout-problem"), () => show());
    const show = orSay(
      async () => {
        await this.#show();
        say("");
      },
      (problem) => {
        element("dropout-masks").replaceChildren();
        say(problem);
      },
    );
    this.isOn.addEventListener("change", show);
    element("dropout-again").addEventListener("click", () => {
      this.#seed += 1;
      show();
    });
    for (const name of ["rest", "empty"]) live.addEventListener(name, show);
    onTheme(show);
    this.#shown = show;
  }

  choose(step) {
    this.#step = this.live.steps[step].kind === "dropout" ? step : null;
    this.#shown();
  }

  async #show() {
    const list = element("dropout-masks");
    element("dropout-again").hidden = !this.isOn.checked;
    if (this.#step === null || !this.isOn.checked || !this.live.best) return list.replaceChildren();
    const step = this.#step;
    const values = this.live.maps.get(step);
    const { masks, best } = await this.live.call("drop", step, MASKS, this.#seed);
    if (!this.live.best || step !== this.#step || !values) return;
    if (values.length !== masks.length / MASKS) return; // of another network by now
    const [units] = this.live.steps[step].shape;
    list.replaceChildren(
      ...best.map(([label, probability], i) => {
        const canvas = make("canvas", { "aria-hidden": "true" });
        new Maps(canvas, [units], { tile: 6, across: units > 128 ? 32 : 16, gap: 1 }).paint(
          values.map((value, unit) => value * masks[i * units + unit]),
        );
        const words = make("p", {}, make("b", { translate: "no" }, label), ` ${percent(probability)}`);
        return hook(make("li", {}, canvas, words), { label });
      }),
    );
  }
}
