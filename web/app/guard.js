/** Reports when main.js does not load or fails at its start; a script of its own, so that it works when main.js does not. */

import { element, partOf } from "../ui/dom.js";
import { showStatus } from "../ui/status.js";

const main = /** @type {HTMLScriptElement} */ (document.querySelector('script[src$="/main.js"]'));
const panel = element("failure");

document.documentElement.dataset.state = "booting"; // modules run: see unopened.js
showStatus("Starting Python in this tab");
main.addEventListener("error", () => fail("A part of this page did not arrive. Is there a connection?"));
addEventListener("error", tell);
main.addEventListener("load", () => removeEventListener("error", tell));

function tell({ message, filename, lineno }) {
  fail("A part of this page is not what it should be.", `${message} (${filename}:${lineno})`);
}

function fail(message, detail = "") {
  document.documentElement.dataset.state = "failed";
  showStatus(`Stopped. ${message}`);
  element("failure-message").textContent = message;
  element("failure-detail").textContent = detail;
  partOf(panel, "details").hidden = !detail;
  partOf(panel, ".again p").hidden = true; // there is no drawing yet
  panel.hidden = false;
  element("retry").addEventListener("click", again, { once: true });
}

async function again() {
  try {
    const { refetch } = await import("./refetch.js");
    await refetch(main.src);
  } finally {
    location.reload(); // if it still fails, this module reports again
  }
}
