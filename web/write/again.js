/** A word written again over itself: it stays until the pen is up, and goes for what is written. */
import { boxOf, ROW } from "./state.js";

/** Of a row: how far beside the word one may begin. */
const NEAR = 0.5 * ROW;
/** Milliseconds without a stroke after which the word is written. */
const REST = 1500;

/** `say(words)` tells what to do. Returns { begin(word), isWaited() }. */
export function connectAgain(document, say) {
  let word = /** @type {import("./state.js").Word | null} */ (null); // the one that waits for its new ink
  let over = /** @type {ReturnType<typeof boxOf> | null} */ (null); // the place of a word that is being written again, until the pen rests or is elsewhere
  let rest = 0;

  document.addEventListener("stroke", (event) => {
    const { x, y } = boxOf([/** @type {CustomEvent} */ (event).detail]);
    const waiting = word?.id;
    const meant = document.words.find(({ id }) => id === waiting);
    word = null;
    if (over && !holds(over, x, y)) over = null;
    clearTimeout(rest);
    rest = setTimeout(() => (over = null), REST);
    if (!meant) return;
    const box = boxOf(document.strokes.filter(({ id }) => meant.strokes.includes(id)));
    if (!holds(box, x, y)) return;
    over = box;
    document.moveCaret(meant.start);
    document.erase(meant.strokes);
  });

  return {
    begin(chosen) {
      word = chosen;
      say(`Write “${chosen.text}” again, over its ink.`);
    },
    /** Whether what is written stands over a word on purpose, and scratches nothing out. */
    isWaited: () => word !== null || over !== null,
  };
}

const holds = ({ left, top, right, bottom }, x, y) =>
  x > left - NEAR && x < right + NEAR && y > top - NEAR && y < bottom + NEAR;
