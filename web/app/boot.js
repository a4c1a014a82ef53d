/** Shows how Python starts: the thin line with its words, the panel when it fails, and <html data-state>. */

import { element, partOf } from "../ui/dom.js";
import { showStatus } from "../ui/status.js";

const root = document.documentElement;
const line = /** @type {HTMLProgressElement} */ (element("boot-line"));
const panel = element("failure");
const about = element("about-boot");

export function showBoot(client) {
  let doing = "Starting Python";
  let before = "";

  client.addEventListener("progress", ({ detail }) => {
    root.dataset.state = "booting"; // another view may have started it anew
    panel.hidden = true;
    const share = detail.total ? Math.min(1, detail.loaded / detail.total) : 0;
    line.value = (detail.stage - 1 + share) / detail.stages;
    showStatus(`${doing}, ${describe(detail)}`);
  });

  client.addEventListener("ready", ({ detail }) => {
    root.dataset.state = "ready";
    panel.hidden = true;
    about.textContent = describeBoot(detail) + before;
    showStatus("Ready. Python runs in this tab, and nothing leaves this tab.");
  });

  client.addEventListener("lost", ({ detail }) => {
    doing = "Python stopped and is being started again";
    before = ` It had stopped before. ${detail.detail.trim().split("\n").at(-1)}`.trimEnd();
    if (client.state !== "booting") return;
    root.dataset.state = "booting";
    line.removeAttribute("value");
    showStatus(doing);
  });

  client.addEventListener("failed", ({ detail }) => {
    root.dataset.state = "failed";
    showStatus(`Stopped. ${detail.message}`);
    element("failure-message").textContent = detail.message;
    element("failure-detail").textContent = detail.detail;
    partOf(panel, "details").hidden = !detail.detail;
    panel.hidden = false;
  });

  element("retry").addEventListener("click", () => {
    root.dataset.state = "booting";
    panel.hidden = true;
    line.removeAttribute("value");
    showStatus("Starting Python in this tab");
    doing = "Starting Python";
    element("pad").focus({ preventScroll: true });
    client.start(true);
  });
}

/** "step 2 of 4: Loading numpy, 1.8 of 2.9 MB" */
function describe({ stage, stages, name, loaded, total }) {
  const bytes = total ? `, ${megabytes(loaded)} of ${megabytes(total)} MB` : "";
  return `step ${stage} of ${stages}: ${name}${bytes}`;
}

function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}

function describeBoot({ boot, reason, milliseconds }) {
  const way = boot === "snapshot" ? "from a snapshot" : "the ordinary way";
  const why = reason ? ` (${reason.replace(/\.$/, "")})` : "";
  return `Python started ${way}${why} in ${(milliseconds / 1000).toFixed(1)} seconds.`;
}
