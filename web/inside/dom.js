/** Small helpers that every part of the Inside view uses. */

import { announce } from "../ui/announce.js";
import { linkButton, make } from "../ui/dom.js";

export { element, followVisibility, make } from "../ui/dom.js";

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

/** Frames without a move after which the page has its heights: sections that come into sight are laid out only then. */
const QUIET = 8;
const MOST_FRAMES = 60;

/** Put something in its place on the screen, again until what lies above it has its height or somebody moves on. */
export async function settling(place) {
  const moved = new AbortController();
  for (const name of ["wheel", "pointerdown", "keydown"])
    addEventListener(name, () => moved.abort(), { capture: true, passive: true, signal: moved.signal });
  for (let frame = 0, quiet = 0; frame < MOST_FRAMES && quiet < QUIET; frame += 1) {
    await new Promise(requestAnimationFrame);
    if (moved.signal.aborted) return;
    const before = scrollY;
    place();
    quiet = scrollY === before ? quiet + 1 : 0;
  }
  moved.abort();
}

/**
 * `place` says what went wrong, with a button to try `again`. Returns say(problem), where "" takes it back; when the button
 * goes while it has the focus, the part around it gets it.
 */
export function trouble(place, again) {
  const words = make("span", { class: "problem" });
  let isAsked = false;
  const button = linkButton("Try again", () => {
    isAsked = true;
    words.textContent = "Trying again …";
    again();
  });
  return (problem) => {
    words.textContent = problem;
    if (isAsked) announce(problem || "It works again.");
    isAsked = false;
    if (problem && !place.firstChild) place.append(words, " ", button);
    if (problem || !place.firstChild) return;
    const hadFocus = document.activeElement === button;
    place.replaceChildren();
    if (!hadFocus) return;
    place.parentElement.tabIndex = -1;
    place.parentElement.focus({ preventScroll: true });
  };
}

/** The options of a list of labels, keeping what was chosen. */
export function fillLabels(select, labels, chosen) {
  select.replaceChildren(...labels.map((label) => make("option", { value: label }, label)));
  if (chosen) select.value = chosen;
}
