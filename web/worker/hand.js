/** The page's part of the boot: it downloads and unzips the snapshot, while its worker is busy with all the rest. */
import { Downloads } from "./boot-download.js";
import { message } from "../protocol.js";

/** Begin now, and hand it over when the worker asks. */
export function handSnapshot(worker) {
  const assets = new Downloads((loaded) => worker.postMessage(message("loading", { loaded })));
  const unzipped = assets.unzipped("snapshot");
  unzipped.catch(() => {}); // told to the worker, if it asks
  const hear = ({ data }) => {
    if (data.type !== "wants") return;
    worker.removeEventListener("message", hear);
    unzipped.then(
      (content) => worker.postMessage(message("snapshot", { content }), [content.buffer]),
      (error) => worker.postMessage(message("missing", { reason: error.message })),
    );
  };
  worker.addEventListener("message", hear);
}
