/** Replaces web/app/offline.js: a single file needs no service worker. */
import { hook } from "../ui/hooks.js";

export function keepForOffline() {
  document.getElementById("about-offline").textContent = "This page is one file: it needs no network.";
  hook(document.documentElement, { offline: "ready" });
}
