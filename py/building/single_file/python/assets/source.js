/** Replaces web/python/assets/source.js: the big files are in the page. */

/** A Response with an asset's content. */
export async function open(name) {
  const content = new Response(read(name));
  if (!carried.files[name].isZipped) return content;
  const headers = { "Content-Type": name.endsWith(".wasm") ? "application/wasm" : "" };
  return new Response(content.body.pipeThrough(new DecompressionStream("gzip")), { headers });
}

/** Import a module from its content. */
export async function importModule(_, content) {
  const url = URL.createObjectURL(new Blob([content], { type: "text/javascript" }));
  try {
    return await import(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** The content of an asset that is not compressed. */
export const read = (name) => bytesOf(name);
