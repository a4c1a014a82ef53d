/** Files of this project in Pyodide's file system, laid out as in the checkout. */
import { libraries, sources, table } from "../assets/table.js";
import { read } from "../assets/source.js";

export const HOME = "/inkling";
const INPUT_OUTPUT_ERROR = 29; // EIO, as WebAssembly's system interface counts
export const LIBRARY = "/lib/python314.zip"; // where Python looks for its standard library

/** Write {path in the checkout: text}: Python's files, to be imported. */
export function writeSources(FS, sources) {
  // Encoded here: Emscripten's own encoder is slow.
  const encoder = new TextEncoder();
  for (const [path, text] of Object.entries(sources)) writeFile(FS, `${HOME}/${path}`, encoder.encode(text));
}

/** The same files where a snapshot has imported them: fetched when Python first quotes a line of one, in a traceback. */
export function writeSourcesLazily(FS) {
  let texts = /** @type {Record<string, string> | null} */ (null);
  const content = (path) => {
    const all = (texts ??= JSON.parse(new TextDecoder().decode(fetched(FS, "python.json", table["python.json"].bytes))));
    return new TextEncoder().encode(all[path]);
  };
  for (const path of sources) {
    writeFile(FS, `${HOME}/${path}`, new Uint8Array(0));
    const { node } = FS.lookupPath(`${HOME}/${path}`);
    let own = /** @type {Uint8Array | null} */ (null);
    Object.defineProperties(node, {
      usedBytes: { get: () => (own ??= content(path)).length },
      contents: { get: () => (own ??= content(path)) },
    });
  }
}

/** numpy's dynamic libraries lie in one asset, one after the other: [[path, bytes], ...]. */
export function splitLibraries(bytes) {
  let at = 0;
  return libraries.map(([path, length]) => [path, bytes.subarray(at, (at += length))]);
}

export function writeFile(FS, path, content) {
  FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
  FS.writeFile(path, content);
}

/**
 * An asset as a file that is fetched when Python first reads it. No hash is checked: these files are zip archives, whose
 * checksums Python verifies.
 */
export function writeLazily(FS, path, name) {
  const { bytes } = table[name];
  writeFile(FS, path, new Uint8Array(0));
  const { node } = FS.lookupPath(path);
  let content = /** @type {Uint8Array | null} */ (null);
  Object.defineProperties(node, {
    usedBytes: { value: bytes },
    contents: { get: () => (content ??= fetched(FS, name, bytes)) },
  });
}

/** A failed fetch becomes an OSError in Python; any other JavaScript error would kill the runtime. */
function fetched(FS, name, bytes) {
  try {
    const content = read(name);
    if (content.length === bytes) return content;
    console.warn(`${name} is not the file it should be: ${content.length} bytes of ${bytes}.`);
  } catch (error) {
    console.warn(`${name} could not be downloaded: ${error.message}`);
  }
  throw new FS.ErrnoError(INPUT_OUTPUT_ERROR);
}
