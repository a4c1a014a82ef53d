/**
 * Makes modules from their sources in this file, first in the page and then in its worker, which runs the same script. In a
 * page opened from file:, modules can import each other only by URLs of blobs, which are filled in here.
 *
 * `carried` holds `modules`, {name: source with "inkling:name" for what it imports}, and `files`,
 * {name: {text: base64, isZipped}}.
 */
const isPage = Boolean(globalThis.document);
globalThis.carried = isPage ? held() : await sent();
const urls = {};
if (isPage) await import(urlOf("start.js")); // Python boots while the other modules are made
await import(urlOf(isPage ? "main.js" : "worker.js"));

function held() {
  const files = {};
  for (const { dataset, textContent } of document.querySelectorAll("script[data-file]")) {
    files[dataset.file] = { text: textContent, isZipped: dataset.zipped === "true" };
  }
  return { modules: JSON.parse(document.getElementById("modules").textContent), files };
}

function sent() {
  return new Promise((resolve) => addEventListener("message", ({ data }) => resolve(data), { once: true }));
}

function urlOf(name) {
  return (urls[name] ??= URL.createObjectURL(new Blob([contentOf(name)], { type: "text/javascript" })));
}

function contentOf(name) {
  const source = carried.modules[name];
  if (source === undefined) return Uint8Array.from(atob(carried.files[name].text), (letter) => letter.charCodeAt(0));
  return source.replace(/"inkling:([^"]+)"/g, (_, other) => JSON.stringify(urlOf(other)));
}
