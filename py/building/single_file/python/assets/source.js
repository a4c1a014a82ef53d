/** In the place of web/python/assets/source.js: the big files came with the page. */

/** A Response with an asset's content. */
export async function open(name) {
  const content = new Response(read(name));
  if (!carried.files[name].isZipped) return content;
  const headers = { "Content-Type": name.endsWith(".wasm") ? "application/wasm" : "" };
  return new Response(content.body.pipeThrough(new DecompressionStream("gzip")), { headers });
}

/** A module, of which only the content is here. */
export async function importModule(_, content) {
  const url = URL.createObjectURL(new Blob([content], { type: "text/javascript" }));
  try {
    return await import(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** An asset's content; of those that are not zipped for the way. */
export function read(name) {
  const { text } = carried.files[name];
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const letters = atob(text);
  const content = new Uint8Array(letters.length);
  for (let i = 0; i < content.length; i++) content[i] = letters.charCodeAt(i);
  return content;
}
