import { script } from "./script.js";

/** @tensorflow/tfjs with one of its backends. */
export async function startOn(backend) {
  await script("@tensorflow/tfjs/dist/tf.min.js");
  if (backend === "wasm") {
    await script("@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js");
    tf.wasm.setWasmPaths(new URL("npm/@tensorflow/tfjs-backend-wasm/dist/", import.meta.url).href);
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false); // otherwise eight workers start, whatever the number of threads
  }
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs has no backend ${backend} here`);
  const model = await tf.loadGraphModel("model/model.json");
  return {
    layout: "NHWC",
    async run(x) {
      const started = performance.now();
      const logits = tf.tidy(() => model.predict(tf.tensor4d(x, [1, 32, 32, 3])).dataSync());
      return { logits, milliseconds: performance.now() - started };
    },
  };
}
