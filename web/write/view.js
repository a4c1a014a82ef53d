/** The Write view: a page to write on, and its text. */
import { stepByKey } from "../ink/keyboard.js";
import { connectSteps } from "../ink/pad.js";
import { canvas, element, hasOpenDialog, isTyping } from "../ui/dom.js";
import { landOn } from "../ui/landing.js";
import { connectAgain } from "./again.js";
import { connectChoices } from "./choices.js";
import { Document } from "./document.js";
import { connectDrafts } from "./drafts.js";
import { connectErasing } from "./erasing.js";
import { Field } from "./field.js";
import { connectHow } from "./how.js";
import { keepWriting } from "./keep.js";
import { connectLessons } from "./lessons.js";
import { connectLight } from "./light.js";
import { connectNotes } from "./notes.js";
import { openFile } from "./open.js";
import { teachOwnWords } from "./own-language.js";
import { Paper } from "./paper.js";
import { WordReading } from "./reading.js";
import { connectTakeAway } from "./take-away.js";
import { connectWriteTools } from "./tools.js";
import { connectWords } from "./words.js";

export function connect({ client, samples, ownWords, drafts }) {
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
    ring: element("eraser-ring"),
  });
  const reading = new WordReading(client, page);
  let isOpen = false;

  connectSteps(page, { undo: element("write-undo"), redo: element("write-redo"), clear: element("write-clear") });
  connectWriteTools(page, field);
  connectLight({ document: page, paper, field, lit: canvas("lit") });
  const notes = connectNotes({ client, document: page, reading, isOpen: () => isOpen });
  connectKeys();
  const how = connectHow({ client, document: page, reading, isOpen: () => isOpen });
  const again = connectAgain(page, notes.say);
  connectErasing(page, paper, again.isWaited);
  connectLessons({ document: page, samples, ownWords, say: notes.say });
  teachOwnWords(client, reading, ownWords);
  connectWords(
    page,
    element("words"),
    connectChoices(page, {
      choose: (word, text) => page.correct(word.id, text),
      again: again.begin,
      remove: (word) => page.erase(word.strokes),
    }),
  );
  connectTakeAway(page, { say: notes.say, take });
  connectDrafts(page, drafts, notes.say);
  keepWriting(page, notes.say);

  page.addEventListener("change", (event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    view.dataset.empty = String(page.isEmpty);
    if (detail === "stroke" || detail === "text") landOn("write");
  });
  page.ink.addEventListener("change", () => (view.dataset.empty = String(page.isEmpty)));
  view.dataset.empty = String(page.isEmpty);

  /** The paper has the keys that its pen needs; what else is typed or pasted there goes into the text. */
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
    addEventListener("paste", (event) => {
      const text = event.clipboardData?.files.length ? "" : event.clipboardData?.getData("text/plain");
      if (!text || !isOpen || hasOpenDialog() || isTyping(event)) return;
      event.preventDefault();
      field.type(text.replaceAll(/\r\n?/g, "\n")); // as fields have it
    });
    addEventListener("keydown", (event) => {
      const isHere = isOpen && !hasOpenDialog();
      const isText = event.target === field.field && event.key !== "Escape";
      if (isHere && (isText || !isTyping(event))) stepByKey(event, page);
    });
  }

  async function take(file) {
    try {
      notes.say(await openFile(page, file, client));
    } catch (error) {
      notes.say(error.message);
    }
  }

  return {
    title: "Write",
    open() {
      isOpen = true;
      reading.isOpen = true;
      notes.show();
      how.show();
    },
    close() {
      isOpen = false;
      reading.isOpen = false;
    },
    take,
  };
}
