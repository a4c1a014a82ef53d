/**
 * Keeps the page for offline use. The build puts `const BUILD = { version, files, later }` in front of this text:
 * what one version of the page is made of, as {address: integrity}. `files` are kept at once, index.html ("./")
 * among them; `later` those that only the ordinary boot or the lab needs, once they were needed.
 *
 * Every version has a cache of its own, filled once. Tabs that still run the version before find theirs.
 */
const NAME = `inkling ${BUILD.version}`;
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const PAGE = worker.registration.scope;

worker.addEventListener("install", (event) => event.waitUntil(keep().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (event) => event.waitUntil(forgetOld(1)));
worker.addEventListener("message", (event) => event.waitUntil(settle(event.data, event.ports[0])));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && request.url.startsWith(PAGE)) event.respondWith(answer(request));
});

/** All files of this version, or none: a cache that is not whole is dropped, and the next visit tries again. */
async function keep() {
  const cache = await caches.open(NAME);
  try {
    await Promise.all(
      Object.entries(BUILD.files).map(async ([file, integrity]) => {
        const url = new URL(file, PAGE).href;
        if (url === PAGE) await cache.put(url, await page());
        else await cache.put(url, (await caches.match(url)) ?? (await whole(url, integrity)));
      }),
    );
  } catch (error) {
    await caches.delete(NAME);
    throw error;
  }
}

/** index.html, whose name says nothing of its version. */
async function page() {
  const response = await fetch(PAGE, { cache: "reload" });
  if (response.ok && (await response.clone().text()).includes(BUILD.version)) return response;
  throw new Error("Another version of the page is being put in place.");
}

/** A file from the browser's own cache or from the network, checked. */
async function whole(url, integrity) {
  const from = (cache) => fetch(url, { cache, integrity });
  const response = await from("force-cache").catch(() => from("reload"));
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response;
}

/** A page tells which version it runs, and hears which is kept. If it is the only one and runs this one, nobody needs the others. */
async function settle(version, port) {
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (version === BUILD.version && pages.length === 1) await forgetOld(0);
  port.postMessage(BUILD.version);
}

/** Drop the caches of other versions, but for the newest `spared`. */
async function forgetOld(spared) {
  const others = (await caches.keys()).filter((name) => name.startsWith("inkling ") && name !== NAME);
  await Promise.all(others.slice(0, others.length - spared).map((name) => caches.delete(name)));
}

async function answer(request) {
  const url = request.url.replace(/[?#].*/, "");
  if (request.mode === "navigate" && [PAGE, `${PAGE}index.html`].includes(url)) {
    return (await (await caches.open(NAME)).match(PAGE)) ?? fetch(request);
  }
  const kept = request.cache === "reload" ? null : await caches.match(url);
  return kept ?? (await keepLater(url)) ?? fetch(request);
}

/** A file of `later`, or null: also if it cannot be kept, for then the page should see for itself. */
async function keepLater(url) {
  const integrity = BUILD.later[url.slice(PAGE.length)];
  if (!integrity) return null;
  try {
    const response = await whole(url, integrity);
    await (await caches.open(NAME)).put(url, response.clone());
    return response;
  } catch {
    return null;
  }
}
