/** The Learn view: train a network, see one's own hand, collect; each part under its own fragment. */
import { element } from "../ui/dom.js";
import { connectCollecting } from "./collect/collect.js";
import { connectGallery } from "./hand/gallery.js";
import { connectLab } from "./lab/lab.js";

const PARTS = ["lab", "hand", "collect"];

export function connect({ client, ink, samples }) {
  const main = element("learn");
  const lab = connectLab(client, ink, samples);
  connectGallery(client, samples);
  connectCollecting(samples);
  let isOpen = false;

  function follow() {
    const [view, part] = location.hash.slice(1).split("/");
    if (view !== "learn") return;
    const shown = PARTS.includes(part) ? part : PARTS[0];
    for (const name of PARTS) {
      element(name).hidden = name !== shown;
      const link = main.querySelector(`[data-part="${name}"]`);
      if (name === shown) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    if (shown === "lab" && isOpen) lab.open();
    // The line at the foot would still tell of another view's last reading.
    if (client.state === "ready")
      element("foot-line").textContent = "Everything is learned in this tab, and nothing leaves it.";
  }

  addEventListener("hashchange", follow);
  client.addEventListener("ready", follow);
  return {
    title: "Learn",
    open() {
      isOpen = true;
      follow();
    },
    close() {
      isOpen = false;
    },
  };
}
