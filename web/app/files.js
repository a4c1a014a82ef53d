/** Files that are dropped on the page or pasted go to the view that is open. */
import { make } from "../ui/dom.js";

/** `open()` is the view that is open; its `take(file)` opens a file, and says in its own place how that went. */
export function acceptFiles(open) {
  const { documentElement: page } = document;

  function deliver(transfer, event) {
    const [file] = transfer?.files ?? [];
    if (!file) return;
    event.preventDefault();
    /** @type {HTMLDialogElement} */
    const dialog = document.querySelector("dialog[open]");
    if (dialog) refuse(dialog, file);
    else open().take(file);
  }

  addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
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
function refuse(dialog, file) {
  dialog.querySelector(".refused")?.remove();
  const words = make("p", { class: "refused problem", role: "status" });
  dialog.append(words);
  words.textContent = `${file.name || "The picture"} was not opened: close this first, then drop or paste it again.`;
  dialog.addEventListener("close", () => words.remove(), { once: true });
}
