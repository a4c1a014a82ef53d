/** The Write view: a page to write on, and its text. */
import { stepByKey } from "../ink/keyboard.js";
import { connectSteps } from "../ink/pad.js";
import { announce } from "../ui/announce.js";
import { canvas, element, hasOpenDialog, isTyping } from "../ui/dom.js";
import { landOn } from "../ui/landing.js";
import { showStatus } from "../ui/status.js";
import { Document } from "./document.js";
import { Field } from "./field.js";
import { keepWriting } from "./keep.js";
import { connectLight } from "./light.js";
import { connectNotes } from "./notes.js";
import { Paper } from "./paper.js";
import { WordReading } from "./reading.js";
import { connectWriteTools } from "./tools.js";

export function connect({ client }) {
  const view = element("write");
  const page = new Document();
  const field = new Field(page, {
    field: /** @type {HTMLTextAreaElement} */ (element("text")),
    marks: element("text-marks"),
    box: element("field"),
  });
  const paper = new Paper(page, {
    sheet: element("sheet-of-rows"),
    roll: element("roll"),
    window: element("paper-window"),
    canvas: canvas("paper"),
    mark: element("row-mark"),
  });
  const reading = new WordReading(client, page);
  let isOpen = false;

  connectSteps(page, { undo: element("write-undo"), redo: element("write-redo"), clear: element("write-clear") });
  connectWriteTools(page, field);
  connectLight({ document: page, paper, field, lit: canvas("lit") });
  const notes = connectNotes({ client, document: page, reading, isOpen: () => isOpen });
  connectKeys();
  keepWriting(page, notes.say);

  page.addEventListener("change", (event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    view.dataset.empty = String(page.isEmpty);
    if (detail === "stroke" || detail === "text") landOn("write");
  });
  page.ink.addEventListener("change", () => (view.dataset.empty = String(page.isEmpty)));
  view.dataset.empty = String(page.isEmpty);

  /** The paper has the keys that its pen needs; what else is typed there goes into the text. */
  function connectKeys() {
    const { canvas: sheet } = paper.parts;
    sheet.addEventListener("pointerdown", () => {
      sheet.classList.add("pointed");
      sheet.focus({ preventScroll: true });
    });
    for (const name of ["keydown", "blur"]) sheet.addEventListener(name, () => sheet.classList.remove("pointed"));
    sheet.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.key === "?") return;
      const types = event.key.length === 1 || ["Backspace", "Delete", "Enter"].includes(event.key);
      if (types) field.field.focus({ preventScroll: true }); // which gets the key
    });
    addEventListener("keydown", (event) => {
      const isHere = isOpen && !hasOpenDialog();
      const isText = event.target === field.field && event.key !== "Escape";
      if (isHere && (isText || !isTyping(event))) stepByKey(event, page);
    });
  }

  return {
    title: "Write",
    open() {
      isOpen = true;
      reading.isOpen = true;
      notes.show();
    },
    close() {
      isOpen = false;
      reading.isOpen = false;
    },
    take(file) {
      const words = `${file.name || "That"} was not opened: pictures of one character go to Read.`;
      showStatus(words);
      announce(words);
    },
  };
}
