/** The figures beside the article that ask Python a question of their own, once the pen rests. */
import { titleOf } from "./words.js";
import { make, number, scientific, written } from "./dom.js";
import { mapsIn, showBars } from "./figures.js";

/** How alike the steps' answers are for the ink and the ink moved by a pixel. */
export function shiftedFigure(live) {
  return {
    moment: "rest",
    async paint(place) {
      const alike = await live.call("shifted");
      if (alike.length !== live.steps.length) return; // of another network by now
      const told = alike
        .map(([, value], index) => [live.steps[index], value])
        .filter(([{ kind }]) => ["input", "conv", "pool"].includes(kind));
      showBars(
        place,
        told.map(([step, value]) => [titleOf(step), value, value.toFixed(3)]),
      );
    },
  };
}

/** One weight of the first convolution: its gradient by the chain rule, and by nudging it. */
export function chainFigure(live, conv) {
  let maps;
  let words;
  const [, rows, columns] = live.steps[conv].shape;
  return {
    moment: "rest",
    mount(place) {
      const trio = make("div", { class: "trio" });
      maps = ["Error at each place", `times ${live.subject.planes[0]} there`, "product"].map((name) => {
        const part = make("div");
        const made = mapsIn(part, [1, rows, columns], { tile: 112, across: 1 });
        part.append(make("span", {}, name));
        trio.append(part);
        return made;
      });
      words = make("div", { class: "chain-words" });
      place.append(trio, words);
    },
    async paint() {
      const [[best]] = live.best;
      const other = live.best.find(([label]) => label.toLowerCase() !== best.toLowerCase())?.[0] ?? best;
      const found = await live.call("chain_rule", other, conv, 0, 0, 1, 1);
      const products = found.errors.map((error, at) => error * found.inputs[at]);
      [found.errors, found.inputs, products].forEach((values, i) => maps[i].paint(values));
      words.replaceChildren(
        make("p", {}, `${live.subject.words.were(other)}, the loss would be `, number(found.loss, 4), "."),
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

/** The ink with its columns in another order, and what is read then; `again()` paints the figure anew. */
export function swappedFigure(live) {
  let picture;
  let words;
  let seed = 1;
  return {
    moment: "rest",
    mount(place, again) {
      picture = mapsIn(place, live.steps[0].shape, { tile: 192 }, live.subject.Picture);
      words = make("p");
      const button = make("button", { type: "button" }, "Swap again");
      button.addEventListener("click", () => {
        seed += 1;
        again();
      });
      place.append(words, button);
    },
    async paint() {
      const mixed = await live.call("swapped", seed);
      if (!live.best) return;
      picture.paint(mixed.picture, 1);
      const told = ([[label, probability]]) => `${label} (${written(100 * probability, 0)}%)`;
      words.textContent = `Before: ${told(live.best)}. With the same columns in another order: ${told(mixed.best)}.`;
    },
  };
}
