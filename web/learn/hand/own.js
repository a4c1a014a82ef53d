/** Beside the gallery of drawings: the words of one's own, and how many drafts there are. */
import { counted, element, isSame, make } from "../../ui/dom.js";
import { hook } from "../../ui/hooks.js";

/** `removed(records)` is told what went, so that it can be undone. */
export function connectOwn({ ownWords, drafts }, removed) {
  const [section, list] = [element("hand-own"), element("hand-words")];
  let listed = [];

  function show() {
    const words = ownWords.all.sort((one, other) => one.word.localeCompare(other.word, "en"));
    section.hidden = !words.length && !drafts.all.length;
    element("hand-own-count").textContent = [
      words.length ? counted(words.length, "word") : "",
      drafts.all.length ? counted(drafts.all.length, "draft") : "",
    ]
      .filter(Boolean)
      .join(" and ");
    if (isSame(words, listed)) return;
    list.replaceChildren(...words.map(item));
    listed = words;
  }

  function item(record) {
    const { word, count } = record;
    const remove = make("button", { type: "button", class: "remove", "aria-label": `Forget the word ${word}` }, "×");
    remove.addEventListener("click", () => removed(ownWords.remove([record.id])));
    const times = make("span", { class: "small" }, count > 1 ? ` ${count} times` : "");
    return hook(make("li", {}, make("span", { translate: "no" }, word), times, remove), { label: word });
  }

  for (const shelf of [ownWords, drafts]) shelf.addEventListener("change", show);
  show();
}
