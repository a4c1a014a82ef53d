/**
 * Makes the worker that runs Python. `way` ("" or "plain") says how to boot; it is passed as the worker's name.
 *
 * The worker starts from a blob, because a worker inherits the page's Content-Security-Policy only then; worker.js itself
 * would need an HTTP header, which static hosts do not send.
 *
 * `isAnew`: the boot before failed, perhaps by a truncated module in the cache, so modules are fetched again first.
 */
export function makeWorker(way, isAnew) {
  const [worker, refetch] = [
    new URL("../worker/worker.js", import.meta.url),
    new URL("../../app/refetch.js", import.meta.url),
  ].map((url) => JSON.stringify(url));
  // A dynamic import, because Firefox fires no error event when a worker's static import fails to load.
  const source = `
    const problem = { type: "failed", stage: "worker", message: "The worker that runs Python did not load." };
    const refetched = ${isAnew} ? import(${refetch}).then(({ refetch }) => refetch(${worker})).catch(() => {}) : null;
    Promise.resolve(refetched).then(() => import(${worker})).catch((error) => postMessage({ ...problem, detail: String(error) }));`;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  return new Worker(url, { type: "module", name: way });
}
