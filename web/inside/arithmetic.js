/** Level three: how one value comes about, as numbers that add up. */
import { reach } from "../ui/colors.js";
import { hook } from "../ui/hooks.js";
import { element, make, number, trouble, written } from "./dom.js";
import { grid, head, line, others, paintBehind, sign, tagged } from "./tables.js";
import { titleOf } from "./words.js";

/** How many products of a dense layer are listed; the others are summed up in one row. */
const LISTED = 10;

const sum = (values) => values.reduce((total, value) => total + value, 0);

export class Arithmetic {
  #channel = /** @type {number | null} */ (null); // the one that somebody picked
  #choice = /** @type {ReturnType<typeof choiceOf> | null} */ (null); // of a channel, as it is shown
  cell = { channel: 0, row: 0, column: 0 };

  constructor(live) {
    this.live = live;
    this.body = element("arithmetic-body");
  }

  show(step, { channel, row, column }, parts) {
    const chosen = this.live.steps[step];
    const isVector = chosen.shape.length === 1;
    const name = this.live.namesOf(step)[channel];
    const place = name
      ? `for ${name}`
      : isVector
        ? `unit ${channel + 1}`
        : `map ${channel + 1}, row ${row + 1}, column ${column + 1}`;
    element("arithmetic-title").textContent = `${titleOf(chosen)}, ${place}`;
    this.step = step;
    this.cell = { channel, row, column };
    hook(this.body, { kind: parts.kind, result: parts.result });
    this.#fill(parts);
  }

  clear(words = make("p", { class: "small" }, "Draw something, then point at a cell of a map.")) {
    element("arithmetic-title").textContent = "Arithmetic";
    hook(this.body, { kind: "", result: "" });
    this.body.replaceChildren(words);
  }

  /** The cell could not be explained: say so in place of numbers that are another cell's. */
  fail(problem, again) {
    const place = make("div");
    this.clear(place);
    trouble(place, again)(problem);
  }

