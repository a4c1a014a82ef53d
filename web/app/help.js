import { dialog as dialogOf, element, hasOpenDialog, isOnPad } from "../ui/dom.js";

/** The list of shortcuts and the lines about the page, under "?". */
export function showHelp() {
  const dialog = dialogOf("help");
  const open = () => dialog.open || dialog.showModal();
  element("help-open").addEventListener("click", open);
  dialog.addEventListener("click", (event) => {
    // The dialog's content covers its whole box, so a click on the dialog itself was on the backdrop.
    if (event.target === dialog) dialog.close();
  });
  addEventListener("keydown", (event) => {
    const isFree = isOnPad(event) && !hasOpenDialog();
    if (event.key === "?" && isFree && !event.ctrlKey && !event.metaKey && !event.altKey) open();
  });
  if (/Mac|iPhone|iPad/.test(navigator.platform)) {
    for (const key of dialog.querySelectorAll("kbd.ctrl")) key.textContent = "⌘";
  }
}
