/** The filters of a convolution, or the weights of a dense unit: the chosen one large, all of them small. */
import { onTheme, reach } from "../ui/colors.js";
import { Maps } from "../ui/maps.js";
import { orSay } from "../ui/or-say.js";
import { element, trouble } from "./dom.js";

export class Filters {
  #asked = "";
  /** What is shown: the weights, the chosen filter or unit large and, of a convolution, all filters small. */
  #shown = /** @type {{ weights: Float32Array, one: Maps, all: Maps | null } | null} */ (null);
  /** @type {(filter: number) => void} called when a filter is picked */
  onFilter = () => {};

  constructor(live) {
    this.live = live;
    const say = trouble(element("filter-problem"), () => this.choose(this.step, this.filter));
    const fetch = orSay(
      async () => {
        await this.#fetch();
        say("");
      },
      (problem) => {
        this.#reveal(false);
        say(problem);
      },
    );
    /** Show what a step looks for, with the chosen filter or unit large. */
    this.choose = (step, filter) => {
      this.step = step;
      this.filter = filter;
      if (["conv", "dense"].includes(live.steps[step].kind)) return fetch();
      return say("");
    };
    onTheme(() => {
      if (!this.#shown) return;
      this.#shown.all?.repaint();
      this.#paint(this.#shown);
    });
    element("filters-all").addEventListener("click", (event) => {
      if (!this.#shown?.all) return;
      const cell = this.#shown.all.cellAt(event);
      if (cell) this.onFilter(Math.floor(cell.channel / this.#shown.one.shape[0]));
    });
  }

  /** All filters of a convolution are fetched at once, the weights of a dense layer unit by unit. */
  async #fetch() {
    const { step, filter, live } = this;
    const chosen = live.steps[step];
    const isDense = chosen.kind === "dense";
    const asked = `${live.subject.name} ${step} ${isDense ? filter : ""}`;
    if (asked !== this.#asked) {
      this.#asked = asked;
      this.#shown = null;
      let weights;
      try {
        weights = await (isDense ? live.call("weights_to", step, filter) : live.call("filters", step));
      } catch (error) {
        this.#asked = "";
        throw error;
      }
      if (asked !== this.#asked) return;
      this.#shown = isDense ? unitOf(chosen, weights) : filtersOf(chosen, weights);
    }
    if (this.#shown) this.#paint(this.#shown);
  }

  #paint({ weights, one, all }) {
    const [count, rows, columns] = one.shape;
    const length = count * rows * columns;
    const at = all ? this.filter * length : 0;
    one.paint(weights.subarray(at, at + length), reach(weights));
    all?.mark(Array.from({ length: count }, (_, c) => [this.filter * count + c, 0, rows, 0, columns]));
    element("filter-words").textContent = all
      ? `Filter ${this.filter + 1} looks at ${count} maps through a window of ${rows} × ${columns}. Indigo counts for, orange against.`
      : `What ${this.live.namesOf(this.step)[this.filter] ?? `unit ${this.filter + 1}`} makes of each of the ${count} values before it. Indigo counts for, orange against.`;
    this.#reveal(true);
  }

  /** Filters of another step must not stay where those of this one could not be had. */
  #reveal(isThere) {
    for (const id of ["filter-words", "filter-one"]) element(id).hidden = !isThere;
    for (const id of ["filters-all", "filters-all-words"]) element(id).hidden = !isThere || !this.#shown?.all;
  }
}

function filtersOf({ in_channels: channels, filters, kernel_size: size }, weights) {
  const wide = Math.max(240, element("layer-filters").clientWidth);
  const tile = channels > 64 ? 15 : channels > 16 ? 24 : 48;
  const one = new Maps(element("filter-one"), [channels, size, size], {
    tile,
    across: Math.min(16, Math.floor(wide / (tile + 4))),
    gap: 3,
  });
  const small = Math.max(3, Math.min(24, Math.floor(wide / channels) - 1));
  const all = new Maps(element("filters-all"), [channels * filters, size, size], { tile: small, across: channels, gap: 1 });
  all.paint(weights);
  element("filters-all-words").textContent =
    `All ${filters} filters: one row each, a column for each of the ${channels} maps before. A click picks one.`;
  return { weights, one, all };
}

function unitOf({ inputs }, weights) {
  return { weights, one: new Maps(element("filter-one"), [inputs], { tile: 14, across: 16, gap: 2 }), all: null };
}
