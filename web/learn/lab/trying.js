/** The trained network on the page's own drawing, beside what the shipped one reads; and its file. */
import { newestWins } from "../../python/newest-wins.js";
import { connectFileButton, counted, element, enable, make } from "../../ui/dom.js";
import { download } from "../../ui/download.js";
import { connectPad, connectSteps } from "../../ink/pad.js";
import { hook } from "../../ui/hooks.js";
import { orSay } from "../../ui/or-say.js";
import { percent } from "../../ui/labels.js";

/** `isOpen()` tells whether the Learn view is open. */
export function connectTrying({ client, ink, training, isOpen }) {
  connectPad(ink, element("lab-pad"), element("lab-nib"));
  connectSteps(ink, { undo: element("lab-undo"), redo: element("lab-redo"), clear: element("lab-clear") });

  const ask = newestWins(async () => {
    const list = element("lab-candidates");
    element("lab-hint").hidden = training.state !== "empty";
    element("lab").dataset.inked = String(!ink.isEmpty);
    if (!isOpen() || client.state !== "ready" || training.state === "empty") return;
    if (!ink.strokes.length) {
      list.replaceChildren();
      element("lab-read").textContent = "";
      return;
    }
    const { points, lengths } = ink.flatten();
    const candidates = await client.call("learning.read", points, lengths).catch(() => []);
    element("lab-read").textContent = candidates[0]?.[0] ?? "";
    list.replaceChildren(
      ...candidates.map(([label, probability]) =>
        hook(make("li", {}, make("b", { translate: "no" }, label), ` ${percent(probability)}`), { label, probability }),
      ),
    );
  });
  ink.addEventListener("change", ask);
  for (const event of ["made", "progress", "state"]) training.addEventListener(event, ask);
  ask();
}

/** `taken(file)` is called with a file that was opened. */
export function connectFile(client, training, taken, say) {
  const button = element("lab-save");
  const update = () => enable(button, training.state !== "empty");
  training.addEventListener("state", update);
  update();
  const save = async () => {
    if (training.state === "empty") return;
    const content = await client.call("learning.save");
    download(content, "inkling-lab.npz", "application/octet-stream");
    say(`Saved as inkling-lab.npz, ${counted(content.length, "byte")}. In Python: Recognizer.load("inkling-lab.npz").`);
  };
  button.addEventListener("click", orSay(save, say));
  connectFileButton(element("lab-open"), element("lab-file"), taken);
}
