/** The whole network at a glance: every step with the shape of what it makes, each the way to where it is shown large. */
import { element, make } from "../ui/dom.js";
import { shortShapeOf, shortTitleOf } from "./words.js";

/** Pixels of a side of a shape, by how often it doubles. */
const GROWTH = 4;

export class Network {
  #links = [];
  #list = element("network");

  constructor(live) {
    this.#list.addEventListener("keydown", (event) => this.#followKeys(event));
    live.addEventListener("described", () => this.#make(live.steps));
    this.#make(live.steps);
  }

  #make(steps) {
    this.#links = steps.map((step) => {
      const [channels, rows = 1] = step.shape;
      const block = make("i", { "aria-hidden": "true" });
      block.style.setProperty("--wide", `${2 + GROWTH * Math.log2(channels)}px`);
      block.style.setProperty("--high", `${2 + GROWTH * Math.log2(rows)}px`);
      const parts = [block, make("b", {}, shortTitleOf(step)), " ", make("span", {}, shortShapeOf(step))];
      return make("a", { href: `#inside/${step.name}` }, ...parts);
    });
    this.#list.style.setProperty("--half", String(Math.ceil(steps.length / 2)));
    this.#list.replaceChildren(...this.#links.map((link) => make("li", {}, link)));
  }

  /** Mark the step that is shown large. */
  setCurrent(chosen) {
    this.#links.forEach((link, index) => {
      if (index === chosen) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
      link.tabIndex = index === chosen ? 0 : -1;
    });
  }

  #followKeys(event) {
    const at = this.#links.indexOf(/** @type {Element} */ (event.target));
    const last = this.#links.length - 1;
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last }[event.key];
    if (at < 0 || to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#links[Math.max(0, Math.min(last, to))].focus();
  }
}
