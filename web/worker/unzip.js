/** The main module of a worker that fetches, checks and unzips one asset, named as the worker is: see boot-apart.js. */
import { Downloads } from "./boot-download.js";

try {
  const assets = new Downloads((loaded) => postMessage({ loaded }));
  const content = await assets.unzipped(self.name);
  postMessage({ content }, [content.buffer]);
} catch (error) {
  postMessage({ problem: error.message });
}
