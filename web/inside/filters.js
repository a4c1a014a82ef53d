/** The filters of a convolution, or the weights of a dense unit: the chosen one large, all of them small. */
import { onTheme, reach } from "../ui/colors.js";
import { element } from "./dom.js";
import { Maps } from "../ui/maps.js";

export class Filters {
  #step = null;
  #weights = null;
  #all = null;
  #one = null;
  /** @type {(filter: number) => void} called when a filter is picked */
  onFilter = () => {};

  constructor(live) {
    this.live = live;
    onTheme(() => this.#paint());
    element("filters-all").addEventListener("click", (event) => {
      const cell = this.#all?.cellAt(event);
      if (cell) this.onFilter(Math.floor(cell.channel / this.#channels));
    });
  }

  async choose(step, filter) {
    const chosen = this.live.steps[step];
    this.filter = filter;
    if (!["conv", "dense"].includes(chosen.kind)) {
      this.#step = null;
      return;
    }
    if (chosen.kind === "dense") return this.#chooseDense(step, chosen);
    if (step !== this.#step) {
      this.#step = step;
      this.#weights = null;
      const weights = await this.live.call("filters", step).catch(() => null);
      if (step !== this.#step || !weights) return;
      this.#weights = weights;
      this.#layOut(chosen);
    }
    this.#paint();
  }

  get #channels() {
    return this.live.steps[this.#step].in_channels;
  }

  #layOut({ in_channels: channels, filters, kernel_size: size }) {
    const wide = Math.max(240, element("layer-filters").clientWidth);
    const tile = channels > 64 ? 15 : channels > 16 ? 24 : 48;
    this.#one = new Maps(element("filter-one"), [channels, size, size], {
      tile,
      across: Math.min(16, Math.floor(wide / (tile + 4))),
      gap: 3,
    });
    const small = Math.max(3, Math.min(24, Math.floor(wide / channels) - 1));
    this.#all = new Maps(element("filters-all"), [channels * filters, size, size], {
      tile: small,
      across: channels,
      gap: 1,
    });
    this.#all.paint(this.#weights);
    element("filters-all").hidden = false;
    element("filters-all-words").hidden = false;
    element("filters-all-words").textContent =
      `All ${filters} filters: one row each, a column for each of the ${channels} maps before. A click picks one.`;
  }

  #paint() {
    if (!this.#weights || !this.#one) return;
    const length = this.#one.shape[0] * this.#one.shape[1] * this.#one.shape[2];
    const at = this.#all ? this.filter * length : 0;
    this.#one.paint(this.#weights.subarray(at, at + length), reach(this.#weights));
    this.#all?.mark(
      Array.from({ length: this.#one.shape[0] }, (_, c) => [
        this.filter * this.#one.shape[0] + c,
        0,
        this.#one.shape[1],
        0,
        this.#one.shape[2],
      ]),
    );
    const count = this.#one.shape[0];
    element("filter-words").textContent = this.#all
      ? `Filter ${this.filter + 1} looks at ${count} maps through a window of ${this.#one.shape[1]} × ${this.#one.shape[2]}. Indigo counts for, orange against.`
      : `What ${this.live.namesOf(this.#step)[this.filter] ?? `unit ${this.filter + 1}`} makes of each of the ${count} values before it. Indigo counts for, orange against.`;
  }

  async #chooseDense(step, { inputs }) {
    const unit = this.filter;
    this.#step = step;
    const weights = await this.live.call("weights_to", step, unit).catch(() => null);
    if (step !== this.#step || unit !== this.filter || !weights) return;
    this.#weights = weights;
    this.#all = null;
    element("filters-all").hidden = true;
    element("filters-all-words").hidden = true;
    this.#one = new Maps(element("filter-one"), [inputs], { tile: 14, across: 16, gap: 2 });
    this.#paint();
  }
}
