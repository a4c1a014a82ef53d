/** Collecting on purpose: one character after another is asked for, drawn, and kept as a sample. */
import { counted, element, enable, fieldsOf, form as formOf } from "../../ui/dom.js";
import { Ink } from "../../ink/ink.js";
import { stepByKey } from "../../ink/keyboard.js";
import { excessOf } from "../../ink/limits.js";
import { strokesIn } from "../../ink/open.js";
import { connectPad, connectSteps } from "../../ink/pad.js";
import { keepInSession, outlive } from "../../ink/session.js";
import { ALL_CHARACTERS, ALPHABETS } from "../../ui/alphabets.js";
import { announce } from "../../ui/announce.js";
import { labelIn, nameOf } from "../../ui/labels.js";
import { scoped } from "../../ui/scope.js";
import { plainOf, sampleOf, sampleFrom } from "../../samples/sample.js";

const SETS = { ...ALPHABETS, all: ALL_CHARACTERS };

export function connectCollecting(client, samples) {
  const form = formOf("collect-choice");
  const fields = fieldsOf(form);
  const desk = element("collect-desk");
  const pad = element("collect-pad");
  const ink = new Ink();
  // With guide lines, because the size of a character is learned too.
  connectPad(ink, pad, element("collect-nib"), element("collect-guides"));

  let asked = []; // labels, in the order they are asked for
  let made = []; // for each asked so far, the id of its sample, or null if it was skipped
  let traced = null; // the first stroke of a picture that was opened
  const now = () => asked[made.length];
  const session = outlive(scoped("round"), () => {
    // With the drawings themselves: they need not be kept on this device.
    return now() ? { asked, made: made.map((id) => (samples.get(id) ? plainOf(samples.get(id)) : null)) } : null;
  });

  function begin(event) {
    event.preventDefault();
    const labels = wanted();
    say(labels.length ? "" : "Write the characters you want to be asked for.");
    if (!labels.length) return;
    const times = Number(fields.times.value);
    // Each round holds every character once, shuffled, so that one is rarely drawn twice in a row.
    asked = Array.from({ length: times }, () => shuffled(labels)).flat();
    made = [];
    show();
    pad.focus({ preventScroll: true });
  }

  function wanted() {
    const { value } = fields.set;
    const characters = [...(SETS[value] ?? fields.own.value.normalize("NFC"))];
    return [...new Set(characters.map(labelIn).filter(Boolean))];
  }

  function next() {
    if (!now()) return;
    if (ink.isEmpty) return announce(`Draw ${nameOf(now())} first, or skip it.`);
    const excess = excessOf(ink.flatten());
    if (excess) return say(`This is more than one character: ${excess}.`);
    const sample = sampleOf(now(), { ...ink.flatten(), traced: ink.strokes.includes(traced) });
    made.push(sample.id);
    samples.add([sample]);
    ink.clear();
    show();
  }

  function skip() {
    if (!now()) return;
    made.push(null);
    ink.clear();
    show();
  }

  /** Go back one: its sample is removed, and the character is asked for again. */
  function redo() {
    if (!made.length) return;
    const id = made.pop();
    if (id) samples.remove([id]);
    ink.clear();
    show();
  }

  function show(say = announce) {
    session.changed();
    const isOn = asked.length > 0;
    form.hidden = isOn;
    desk.hidden = !isOn;
    if (!isOn) return;
    const label = now();
    desk.dataset.state = label ? "asking" : "done";
    element("collect-done").hidden = Boolean(label) || !made.some(Boolean);
    element("collect-label").textContent = label ?? "";
    const words = label ? `Draw ${nameOf(label)}` : doneWords();
    element("collect-name").textContent = words;
    const progress = /** @type {HTMLProgressElement} */ (element("collect-progress"));
    progress.max = asked.length;
    progress.value = made.length;
    element("collect-place").textContent = `${made.length} of ${asked.length}`;
    for (const [id, isPossible] of [
      ["collect-redo", made.length > 0],
      ["collect-skip", label],
      ["collect-next", label && !ink.isEmpty],
    ]) {
      enable(element(id), isPossible);
    }
    say(words);
  }

  /** Go on with the round, and the drawing, that a reload broke off. */
  async function goOn({ asked: labels, made: drawn }) {
    asked = labels;
    made = drawn.map((sample) => sample?.id ?? null);
    show(() => {});
    await Promise.all([keepInSession(ink, scoped("asked")), samples.loaded]);
    const lost = drawn.filter((sample) => sample && !samples.get(sample.id));
    if (lost.length) samples.add(lost.map(sampleFrom));
    const count = made.filter(Boolean).length;
    const words = `The round goes on where the page was left: ${counted(count, "drawing")} of it ${count === 1 ? "is" : "are"} here.`;
    element("collect-said").textContent = words;
  }

  function doneWords() {
    const count = made.filter(Boolean).length;
    return `Done: ${[count && `${count} drawn`, made.length - count && `${made.length - count} skipped`].filter(Boolean).join(", ")}.`;
  }

  /** A drawing from a file, for the character asked for. */
  async function take(file) {
    const name = file.name || "The picture";
    if (!now()) return say(`${name} was not opened: press Begin first, and it is for the character asked for.`);
    try {
      const { items, words, isTraced } = await strokesIn(file, client);
      traced = isTraced ? items[0] : null;
      ink.replace(items);
      say(words);
    } catch (error) {
      say(error.message);
    }
  }

  /** Beside the choice or beside the pad, whichever is there, until something is drawn. */
  function say(words) {
    element(asked.length ? "collect-said" : "collect-hint").textContent = words;
    if (words) announce(words);
  }

  function stop() {
    asked = [];
    ink.clear();
    show();
  }

  form.addEventListener("submit", begin);
  form.addEventListener("input", () => {
    element("collect-own").hidden = fields.set.value !== "own";
  });
  for (const [id, act] of Object.entries({ next, skip, redo, stop }))
    element(`collect-${id}`).addEventListener("click", act);
  const [undo, again, clear] = ["collect-undo", "collect-redo-stroke", "collect-clear"].map(element);
  connectSteps(ink, { undo, redo: again, clear });
  ink.addEventListener("change", () => {
    enable(element("collect-next"), !ink.isEmpty);
    element("collect-said").textContent = "";
  });
  pad.addEventListener("keydown", (event) => {
    if (event.key === "Enter") next();
    else if (event.key === "Backspace") ink.undo();
    else return;
    event.preventDefault();
  });
  desk.addEventListener("keydown", (event) => stepByKey(event, ink));
  samples.addEventListener("change", () => asked.length && session.changed());
  element("collect-own").hidden = fields.set.value !== "own";
  if (Array.isArray(session.before?.asked) && Array.isArray(session.before.made)) goOn(session.before);
  else keepInSession(ink, scoped("asked"));
  return { take };
}

function shuffled(list) {
  const mixed = [...list];
  for (let i = mixed.length - 1; i > 0; i -= 1) {
    const j = Math.floor(Math.random() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j], mixed[i]];
  }
  return mixed;
}
