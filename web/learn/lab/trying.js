/** The trained network on the page's own drawing, beside what the shipped one reads; and its file. */
import { newestWins } from "../../python/client.js";
import { counted, download, element, make } from "../../ui/dom.js";
import { drawWithKeys } from "../../ink/keyboard.js";
import { Painter } from "../../ink/painter.js";
import { drawWithPointers } from "../../ink/pointer.js";
import { announce } from "../../read/answer.js";
import { percent } from "../../ui/labels.js";

export function connectTrying(client, training, ink) {
  const pad = element("lab-pad");
  new Painter(pad, ink);
  drawWithPointers(pad, ink);
  drawWithKeys(pad, element("lab-nib"), ink, announce);
  element("lab-clear").addEventListener("click", () => ink.clear());

  const ask = newestWins(async () => {
    const list = element("lab-candidates");
    element("lab-hint").hidden = training.state !== "empty";
    element("lab").dataset.inked = !ink.isEmpty;
    element("lab-clear").setAttribute("aria-disabled", ink.isEmpty);
    if (element("learn").hidden || client.state !== "ready" || training.state === "empty") return;
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
        make(
          "li",
          { "data-label": label, "data-probability": probability },
          make("b", { translate: "no" }, label),
          ` ${percent(probability)}`,
        ),
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
  const update = () => button.setAttribute("aria-disabled", training.state === "empty");
  training.addEventListener("state", update);
  update();
  button.addEventListener("click", async () => {
    if (training.state === "empty") return;
    const content = await client.call("learning.save");
    download(content, "inkling-lab.npz", "application/octet-stream");
    say(`Saved as inkling-lab.npz, ${counted(content.length, "byte")}. In Python: Recognizer.load("inkling-lab.npz").`);
  });
  const file = element("lab-file");
  element("lab-open").addEventListener("click", () => file.click());
  file.addEventListener("change", () => {
    if (file.files[0]) taken(file.files[0]);
    file.value = "";
  });
}
