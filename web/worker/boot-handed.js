/** What the page downloads and unzips for its worker (hand.js). */
import { checked, message } from "../protocol.js";

/** The unzipped content of an asset; `count(bytes)` hears how many more of it have been downloaded. */
export function handed(name, count) {
  return new Promise((resolve, reject) => {
    let before = 0;
    addEventListener("message", function hear({ data }) {
      const { type, loaded, content, reason } = checked(data);
      if (data.name !== name) return;
      if (type === "loading") {
        count(loaded - before);
        before = loaded;
        return;
      }
      removeEventListener("message", hear);
      if (type === "part") resolve(content);
      else reject(new Error(reason));
    });
    postMessage(message("wants", { name }));
  });
}
