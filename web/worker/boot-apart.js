/**
 * Unzips an asset in a worker of its own. Browsers inflate on the thread that asks for it, and Python's has enough
 * to do meanwhile. (The page that is one file has another module in this one's place.)
 */

/** The content of an asset that the build gzip'd; `assets`: Downloads, which counts its bytes. */
export function unzipApart(assets, name) {
  // From a blob, and imported by a call, for the reasons that make.js gives.
  const source = `import(${JSON.stringify(new URL("unzip.js", import.meta.url))}).catch((error) => postMessage({ problem: String(error) }))`;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module", name });
  return assets.counted(name, (count) => new Promise((resolve, reject) => {
    let before = 0;
    worker.onmessage = ({ data: { loaded, content, problem } }) => {
      if (content) resolve(content);
      else if (problem) reject(new Error(problem));
      else {
        count(loaded - before);
        before = loaded;
      }
    };
    worker.onerror = () => reject(new Error(`The worker that unzips ${name} broke down.`));
  })).finally(() => worker.terminate());
}