  /** The slider stays where it is, with the focus and under the hand that moves it: what comes after it is another. */
  #fill(parts) {
    const [first, ...rest] = (this[parts.kind] ?? this.input).call(this, parts);
    if (first !== this.body.firstChild) return this.body.replaceChildren(first, ...rest);
    for (const before of [...this.body.childNodes].slice(1)) before.remove();
    return this.body.append(...rest);
  }

  input({ result }) {
    return [line("The value is ", number(result), `: ${this.live.subject.words.values[this.cell.channel]}.`)];
  }

  convolution(parts) {
    const { window, kernel, products, padding, bias, result } = parts;
    const { in_channels: channels, kernel_size: size } = this.live.steps[this.step];
    const area = size * size;
    const sums = Array.from({ length: channels }, (_, c) => sum(products.slice(c * area, (c + 1) * area)));
    const strongest = sums.reduce((best, value, c) => (Math.abs(value) > Math.abs(sums[best]) ? c : best), 0);
    const c = Math.min(this.#channel ?? strongest, channels - 1);
    const part = (values) => Array.from(values.slice(c * area, (c + 1) * area));
    const grids = make(
      "div",
      { class: "equation" },
      grid("Window", part(window), size, reach(window), padding),
      sign("×"),
      grid("Kernel", part(kernel), size, reach(kernel)),
      sign("="),
      grid("Products", part(products), size, reach(products)),
    );
    const most = reach(sums);
    const chips = make(
      "ol",
      { class: "sums" },
      ...sums.map((value, at) => {
        const plane = this.#planes[at];
        const chip = make("li", { "data-chosen": at === c, title: plane ?? `Map ${at + 1}` });
        chip.append(plane ? `${plane} ` : "", number(value, channels > 32 ? 2 : 3));
        paintBehind(chip, value / most);
        chip.addEventListener("click", () => this.#pick(at, parts));
        return chip;
      }),
    );
    return [
      this.#channelChoice(channels, c, parts),
      grids,
      line(`The ${area} products add up to `, tagged("channel-sum", sums[c]), "."),
      channels > 1 ? line(`The same for each of the ${channels} ${this.#planes.length ? "planes" : "maps before"}:`) : "",
      channels > 1 ? chips : "",
      make(
        "p",
        { class: "total" },
        "sum ",
        tagged("sum", sum(sums)),
        " + bias ",
        tagged("bias", bias),
        " = ",
        tagged("result", result),
      ),
    ];
  }

  #channelChoice(channels, chosen, parts) {
    const last = this.#choice;
    const choice = last && last.step === this.step && last.channels === channels ? last : choiceOf(this.step, channels);
    this.#choice = choice;
    choice.pick = (channel) => this.#pick(channel, parts);
    const before = titleOf(this.live.steps[this.step - 1]);
    const plane = this.#planes[chosen];
    choice.words.textContent = `${before}, ${plane ? `${plane}, ` : ""}map ${chosen + 1} of ${channels}`;
    choice.slider.value = String(chosen + 1);
    return choice.label;
  }

  /** What the maps before are called, where they are the picture's. */
  get #planes() {
    return this.step === 1 ? this.live.subject.planes : [];
  }

  #pick(channel, parts) {
    this.#channel = channel;
    this.#fill(parts);
  }

  dense({ window, kernel, products, bias, result }) {
    const order = Array.from(products.keys()).sort((a, b) => Math.abs(products[b]) - Math.abs(products[a]));
    const listed = order.slice(0, LISTED);
    const rest = sum(order.slice(LISTED).map((at) => products[at]));
    const rows = listed.map((at) =>
      make(
        "tr",
        {},
        make("th", { scope: "row" }, String(at + 1)),
        ...[window, kernel, products].map((values) => make("td", {}, number(values[at]))),
      ),
    );
    return [
      make(
        "table",
        {},
        head("Unit", "Value", "Weight", "Product"),
        make("tbody", {}, ...rows, others(products.length - listed.length, 3, number(rest))),
      ),
      make(
        "p",
        { class: "total" },
        "sum ",
        tagged("sum", sum(Array.from(products))),
        " + bias ",
        tagged("bias", bias),
        " = ",
        tagged("result", result),
      ),
    ];
  }

  maximum({ window, winner, result }) {
    const size = Math.sqrt(window.length);
    const table = grid("Window", Array.from(window), size, reach(window));
    table.querySelectorAll("td")[winner[0] * size + winner[1]].dataset.winner = true;
    const isDraw = window.every((value) => value === window[0]);
    const words = isDraw
      ? "All are equal here, and the first counts as the winner."
      : `Row ${winner[0] + 1}, column ${winner[1] + 1} of the window wins. The other values are forgotten.`;
    return [
      make(
        "div",
        { class: "equation" },
        table,
        sign("→"),
        make("p", { class: "total" }, "the greatest: ", tagged("result", result)),
      ),
      line(words),
    ];
  }

  mean({ window, result, sum: total }) {
    const size = Math.sqrt(window.length);
    return [
      make(
        "div",
        { class: "equation" },
        grid("Window", Array.from(window), size, reach(window)),
        sign("→"),
        make("p", { class: "total" }, tagged("sum", total), ` ÷ ${window.length} = `, tagged("result", result)),
      ),
    ];
  }

  relu({ value, result }) {
    return [
      make("p", { class: "total" }, "max(", tagged("value", value), ", 0) = ", tagged("result", result)),
      line(value > 0 ? "Positive: it passes unchanged." : "Not positive: it becomes zero."),
    ];
  }

  add({ value, shortcut, result }) {
    return [
      make(
        "p",
        { class: "total" },
        tagged("value", value),
        " + ",
        tagged("shortcut", shortcut),
        " = ",
        tagged("result", result),
      ),
      line("What the block found, and what came into it at the same place."),
    ];
  }

  norm({ value, mean, variance, epsilon, scale, shift, result }) {
    return [
      make(
        "p",
        { class: "total" },
        "(",
        tagged("value", value),
        " − ",
        tagged("mean", mean),
        ") ÷ √(",
        tagged("variance", variance),
        ` + ${epsilon}) × `,
        tagged("scale", scale),
        " + ",
        tagged("shift", shift),
        " = ",
        tagged("result", result),
      ),
    ];
  }

  flatten({ source, result }) {
    const [channel, row, column] = source;
    return [
      make("p", { class: "total" }, tagged("result", result)),
      line(`The very value of map ${channel + 1}, row ${row + 1}, column ${column + 1}, in another place.`),
    ];
  }

  dropout({ value, rate, result }) {
    return [
      make("p", { class: "total" }, tagged("value", value), " = ", tagged("result", result)),
      line(
        `Nothing is dropped while reading. While learning this value would be 0 in ${Math.round(100 * rate)} of 100 cases, and ${written(1 / (1 - rate), 2)} times itself in the others, so that the mean stays.`,
      ),
    ];
  }

  softmax({ logit, greatest, temperature, exponential, exponentials, total, result }) {
    const { labels } = this.live;
    const order = Array.from(exponentials.keys())
      .sort((a, b) => exponentials[b] - exponentials[a])
      .slice(0, 6);
    const rows = order.map((at) =>
      make(
        "tr",
        { "data-chosen": at === this.cell.channel },
        make("th", { scope: "row", translate: "no" }, labels[at]),
        make("td", {}, number(exponentials[at], 4)),
        make("td", {}, number(exponentials[at] / total, 4)),
      ),
    );
    const rest = sum(Array.from(exponentials)) - sum(order.map((at) => exponentials[at]));
    return [
      line(
        "e to the power of (score ",
        tagged("logit", logit),
        " − greatest ",
        tagged("greatest", greatest),
        ") ÷ ",
        tagged("temperature", temperature, 2),
        " = ",
        tagged("exponential", exponential, 4),
      ),
      make(
        "table",
        {},
        head("Label", "Exponential", "Share"),
        make("tbody", {}, ...rows, others(exponentials.length - order.length, 1, number(rest, 4), number(rest / total, 4))),
      ),
      make(
        "p",
        { class: "total" },
        tagged("exponential", exponential, 4),
        " ÷ ",
        tagged("sum", total, 4),
        " = ",
        tagged("result", result, 4),
      ),
    ];
  }
}

/** The slider with which a channel is picked at a step, and its words. */
function choiceOf(step, channels) {
  const slider = /** @type {HTMLInputElement} */ (make("input", { type: "range", min: 1, max: channels }));
  const words = make("span");
  const label = make("label", { class: "which" }, words, slider);
  const choice = { step, channels, slider, words, label, pick: (_channel) => {} };
  slider.addEventListener("input", () => choice.pick(Number(slider.value) - 1));
  return choice;
}
