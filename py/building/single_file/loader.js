/**
 * Makes modules from their sources in this file, first in the page and then in its worker, which runs the same script. In a
 * page opened from file:, modules can import each other only by URLs of blobs, which are filled in here.
 *
 * `carried` holds `modules`, {name: source with "inkling:name" for what it imports}, and `files`,
 * {name: {text, isZipped}}, each text in base 85 (see `bytesOf`).
 */
// Of base 85 by RFC 1924, with a comma in place of "<", which could begin a tag.
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;,=>?@^_`{|}~";
const isPage = Boolean(globalThis.document);
globalThis.carried = isPage ? held() : await sent();
globalThis.bytesOf = bytesOf;
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
  if (source === undefined) return bytesOf(name);
  return source.replace(/"inkling:([^"]+)"/g, (_, other) => JSON.stringify(urlOf(other)));
}

/**
 * The bytes of a file: five digits of base 85 are four bytes, the first one the highest. At the end fewer digits stand for
 * one byte fewer than they are, as if they went on with the highest digit.
 */
function bytesOf(name) {
  const { text } = carried.files[name];
  const digits = new TextEncoder().encode(text.padEnd(5 * Math.ceil(text.length / 5), "~"));
  const values = new Uint8Array(128);
  for (let value = 0; value < DIGITS.length; value++) values[DIGITS.charCodeAt(value)] = value;
  const words = new DataView(new ArrayBuffer((digits.length / 5) * 4));
  for (let from = 0, to = 0; from < digits.length; from += 5, to += 4) {
    let word = values[digits[from]];
    for (let next = 1; next < 5; next++) word = word * 85 + values[digits[from + next]];
    words.setUint32(to, word);
  }
  return new Uint8Array(words.buffer, 0, words.byteLength - (digits.length - text.length));
}
