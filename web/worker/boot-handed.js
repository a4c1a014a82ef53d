/** The snapshot, as the page hands it to its worker (hand.js). */
import { checked, message } from "../protocol.js";

/** Its unzipped content; `count(bytes)` hears how many more have been downloaded. */
export function handed(count) {
  return new Promise((resolve, reject) => {
    let before = 0;
    const end = (settle, value) => {
      removeEventListener("message", hear);
      settle(value);
    };
    function hear({ data }) {
      const { type, loaded, content, reason } = checked(data);
      if (type === "loading") {
        count(loaded - before);
        before = loaded;
      } else if (type === "snapshot") end(resolve, content);
      else if (type === "missing") end(reject, new Error(reason));
    }
    addEventListener("message", hear);
    postMessage(message("wants", {}));
  });
}
