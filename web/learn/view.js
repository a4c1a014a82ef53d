/** The Learn view: train a network, see one's own hand, collect; each part under its own fragment. */
import { element, partOf } from "../ui/dom.js";
import { showStatus, showTitle } from "../ui/status.js";
import { connectCollecting } from "./collect/collect.js";
import { connectGallery } from "./hand/gallery.js";
import { connectLab } from "./lab/lab.js";

const PARTS = ["lab", "hand", "collect"];

export function connect({ client, ink, samples, ownWords, drafts }) {
  const main = element("learn");
  let isOpen = false;
  const lab = connectLab({ client, ink, samples, isOpen: () => isOpen });
  const parts = {
    lab,
    hand: connectGallery(client, samples, { ownWords, drafts }),
    collect: connectCollecting(client, samples),
  };
  let shown = PARTS[0];

  function follow() {
    const [view, part] = location.hash.slice(1).split("/");
    if (!isOpen || view !== main.id) return;
    shown = PARTS.includes(part) ? part : PARTS[0];
    for (const name of PARTS) {
      element(name).hidden = name !== shown;
      const link = partOf(main, `[data-part="${name}"]`);
      if (name === shown) {
        link.setAttribute("aria-current", "page");
        showTitle(link.dataset.title);
      } else link.removeAttribute("aria-current");
    }
    if (shown === "lab") lab.open();
    // Otherwise the status line would still show the last reading of another view.
    if (client.state === "ready") showStatus("Everything is learned in this tab, and nothing leaves it.");
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
    take: (file) => parts[shown].take(file),
  };
}
