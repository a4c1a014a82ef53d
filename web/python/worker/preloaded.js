/** The worker's end of page/preload.js: an asset that the page downloads and unzips. */
import { table } from "../assets/table.js";
import { checked, message } from "../protocol.js";

/** The unzipped content of an asset; `count(bytes)` is told how many more of its bytes have been downloaded. */
export function preloaded(name, count) {
  return new Promise((resolve, reject) => {
    let counted = 0;
    const countUpTo = (loaded) => {
      count(loaded - counted);
      counted = loaded;
    };
    addEventListener("message", function receive({ data }) {
      const { type, loaded, content, reason } = checked(data);
      if (data.name !== name) return;
      if (type === "loading") return countUpTo(loaded);
      removeEventListener("message", receive);
      if (type === "missing") return reject(new Error(reason));
      countUpTo(table[name].bytes); // the worker was not listening to the first reports
      resolve(content);
    });
    postMessage(message("wants", { name }));
  });
}
