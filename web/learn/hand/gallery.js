/** Your hand: the gallery of taught drawings, keeping, files, forgetting. */
import {
  connectFileButton,
  counted,
  dialog,
  element,
  enable,
  input,
  isSame,
  linkButton,
  make,
  sayingIn,
} from "../../ui/dom.js";
import { download } from "../../ui/download.js";
import { isBuiltIn } from "../../ui/alphabets.js";
import { onTheme } from "../../ui/colors.js";
import { hook } from "../../ui/hooks.js";
import { announce } from "../../ui/announce.js";
import { nameOf } from "../../ui/labels.js";
import { orSay } from "../../ui/or-say.js";
import { excessOf } from "../../ink/limits.js";
import { contentOf, LEAST_DRAWINGS, linesOf, ME, newId } from "../../samples/sample.js";
import { linesOfOwn, ownIn } from "../../samples/own-lines.js";
import { thumbnail } from "../../ink/thumbnail.js";
import { connectOwn } from "./own.js";

export function connectGallery(client, samples, { ownWords, drafts }) {
  const [shelf, empty, said] = ["hand-shelf", "hand-empty", "hand-said"].map(element);
  const tell = sayingIn(said);
  const keep = input("hand-keep");
  let words = "";
  let heard = ""; // the problem that was announced
  let isKeeping = false;
  let hung = []; // the drawings on the shelf
  const removed = []; // what was deleted, { from: what held it, records } for each time, for undoing
  const shelves = [samples, ownWords, drafts];
  const hasAny = () => shelves.some(({ all }) => all.length > 0);

  function show() {
    const all = samples.all;
    empty.hidden = all.length > 0;
    if (!isKeeping) keep.checked = samples.isKept;
    element("hand-count").textContent = all.length
      ? `${counted(all.length, "drawing")} of ${counted(samples.counts.size, "character")}, ${samples.isKept ? "kept on this device" : "in this tab only"}.`
      : "";
    for (const id of ["hand-export", "hand-forget"]) enable(element(id), hasAny());
    const problem = shelves.map((shelf) => shelf.problem).find(Boolean) ?? "";
    const unsaved = shelves.some((shelf) => shelf.unsaved);
    const parts = [problem || words];
    if (unsaved) parts.push(linkButton("Try again", keepAll), linkButton("Export", exportAll));
    else if (removed.length) parts.push(linkButton("Undo", undo));
    tell(parts);
    if (problem && problem !== heard) announce(problem);
    heard = problem;
    said.dataset.mood = problem ? "problem" : "";
    if (!isSame(all, hung)) hang(all);
  }

  function hang(all) {
    shelf.replaceChildren(...groups(all));
    hung = all;
  }

  function keepAll() {
    for (const shelf of shelves) if (shelf.unsaved) shelf.keep();
  }

  function groups(all) {
    const byLabel = Map.groupBy ? Map.groupBy(all, ({ label }) => label) : grouped(all);
    return [...byLabel]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([label, some]) => {
        const own = !isBuiltIn(label);
        const state = !own
          ? ""
          : some.length < LEAST_DRAWINGS
            ? `, ${LEAST_DRAWINGS - some.length} more until it is read`
            : ", your symbol";
        const heading = make("h3", {}, make("b", { translate: "no" }, label), ` ${counted(some.length, "drawing")}${state}`);
        const remove = linkButton(own ? "Remove symbol" : "Delete all", () =>
          take(
            some.map(({ id }) => id),
            `${counted(some.length, "drawing")} of ${label}`,
          ),
        );
        remove.setAttribute(
          "aria-label",
          own ? `Remove symbol: delete all drawings of ${label}` : `Delete all drawings of ${nameOf(label)}`,
        );
        const list = make("ul", {}, ...some.map(item));
        return hook(make("section", { class: "group" }, make("header", {}, heading, remove), list), { label });
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
    const made = make("li", { title: `${sample.writer}, ${when}` }, thumbnail(sample), remove);
    return hook(made, { id: sample.id });
  }

  function take(ids, what) {
    removed.push({ from: samples, records: samples.remove(ids) });
    say(`${what} deleted.`);
  }

  function undo() {
    const { from, records } = removed.pop();
    from.add(records);
    say(`${counted(records.length, from === samples ? "drawing" : "word")} brought back.`);
  }

  function say(what) {
    words = what;
    show();
    announce(what);
  }

  /** Written here and not in Python, which may be dead: what was taught is to be had all the same. */
  function exportAll() {
    if (!hasAny()) return;
    const lines = linesOf(samples.all) + linesOfOwn(ownWords.all, drafts.all);
    download(lines, "my-hand.jsonl", "application/x-ndjson");
    say(`${told(samples.all, ownWords.all, drafts.all)} written to my-hand.jsonl.`);
  }

  /** "5 drawings, 2 words"; drawings are named in any case. */
  function told(drawings, ...others) {
    const more = others.map((some, i) => (some.length ? `, ${counted(some.length, ["word", "draft"][i])}` : ""));
    return counted(drawings.length, "drawing") + more.join("");
  }

  async function importFile(file) {
    if (client.state !== "ready") {
      const why = client.state === "failed" ? "Python has stopped" : "Python is still starting";
      return say(`${why}; open ${file.name} again once it runs.`);
    }
    try {
      say(`Reading ${file.name} …`);
      const content = new Uint8Array(await file.arrayBuffer());
      const own = await ownIn(content);
      const found = await client.call("teaching.parse", file.name, content);
      const whole = found.samples.filter((sample) => !excessOf(sample));
      const fresh = newOnes(whole);
      samples.add(fresh);
      const words = own.words.filter(({ id, count }) => (ownWords.get(id)?.count ?? 0) < count);
      const pages = own.drafts.filter((draft) => !drafts.all.some(({ label }) => label === draft.label));
      ownWords.add(words);
      drafts.add(pages);
      const notes = [
        [whole.length - fresh.length, "drawing", "there before"],
        [found.samples.length - whole.length, "drawing", "left out: more ink than one drawing holds"],
        [found.skipped, "line", `left out: ${found.errors.join("; ")}`],
      ].map(([count, noun, what]) => (count ? ` ${counted(count, noun)} ${what}.` : ""));
      say(`${told(fresh, words, pages)} added from ${file.name}.${notes.join("")}`);
    } catch (error) {
      say(`${file.name} could not be read: ${error.message}`);
    }
  }

  /** Of the samples of a file those that are not here yet, so that a file that is opened twice adds nothing. */
  function newOnes(found) {
    const contents = new Set(samples.all.map(contentOf));
    const made = Date.now();
    return found
      .filter((sample) => !contents.has(contentOf(sample)) && contents.add(contentOf(sample)))
      .map((sample) => ({ ...sample, writer: sample.writer || ME, id: newId(), made }));
  }

  keep.addEventListener("change", async () => {
    if (!keep.checked) {
      keep.checked = true;
      return confirmForgetting();
    }
    isKeeping = true; // what changes meanwhile does not take the tick back
    await samples.keep();
    isKeeping = false;
    show();
  });
  const confirm = dialog("forget");
  const confirmForgetting = () => {
    if (!hasAny() && !samples.isKept) return;
    confirm.returnValue = ""; // otherwise the last answer stays, since in some browsers Escape does not reset it
    confirm.showModal();
  };
  element("hand-forget").addEventListener("click", confirmForgetting);
  element("hand-export").addEventListener("click", exportAll);
  connectFileButton(element("hand-import"), element("hand-file"), importFile);
  async function forget() {
    if (confirm.returnValue !== "forget") return;
    removed.length = 0;
    await Promise.all(shelves.map((shelf) => shelf.forgetAll()));
    say("Everything you taught is forgotten, in this tab and on this device.");
  }
  confirm.addEventListener("close", orSay(forget, say));
  for (const shelf of shelves) shelf.addEventListener("change", show);
  connectOwn({ ownWords, drafts }, (records) => {
    removed.push({ from: ownWords, records });
    say(`${counted(records.length, "word")} forgotten.`);
  });
  onTheme(() => hang(samples.all));
  show();
  return { take: importFile };
}

function grouped(all) {
  const byLabel = new Map();
  for (const sample of all) byLabel.set(sample.label, [...(byLabel.get(sample.label) ?? []), sample]);
  return byLabel;
}
