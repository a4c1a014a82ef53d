/** Putting right what was read wrong: one tap on a candidate, one key, or a pick from all characters. */
import { element, linkButton, make, sayingIn } from "../ui/dom.js";
import { isBuiltIn } from "../ui/alphabets.js";
import { announce } from "../ui/announce.js";
import { orSay } from "../ui/or-say.js";
import { excessOf } from "../ink/limits.js";
import { LEAST_DRAWINGS, sampleOf } from "../samples/sample.js";
import { showAside, whenPicked } from "./answer.js";

/** `pick(title, own)` asks for a character (picker.js). */
export function connectCorrections({ client, ink, samples, pick }) {
  const line = element("correct");
  const tell = sayingIn(line);
  let state = ""; // "empty" | "asking" | "taught", as shown

  /** The sample of the drawing on the pad, if that was put right and not changed since; else undefined. */
  const taught = () => samples.get(ink.deed?.id);
  const canTeach = () => !ink.isEmpty && !ink.live && (!ink.picture || client.state === "ready");

  async function teach(label) {
    if (!label || !canTeach()) return;
    const { picture } = ink;
    const strokes = picture ? await traced(picture) : ink.flatten();
    if (ink.picture !== picture || !strokes?.lengths.length) return; // the drawing has changed meanwhile, or no ink was found in the picture
    const excess = excessOf(strokes);
    if (excess) return say(`This cannot be taught: ${excess}.`);
    const before = taught();
    if (before?.label === label) return;
    const sample = sampleOf(label, strokes, before?.id);
    samples.add([sample]);
    ink.act(teaching(sample, before));
    announce(`Learned: ${label}`);
  }

  /** A step of undo. What was deleted or forgotten meanwhile stays so. */
  function teaching(sample, before) {
    const { id, label } = sample;
    return {
      id,
      undo() {
        if (!samples.get(id)) return;
        if (before) samples.add([before]);
        else samples.remove([id]);
        announce(before ? `Learned: ${before.label}` : `Taken back: ${label}`);
      },
      redo() {
        samples.add([sample]);
        announce(`Learned: ${label}`);
      },
    };
  }

  function say(words) {
    showAside(words);
    announce(words);
  }

  /** The strokes traced in a picture, to be taught like drawn ones. */
  async function traced({ data, height, width }) {
    try {
      return { ...(await client.call("teaching.trace", new Uint8Array(data), height, width)), traced: true };
    } catch (error) {
      announce(`This picture could not be learned: ${error.message}`);
      return null;
    }
  }

  const choose = async () =>
    teach(await pick("Which character is it?", [...samples.counts.keys()].filter((label) => !isBuiltIn(label)).join("")));

  function takeBack() {
    while (ink.deed) ink.undo();
  }

  const currentState = () => (taught() ? "taught" : canTeach() ? "asking" : "empty");

  function show() {
    state = line.dataset.state = currentState();
    tell(taught() ? told() : asked());
  }

  function asked() {
    const [keys, thumb] = [
      make("span", { class: "with-keys" }, "Click or type"),
      make("span", { class: "with-thumb" }, "Tap"),
    ];
    return [make("span", {}, "Wrong? ", keys, thumb, " the right one, or "), linkButton("choose", orSay(choose, say))];
  }

  function told() {
    const { label } = taught();
    const count = samples.counts.get(label) ?? 0;
    const waits = !isBuiltIn(label) && count < LEAST_DRAWINGS;
    const words = waits ? `${label}: ${count} of ${LEAST_DRAWINGS} drawings, then it is read.` : `Learned as ${label}`;
    const keep = samples.isKept ? [] : [linkButton("Keep on this device", () => samples.keep())];
    return [make("span", {}, samples.problem || words), linkButton("Take back", takeBack), ...keep];
  }

  ink.addEventListener("change", () => {
    if (!ink.deed && state === currentState()) return; // nothing to redraw: this runs at every move of the pen
    show();
  });
  client.addEventListener("ready", show); // a picture needs Python to be taught
  samples.addEventListener("change", show);
  whenPicked(orSay(teach, say));
  element("pad").addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (isBuiltIn(event.key) && canTeach()) orSay(teach, say)(event.key);
  });
  show();
}
