/** How it read this: the network's columns under the ink, their best characters, the way that was taken, what the language added. */
import { drawStroke } from "../ink/brush.js";
import { newestWins } from "../python/newest-wins.js";
import { onTheme } from "../ui/colors.js";
import { canvas as canvasOf, contextOf, element, make } from "../ui/dom.js";
import { hook } from "../ui/hooks.js";
import { percent } from "../ui/labels.js";
import { ALLOWED, flattened } from "./reading.js";
import { boxOf, ROW } from "./state.js";

/** CSS pixels: of a column's width at least, of the ink's height, and to both sides of the ink. */
const [COLUMN, HEIGHT, EDGE] = [12, 96, 12];
/** Characters of a column that are shown, if they are at least so probable. */
const [SHOWN, LEAST] = [3, 0.01];
const BLANK = "␣";

/** `reading` is a WordReading, `isOpen()` whether the view is open. */
export function connectHow({ client, document, reading, isOpen }) {
  const panel = /** @type {HTMLDetailsElement} */ (element("how"));
  const [said, scroll, figure, columns, path, language] = [
    "how-said",
    "how-scroll",
    "how-figure",
    "how-columns",
    "how-path",
    "how-language",
  ].map(element);
  let shown = /** @type {{ part: import("./parts.js").Part, answer: any } | null} */ (null);

  /** The part that the caret stands in, else the newest. */
  function part() {
    const { parts, words, caret } = document;
    const word = words.find(({ start, end }) => start <= caret.end && caret.end <= end);
    const ofWord = word && parts.find(({ strokes }) => strokes.some(({ id }) => word.strokes.includes(id)));
    return ofWord ?? parts.at(-1) ?? null;
  }

  const explainNewest = newestWins(async () => {
    if (!panel.open || !isOpen()) return;
    const wanted = part();
    if (!wanted) return say("Write something, and see here how it is read.");
    if (reading.state !== "ready") return say("What reads words is not here yet.");
    if (shown?.part.key === wanted.key) return;
    try {
      const { characters, language: spoken } = wanted.run.how;
      const options = { allowed: ALLOWED[characters], language: spoken };
      const answer = await client.call("writing.explain", ...flattened(wanted.strokes), options);
      shown = { part: wanted, answer };
      show(shown);
    } catch (error) {
      if (client.state === "ready") say(`This could not be explained: ${error.message}`);
    }
  });

  function say(words) {
    shown = null;
    said.textContent = words;
    scroll.hidden = true;
    language.replaceChildren();
  }

  function show({ part: its, answer }) {
    said.textContent = "";
    scroll.hidden = false;
    paint();
    const [left, scale] = [leftOf(its, answer), scaleOf(answer)];
    const at = (column) => `${(answer.columns[column] - left) * scale + EDGE}px`;
    columns.replaceChildren(...answer.best.map((best, column) => placed(columnOf(best), at(column))));
    path.replaceChildren(
      ...answer.path.map(([column, label]) => hook(placed(letterOf(label), at(column)), { label, column })),
    );
    language.replaceChildren(...added(answer));
  }

  function paint() {
    if (!shown || !panel.open) return;
    const { part: its, answer } = shown;
    const box = boxOf(its.strokes);
    const [left, scale] = [leftOf(its, answer), scaleOf(answer)];
    const across = Math.min(1, HEIGHT / ((box.bottom - box.top + 60) * scale)); // what is high is made lower, and stays as wide
    const width = (Math.max(box.right, answer.columns.at(-1) ?? 0) - left) * scale + 2 * EDGE;
    figure.style.setProperty("--wide", `${width}px`);
    const sheet = canvasOf("how-ink");
    const density = Math.min(2, Math.max(1, devicePixelRatio));
    sheet.width = Math.min(16_000, Math.round(width * density));
    sheet.height = Math.round(HEIGHT * density);
    const context = contextOf(sheet);
    context.strokeStyle = context.fillStyle = getComputedStyle(sheet).color;
    context.scale(sheet.width / width, density);
    context.translate(EDGE, HEIGHT / 2);
    context.scale(1, across);
    context.translate(-left * scale, (-(box.top + box.bottom) / 2) * scale);
    for (const stroke of its.strokes) drawStroke(context, stroke, scale);
  }

  panel.addEventListener("toggle", () => explainNewest());
  reading.addEventListener("change", () => explainNewest());
  document.addEventListener("change", ({ detail }) => detail !== "saved" && explainNewest());
  client.addEventListener("lost", () => (shown = null));
  onTheme(paint);
  return { show: explainNewest };
}

const leftOf = (part, { columns }) => Math.min(columns[0] ?? 0, boxOf(part.strokes).left);

/** CSS pixels for a unit of ink: so wide that the columns' characters stand beside each other. */
function scaleOf({ columns }) {
  const pitch = columns.length > 1 ? (columns.at(-1) - columns[0]) / (columns.length - 1) : ROW / 10;
  return COLUMN / (pitch || 1);
}

function placed(item, x) {
  item.style.setProperty("--x", x);
  return item;
}

const letterOf = (label) => make("li", {}, label);

/** The best characters of a column, the most probable on top. */
function columnOf(best) {
  const some = best.slice(0, SHOWN).filter(([, probability], i) => i === 0 || probability >= LEAST);
  const item = make(
    "li",
    {},
    ...some.map(([label, probability]) => {
      const cell = make("span", { class: label ? "cell" : "cell blank" }, label || BLANK);
      cell.style.setProperty("--share", probability.toFixed(2));
      cell.title = `${label || "blank"} ${percent(probability)}`;
      return hook(cell, { label, probability });
    }),
  );
  return item;
}

/** What the language made of what the ink alone says. */
function added({ literal, text, gain }) {
  const pair = (term, ...words) => [make("dt", {}, term), make("dd", {}, ...words)];
  if (gain.every(([, nats]) => nats === 0)) return pair("The ink alone", literal);
  return [
    ...pair("The ink alone", literal),
    ...pair("With the language", text),
    ...pair(
      "It added",
      ...gain.map(([what, nats]) =>
        make("span", { class: "gain" }, `${what} ${nats < 0 ? "−" : "+"}${Math.abs(nats).toFixed(1)}`),
      ),
      " nats",
    ),
  ];
}
