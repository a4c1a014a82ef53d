/** What the user sets: which characters, what shape of network, how it is trained. */
import { ALL_CHARACTERS, ALPHABETS } from "../../ui/alphabets.js";
import { counted, element, fieldsOf, form as formOf, make } from "../../ui/dom.js";

const SETS = { ...ALPHABETS, all: ALL_CHARACTERS };
const RATES = { adamw: "0.01", sgd: "0.03" };

const form = formOf("lab-settings");
const elements = fieldsOf(form);

/** The characters to tell apart, in the network's order; of those typed in, the ones that the lab has ink of. */
export function labels() {
  const chosen = SETS[elements.classes.value] ?? elements.picked.value;
  return [...ALL_CHARACTERS].filter((label) => chosen.includes(label)).join("");
}

export function shape() {
  const count = Number(elements.layers.value);
  return {
    filters: Array.from({ length: count }, (_, i) => Number(elements[`filters${i + 1}`].value)),
    kernel: Number(elements.kernel.value),
    pooling: elements.pooling.value,
    window: Number(elements.window.value),
    dropout: Number(elements.dropout.value),
  };
}

export function settings() {
  return {
    optimizer: elements.optimizer.value,
    rate: Number(elements.rate.value),
    batch: Number(elements.batch.value),
    augmentation: elements.augmentation.checked,
  };
}

export const ownIsWanted = () => elements.own.checked;

/** What is wrong with these settings, in words, or "". Whether the shape can be built is for Python to say. */
export function problem() {
  if (labels().length < 2) return "Pick at least two characters to tell apart.";
  const wrong = [...elements].find((field) => field.willValidate && !field.validity.valid);
  return wrong ? `${wrong.closest("label").querySelector("span").textContent}: ${wrong.validationMessage}` : "";
}

/** `changed` is called after every change. */
export function connectSettings(changed) {
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => {
    const target = /** @type {HTMLInputElement} */ (event.target);
    if (target.name === "optimizer") elements.rate.value = RATES[target.value];
    arrange();
    changed();
  });
  arrange();
}

function arrange() {
  element("lab-picked").hidden = elements.classes.value !== "picked";
  const count = Number(elements.layers.value);
  for (const field of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-layer]")))
    field.hidden = Number(field.dataset.layer) > count;
  element("lab-window").hidden = elements.pooling.value === "none";
}

/** What Python said about the shape: a table of layers, or why it cannot be built. */
export function showShape({ problem, layers, parameters, multiply_adds }) {
  const table = element("lab-shape");
  const total = element("lab-total");
  total.dataset.mood = problem ? "problem" : "";
  if (problem) {
    total.textContent = problem;
    table.replaceChildren();
    return;
  }
  total.textContent = `${counted(parameters, "parameter")}, ${(multiply_adds / 1e6).toFixed(2)} million multiply-adds a character`;
  const rows = layers.map(([name, size, count]) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, name.replace(/\(.*/, "")),
      make("td", {}, size.join(" × ")),
      make("td", {}, count ? count.toLocaleString("en") : ""),
    ),
  );
  table.replaceChildren(
    make("tr", {}, ...["Layer", "Output", "Parameters"].map((words) => make("th", { scope: "col" }, words))),
    ...rows,
  );
}
