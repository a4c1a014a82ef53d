/**
 * Starts the worker that runs Python. The first one starts when this module is evaluated, before the rest of the page has
 * loaded; its events are kept until the page asks for the worker. `?boot=plain` in the page's address asks for the
 * ordinary boot.
 */
import { makeWorker } from "./make.js";
import { preload } from "./preload.js";

const EVENTS = ["message", "error"];
const kept = []; // events of the first worker, until the page asks for it
const keep = (event) => kept.push(event);
let first = /** @type {Worker | null} */ (null);
let preloading = /** @type {AbortController | null} */ (null); // aborts the downloads for the worker before
try {
  first = make(false);
  for (const type of EVENTS) first.addEventListener(type, keep);
} catch {
  // startWorker tries again and reports the error.
}

/** A worker that boots, or has booted already; `isAnew` after a failure. */
export function startWorker(isAnew = false) {
  if (!first) return make(isAnew);
  const worker = first;
  first = null;
  for (const type of EVENTS) worker.removeEventListener(type, keep);
  queueMicrotask(() => kept.forEach((event) => worker.dispatchEvent(new event.constructor(event.type, event))));
  return worker;
}

function make(isAnew) {
  const way = new URLSearchParams(location.search).get("boot") ?? "";
  const worker = makeWorker(way, isAnew);
  preloading?.abort();
  preloading = new AbortController();
  if (way !== "plain") preload(worker, "snapshot", preloading.signal);
  return worker;
}
