/** The Read view: the pad, the answer that follows the pen, and the tools. */
import { linesOf, markGuides } from "../ink/guides.js";
import { drawingIn } from "../ink/open.js";
import { connectPad } from "../ink/pad.js";
import { newestWins } from "../python/newest-wins.js";
import { announce } from "../ui/announce.js";
import { element } from "../ui/dom.js";
import { landOn } from "../ui/landing.js";
import { orSay } from "../ui/or-say.js";
import { showStatus } from "../ui/status.js";
import { showAnswer, showAside, showNothing, showWords, wordsToHear } from "./answer.js";
import { connectCopy } from "./copy.js";
import { connectCorrections } from "./correct.js";
import { connectPicker } from "./picker.js";
import { connectTools } from "./tools.js";

/** Milliseconds without drawing after which the answer is announced to screen readers. */
const REST = 700;

export function connect({ client, ink, samples }) {
  const [pad, guides] = ["pad", "guides"].map(element);
  let isOpen = false; // while another view is open nothing is read: the worker is for that view
  let answer = /** @type {any} */ (null); // the newest
  let note = ""; // what there is to say of the drawing itself, until it changes
  let rest = 0;
  let starting = "Python is still starting.";
  let network = "convolutional network";

  connectCorrections({ client, ink, samples, pick: connectPicker() });
  connectPad(ink, pad, element("nib"), guides);
  connectCopy(() => isOpen);
  const chosen = connectTools(ink, { onChoice: ask, take });

  const readNewest = newestWins(async () => {
    if (client.state !== "ready" || ink.isEmpty) return;
    try {
      answer = await read();
    } catch (error) {
      answer = null;
      // If the worker died, the failure panel says so, and the ink is read once Python is back.
      if (client.state === "ready") showWords(`This could not be read: ${error.message}`);
      return;
    }
    if (!ink.isEmpty) showRead();
  });

  async function read() {
    if (ink.picture) {
      const { data, height, width } = ink.picture;
      return client.call("reading.read_image", new Uint8Array(data), height, width, chosen.allowed);
    }
    const { points, lengths } = ink.flatten();
    const counted = linesOf(points); // now, since the points are moved to the worker
    const found = await client.call("reading.read", points, lengths, chosen.allowed, ink.lines);
    return { ...found, counted: found.decided_by === "lines" ? counted : [] };
  }

  function showRead() {
    if (!answer.candidates.length) {
      answer = null;
      return complain("No ink was found in that picture.");
    }
    showAnswer(answer, ink.live !== null);
    markGuides(guides, answer.counted ?? []);
    if (note) showAside(note);
    announceAtRest();
    if (isOpen && !ink.live) showStatus(statusOf(answer)); // not while the pen moves: nobody could read the changing number
  }

  function statusOf({ milliseconds }) {
    const time = Math.max(1, Math.round(milliseconds));
    return `Read in ${time} ms by a ${network}, in numpy, in this tab. Nothing leaves this tab.`;
  }

  function ask() {
    if (!isOpen) return;
    if (ink.isEmpty) {
      answer = null;
      showNothing();
      markGuides(guides, []);
      announceAtRest();
    } else if (client.state === "ready") readNewest();
    else showWords(client.state === "booting" ? `${starting} This is read as soon as it is ready.` : "");
  }

  function complain(words) {
    (answer ? showAside : showWords)(words);
    announce(words);
  }

  async function take(file) {
    try {
      const { items, words } = await drawingIn(file);
      ink.replace(items);
      note = words;
      if (note) complain(note);
    } catch (error) {
      complain(error.message);
    }
  }

  function announceAtRest() {
    clearTimeout(rest);
    rest = setTimeout(() => {
      if (ink.isEmpty) announce("Empty");
      else if (answer && !ink.live) announce(wordsToHear(answer));
    }, REST);
  }

  async function begin() {
    ask();
    const { parameters } = await client.call("reading.about");
    network = `convolutional network of ${parameters.toLocaleString("en")} weights`;
    element("about-network").textContent = `A ${network}, written in plain numpy, reads what you draw.`;
  }
  client.addEventListener("ready", orSay(begin));
  client.addEventListener("lost", () => {
    starting = "Python stopped and is being started again; your drawing is kept.";
    if (client.state === "booting") announce(starting);
    ask();
  });
  client.addEventListener("failed", ask);
  samples.addEventListener("learned", ask);
  ink.addEventListener("change", () => {
    note = "";
    if (isOpen && ink.live) landOn("read");
    ask(); // first, so that Python reads while the page does the rest
    document.documentElement.toggleAttribute("data-inked", true); // hides the ghost stroke
    pad.setAttribute("aria-label", describeDrawing(ink));
  });

  return {
    title: "Read",
    open() {
      isOpen = true;
      ask(); // what was drawn in another view
    },
    close() {
      isOpen = false;
    },
    take,
  };
}

function describeDrawing(ink) {
  if (ink.picture) return "Drawing area, with a picture";
  const count = ink.strokes.length;
  if (!count) return "Drawing area, empty";
  return `Drawing area, ${count} ${count === 1 ? "stroke" : "strokes"}`;
}
