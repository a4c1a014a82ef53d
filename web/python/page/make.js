/**
 * Makes the worker that runs Python, which goes by the name of the `way` to boot.
 *
 * The worker comes from a blob, for a worker takes over its page's Content-Security-Policy only from there:
 * a static host sends no headers that would set one for worker.js itself.
 *
 * `isAnew`: something failed before, and a module that did not arrive whole may lie in a cache.
 */
export function makeWorker(way, isAnew) {
  const [worker, refetch] = [
    new URL("../worker/worker.js", import.meta.url),
    new URL("../../app/refetch.js", import.meta.url),
  ].map((url) => JSON.stringify(url));
  // Imported by a call, for Firefox says nothing of a worker whose modules do not arrive.
  const source = `
    const problem = { type: "failed", stage: "worker", message: "The worker that runs Python did not load." };
    const refetched = ${isAnew} ? import(${refetch}).then(({ refetch }) => refetch(${worker})).catch(() => {}) : null;
    Promise.resolve(refetched).then(() => import(${worker})).catch((error) => postMessage({ ...problem, detail: String(error) }));`;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  return new Worker(url, { type: "module", name: way });
}
