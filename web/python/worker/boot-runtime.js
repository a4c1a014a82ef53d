/** Starts Pyodide from parts that are downloaded and checked here; Pyodide itself fetches nothing. */
import { lock } from "../assets/table.js";

const SMALL = 128; // bytes

/** What Pyodide is made of: its two modules, and a promise of its compiled WebAssembly. */
export async function downloadPyodide(assets) {
  const wasm = assets.compiled("pyodide.asm.wasm");
  wasm.catch(() => {}); // reported where it is awaited
  const [module, runtime] = await Promise.all([assets.module("pyodide.mjs"), assets.module("pyodide.asm.mjs")]);
  return { module, runtime, wasm };
}

/**
 * `options` go to Pyodide's own loadPyodide. `prepare(runtime, parts)` runs after the C runtime is up and before
 * Python's main, with what the promise `parts` resolved to; the WebAssembly is instantiated meanwhile.
 */
export function loadPyodide({ module, runtime, wasm }, options, parts, prepare) {
  let found;
  shareSmallModules();
  return module.loadPyodide({
    indexURL: "data:,", // what Pyodide asks for relative to it fails without a request
    lockFileContents: lock,
    createPyodideModule: (settings) => {
      return new Promise((resolve, reject) => {
        settings.instantiateWasm = (imports, receive) => {
          // If this fails, Emscripten waits for ever: so the failure is passed on here.
          Promise.all([instantiate(wasm, imports), parts])
            .then(([source, each]) => {
              found = each;
              receive(source.instance, source.module);
            })
            .catch(reject);
          return {};
        };
        settings.onRuntimeInitialized = () => {
          try {
            prepare?.(settings, found);
          } catch (error) {
            reject(error);
            throw error;
          }
        };
        runtime.default(settings).then(resolve, reject);
      });
    },
    ...options,
  });
}

async function instantiate(wasm, imports) {
  // Pyodide adds these two imports in its own instantiateWasm, which is replaced here.
  const error = Symbol("error marker");
  imports.env.Jsv_GetError_import = () => error;
  imports.env.JsvError_Check = (value) => value === error;
  const module = await wasm;
  return { module, instance: await WebAssembly.instantiate(module, imports) };
}

/**
 * Emscripten wraps each of some 260 JavaScript functions into a tiny WebAssembly module, to give it a type. Modules of one
 * type are equal byte for byte, so each is compiled once and then reused.
 */
function shareSmallModules() {
  const known = new Map();
  WebAssembly.Module = new Proxy(WebAssembly.Module, {
    construct(Module, [bytes]) {
      if (bytes.length > SMALL) return new Module(bytes);
      const key = String(bytes);
      if (!known.has(key)) known.set(key, new Module(bytes));
      return known.get(key);
    },
  });
}
