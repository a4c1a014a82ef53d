/** Files that are dropped on the page or pasted go to the view that is open, one at a time. */
import { announce } from "../ui/announce.js";
import { counted, make } from "../ui/dom.js";

/** `open()` is the view that is open; its `take(file)` opens a file, and says in its own place how that went. */
export function acceptFiles(open) {
  const { documentElement: page } = document;

  function deliver(transfer, event) {
    const [file, ...others] = transfer?.files ?? [];
    if (!file) return;
    event.preventDefault();
    const dialog = document.querySelector("dialog[open]");
    if (dialog) return refuse(dialog, file, others.length);
    open().take(file);
    noteOthers(file, others.length);
  }

  addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    page.dataset.dropping = "";
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) delete page.dataset.dropping;
  });
  addEventListener("drop", (event) => {
    delete page.dataset.dropping;
    deliver(event.dataTransfer, event);
  });
  addEventListener("paste", (event) => deliver(event.clipboardData, event));
}

/** In the dialog: nothing else is seen or heard while it is open. */
function refuse(dialog, file, others) {
  dialog.querySelector(".refused")?.remove();
  const words = make("p", { class: "refused problem", role: "status" });
  dialog.append(words);
  const what = others ? `Of ${counted(others + 1, "file")} none` : file.name || "The picture";
  words.textContent = `${what} was ${others ? "" : "not "}opened: close this first, then drop or paste ${others ? "one" : "it"} again.`;
  dialog.addEventListener("close", () => words.remove(), { once: true });
}

/** Over every view, since each says of the first file how that went; until the next thing is done on the page. */
function noteOthers(file, others) {
  document.querySelector(".note")?.remove();
  if (!others) return;
  const words = `Of ${counted(others + 1, "file")} only ${file.name || "the first"} was taken: one at a time. Drop the others after it.`;
  const note = make("p", { class: "note" }, words);
  document.body.append(note);
  announce(words);
  for (const type of ["pointerdown", "keydown", "hashchange"]) addEventListener(type, () => note.remove(), { once: true });
}
