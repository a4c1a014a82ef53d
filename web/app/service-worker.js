/**
 * Stores the page for offline use. The build prepends `const BUILD = { version, files, views, later }`: the files of one
 * version of the page, as {address: integrity}. `files` are stored at installation, index.html ("./") among them; `views`,
 * {view: what only it needs}, when a page of this version is at work; `later`, which only the ordinary boot needs, on first use.
 *
 * Every version has a cache of its own, so tabs that still run the previous version find their files.
 */
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const PAGE = worker.registration.scope;
// Other projects on the same origin share the caches, so names say whose they are.
const OURS = `inkling ${new URL(PAGE).pathname} `;
const NAME = `${OURS}${BUILD.version}`;
// What is stored after the installation, and all.
const ADDED = Object.assign({}, ...Object.values(BUILD.views), BUILD.later);
const FILES = { ...BUILD.files, ...ADDED };

worker.addEventListener("install", (event) => event.waitUntil(keep().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (event) => event.waitUntil(forgetOld(1)));
worker.addEventListener("message", (event) => event.waitUntil(settle(event.data, event.ports[0])));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && request.url.startsWith(PAGE)) event.respondWith(answer(request));
});

/** Store all files of this version or none: if one fails the cache is deleted, and the next visit tries again. */
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
    await carryOver(cache);
  } catch (error) {
    await caches.delete(NAME);
    throw error;
  }
}

/** What an older version stored on first use, and this one names by the same content, is not downloaded again. */
async function carryOver(cache) {
  for (const file of Object.keys(ADDED)) {
    const url = new URL(file, PAGE).href;
    const stored = await caches.match(url);
    if (stored) await cache.put(url, stored);
  }
}

/** index.html, whose address is the same in all versions: checked to be of this one. */
async function page() {
  const response = await fetch(PAGE, { cache: "reload" });
  if (response.ok && (await response.clone().text()).includes(BUILD.version)) return unredirected(response);
  throw new Error("Another version of the page is being put in place.");
}

/** Browsers refuse to open a page from a response that was redirected, as hosts do that answer "/" from elsewhere. */
function unredirected(response) {
  const { body, headers, status, statusText } = response;
  return response.redirected ? new Response(body, { headers, status, statusText }) : response;
}

/** A file from the browser's own cache or from the network, its integrity checked. */
async function whole(url, integrity, isAnew = false) {
  const from = (cache) => fetch(url, { cache, integrity });
  const response = await (isAnew ? from("reload") : from("force-cache").catch(() => from("reload")));
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return unredirected(response);
}

/**
 * Answer a page, which says its version, with the stored one, and the views of which not all could be stored. If it is the
 * only page and up to date, other versions go.
 */
async function settle(version, port) {
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (version === BUILD.version && pages.length === 1) await forgetOld(0);
  const cache = await caches.open(NAME);
  const missing = [];
  for (const [view, files] of Object.entries(BUILD.views)) {
    const urls = Object.keys(files).map((file) => new URL(file, PAGE).href);
    const stored = await Promise.all(urls.map(async (url) => (await cache.match(url)) ?? keepAnew(url)));
    if (!stored.every(Boolean)) missing.push(view);
  }
  port.postMessage({ version: BUILD.version, missing });
}

/** Delete the caches of other versions, except the newest `spared`. */
async function forgetOld(spared) {
  const others = [];
  for (const name of await caches.keys()) if (name !== NAME && (await isOurs(name))) others.push(name);
  await Promise.all(others.slice(0, others.length - spared).map((name) => caches.delete(name)));
}

/** Before names had the place in them, this page's caches were those that hold this page. */
async function isOurs(name) {
  if (!name.startsWith("inkling app-")) return name.startsWith(OURS);
  return Boolean(await (await caches.open(name)).match(PAGE));
}

async function answer(request) {
  const url = request.url.replace(/[?#].*/, "");
  if (request.mode === "navigate" && [PAGE, `${PAGE}index.html`].includes(url)) {
    const kept = await (await caches.open(NAME)).match(PAGE);
    return kept && !kept.redirected ? kept : fetch(request);
  }
  // A page asks to reload what it found to be damaged.
  const isAnew = request.cache === "reload";
  const kept = isAnew ? null : await caches.match(url);
  return kept ?? (await keepAnew(url, isAnew)) ?? fetch(request);
}

/** A file of this version, fetched and stored; null if it is none, or if this fails: then the request goes to the network. */
async function keepAnew(url, isAnew = false) {
  const integrity = FILES[url.slice(PAGE.length)];
  if (!integrity) return null;
  try {
    const response = await whole(url, integrity, isAnew);
    await (await caches.open(NAME)).put(url, response.clone());
    return response;
  } catch {
    return null;
  }
}
