/** Your hand: the gallery of taught drawings, keeping, files, forgetting. */
import { counted, download, element, make } from "../../ui/dom.js";
import { announce } from "../../read/answer.js";
import { nameOf } from "../../ui/labels.js";
import { LEAST_DRAWINGS, ME, newId } from "../../samples/samples.js";
import { thumbnail } from "../../ink/thumbnail.js";

const KNOWN = /^[0-9A-Za-z]$/;

export function connectGallery(client, samples) {
  const [shelf, empty, said, keep] = ["hand-shelf", "hand-empty", "hand-said", "hand-keep"].map(element);
  let words = "";
  let removed = null; // what was deleted last, for undoing

  function show() {
    const all = samples.all;
    empty.hidden = all.length > 0;
    keep.checked = samples.isKept;
    element("hand-count").textContent = all.length
      ? `${counted(all.length, "drawing")} of ${counted(samples.counts.size, "character")}, ${samples.isKept ? "kept on this device" : "in this tab only"}.`
      : "";
    for (const id of ["hand-export", "hand-forget"]) element(id).setAttribute("aria-disabled", all.length === 0);
    const children = [samples.problem || words];
    if (samples.unsaved) children.push(control("Try again", () => samples.retry()));
    else if (removed) children.push(control("Undo", undo));
    said.replaceChildren(...children);
    said.dataset.mood = samples.problem ? "problem" : "";
    shelf.replaceChildren(...groups(all));
  }

  function groups(all) {
    const byLabel = Map.groupBy ? Map.groupBy(all, ({ label }) => label) : grouped(all);
    return [...byLabel]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([label, some]) => {
        const own = !KNOWN.test(label);
        const state = !own
          ? ""
          : some.length < LEAST_DRAWINGS
            ? `, ${LEAST_DRAWINGS - some.length} more until it is read`
            : ", your symbol";
        const heading = make("h3", {}, make("b", { translate: "no" }, label), ` ${counted(some.length, "drawing")}${state}`);
        const remove = control(own ? "Remove symbol" : "Delete all", () =>
          take(
            some.map(({ id }) => id),
            `${counted(some.length, "drawing")} of ${label}`,
          ),
        );
        remove.setAttribute("aria-label", `Delete all drawings of ${own ? label : nameOf(label)}`);
        return make(
          "section",
          { class: "group", "data-label": label },
          make("header", {}, heading, remove),
          make("ul", {}, ...some.map(item)),
        );
      });
  }

  function item(sample) {
    const remove = make(
      "button",
      { type: "button", class: "remove", "aria-label": `Delete this drawing of ${sample.label}` },
      "×",
    );
    remove.addEventListener("click", () => take([sample.id], `1 drawing of ${sample.label}`));
    const when = new Date(sample.made).toLocaleString();
    return make("li", { "data-id": sample.id, title: `${sample.writer}, ${when}` }, thumbnail(sample), remove);
  }

  async function take(ids, what) {
    words = `${what} deleted.`;
    removed = await samples.remove(ids);
    say(words);
  }

  async function undo() {
    const back = removed;
    removed = null;
    await samples.add(back);
    say(`${counted(back.length, "drawing")} brought back.`);
  }

  function say(what) {
    words = what;
    show();
    announce(what);
  }

  async function exportAll() {
    if (!samples.all.length) return;
    const rows = samples.all.map(({ label, points, lengths, writer, traced }) => [
      label,
      points.slice(),
      lengths.slice(),
      writer,
      Boolean(traced),
    ]);
    download(await client.call("teaching.export", rows), "my-hand.jsonl", "application/x-ndjson");
    say(`${counted(rows.length, "drawing")} written to my-hand.jsonl.`);
  }

  async function importFile(file) {
    removed = null;
    if (client.state !== "ready") return say("Python is still starting; open the file again in a moment.");
    try {
      say(`Reading ${file.name} …`);
      const found = await client.call("teaching.parse", file.name, new Uint8Array(await file.arrayBuffer()));
      const made = Date.now();
      const fresh = found.samples.map((sample) => ({ ...sample, writer: sample.writer || ME, id: newId(), made }));
      await samples.add(fresh);
      const skipped = found.skipped ? ` ${counted(found.skipped, "line")} left out: ${found.errors.join("; ")}.` : "";
      say(`${counted(fresh.length, "drawing")} added from ${file.name}.${skipped}`);
    } catch (error) {
      say(`${file.name} could not be read: ${error.message}`);
    }
  }

  keep.addEventListener("change", async () => {
    if (keep.checked) return samples.keep();
    keep.checked = true;
    confirmForgetting();
  });
  const confirm = element("forget");
  const confirmForgetting = () => {
    if (!samples.all.length && !samples.isKept) return;
    confirm.returnValue = ""; // what was answered the last time stays there, and Escape sets nothing in some browsers
    confirm.showModal();
  };
  element("hand-forget").addEventListener("click", confirmForgetting);
  element("hand-export").addEventListener("click", exportAll);
  element("hand").addEventListener("drop", (event) => {
    const [dropped] = event.dataTransfer.files;
    if (!dropped) return;
    event.preventDefault(); // or Read would take it for a picture
    importFile(dropped);
  });
  const file = element("hand-file");
  element("hand-import").addEventListener("click", () => file.click());
  file.addEventListener("change", () => {
    if (file.files[0]) importFile(file.files[0]);
    file.value = "";
  });
  confirm.addEventListener("close", async () => {
    if (confirm.returnValue !== "forget") return;
    removed = null;
    await samples.forgetAll();
    say("Everything you taught is forgotten, in this tab and on this device.");
  });
  samples.addEventListener("change", show);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  show();
}

function grouped(all) {
  const byLabel = new Map();
  for (const sample of all) byLabel.set(sample.label, [...(byLabel.get(sample.label) ?? []), sample]);
  return byLabel;
}

function control(words, act) {
  const made = make("button", { type: "button", class: "link" }, words);
  made.addEventListener("click", act);
  return made;
}
