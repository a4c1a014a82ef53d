/**
 * Python and weights that arrive when a view opens, not with the first visit. The page downloads them, checks them as all
 * assets are checked, keeps them, and sends them to the worker: to each one that is started, should one die.
 */
import { Downloads } from "./assets/downloads.js";
import { later, table } from "./assets/table.js";

const contents = new Map(); // name of an asset: its content
const underway = new Map(); // module: { promise, listeners } of its download

/**
 * Resolves when `writing.*` may be called; rejects with an Error in plain words, and may be called again then, as after
 * every "lost" of the client. `onProgress({ loaded, total })` gets the bytes.
 */
export function wordsArrived(client, onProgress) {
  return arrived(client, "writing", onProgress);
}

/** The same for any module of py/tab that is listed in py/building/later.py. */
export async function arrived(client, module, onProgress = (_progress) => {}) {
  await downloaded(module, onProgress);
  for (;;) {
    await running(client);
    try {
      if (!(await client.call("later.has", module))) await client.call("later.arrive", ...copied(later[module], module));
      return;
    } catch (error) {
      if (client.state !== "booting") throw error; // else the worker died meanwhile, and another one starts
    }
  }
}

/** Resolves when all assets of a module are in `contents`; asked by several at once, all get the progress. */
function downloaded(module, onProgress) {
  const { sources, weights } = later[module];
  const names = [sources, ...weights];
  const missing = names.filter((name) => !contents.has(name));
  if (!missing.length) return Promise.resolve();
  const found = underway.get(module);
  if (found) {
    found.listeners.push(onProgress);
    return found.promise;
  }
  const listeners = [onProgress];
  const sum = (some) => some.reduce((bytes, name) => bytes + table[name].bytes, 0);
  const total = sum(names);
  const before = total - sum(missing);
  const assets = new Downloads((loaded) => listeners.forEach((listen) => listen({ loaded: before + loaded, total })));
  const promise = all(missing.map(async (name) => contents.set(name, await assets.bytes(name)))).finally(() =>
    underway.delete(module),
  );
  underway.set(module, { promise, listeners });
  return promise;
}

/** Like Promise.all, but a failure waits for the others: what is still on its way would else be asked for twice. */
async function all(promises) {
  const failed = (await Promise.allSettled(promises)).find(({ status }) => status === "rejected");
  if (failed) throw /** @type {PromiseRejectedResult} */ (failed).reason;
}

/** Resolves when Python runs; rejects when it could not start. */
function running(client) {
  return new Promise((resolve, reject) => {
    const settle = () => {
      if (client.state === "booting") return;
      for (const type of ["ready", "failed"]) client.removeEventListener(type, settle);
      if (client.state === "ready") resolve(undefined);
      else reject(new Error("Python is not running: press Retry in Read."));
    };
    for (const type of ["ready", "failed"]) client.addEventListener(type, settle);
    settle();
  });
}

/** What `later.arrive` takes. Copies, since what is sent is gone here. */
function copied({ sources, weights }, module) {
  const copy = (name) => contents.get(name).slice();
  return [module, copy(sources), Object.fromEntries(weights.map((name) => [name, copy(name)]))];
}
