/** In the place of web/worker/boot-apart.js: of a file: page, workers do not start workers. */
export function unzipApart(assets, name) {
  return assets.unzipped(name);
}
