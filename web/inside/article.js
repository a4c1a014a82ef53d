/** The figures beside the article: each is computed from the drawing, and only while it is in sight. */
import { orSay } from "../ui/or-say.js";
import { onTheme, reach } from "../ui/colors.js";
import { followVisibility, make, number, scientific, written } from "./dom.js";
import { Maps } from "../ui/maps.js";
import { titleOf } from "./words.js";

export function connectArticle(live) {
  const steps = live.steps;
  const find = (kind, turn = 0) =>
    steps.map((step, index) => [step, index]).filter(([step]) => step.kind === kind)[turn]?.[1];
  const [conv, relu, pool] = ["conv", "relu", "pool"].map((kind) => find(kind));
  const figures = {
    channels: mapsFigure(live, 0, { tile: 112, across: 3 }),
    simple: mapsFigure(live, relu, { tile: 72, across: 4 }),
    complex: pairFigure(live, relu, pool),
    shifted: shiftedFigure(live),
    counts: countsFigure(live, conv),
    steps: stepsFigure(live),
    bend: bendFigure(live, conv, relu),
    softmax: softmaxFigure(live),
    chain: chainFigure(live, conv),
    swapped: swappedFigure(live),
    depth: mapsFigure(live, find("pool", 2), { tile: 24, across: 8 }),
  };
  for (const holder of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#story [data-figure]"))) {
    const figure = figures[holder.dataset.figure];
    const place = holder.querySelector(".live");
    figure.mount(place);
    let isVisible = false;
    const update = (moment) => isVisible && live.best && figure.moment === moment && figure.paint();
    followVisibility(holder, (visible) => {
      isVisible = visible;
      live.show(holder.dataset.figure, visible ? (figure.wanted ?? []) : []);
      update("seen");
      update("rest");
    });
    live.addEventListener("seen", () => update("seen"));
    live.addEventListener("rest", () => update("rest"));
    onTheme(() => isVisible && live.best && figure.paint());
  }
}

function mapsFigure(live, step, options) {
  let maps;
  return {
    moment: "seen",
    wanted: [step],
    mount(place) {
      const canvas = make("canvas", { "aria-hidden": "true" });
      place.append(canvas);
      maps = new Maps(canvas, live.steps[step].shape, options);
    },
    paint() {
      const values = live.maps.get(step);
      if (values) maps.paint(values);
    },
  };
}

/** One map before and after pooling: the one of the greatest variance, since a uniform map shows nothing. */
function pairFigure(live, before, after) {
  const pair = [];
  return {
    moment: "seen",
    wanted: [before, after],
    mount(place) {
      for (const step of [before, after]) {
        const canvas = make("canvas", { "aria-hidden": "true" });
        place.append(canvas);
        pair.push(new Maps(canvas, [1, ...live.steps[step].shape.slice(1)], { tile: 160, across: 1 }));
      }
    },
    paint() {
      const [values, pooled] = [before, after].map((step) => live.maps.get(step));
      if (!values || !pooled) return;
      const [channels, ...sides] = live.steps[before].shape;
      const area = sides[0] * sides[1];
      const spreads = Array.from({ length: channels }, (_, c) => spread(values.subarray(c * area, (c + 1) * area)));
      const strongest = spreads.indexOf(Math.max(...spreads));
      [values, pooled].forEach((each, i) => {
        const size = each.length / channels;
        pair[i].paint(each.subarray(strongest * size, (strongest + 1) * size), reach(values));
      });
    },
  };
}

/** The variance of values. */
function spread(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}

function rowsOfBars(place, rows) {
  place.replaceChildren(
    make(
      "ul",
      { class: "rows" },
      ...rows.map(([name, share, words]) => {
        const bar = make("i");
        bar.style.setProperty("--share", Math.max(0, Math.min(1, share)));
        return make("li", {}, make("span", {}, name), bar, make("span", {}, words));
      }),
    ),
  );
}

function shiftedFigure(live) {
  let holder;
  return {
    moment: "rest",
    mount: (place) => {
      holder = place;
    },
    async paint() {
      const alike = await live.call("shifted").catch(() => []);
      const told = alike
        .map(([, value], index) => [live.steps[index], value])
        .filter(([{ kind }]) => ["input", "conv", "pool"].includes(kind));
      rowsOfBars(
        holder,
        told.map(([step, value]) => [titleOf(step), value, value.toFixed(3)]),
      );
    },
  };
}

/** What the first convolution costs, and what it would cost if every cell had weights of its own. */
function countsFigure(live, conv) {
  let holder;
  return {
    moment: "seen",
    mount(place) {
      holder = place;
      this.paint();
    },
    paint() {
      const [channels, rows, columns] = live.steps[conv].shape;
      const inputs = live.steps[conv - 1].shape.reduce((product, size) => product * size, 1);
      const { parameters, in_channels: before, kernel_size: size } = live.steps[conv];
      const cells = channels * rows * columns;
      const counts = [
        ["Every cell sees everything", cells * (inputs + 1)],
        ["Local: a window each", cells * (before * size * size + 1)],
        ["Local and shared", parameters],
      ];
      const most = Math.log10(counts[0][1]);
      rowsOfBars(
        holder,
        counts.map(([name, count]) => [name, Math.log10(count) / most, count.toLocaleString("en")]),
      );
    },
  };
}

