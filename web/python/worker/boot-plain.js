/** The ordinary boot: Python starts, and imports numpy and this project from their files. Takes seconds. */
import { HOME, splitLibraries, writeFile, writeSources } from "./boot-files.js";
import { downloadPyodide, loadPyodide } from "./boot-runtime.js";

const SITE_PACKAGES = "/lib/python3.14/site-packages";

export const STAGES = ["Downloading", "Starting Python", "Loading numpy", "Loading the network"];

/** `assets` is a Downloads; `enter(stage)` is called at each stage, from 1. Resolves to pyodide. */
export async function bootPlain(assets, enter) {
  enter(1);
  const parts = await download(assets);
  enter(2);
  const pyodide = await start(parts);
  enter(3);
  loadNumpy(pyodide, parts);
  enter(4);
  loadInkling(pyodide, parts);
  return pyodide;
}

async function download(assets) {
  const [program, library, numpy, libraries, sources, weights] = await Promise.all([
    downloadPyodide(assets),
    assets.bytes("python_stdlib.zip"),
    assets.bytes("numpy.whl"),
    assets.unzipped("libraries"),
    assets.json("python.json"),
    assets.bytes("inkling.npz"),
  ]);
  return { program, library, numpy, libraries: splitLibraries(libraries), sources, weights };
}

async function start({ program, library }) {
  const stdLibURL = URL.createObjectURL(new Blob([library]));
  try {
    return await loadPyodide(program, { stdLibURL });
  } finally {
    URL.revokeObjectURL(stdLibURL);
  }
}

function loadNumpy(pyodide, { numpy, libraries }) {
  pyodide.unpackArchive(numpy.buffer, "whl", { extractDir: SITE_PACKAGES });
  for (const [path, content] of libraries) writeFile(pyodide.FS, path, content);
  pyodide.pyimport("numpy").destroy();
}

function loadInkling(pyodide, { sources, weights }) {
  writeSources(pyodide.FS, sources);
  writeFile(pyodide.FS, `${HOME}/weights/inkling.npz`, weights);
  const path = pyodide.pyimport("sys").path;
  path.insert(0, `${HOME}/py`);
  path.destroy();
  pyodide.pyimport("tab").destroy();
}
