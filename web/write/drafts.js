/** Drafts by name, kept on this device if the user says so: kept, opened, renamed, deleted and brought back. */
import { dialog as dialogOf, element, enable, form, input, isSame, linkButton, make, partOf } from "../ui/dom.js";
import { hook } from "../ui/hooks.js";
import { orSay } from "../ui/or-say.js";
import { draftOf } from "../samples/own-lines.js";

const LONGEST_NAME = 80;

/** `drafts` is a Shelf; `say(words)` tells in the view what happened. */
export function connectDrafts(document, drafts, say) {
  const [dialog, list, said, name] = [
    dialogOf("drafts"),
    element("drafts-list"),
    element("drafts-said"),
    input("draft-name"),
  ];
  let current = /** @type {string | null} */ (null); // the id of the draft that was kept or opened last
  let deleted = [];
  const items = new Map(); // of a draft's id
  let listed = [];

  function tell(words) {
    said.replaceChildren(words, ...(deleted.length ? [" ", linkButton("Undo", bringBack)] : []));
  }

  /** `isAnew`: the drafts are the same, but the list is not as it was made. */
  function show(isAnew = false) {
    const all = drafts.all.sort((one, other) => other.made - one.made);
    if (isAnew || !isSame(all, listed)) {
      items.clear();
      list.replaceChildren(...all.map(item));
      listed = all;
    }
    if (drafts.problem) said.textContent = drafts.problem;
  }

  function item(draft) {
    const open = linkButton(draft.name, () => openDraft(draft));
    open.setAttribute("aria-label", `Open ${draft.name}`);
    const rename = linkButton("Rename", () => edit(draft));
    const remove = linkButton("Delete", () => removeDraft(draft));
    for (const [button, what] of [
      [rename, "Rename"],
      [remove, "Delete"],
    ])
      button.setAttribute("aria-label", `${what} ${draft.name}`);
    const when = make(
      "time",
      { class: "small", datetime: new Date(draft.made).toISOString() },
      new Date(draft.made).toLocaleString(),
    );
    const made = make("li", {}, open, when, make("span", { class: "acts" }, rename, remove));
    items.set(draft.id, made);
    return hook(made, { id: draft.id });
  }

  function edit(draft) {
    const field = make("input", {
      type: "text",
      maxlength: String(LONGEST_NAME),
      "aria-label": `New name of ${draft.name}`,
    });
    field.value = draft.name;
    const entry = make("form", { class: "fields acts" }, field, make("button", { type: "submit" }, "Rename"));
    entry.addEventListener("submit", (event) => {
      event.preventDefault();
      const renamed = field.value.trim() || draft.name;
      drafts.add([draftOf(renamed, draft.page, draft.id, draft.made)]);
      tell(`Renamed: ${renamed}`);
      focusOn(draft.id);
    });
    entry.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault(); // the dialog stays open
      show(true);
      focusOn(draft.id);
    });
    items.get(draft.id).replaceChildren(entry);
    field.focus();
    field.select();
  }

  const focusOn = (id) => /** @type {HTMLElement} */ (items.get(id)?.querySelector("button") ?? name).focus();

  function openDraft(draft) {
    try {
      document.open(draft.page);
    } catch (error) {
      return tell(`${draft.name} could not be opened. ${error.message}`);
    }
    document.markSaved();
    current = draft.id;
    dialog.close();
    return say(`${draft.name} is open. Undo brings back what was here before.`);
  }

  function removeDraft(draft) {
    deleted = drafts.remove([draft.id]);
    tell(`Deleted: ${draft.name}`);
    partOf(said, "button").focus();
  }

  function bringBack() {
    const back = deleted;
    deleted = [];
    drafts.add(back);
    tell(`Brought back: ${back.map((each) => each.name).join(", ")}`);
    focusOn(back[0].id);
  }

  async function keep() {
    const named = name.value.trim() || suggestion(document.text);
    const same = drafts.all.find((draft) => draft.name === named);
    const draft = draftOf(named, document.toJSON(), same?.id);
    deleted = same ? [] : deleted;
    await drafts.add([draft]);
    if (!drafts.isKept || drafts.unsaved) await drafts.keep();
    if (drafts.problem) return tell(drafts.problem);
    current = draft.id;
    document.markSaved();
    return tell(`Kept on this device: ${named}`);
  }

  form("draft-new").addEventListener("submit", (event) => {
    event.preventDefault();
    if (!document.isEmpty) orSay(keep, tell)();
    else tell("Write something first: the page is empty.");
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => (deleted = []));
  drafts.addEventListener("change", () => show());
  element("write-drafts").addEventListener("click", () => {
    name.value = drafts.get(current)?.name ?? suggestion(document.text);
    tell(drafts.all.length ? "" : "Nothing is kept yet.");
    show(true); // without the field of what was being renamed when it was closed
    dialog.showModal();
    name.focus();
  });
  const update = () => enable(element("draft-new").querySelector("button"), !document.isEmpty);
  document.addEventListener("change", update);
  update();
}

/** The first words, or the day. */
function suggestion(text) {
  const line = text.trim().split("\n")[0].slice(0, 40).trim();
  return line || `Writing of ${new Date().toLocaleDateString()}`;
}
