/**
 * In the place of web/python/page/make.js. Of a file: page, Chromium starts module workers from data: addresses only;
 * the worker makes its own modules of what it is sent.
 */
export function makeWorker(way) {
  const source = document.getElementById("loader").textContent;
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(source)}`, { type: "module", name: way });
  worker.postMessage(carried);
  return worker;
}