function stepsFigure(live) {
  let holder;
  return {
    moment: "seen",
    wanted: [live.steps.length - 2],
    mount: (place) => {
      holder = place;
    },
    paint() {
      const { steps } = live;
      const kinds = ["input", "conv", "relu", "pool", "dropout", "dense", "softmax"];
      const names = ["Picture in", "Convolution", "ReLU", "Pooling", "Dropout", "Dense", "Softmax"];
      holder.replaceChildren(
        make(
          "ol",
          { class: "seven" },
          ...kinds.map((kind, i) => {
            const all = steps.filter((step) => step.kind === kind);
            const learned = all.reduce((sum, step) => sum + step.parameters, 0);
            const times = all.length > 1 ? `${all.length} times` : "once";
            return make(
              "li",
              {},
              make("b", {}, names[i]),
              ` ${times}`,
              learned ? `, ${learned.toLocaleString("en")} numbers` : "",
            );
          }),
        ),
        make("p", {}, "Best label: ", make("b", { translate: "no" }, live.best[0][0])),
      );
    },
  };
}

function bendFigure(live, conv, relu) {
  let holder;
  return {
    moment: "seen",
    wanted: [conv, relu],
    mount: (place) => {
      holder = place;
    },
    paint() {
      const share = (step) => {
        const values = live.maps.get(step);
        return values && values.reduce((count, value) => count + (value === 0), 0) / values.length;
      };
      const [before, after] = [share(conv), share(relu)];
      if (before === undefined || after === undefined) return;
      rowsOfBars(
        holder,
        Object.entries({ "Zeros before ReLU": before, "Zeros after ReLU": after }).map(([name, part]) => [
          name,
          part,
          `${(100 * part).toFixed(1)}%`,
        ]),
      );
    },
  };
}

function softmaxFigure(live) {
  let holder;
  return {
    moment: "seen",
    mount: (place) => {
      holder = place;
    },
    paint() {
      rowsOfBars(
        holder,
        live.best.map(([label, probability]) => [label, probability, `${(100 * probability).toFixed(1)}%`]),
      );
    },
  };
}

/** One weight of the first convolution: its gradient by the chain rule, and by nudging it. */
function chainFigure(live, conv) {
  let holder;
  let maps;
  const [, rows, columns] = live.steps[conv].shape;
  return {
    moment: "rest",
    mount(place) {
      const canvases = ["Error at each place", "times ink there", "product"].map((words) => [
        make("canvas", { "aria-hidden": "true" }),
        words,
      ]);
      holder = make("div", { class: "chain-words" });
      place.append(
        make(
          "div",
          { class: "trio" },
          ...canvases.map(([canvas, words]) => make("div", {}, canvas, make("span", {}, words))),
        ),
        holder,
      );
      maps = canvases.map(([canvas]) => new Maps(canvas, [1, rows, columns], { tile: 112, across: 1 }));
    },
    async paint() {
      const other =
        live.best.find(([label]) => label.toLowerCase() !== live.best[0][0].toLowerCase())?.[0] ?? live.best[0][0];
      const found = await live.call("chain_rule", other, conv, 0, 0, 1, 1).catch(() => null);
      if (!found) return;
      const products = found.errors.map((error, at) => error * found.inputs[at]);
      maps[0].paint(found.errors);
      maps[1].paint(found.inputs);
      maps[2].paint(products);
      holder.replaceChildren(
        make("p", {}, `Were this meant as ${other}, the loss would be `, number(found.loss, 4), "."),
        make("p", {}, "By the chain rule, the sum of the products: ", tagged("gradient", found.gradient)),
        make(
          "p",
          {},
          "By nudging the weight ",
          number(found.weight, 3),
          " up and down a little: ",
          tagged("slope", found.slope),
        ),
      );
    },
  };
}

function tagged(name, value) {
  return make("b", {}, make("data", { value: String(value), "data-term": name }, value === 0 ? "0" : scientific(value, 5)));
}

function swappedFigure(live) {
  let holder;
  let maps;
  let seed = 1;
  const [, side] = live.steps[0].shape;
  return {
    moment: "rest",
    mount(place) {
      const canvas = make("canvas", { "aria-hidden": "true" });
      holder = make("p", {});
      const again = make("button", { type: "button" }, "Swap again");
      again.addEventListener("click", () => {
        seed += 1;
        if (live.best) this.paint();
      });
      place.append(canvas, holder, again);
      maps = new Maps(canvas, [1, side, side], { tile: 192, across: 1 });
    },
    paint: orSay(
      async () => {
        const mixed = await live.call("swapped", seed);
        if (!live.best) return;
        maps.paint(mixed.picture.subarray(0, side * side), 1);
        const told = ([[label, probability]]) => `${label} (${written(100 * probability, 0)}%)`;
        holder.replaceChildren(`Before: ${told(live.best)}. With the same columns in another order: ${told(mixed.best)}.`);
      },
      (problem) => holder.replaceChildren(problem),
    ),
  };
}
