/**
 * Starts the worker that runs Python; the first one as soon as this module is there, before the rest of the page is.
 * `?boot=plain` in the page's address asks for the ordinary boot.
 */
import { hand } from "./preload.js";
import { makeWorker } from "./make.js";

const HEARD = ["message", "error"];
const kept = []; // what the first worker says until it is asked for
const keep = (event) => kept.push(event);
let first = null;
let handing = null; // ends what is done for the worker before
try {
  first = make(false);
  for (const type of HEARD) first.addEventListener(type, keep);
} catch {
  // The page hears of it when it asks for a worker.
}

/** A worker that starts or has started; `isAnew` after something failed. */
export function startWorker(isAnew = false) {
  if (!first) return make(isAnew);
  const worker = first;
  first = null;
  for (const type of HEARD) worker.removeEventListener(type, keep);
  queueMicrotask(() => kept.forEach((event) => worker.dispatchEvent(new event.constructor(event.type, event))));
  return worker;
}

function make(isAnew) {
  const way = new URLSearchParams(location.search).get("boot") ?? "";
  const worker = makeWorker(way, isAnew);
  handing?.abort();
  handing = new AbortController();
  if (way !== "plain") hand(worker, "snapshot", handing.signal);
  return worker;
}
