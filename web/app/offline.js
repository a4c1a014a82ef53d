/** Keeps the page for offline use by a service worker, and says so once that is done. */

const line = document.getElementById("about-offline");
const [, version] = /\/(app-\w+)\//.exec(import.meta.url);

/** Call when the page is ready: keeping it must not slow down its start. */
export async function keepForOffline() {
  try {
    const { serviceWorker } = navigator;
    if (!serviceWorker) throw new Error("it has no service workers here");
    const registration = await serviceWorker.register(new URL("service-worker.js", document.baseURI));
    registration.addEventListener("updatefound", () => registration.active && follow(registration));
    await follow(registration);
  } catch (error) {
    // Private windows and full disks: the page works all the same, merely not offline.
    say(`This browser does not keep the page for offline use (${error.message ?? error}).`, "denied");
  }
}

/** Tell how it ends for the service worker that is being put in place, or else how things are. */
async function follow(registration) {
  try {
    await activation(registration.installing ?? registration.waiting ?? registration.active);
  } catch (error) {
    if (!registration.active) throw error; // else what was kept before still opens
  }
  if ((await versionKeptBy(registration.active)) === version)
    say("Ready for offline: this page now opens without a network too.", "ready");
  else say("A newer version of this page has arrived: it opens with your next visit.", "newer");
}

/**
 * Resolves when a service worker has kept everything and taken over; rejects when it gave up.
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

/** Tells the service worker which version runs here, and resolves to the one that it keeps. */
function versionKeptBy(worker) {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
    worker.postMessage(version, [port2]);
  });
}

function say(text, state) {
  line.textContent = text;
  document.documentElement.dataset.offline = state;
}
