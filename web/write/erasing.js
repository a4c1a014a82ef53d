/** Deleting ink with the pen: by a scratch-out, and with the eraser at its other end. Both can be undone. */
import { announce } from "../ui/announce.js";
import { counted } from "../ui/dom.js";
import { connectEraser } from "./eraser.js";
import { isScratch, scratchedOut } from "./scratch.js";

/** `isOff()`: whether a stroke is ink whatever it looks like, as while a word is written again over itself. */
export function connectErasing(document, paper, isOff = () => false) {
  let isDue = false;
  let isMarked = false;

  /** Ids of what a stroke scratches out, as it is. */
  function under({ points }) {
    if (isOff() || !isScratch(points)) return [];
    const { strokes } = document;
    const others = strokes.map((stroke) => stroke.points);
    return scratchedOut(points, others).map((i) => strokes[i].id);
  }

  // While the pen is down: what would go if it were lifted now. Once a frame: pens tell of themselves more often.
  document.ink.addEventListener("change", () => {
    if (isDue || (!document.ink.live && !isMarked)) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      mark(document.ink.live ? under(document.ink.live) : []);
    });
  });
  document.addEventListener("stroke", (event) => {
    const scratch = /** @type {CustomEvent} */ (event).detail;
    const ids = under(scratch);
    mark([]);
    if (ids.length) {
      event.preventDefault();
      erase(ids);
    } else if (!isOff() && isScratch(scratch.points) && eraseLetters(document, scratch)) event.preventDefault();
  });
  connectEraser(document, paper, erase);

  function mark(ids) {
    if (ids.length || isMarked) paper.showGoing(ids);
    isMarked = ids.length > 0;
  }

  function erase(ids) {
    const before = document.text;
    document.erase(ids);
    announce(before === document.text ? `Erased ${counted(ids.length, "stroke")}` : "Erased");
  }
}

/** Joined letters are one stroke: those that a scratch-out covers are deleted as text is, and their ink is cut out. */
function eraseLetters(document, { points }) {
  for (const word of document.words) {
    const letters = word.letters.map((spans) =>
      (spans ?? []).flatMap(([id, first, last]) => document.stroke(id).points.slice(2 * first, 2 * last + 2)),
    );
    const under = scratchedOut(points, letters).filter((at) => letters[at].length);
    if (!under.length) continue;
    document.replaceText(word.start + Math.min(...under), word.start + Math.max(...under) + 1, "");
    announce("Erased");
    return true;
  }
  return false;
}
