/** What there is to say of the writing: that Python starts, what is not sure or not read, that the page is full. */
import { announce } from "../ui/announce.js";
import { counted, element, linkButton, sayingIn } from "../ui/dom.js";
import { hook } from "../ui/hooks.js";
import { showStatus } from "../ui/status.js";
import { MOST_ROWS } from "./paper.js";
import { UNSURE, probabilityOf } from "./state.js";

export function connectNotes({ client, document, reading, isOpen }) {
  const put = sayingIn(element("write-note"));
  const paper = element("paper");
  let said = ""; // by somebody else, until the next change
  let isPractised = false; // in correcting and deleting: then nobody needs to be told how
  let told = new Map(); // id: text, of the words that were announced

  function show() {
    const { parts } = document;
    const isSettled = !document.ink.live && parts.every(({ read }) => read?.settled);
    const isRead = parts.every(({ read }) => read);
    hook(element("write"), { state: reading.state, settled: String(isSettled), read: String(isRead) });
    put(said ? [said] : wordsNow());
    if (isOpen() && reading.state === "ready" && reading.milliseconds && !document.ink.live)
      showStatus(
        `Read in ${Math.max(1, Math.round(reading.milliseconds))} ms in numpy, in this tab. Nothing leaves this tab.`,
      );
  }

  function wordsNow() {
    const isInked = !document.ink.isEmpty;
    const kept = isInked ? " Your ink is kept; its text follows." : " You can write already; the text follows.";
    if (client.state === "failed")
      return [`Python could not start: open Read to try again.${isInked ? " Your ink is kept." : ""}`];
    if (reading.state === "failed")
      return [`What reads words did not arrive: ${reading.problem}${kept} `, linkButton("Try again", () => reading.begin())];
    if (client.state === "booting") return [`Python is starting.${kept}`];
    if (reading.state !== "ready") return [`${loading()}${kept}`];
    return [wordsOfInk()];
  }

  function loading() {
    const { loaded = 0, total = 0 } = reading.progress ?? {};
    const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
    return `What reads words arrives${total ? `, ${megabytes(loaded)} of ${megabytes(total)} MB` : ""}.`;
  }

  function wordsOfInk() {
    if (reading.failure) return `Some ink could not be read: ${reading.failure}. It is kept.`;
    if (document.parts.some(({ read }) => read?.settled && !read.isFound))
      return "Some ink could not be read as text. It is kept.";
    if ((document.rows.at(-1)?.row ?? 0) >= MOST_ROWS - 1)
      return `This page is full: ${MOST_ROWS} rows. Copy or save it; then Clear makes room.`;
    const unsure = document.words.filter((word) => probabilityOf(word) < UNSURE);
    const settled = unsure.filter((word) => word.settled).map(({ text }) => text);
    if (settled.length) return `Not sure of ${settled.slice(-3).join(", ")}.`;
    if (document.isEmpty) return "It outlives a reload of this tab, and ends with the tab.";
    return document.words.length && !isPractised ? "Press a word to correct it, scratch out ink." : "";
  }

  /** Words are announced once they are settled, not while they are being written. */
  function tell() {
    const settled = document.words.filter((word) => word.settled);
    const news = settled.filter((word) => told.get(word.id) !== word.text);
    remember();
    if (isOpen() && news.length) announce(news.map(({ text }) => text).join(" "));
  }

  /** What the user has done himself is no news. */
  function remember() {
    told = new Map(document.words.filter((word) => word.settled).map(({ id, text }) => [id, text]));
  }

  reading.addEventListener("change", show);
  document.ink.addEventListener("change", () => document.ink.live?.length === 1 && show()); // the pen comes down
  for (const name of ["ready", "lost", "failed"]) client.addEventListener(name, show);
  document.addEventListener("change", ({ detail }) => {
    if (detail === "caret") return;
    if (detail !== "reading") said = "";
    if (detail === "correction" || detail === "erasing") isPractised = true;
    if (detail === "reading") tell();
    else remember();
    if (detail === "clearing") announce("Empty");
    show();
    const described = describePaper(document);
    if (paper.getAttribute("aria-label") !== described) paper.setAttribute("aria-label", described);
  });

  return {
    show,
    /** Say something else, until the page changes. */
    say(words) {
      said = words;
      show();
      announce(words);
    },
  };
}

function describePaper(document) {
  const rows = document.rows.length;
  return rows ? `Paper, ${counted(rows, "row")} written` : "Paper, empty";
}
