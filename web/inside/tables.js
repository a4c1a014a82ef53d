/** Elements of the arithmetic: lines, named numbers, small tables. */
import { channelsOf, colorOf, readableOn } from "../ui/colors.js";
import { hook } from "../ui/hooks.js";
import { make, number } from "./dom.js";

/** A paragraph. */
export function line(...words) {
  return make("p", {}, ...words);
}

/** A sign between two tables. */
export const sign = (character) => make("span", { class: "sign", "aria-hidden": "true" }, character);

/** A number that styles and tests know by its name. */
export function tagged(name, value, digits) {
  const made = number(value, digits);
  made.dataset.term = name;
  return made;
}

/** The head of a table. */
export function head(...names) {
  return make("thead", {}, make("tr", {}, ...names.map((name) => make("th", { scope: "col" }, name))));
}

/** The last row of a shortened table: what the `count` rows come to that are not listed. */
export function others(count, columns, ...sums) {
  const name = make("th", { scope: "row", colspan: columns }, `the other ${count}`);
  return make("tr", { class: "rest" }, name, ...sums.map((each) => make("td", {}, each)));
}

/** A small table of numbers, each on the colour of its value; cells of the padding are dashed. */
export function grid(name, values, size, most, beyond = null) {
  const rows = Array.from({ length: size }, (_, row) =>
    make(
      "tr",
      {},
      ...values.slice(row * size, (row + 1) * size).map((value, column) => {
        const cell = make(
          "td",
          beyond?.[row * size + column] ? { "data-beyond": "", title: "beyond the border: a zero of the padding" } : {},
          short(value),
        );
        paintBehind(cell, value / most);
        return cell;
      }),
    ),
  );
  const table = make("table", { class: "grid" }, make("caption", {}, name), make("tbody", {}, ...rows));
  return hook(table, { grid: name.toLowerCase() });
}

/** A number with two digits, so that three tables fit side by side; the element's value has them all. */
function short(value) {
  return make(
    "data",
    { value: String(value) },
    value
      .toFixed(2)
      .replace(/^-(0\.00)$/, "$1")
      .replace("-", "−"),
  );
}

/** Put the colour of a share (-1 to 1) behind a number. */
export function paintBehind(target, share) {
  const pixel = colorOf(share);
  target.style.setProperty("background", `rgb(${channelsOf(pixel).join(" ")})`);
  target.style.setProperty("color", readableOn(pixel));
}
