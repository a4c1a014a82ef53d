/** The Read view: the pad, the answer that follows the pen, and the tools. */
import { newestWins } from "../python/client.js";
import { capHeightFor } from "../ink/guides.js";
import { drawWithKeys } from "../ink/keyboard.js";
import { Painter } from "../ink/painter.js";
import { drawWithPointers } from "../ink/pointer.js";
import { announce, showAnswer, showAside, showNothing, showWords, wordsToHear } from "./answer.js";
import { connectCorrections } from "./correct.js";
import { connectPicker } from "./picker.js";
import { allowedLabels, connectTools, guidesAreShown } from "./tools.js";

/** The pen rests when nothing has been drawn for so many milliseconds: then the answer is announced. */
const REST = 700;

const element = (id) => document.getElementById(id);

export function connect({ client, ink, samples }) {
  connectCorrections(client, ink, samples, connectPicker());
  const pad = element("pad");
  new Painter(pad, ink);
  drawWithPointers(pad, ink);
  drawWithKeys(pad, element("nib"), ink, announce);
  connectTools(ink, { onChoice: ask, complain });

  let answer = null;
  let rest = 0;
  let starting = "Python is still starting.";

  const readNewest = newestWins(async () => {
    if (client.state !== "ready" || ink.isEmpty) return;
    try {
      answer = await read(client, ink);
    } catch (error) {
      answer = null;
      // A worker that died has its own panel, and the ink is read after the Retry.
      if (client.state === "ready") showWords(`This could not be read: ${error.message}`);
      return;
    }
    if (!ink.isEmpty) showRead();
  });

  function showRead() {
    if (!answer.candidates.length) {
      answer = null;
      return complain("No ink was found in that picture.");
    }
    showAnswer(answer, ink.live !== null);
    announceAtRest();
    if (!ink.live) element("foot-line").textContent = footLine(answer.milliseconds); // numbers stand still while the pen moves
  }

  function ask() {
    if (element("read").hidden) return; // another view is open and has the worker to itself; `open` catches up
    if (ink.isEmpty) {
      answer = null;
      showNothing();
      announceAtRest();
    } else if (client.state === "ready") readNewest();
    else showWords(client.state === "booting" ? `${starting} This is read as soon as it is ready.` : "");
  }

  function complain(words) {
    (answer ? showAside : showWords)(words);
    announce(words);
  }

  function announceAtRest() {
    clearTimeout(rest);
    rest = setTimeout(() => {
      if (ink.isEmpty) announce("Empty");
      else if (answer && !ink.live) announce(wordsToHear(answer));
    }, REST);
  }

  let network = "convolutional network";
  const footLine = (milliseconds) =>
    `Read in ${Math.max(1, Math.round(milliseconds))} ms by a ${network}, in numpy, in this tab. Nothing leaves this tab.`;

  client.addEventListener("ready", async () => {
    ask();
    element("foot-line").textContent = "Ready. Python runs in this tab, and nothing leaves this tab.";
    const { parameters } = await client.call("reading.about");
    network = `convolutional network of ${parameters.toLocaleString("en")} weights`;
    element("about-network").textContent = `A ${network}, written in plain numpy, reads what you draw.`;
  });
  client.addEventListener("lost", () => {
    starting = "Python stopped and is being started again; your drawing is kept.";
    if (client.state === "booting") announce(starting);
    ask();
  });
  client.addEventListener("failed", ask);
  samples.addEventListener("learned", ask);
  ink.addEventListener("change", () => {
    ask(); // first of all: Python reads while the page does the rest
    document.documentElement.toggleAttribute("data-inked", true); // the ghost has done its work
    pad.setAttribute("aria-label", describeDrawing(ink));
  });

  return { title: "Read", open: ask };
}

function read(client, ink) {
  const allowed = allowedLabels();
  if (ink.picture) {
    const { data, height, width } = ink.picture;
    return client.call("reading.read_image", new Uint8Array(data), height, width, allowed);
  }
  const { points, lengths } = ink.flatten();
  return client.call("reading.read", points, lengths, allowed, guidesAreShown() ? capHeightFor(points) : 0);
}

function describeDrawing(ink) {
  if (ink.picture) return "Drawing area, with a picture";
  const count = ink.strokes.length;
  if (!count) return "Drawing area, empty";
  return `Drawing area, ${count} ${count === 1 ? "stroke" : "strokes"}`;
}
