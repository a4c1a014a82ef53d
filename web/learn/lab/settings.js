/** What the user sets: which characters, what shape of network, how it is trained. */
import { ALL_CHARACTERS, ALPHABETS } from "../../ui/alphabets.js";
import { counted, element, fieldsOf, form as formOf, make, partOf } from "../../ui/dom.js";

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

/** What is wrong with these settings, { problem, name } of a field, or null. Whether the shape can be built Python says. */
export function wrong() {
  if (labels().length < 2) return { problem: "Pick at least two characters to tell apart.", name: "picked" };
  const field = [...elements].find((each) => each.willValidate && !each.validity.valid);
  return field
    ? { problem: `${partOf(field.closest("label"), "span").textContent}: ${rangeOf(field)}`, name: field.name }
    : null;
}

function rangeOf({ min, max, step, value }) {
  const range = max ? `from ${min} to ${max}` : `not below ${min}`;
  const kind = step === "any" ? "a number" : step ? `a multiple of ${step}` : "a whole number";
  return `${kind} ${range}, not ${value || "empty"}.`;
}

/** Say at a field what is wrong with it; without a name nothing is. */
export function showWrong(problem = "", name = "") {
  form.querySelector("small.problem")?.remove();
  for (const field of elements) {
    if (!field.name) continue;
    const isWrong = field.name === name;
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
    if (!isWrong) continue;
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", "lab-wrong-field");
    // Within the label, of which it is no part: it describes the field.
    field.after(make("small", { id: "lab-wrong-field", class: "problem", "aria-hidden": "true" }, problem));
  }
}

/** The learning rate that this way of training begins with. */
export const usualRate = () => Number(RATES[elements.optimizer.value]);

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
