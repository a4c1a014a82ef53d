/** A list of which one is chosen, for hands, keys and screen readers: ARIA's listbox. */
import { make } from "../ui/dom.js";

/** Keys that move in the list, and where to. */
const STEPS = {
  ArrowDown: (at, last) => (at === last ? 0 : at + 1),
  ArrowUp: (at, last) => (at === 0 ? last : at - 1),
  Home: () => 0,
  End: (_, last) => last,
};

/** `list` is an element with role="listbox"; `choose(value)` is called with what is pressed. */
export class Listbox {
  #values = [];

  constructor(list, choose) {
    this.list = list;
    this.choose = choose;
    list.addEventListener("click", ({ target }) => this.#press(target.closest("[role=option]")));
    list.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Show `options`, [{ value, name, selected, parts: child nodes }]; `name` is what is heard where the parts do not say it. */
  show(options) {
    this.#values = options.map(({ value }) => value);
    this.list.replaceChildren(
      ...options.map(({ name, selected, parts }) => {
        const item = make("li", { role: "option", "aria-selected": String(selected), tabindex: "-1" }, ...parts);
        if (name) item.setAttribute("aria-label", name);
        return item;
      }),
    );
    (this.#items[options.findIndex(({ selected }) => selected)] ?? this.#items[0])?.setAttribute("tabindex", "0");
  }

  focus() {
    /** @type {HTMLElement} */ (this.list.querySelector("[tabindex='0']"))?.focus();
  }

  get #items() {
    return /** @type {HTMLElement[]} */ ([...this.list.children]);
  }

  #press(item) {
    const at = this.#items.indexOf(item);
    if (at >= 0) this.choose(this.#values[at]);
  }

  #key(event) {
    const items = this.#items;
    const at = items.indexOf(event.target);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    if (step) {
      const next = items[step(at, items.length - 1)];
      for (const item of items) item.tabIndex = item === next ? 0 : -1;
      next.focus();
    } else if (event.key === "Enter" || event.key === " ") this.#press(items[at]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
