/** In the place of web/app/offline.js: there is nothing to keep. */
export function keepForOffline() {
  document.getElementById("about-offline").textContent = "This page is one file: it needs no network.";
  document.documentElement.dataset.offline = "ready";
}
