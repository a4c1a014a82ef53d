/** What the page downloads and unzips for its worker (preload.js). */
import { checked, message } from "../protocol.js";
import { table } from "../assets/table.js";

/** The unzipped content of an asset; `count(bytes)` hears how many more of it have been downloaded. */
export function handed(name, count) {
  return new Promise((resolve, reject) => {
    let before = 0;
    const reach = (loaded) => {
      count(loaded - before);
      before = loaded;
    };
    addEventListener("message", function hear({ data }) {
      const { type, loaded, content, reason } = checked(data);
      if (data.name !== name) return;
      if (type === "loading") return reach(loaded);
      removeEventListener("message", hear);
      if (type === "missing") return reject(new Error(reason));
      reach(table[name].bytes); // what was loaded before this was asked for was told to nobody
      resolve(content);
    });
    postMessage(message("wants", { name }));
  });
}
