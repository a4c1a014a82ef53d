/** Level one: every step in a row, each a strip of its maps, following the pen. */
import { onTheme, reach } from "../ui/colors.js";
import { hook } from "../ui/hooks.js";
import { percent } from "../ui/labels.js";
import { nicely } from "./cells.js";
import { element, followVisibility, make, trouble, written } from "./dom.js";
import { Maps } from "../ui/maps.js";
import { parametersOf, shapeOf, titleOf, wordsFor } from "./words.js";

/** Height of a step's maps in CSS pixels, at most; overview.css leaves that much room. */
const HEIGHT = 292;

export class Overview {
  #columns = [];
  #visible = new Set();

  /** `choose(step)` is called when somebody picks a step. */
  constructor(live, choose) {
    this.live = live;
    const list = element("overview");
    this.#make(list);
    live.addEventListener("described", () => this.#make(list));
    list.addEventListener("click", (event) => {
      const index = this.#columns.findIndex((column) => column.item.contains(event.target));
      if (index >= 0) choose(index);
    });
    list.addEventListener("keydown", (event) => this.#followKeys(event));
    for (const name of ["seen", "scale"]) live.addEventListener(name, () => this.paint());
    const say = trouble(element("overview-problem"), () => live.again());
    live.addEventListener("failed", () => say(live.problem));
    for (const name of ["seen", "empty"]) live.addEventListener(name, () => say(""));
    live.addEventListener("empty", () => this.#columns.forEach((column) => column.clear()));
    onTheme(() => this.#columns.forEach((column) => column.maps?.repaint()));
  }

  /** A column for each step. */
  #make(list) {
    const { live } = this;
    for (const { leave } of this.#columns) leave();
    this.#visible.clear();
    live.show("overview", []);
    const hadFocus = list.contains(document.activeElement);
    this.#columns = live.steps.map((_, index) => {
      const column = new Column(live, index);
      const follow = (isVisible) => {
        this.#visible[isVisible ? "add" : "delete"](index);
        live.show("overview", [...this.#visible]);
      };
      column.leave = followVisibility(column.button, follow, "0px 200px");
      return column;
    });
    list.replaceChildren(...this.#columns.map((column) => column.item));
    if (hadFocus) this.focus(0);
  }

  paint() {
    for (const [index, values] of this.live.maps) this.#columns[index].paint(values, this.live);
  }

  setCurrent(chosen) {
    this.#columns.forEach(({ button }, index) => {
      button.setAttribute("aria-pressed", index === chosen);
      button.tabIndex = index === chosen ? 0 : -1;
    });
  }

  focus(index) {
    const { button } = this.#columns[index];
    button.focus({ preventScroll: true });
    button.scrollIntoView({ block: "nearest", inline: "center" });
  }

  /** Mark on each step the field that the chosen cell depends on. */
  light(fields) {
    this.#columns.forEach((column, index) => {
      const box = fields?.[index];
      column.maps?.mark(box && index < fields.length - 1 ? [[null, ...box]] : []);
    });
  }

  #followKeys(event) {
    const at = this.#columns.findIndex((column) => column.button === document.activeElement);
    const last = this.#columns.length - 1;
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const { button } = this.#columns[Math.max(0, Math.min(last, to))];
    button.focus();
    button.scrollIntoView({ block: "nearest", inline: "center" });
  }
}

class Column {
  /** Ends following whether it is in sight. */
  leave = () => {};

  constructor(live, index) {
    const step = live.steps[index];
    this.canvas = make("canvas", { width: 1, height: 1, "aria-hidden": "true" });
    this.range = make("span", { class: "range" }, "\u00a0");
    this.button = make(
      "button",
      {
        type: "button",
        class: "step",
        tabindex: index ? -1 : 0,
        "aria-pressed": "false",
      },
      make("span", { class: "name" }, titleOf(step)),
      make("span", { class: "picture" }, this.canvas),
      this.range,
      make("span", { class: "shape" }, shapeOf(step)),
      make("span", { class: "count" }, parametersOf(step)),
    );
    hook(this.button, { step: index, kind: step.kind });
    this.item = make("li", {}, this.button, make("p", {}, wordsFor(step, live.steps, live.subject.words)));
    if (step.kind === "softmax") {
      this.bars = make("span", { class: "bars", "aria-hidden": "true" });
      this.canvas.replaceWith(this.bars);
      return;
    }
    const [channels] = step.shape;
    const across = nicely(Math.floor(Math.sqrt(channels)), channels);
    const tile = HEIGHT / Math.ceil(channels / across) - 1;
    this.maps = new Maps(this.canvas, step.shape, { tile, across, gap: 1, tints: live.tintsOf(index) });
  }

  paint(values, live) {
    if (!this.maps) return this.#paintBars(live.best);
    const most = reach(values);
    this.maps.paint(values, most, live.isEachOwn);
    this.#tell(`±${written(most, 2)}`);
  }

  #paintBars(best) {
    this.#tell("0 to 1");
    this.bars.replaceChildren(
      ...best.map(([label, probability]) => {
        const bar = make(
          "span",
          { class: "bar" },
          make("b", { translate: "no" }, label),
          make("i"),
          make("span", {}, percent(probability)),
        );
        bar.style.setProperty("--share", probability);
        return bar;
      }),
    );
  }

  /** Write the range if it has changed: writing text costs layout, at every move of the pen. */
  #tell(words) {
    if (words !== this.words) this.range.textContent = words;
    this.words = words;
  }

  clear() {
    this.#tell("\u00a0");
    this.bars?.replaceChildren();
    this.maps?.clear();
  }
}
