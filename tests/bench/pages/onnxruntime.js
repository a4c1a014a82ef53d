import * as ort from "./npm/onnxruntime-web/dist/ort.wasm.min.mjs";

export async function start() {
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = new URL("npm/onnxruntime-web/dist/", import.meta.url).href;
  const session = await ort.InferenceSession.create("model/inkling.onnx", {
    executionProviders: ["wasm"],
    graphOptimizationLevel: "all",
  });
  return {
    layout: "NCHW",
    async run(x) {
      const started = performance.now();
      const { logits } = await session.run({ x: new ort.Tensor("float32", x, [1, 3, 32, 32]) });
      return { logits: logits.data, milliseconds: performance.now() - started };
    },
  };
}
