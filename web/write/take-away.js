/** Taking away what is written: copied, shared, saved as text, as ink, as pictures; and ink from a file. */
import { connectButton } from "../ink/pad.js";
import { beside } from "../ui/beside.js";
import { connectFileButton, element } from "../ui/dom.js";
import { download } from "../ui/download.js";
import { orSay } from "../ui/or-say.js";
import { fileOf } from "./ink-file.js";
import { pngOf, svgOf } from "./picture.js";

/** Characters of a file's name, without its ending. */
const LONGEST_NAME = 40;
/** Endings of files that hold the text. */
const HOLD_TEXT = ["txt", "json"];
/** Names that Windows gives to no file. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** `say(words)` tells what happened; `take(file)` opens a file. */
export function connectTakeAway(document, { say, take }) {
  const hasText = () => document.text.trim() !== "";
  const hasInk = () => document.strokes.length > 0;

  const save = (ending, type, make) => async () => {
    const name = `${nameFor(document.text)}.${ending}`;
    download(await make(), name, type);
    if (HOLD_TEXT.includes(ending)) document.markSaved();
    say(`Saved: ${name}`);
  };
  const acts = {
    "write-copy": [copy, hasText],
    "write-share": [share, hasText],
    "save-text": [save("txt", "text/plain;charset=utf-8", () => `${document.text.trimEnd()}\n`), hasText],
    "save-page": [save("json", "application/json", () => `${JSON.stringify(fileOf(document.toJSON()))}\n`), hasInk],
    "save-svg": [save("svg", "image/svg+xml", () => svgOf(document.strokes, document.text)), hasInk],
    "save-png": [save("png", "image/png", () => pngOf(document.strokes)), hasInk],
  };

  async function copy() {
    try {
      await navigator.clipboard.writeText(document.text);
      document.markSaved();
      say("Copied.");
    } catch {
      say("This browser does not let the page copy: select the text and press Ctrl+C.");
    }
  }

  async function share() {
    try {
      await navigator.share({ text: document.text });
      document.markSaved();
      say("Shared.");
    } catch (error) {
      if (error.name !== "AbortError") say(`This could not be shared: ${error.message}. Copy it instead.`); // else the user changed his mind
    }
  }

  const menu = element("write-menu");
  menu.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "open") beside(menu, element("write-files"));
  });
  menu.addEventListener("click", ({ target }) => target !== menu && menu.hidePopover());
  for (const [id, [act, isPossible]] of Object.entries(acts))
    connectButton(document, element(id), orSay(act, say), isPossible);
  element("write-share").hidden = !navigator.share;
  connectFileButton(element("write-open"), element("write-file"), take);
}

/** "see-you-tomorrow" of the first words that are written. */
export function nameFor(text) {
  const words =
    text
      .normalize("NFC")
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  let name = "";
  for (const word of words) {
    const longer = name ? `${name}-${word}` : word.slice(0, LONGEST_NAME);
    if (longer.length > LONGEST_NAME) break;
    name = longer;
  }
  return !name || RESERVED.test(name) ? `writing${name && `-${name}`}` : name;
}
