/** Putting right what was read wrong: one tap on a candidate, one key, or a pick from all characters. */
import { element, make } from "../ui/dom.js";
import { announce } from "./answer.js";
import { LEAST_DRAWINGS, sampleOf } from "../samples/sample.js";

const KNOWN = /^[0-9A-Za-z]$/;

export function connectCorrections(client, ink, samples, pick) {
  const line = element("correct");
  const list = element("candidates");
  let taught = null; // the sample of the drawing on the pad, once it was put right

  const canTeach = () => !ink.isEmpty && !ink.live && (!ink.picture || client.state === "ready");

  async function teach(label) {
    if (!label || !canTeach()) return;
    const { picture } = ink;
    const strokes = picture ? await traced(picture) : ink.flatten();
    if (ink.picture !== picture || !strokes?.lengths.length) return; // another drawing by now, or no ink in the picture
    taught = sampleOf(label, strokes, taught?.id);
    show();
    announce(`Learned: ${label}`);
    await samples.add([taught]);
    show();
  }

  /** The strokes in a picture: from them Python learns as from any other. */
  async function traced({ data, height, width }) {
    try {
      return { ...(await client.call("teaching.trace", new Uint8Array(data), height, width)), traced: true };
    } catch (error) {
      announce(`This picture could not be learned: ${error.message}`);
      return null;
    }
  }

  async function takeBack() {
    const { id } = taught;
    taught = null;
    show();
    await samples.remove([id]);
  }

  const stateOf = () => (taught ? "taught" : canTeach() ? "asking" : "empty");

  function show() {
    line.dataset.state = stateOf();
    if (taught) line.replaceChildren(...told());
    else
      line.replaceChildren(
        make(
          "span",
          {},
          "Wrong? ",
          make("span", { class: "with-keys" }, "Click or type"),
          make("span", { class: "with-thumb" }, "Tap"),
          " the right one, or ",
        ),
        control("choose", async () =>
          teach(
            await pick("Which character is it?", [...samples.counts.keys()].filter((label) => !KNOWN.test(label)).join("")),
          ),
        ),
      );
  }

  function told() {
    const { label } = taught;
    const count = samples.counts.get(label) ?? 0;
    const waits = !KNOWN.test(label) && count < LEAST_DRAWINGS;
    const words = waits ? `${label}: ${count} of ${LEAST_DRAWINGS} drawings, then it is read.` : `Learned as ${label}`;
    const keep = samples.isKept ? [] : [control("Keep on this device", () => samples.keep())];
    return [make("span", {}, samples.problem || words), control("Take back", takeBack), ...keep];
  }

  ink.addEventListener("change", () => {
    if (!taught && line.dataset.state === stateOf()) return; // with every move of the pen
    taught = null;
    show();
  });
  client.addEventListener("ready", show); // a picture needs Python to be taught
  samples.addEventListener("change", show);
  list.addEventListener("click", ({ target }) => {
    if (target instanceof Element) teach(target.closest("li")?.dataset.label);
  });
  addEventListener("keydown", (event) => {
    const free = [document.body, element("pad"), element("read")];
    if (!free.some((each) => each === document.activeElement)) return;
    if (element("read").hidden || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (KNOWN.test(event.key) && canTeach()) teach(event.key);
  });
  show();
}

function control(words, act) {
  const made = make("button", { type: "button", class: "link" }, words);
  made.addEventListener("click", act);
  return made;
}
