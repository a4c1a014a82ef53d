import { preload } from "../python/page/preload.js";

/** The page's own Python, booted as the page boots it, in a worker that also answers for the network alone. */
export async function start() {
  const worker = new Worker("../inkling-worker.js", { type: "module" });
  preload(worker, "snapshot");
  const heard = () =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => {
        if (data.error) reject(new Error(data.error));
        else if (data.type !== "wants") resolve(data);
      };
      worker.onerror = (event) => reject(new Error(event.message));
    });
  const ask = (door, ...args) => {
    const answer = heard();
    worker.postMessage({ door, args });
    return answer;
  };
  await heard();
  return {
    layout: "NCHW",
    run: (x) => ask("forward", x),
    classic: (x) => ask("classic", x),
    read: (points, lengths) => ask("read", points, lengths),
  };
}
