/** In the place of web/app/offline.js: there is nothing to keep. */
import { hook } from "../ui/hooks.js";

export function keepForOffline() {
  document.getElementById("about-offline").textContent = "This page is one file: it needs no network.";
  hook(document.documentElement, { offline: "ready" });
}
