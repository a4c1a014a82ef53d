/** Pyodide in Node, with numpy and this checkout. */
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

/**
 * `folder` holds Pyodide, `wheel` is numpy's. The checkout's py/, weights/ and tests/bench/ lie under /inkling, as in
 * the page; py/ and tests/bench/ are on sys.path.
 */
export async function boot(folder, wheel, checkout) {
  const { loadPyodide } = await import(pathToFileURL(path.join(folder, "pyodide.mjs")).href);
  const pyodide = await loadPyodide({ indexURL: folder });
  const content = fs.readFileSync(wheel);
  pyodide.unpackArchive(content.buffer.slice(content.byteOffset, content.byteOffset + content.length), "whl", {
    extractDir: "/lib/python3.14/site-packages",
  });
  for (const part of ["py", "weights", "tests/bench"]) {
    pyodide.FS.mkdirTree(`/inkling/${part}`);
    pyodide.mountNodeFS(`/inkling/${part}`, path.join(checkout, part));
  }
  pyodide.runPython("import sys; sys.dont_write_bytecode = True; sys.path[:0] = ['/inkling/py', '/inkling/tests/bench']");
  return pyodide;
}
