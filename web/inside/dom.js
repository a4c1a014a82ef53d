/** Small helpers that every part of the Inside view uses. */

import { make } from "../ui/dom.js";

export { element, make } from "../ui/dom.js";

/** A number for people, with its full value for machines; a true minus sign, so that columns line up. */
export function number(value, digits = 3) {
  return make("data", { value: String(value) }, written(value, digits));
}

export function written(value, digits = 3) {
  if (value !== 0 && Math.abs(value) < 0.5 * 10 ** -digits) return scientific(value, 1);
  return value.toFixed(digits).replace("-", "−");
}

/** "8.6 × 10⁻⁶", because the e of "8.6e-6" would look like the number e, which appears in the softmax. */
export function scientific(value, digits) {
  const [factor, power] = value.toExponential(digits).split("e");
  const raised = [...String(Number(power))].map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign])).join("");
  return `${factor.replace("-", "−")}\u00a0×\u00a010${raised}`;
}

/** Returns a function that calls `work` once it has not been called for `delay` milliseconds. */
export function atRest(delay, work) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, delay);
  };
}

/** Tells `changed(isVisible)` when an element comes into sight or leaves it. */
export function followVisibility(target, changed, margin = "100px") {
  new IntersectionObserver((entries) => changed(entries.at(-1).isIntersecting), { rootMargin: margin }).observe(target);
}

/** The options of a list of labels, keeping what was chosen. */
export function fillLabels(select, labels, chosen) {
  select.replaceChildren(...[...labels].map((label) => make("option", { value: label }, label)));
  if (chosen) select.value = chosen;
}
