/** What a word may be read as, to choose from: the best readings, of each character its alternatives; and to write it again. */
import { thumbnail } from "../ink/thumbnail.js";
import { announce } from "../ui/announce.js";
import { beside } from "../ui/beside.js";
import { element, form, input, make } from "../ui/dom.js";
import { hook } from "../ui/hooks.js";
import { nameOf, percent } from "../ui/labels.js";
import { Listbox } from "./listbox.js";
import { inkOf } from "./letters.js";
import { probabilityOf } from "./state.js";

/**
 * The panel of a word. `choose(word, text)`, `again(word)` and `remove(word)` do what is pressed.
 * Returns open(word, button).
 */
export function connectChoices(document, { choose, again, remove }) {
  const panel = element("word-panel");
  const [title, letters, alternatives] = ["word-title", "word-letters", "word-alternatives"].map(element);
  let open = /** @type {{ id: number, button: HTMLElement } | null} */ (null);
  let place = -1; // of the character whose alternatives are shown
  let shownAs = /** @type {import("./state.js").Word | null} */ (null); // the word as it is shown
  const typed = input("word-text");

  const word = () => document.words.find(({ id }) => id === open?.id);
  const readings = new Listbox(element("word-readings"), (text) => take(text));
  const others = new Listbox(alternatives, (label) => {
    const { text } = word();
    take(text.slice(0, place) + label + text.slice(place + 1));
  });

  function take(text) {
    const [chosen, button] = [word(), open?.button];
    panel.hidePopover();
    if (chosen && text !== chosen.text) choose(chosen, text);
    button?.focus({ preventScroll: true });
  }

  function show() {
    const shown = word();
    if (!shown) return panel.hidePopover();
    if (shownAs && shownAs.text === shown.text && shownAs.reading === shown.reading) return undefined; // the keyboard's focus stays
    shownAs = shown;
    const { text } = shown;
    title.textContent = shown.pinned
      ? `“${text}”, put right by you`
      : `“${text}”, ${percent(shown.reading?.probability ?? 1)}`;
    if (typed !== globalThis.document.activeElement) typed.value = text;
    readings.show(readingsOf(shown).map((reading) => optionOf(reading, text)));
    const isWhole = shown.letters.length === text.length;
    letters.replaceChildren(...(isWhole ? [...text].map((label, at) => letterOf(shown, label, at)) : []));
    showAlternatives(shown);
    return undefined;
  }

  function letterOf(shown, label, at) {
    const ink = inkOf(document, shown.letters[at]);
    const button = make(
      "button",
      {
        type: "button",
        class: "letter",
        "aria-label": `${nameOf(label)}: other characters`,
        "aria-expanded": String(at === place),
      },
      ...(ink ? [thumbnail(ink, 40)] : []),
      make("b", { translate: "no" }, label),
    );
    button.addEventListener("click", () => {
      place = at === place ? -1 : at;
      for (const [i, each] of [...letters.children].entries()) each.setAttribute("aria-expanded", String(i === place));
      showAlternatives(word());
      if (place >= 0) others.focus();
      put();
    });
    return hook(button, { label });
  }

  function showAlternatives(shown) {
    const labels = place >= 0 ? alternativesOf(shown, place) : [];
    alternatives.hidden = !labels.length;
    if (labels.length) alternatives.setAttribute("aria-label", `Instead of ${nameOf(shown.text[place])}`);
    others.show(
      labels.map((label) => ({ value: label, name: nameOf(label), selected: label === shown.text[place], parts: [label] })),
    );
  }

  const put = () => open && beside(panel, open.button);

  const acts = { "word-again": again, "word-remove": remove };
  for (const [id, act] of Object.entries(acts))
    element(id).addEventListener("click", () => {
      const meant = word();
      panel.hidePopover();
      if (meant) act(meant);
    });
  form("word-typed").addEventListener("submit", (event) => {
    event.preventDefault();
    if (typed.value.trim()) take(typed.value.trim());
  });
  panel.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "open") return;
    open?.button.removeAttribute("aria-expanded");
    open = null;
  });
  document.addEventListener("change", ({ detail }) => open && detail !== "caret" && detail !== "saved" && show());
  addEventListener("resize", () => open && put());

  return function openFor(id, button) {
    if (open?.id === id) return panel.hidePopover();
    open?.button.removeAttribute("aria-expanded");
    [open, place, shownAs] = [{ id, button }, -1, null];
    button.setAttribute("aria-expanded", "true");
    panel.showPopover();
    show();
    put();
    readings.focus();
    announce("Readings; choose with the arrow keys");
    return undefined;
  };
}

/** The readings of a word, best first; what the user made of it first of all. */
function readingsOf({ text, reading, pinned }) {
  const found = reading?.readings ?? [];
  if (found.some((each) => each.text === text)) return found;
  return [{ text, probability: probabilityOf({ pinned, reading }), literal: false, own: true }, ...found];
}

function optionOf({ text, probability, literal, own = false }, chosen) {
  const mark = own ? "yours" : literal ? "as the ink says" : "";
  const share = own ? "" : percent(probability);
  return {
    value: text,
    selected: text === chosen,
    parts: [
      make("span", { class: "word-reading", translate: "no" }, text),
      make("span", { class: "small" }, mark),
      make("span", { class: "small share" }, share),
    ],
  };
}

/** What a character may be: the one it is, what was read besides, its other case. */
function alternativesOf(word, place) {
  const label = word.text[place];
  const read = isAsRead(word) ? [...(word.reading.alternatives[place] ?? "")] : [];
  return [...new Set([label, ...read, otherCase(label)])].filter(Boolean);
}

const isAsRead = ({ text, reading }) => reading?.alternatives.length === text.length;

/** "" where there is no other. */
function otherCase(label) {
  const [lower, upper] = [label.toLowerCase(), label.toUpperCase()];
  const other = label === lower ? upper : lower;
  return other !== label && other.length === label.length ? other : "";
}
