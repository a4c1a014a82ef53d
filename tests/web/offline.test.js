/** What the page says of being kept for offline use, with a service worker that a test plays. */
import assert from "node:assert/strict";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const VERSION = "app-0123456789ab";
const web = new URL("../../web/", import.meta.url);

/** What a page in `folder` says when the service worker stores the version `stored`. */
async function saidIn(folder, stored) {
  const root = await mkdtemp(join(tmpdir(), "offline-"));
  try {
    // As the build lays it out: the page's own files in a folder that is named after their content.
    const place = join(root, folder);
    await cp(new URL("ui", web), join(place, "ui"), { recursive: true });
    await cp(new URL("app/offline.js", web), join(place, VERSION, "offline.js"));
    await writeFile(join(root, "package.json"), '{ "type": "module" }');
    let told;
    const line = { textContent: "" };
    const active = {
      state: "activated",
      addEventListener() {},
      postMessage(version, [port]) {
        told = version;
        port.postMessage({ version: stored, missing: [] });
        port.close();
      },
    };
    const serviceWorker = { register: async () => ({ active, addEventListener() {} }) };
    Object.defineProperty(globalThis, "navigator", { value: { serviceWorker }, configurable: true });
    globalThis.document = { baseURI: "https://example.org/", documentElement: { dataset: {} }, getElementById: () => line };
    const { keepForOffline } = await import(pathToFileURL(join(place, VERSION, "offline.js")).href);
    await keepForOffline();
    assert.equal(told, VERSION, "the service worker is told which version the page is");
    return line.textContent;
  } finally {
    await rm(root, { recursive: true });
  }
}

test("a page knows its own version, whatever the folder is called that it was put in", async () => {
  for (const folder of ["inkling", "app-notes", "app-notes/inkling"])
    assert.match(await saidIn(folder, VERSION), /^Ready for offline/, folder);
});

test("another version than the page's own is a newer one", async () => {
  assert.match(await saidIn("inkling", "app-ba9876543210"), /^A newer version/);
});
