/**
 * Records a snapshot in Node: Python booted, numpy and this project imported, the weights loaded, one drawing read.
 *
 *   node record.mjs JOB.json
 *
 * The job names what goes in (all paths of files) and the file to write:
 *   pyodide, library     Pyodide's folder; the standard library to boot with
 *   numpy                folder with numpy's Python files
 *   libraries            [[path in Pyodide, file], ...] in the order to load them
 *   files                {path in Pyodide: file}
 *   script               the Python to run; its last expression, a string, is the known answer
 *   output               written: uint32 length of Pyodide's own head, that head, uint32 length of the
 *                        known answer, the answer (UTF-8), padding to 4 bytes, then the heap as boot-memory.js packs it
 */
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { clearStack, forgetSuspending, loadLibraries, SAME_OPTIONS } from "../../../web/python/worker/boot-libraries.js";
import { difference } from "../../../web/python/worker/boot-memory.js";

// Node would print the source line that threw, and in pyodide.asm.mjs a line is a megabyte long.
process.on("uncaughtException", (error) => {
  console.error(error.message ?? error);
  process.exit(1);
});

const job = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const SITE_PACKAGES = "/lib/python3.14/site-packages";

const inPyodide = (name) => import(pathToFileURL(path.join(job.pyodide, name)).href);
const { loadPyodide } = await inPyodide("pyodide.mjs");
const { default: createRuntime } = await inPyodide("pyodide.asm.mjs");

const libraries = job.libraries.map(([target, file]) => [target, new WebAssembly.Module(fs.readFileSync(file))]);
const fresh = [];
forgetSuspending();
await start({ _loadSnapshot: new Uint8Array(64) }).catch(() => {}); // a runtime without Python, for the comparison
const pyodide = await start({ _makeSnapshot: true });
const runtime = pyodide._module;

copyPython(job.numpy, `${SITE_PACKAGES}/numpy`);
for (const [target, file] of Object.entries(job.files)) write(target, fs.readFileSync(file));
const answer = new TextEncoder().encode(pyodide.runPython(fs.readFileSync(job.script, "utf8")));

clearStack(runtime);
clearFreeMemory();
const snapshot = pyodide.makeMemorySnapshot();
const head = snapshot.subarray(0, new Uint32Array(snapshot.buffer, 0, 2)[1]); // its second word is the offset of the heap
const length = (bytes) => new Uint8Array(Uint32Array.of(bytes.length).buffer);
const padding = new Uint8Array(-answer.length & 3);
fs.writeFileSync(
  job.output,
  Buffer.concat([length(head), head, length(answer), answer, padding, difference(runtime.HEAPU8, fresh)]),
);
process.exit(0); // Pyodide keeps Node's event loop alive

/** Start Pyodide, and copy its heap into `fresh` at the moment at which the page will restore the snapshot. */
function start(options) {
  return loadPyodide({
    ...SAME_OPTIONS,
    indexURL: job.pyodide,
    stdLibURL: job.library,
    createPyodideModule: (settings) => {
      settings.onRuntimeInitialized = () => {
        loadLibraries(settings, libraries);
        fresh.push(settings.HEAPU8.slice());
      };
      return createRuntime(settings);
    },
    ...options,
  });
}

function write(target, content) {
  pyodide.FS.mkdirTree(path.posix.dirname(target));
  pyodide.FS.writeFile(target, content);
}

function copyPython(folder, target) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const source = path.join(folder, entry.name);
    if (entry.isDirectory()) copyPython(source, `${target}/${entry.name}`);
    else if (entry.name.endsWith(".py")) write(`${target}/${entry.name}`, fs.readFileSync(source));
  }
}

/** Zero all free memory: allocate it in ever smaller pieces until malloc would grow the heap, zero them and free them. */
function clearFreeMemory() {
  const end = () => runtime.HEAPU32[runtime._emscripten_get_sbrk_ptr() / 4];
  const taken = [];
  for (let size = 2 ** 18; size >= 16; size = size > 128 ? size / 2 : size - 16) {
    const before = end();
    while (end() === before) taken.push([runtime._malloc(size), size]);
  }
  for (const [piece, size] of taken) {
    runtime.HEAPU8.fill(0, piece, piece + size);
    runtime._free(piece);
  }
}
