/** Fetch a module, and what it imports, past the browser's caches: a copy that did not arrive whole may lie there. */
export async function refetch(url, seen = new Set()) {
  if (seen.has(url)) return;
  seen.add(url);
  const source = await (await fetch(url, { cache: "reload" })).text();
  const imports = source.matchAll(/\bfrom "(\.[^"]+)"/g);
  await Promise.all(Array.from(imports, ([, path]) => refetch(new URL(path, url).href, seen)));
}
