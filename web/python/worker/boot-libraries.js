/**
 * Loads numpy's dynamic libraries, in the same way when a snapshot is recorded (in Node) and when it is restored (in the
 * page): the snapshot holds the heap, but not the function table and the globals that a library adds. So both load them
 * in the same order into the same places, after the C runtime is up and before Python's main.
 *
 * `runtime` is Emscripten's module, inside its onRuntimeInitialized.
 */

const TABLE = 15_000; // functions: more than any browser has at this point (14,170 or 14,171), so that all continue from the same number
const RESERVE = 20e6; // bytes: allocated and freed once, so that the heap does not grow later

/** Options for loadPyodide that make the heap the same in every engine and for every visitor. */
export const SAME_OPTIONS = {
  _sysExecutable: "python",
  env: {
    LANG: "C.UTF-8",
    PYTHONHASHSEED: "0", // reproducible snapshots
    PYTHONOPTIMIZE: "2", // no docstrings
    PYTHONNODEBUGRANGES: "1", // tracebacks with lines, without columns
    PYTHONDONTWRITEBYTECODE: "1",
  },
};

/** Hide JavaScript promise integration: the runtime would record in its heap whether the engine has it. */
export function forgetSuspending() {
  delete WebAssembly.Suspending;
  delete WebAssembly.promising;
}

/** `libraries`: [[path, WebAssembly.Module], ...] in the order to load them. */
export function loadLibraries(runtime, libraries) {
  runtime.wasmTable.grow(TABLE - runtime.wasmTable.length);
  const { readFile } = runtime.FS;
  const flags = { global: false, nodelete: true, loadAsync: false };
  libraries.forEach(([path, module], i) => {
    runtime.FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
    // Python's dlopen will find the library loaded, but still copies its file into the heap: so the file is one byte long.
    runtime.FS.writeFile(path, new Uint8Array(1));
    // The loader reads the file by this function, and accepts a compiled module in place of bytes.
    runtime.FS.readFile = () => module;
    // Undefined symbols are searched for once, after the last library: each search goes through 9,000 symbols.
    runtime.loadDynamicLibrary(path, { ...flags, allowUndefined: i < libraries.length - 1 }, {});
  });
  runtime.FS.readFile = readFile;
  runtime._free(runtime._malloc(RESERVE));
  clearStack(runtime);
}

/** Zero what earlier calls left below the stack's end. */
export function clearStack(runtime) {
  runtime.HEAPU8.fill(0, runtime._emscripten_stack_get_end(), runtime._emscripten_stack_get_current());
}
