/** The page's part of the boot: it downloads and unzips an asset while its worker is busy with the rest. */
import { Downloads } from "../assets/downloads.js";
import { message } from "../protocol.js";

/** Begin to download an asset now, and send it when the worker asks for it; `signal` aborts when the worker is gone. */
export function preload(worker, name, signal) {
  const assets = new Downloads((loaded) => worker.postMessage(message("loading", { name, loaded })), signal);
  const unzipped = assets.unzipped(name);
  unzipped.catch(() => {}); // reported to the worker, if it asks
  worker.addEventListener("message", function receive({ data }) {
    if (data.type !== "wants" || data.name !== name) return;
    worker.removeEventListener("message", receive);
    unzipped.then(
      (content) => worker.postMessage(message("part", { name, content }), [content.buffer]),
      (error) => worker.postMessage(message("missing", { name, reason: error.message })),
    );
  });
}
