/**
 * Replaces web/python/page/make.js. In a page opened from file:, Chromium starts module workers from data: URLs only. The
 * worker runs loader.js, and is sent the sources and files to make its modules from.
 */
export function makeWorker(way) {
  const source = document.getElementById("loader").textContent;
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(source)}`, { type: "module", name: way });
  worker.postMessage(carried);
  return worker;
}
