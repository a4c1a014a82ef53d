/** Access to the big files of dist/assets. The single-file page replaces this module (py/building/single_file). */
import { table } from "./table.js";

const address = (name) => new URL(table[name].url, import.meta.url).href;

/** A Response with an asset's content, to be read as it arrives; `cache` and `signal` as fetch takes them. */
export function open(name, cache, signal) {
  return fetch(address(name), { cache, signal });
}

/**
 * An asset that is a module, imported by its address, since Chromium caches compiled code by address. The download for the
 * hash check left it in the browser's cache; where the host forbids caching, it is downloaded a second time.
 *
 * @param {string} name
 * @param {Uint8Array} [_content] what the single-file page, where nothing has an address, makes the module from
 */
export function importModule(name, _content) {
  return import(address(name));
}

/** An asset's content, by a synchronous request: only workers may do that. */
export function read(name) {
  const request = new XMLHttpRequest();
  request.open("GET", address(name), false);
  request.responseType = "arraybuffer";
  request.send();
  return new Uint8Array(request.response ?? 0);
}
