/** Fetch a module and its imports again from the server, to replace a truncated copy in the browser's cache. */
export async function refetch(url, seen = new Set()) {
  if (seen.has(url)) return;
  seen.add(url);
  const source = await (await fetch(url, { cache: "reload" })).text();
  const imports = source.matchAll(/\bfrom "(\.[^"]+)"/g);
  await Promise.all(Array.from(imports, ([, path]) => refetch(new URL(path, url).href, seen)));
}
