/**
 * The quick boot: the heap of a Python that has imported everything, recorded when the page was built, replaces that of a
 * fresh runtime. What the snapshot does not hold, files and dynamic libraries, is added.
 */
import { HOME, LIBRARY, splitLibraries, writeLazily, writeSourcesLazily } from "./boot-files.js";
import { apply } from "./boot-memory.js";
import { forgetSuspending, loadLibraries, SAME_OPTIONS } from "./boot-libraries.js";
import { downloadPyodide, loadPyodide } from "./boot-runtime.js";

const HEAD = 128; // bytes: the header of a snapshot of this build of Pyodide

export const STAGES = ["Downloading", "Waking Python", "Checking a known drawing"];

/** `assets`: Downloads; `enter(stage)` is called at each stage, from 1. Resolves to pyodide, or rejects with what failed. */
export async function bootSnapshot(assets, enter) {
  enter(1);
  const program = downloadPyodide(assets);
  const parts = download(assets);
  parts.catch(() => {}); // reported where it is awaited
  const pyodide = await wake(await program, parts, () => enter(2));
  const { snapshot } = await parts;
  layFiles(pyodide.FS);
  enter(3);
  checkAnswer(pyodide, snapshot.answer);
  return pyodide;
}

async function download(assets) {
  const [libraries, snapshot] = await Promise.all([
    assets.unzipped("libraries").then(compile),
    assets.preloaded("snapshot"),
  ]);
  return { libraries, snapshot: parse(snapshot) };
}

function compile(library) {
  return Promise.all(splitLibraries(library).map(async ([path, bytes]) => [path, await WebAssembly.compile(bytes)]));
}

/** What record.mjs wrote. */
function parse(bytes) {
  let at = 0;
  const length = () => new DataView(bytes.buffer, bytes.byteOffset + (at += 4) - 4, 4).getUint32(0, true);
  const take = (count) => bytes.subarray(at, (at += count));
  const head = take(length());
  const answer = JSON.parse(new TextDecoder().decode(take(length())));
  return { head, answer, memory: bytes.subarray((at + 3) & ~3) };
}

/**
 * Pyodide restores a snapshot of a header, which names the build, and a heap. Here the heap is unpacked before, so
 * Pyodide gets the header alone, which it checks and from which it restores its JavaScript objects.
 */
function wake(program, parts, begin) {
  forgetSuspending();
  const head = new Uint8Array(HEAD);
  return loadPyodide(program, { ...SAME_OPTIONS, _loadSnapshot: head, stdLibURL: "data:," }, parts, (runtime, found) => {
    begin();
    head.set(found.snapshot.head);
    loadLibraries(runtime, found.libraries);
    apply(runtime.HEAPU8, found.snapshot.memory);
  });
}

function layFiles(FS) {
  writeSourcesLazily(FS);
  writeLazily(FS, `${HOME}/weights/inkling.npz`, "inkling.npz");
  writeLazily(FS, LIBRARY, "python_stdlib.zip");
}

function checkAnswer(pyodide, known) {
  const door = pyodide.pyimport("tab.known");
  const answer = JSON.parse(door.answer());
  door.destroy();
  const isSame = ([label, probability], i) => label === answer[i]?.[0] && Math.abs(probability - answer[i][1]) < 1e-4;
  const wrong = known.findIndex((candidate, i) => !isSame(candidate, i));
  if (wrong >= 0)
    throw new Error(`A known drawing was read as ${answer[wrong]?.join(" ")}, not as ${known[wrong].join(" ")}.`);
}
