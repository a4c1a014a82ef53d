/** Pyodide from parts that were downloaded and checked before: it fetches nothing by itself. */
import { lock } from "../assets/table.js";

const SMALL = 128; // bytes

/** What Pyodide is made of: its two modules, and a promise of its compiled WebAssembly. */
export async function downloadPyodide(assets) {
  const wasm = assets.compiled("pyodide.asm.wasm");
  wasm.catch(() => {}); // told where it is waited for
  const [module, runtime] = await Promise.all([assets.module("pyodide.mjs"), assets.module("pyodide.asm.mjs")]);
  return { module, runtime, wasm };
}

/**
 * `options` go to Pyodide's own loadPyodide. `prepare(runtime, parts)` runs after the C runtime is up and before
 * Python's main, when the promise `parts` has come true; meanwhile the runtime's WebAssembly is made ready.
 */
export function loadPyodide({ module, runtime, wasm }, options, parts, prepare) {
  let found;
  shareSmallModules();
  return module.loadPyodide({
    indexURL: "data:,", // what Pyodide still asks of it comes to nothing, without a request
    lockFileContents: lock,
    createPyodideModule: (settings) => {
      return new Promise((resolve, reject) => {
        settings.instantiateWasm = (imports, receive) => {
          // Emscripten itself waits for ever for what fails.
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
  // Pyodide adds these two to the imports in the hook of its own that is replaced here.
  const error = Symbol("error marker");
  imports.env.Jsv_GetError_import = () => error;
  imports.env.JsvError_Check = (value) => value === error;
  const module = await wasm;
  return { module, instance: await WebAssembly.instantiate(module, imports) };
}

/**
 * Emscripten wraps each of some 260 JavaScript functions into a WebAssembly module, to give it a type. Modules of
 * one type are the same to the byte, and compiling takes longer than finding one again.
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
