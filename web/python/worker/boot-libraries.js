/**
 * What must be the same when a snapshot is recorded (in Node) and when it is restored (in the page):
 * everything that a dynamic library leaves outside the heap. So both load numpy's libraries in the same
 * order into the same places, after the C runtime is up and before Python's main.
 *
 * `runtime` is Emscripten's module, inside its onRuntimeInitialized.
 */

const TABLE = 15_000; // functions: above what any browser has at this moment (14,170 or 14,171)
const RESERVE = 20e6; // bytes: what Python and its modules need, so that the heap has its final size

/** Options for loadPyodide without which the C runtime's heap would tell one engine, or one visitor, from another. */
export const SAME_OPTIONS = {
  _sysExecutable: "python",
  env: {
    LANG: "C.UTF-8",
    PYTHONHASHSEED: "0", // the same snapshot from the same files
    PYTHONOPTIMIZE: "2", // no docstrings
    PYTHONNODEBUGRANGES: "1", // tracebacks with lines, without columns
    PYTHONDONTWRITEBYTECODE: "1",
  },
};

/** Without this the runtime notes in its heap that the engine can suspend a stack, which this project does not do. */
export function forgetSuspending() {
  delete WebAssembly.Suspending;
  delete WebAssembly.promising;
}

/** `libraries`: [[path, WebAssembly.Module], ...] in the order to load them. */
export function preload(runtime, libraries) {
  runtime.wasmTable.grow(TABLE - runtime.wasmTable.length);
  const { readFile } = runtime.FS;
  const flags = { global: false, nodelete: true, loadAsync: false };
  libraries.forEach(([path, module], i) => {
    runtime.FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
    // Python's own dlopen finds the library loaded, but copies the file into the heap for good: so it has one byte.
    runtime.FS.writeFile(path, new Uint8Array(1));
    // The loader, which reads the file, takes a compiled module as well.
    runtime.FS.readFile = () => module;
    // What stays undefined is looked for once, among all 9,000 symbols, and not after each library.
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
