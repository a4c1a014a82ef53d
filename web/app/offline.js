/** Has a service worker store the page for offline use, and reports under About how that went. */

import { element } from "../ui/dom.js";
import { hook } from "../ui/hooks.js";

const line = element("about-offline");
const version = import.meta.url.split("/").at(-2); // the folder that the build puts it in

/** Call when Python is ready: storing the page must not compete with the boot. */
export async function keepForOffline() {
  try {
    const { serviceWorker } = navigator;
    if (!serviceWorker) throw new Error("it has no service workers here");
    const registration = await serviceWorker.register(new URL("service-worker.js", document.baseURI));
    registration.addEventListener("updatefound", () => registration.active && follow(registration));
    await follow(registration);
  } catch (error) {
    // In private windows, or with a full disk, the page works, but not offline.
    say(`This browser does not keep the page for offline use (${error.message ?? error}).`, "denied");
  }
}

/** Wait for the service worker that is being installed, if there is one, and report which version is stored. */
async function follow(registration) {
  try {
    await activation(registration.installing ?? registration.waiting ?? registration.active);
  } catch (error) {
    if (!registration.active) throw error; // otherwise the version stored before still opens offline
  }
  const kept = await keptBy(registration.active);
  if (kept.version !== version) say("A newer version of this page has arrived: it opens with your next visit.", "newer");
  else if (!kept.missing.length) say("Ready for offline: this page now opens without a network too.", "ready");
  else
    say(
      `Without a network this page opens, but for ${kept.missing.join(" and ")}: not all of that could be kept. Your next visit tries again.`,
      "partly",
    );
}

/**
 * Resolves when a service worker is installed and active; rejects when its installation failed.
 * @returns {Promise<void>}
 */
function activation(worker) {
  return new Promise((resolve, reject) => {
    const follow = () => {
      if (worker.state === "activated") resolve();
      if (worker.state === "redundant") reject(new Error("not all of it could be kept; the next visit tries again"));
    };
    worker.addEventListener("statechange", follow);
    follow();
  });
}

/** Tells the service worker which version this page is; resolves to the version that it stores, and the views that it does not. */
function keptBy(worker) {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
    worker.postMessage(version, [port2]);
  });
}

function say(text, state) {
  line.textContent = text;
  hook(document.documentElement, { offline: state });
}
