/** Where the big files of the page lie: beside it. (The page that is one file has another module in this one's place.) */
import { table } from "./table.js";

const address = (name) => new URL(table[name].url, import.meta.url).href;

/** A Response with an asset's content, to be read as it arrives; `cache` and `signal` as fetch takes them. */
export function open(name, cache, signal) {
  return fetch(address(name), { cache, signal });
}

/**
 * An asset that is a module, imported by its address, for Chromium keeps what it compiled of one: from the browser's
 * cache, where the check of its content left it, or a second time where a host forbids to keep anything.
 *
 * @param {string} name
 * @param {Uint8Array} [_content] what the page of one file, which has no addresses, makes the module of
 */
export function importModule(name, _content) {
  return import(address(name));
}

/** An asset's content, downloaded at once while everything else waits, as only a worker may. */
export function read(name) {
  const request = new XMLHttpRequest();
  request.open("GET", address(name), false);
  request.responseType = "arraybuffer";
  request.send();
  return new Uint8Array(request.response ?? 0);
}
