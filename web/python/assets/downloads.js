/** Downloads the big files of dist/assets, counts bytes for the progress and checks hashes before use. */
import { table } from "./table.js";
import { importModule, open } from "./source.js";
import { preloaded } from "../worker/preloaded.js";

const PATIENCE = 20_000; // ms without a byte before a download fails: a dead connection may never report an error
const PAUSE = 100; // ms between two progress reports: each makes the page draw a frame, and the processor is busy booting

export class Downloads {
  #loaded = 0;
  #total = 0;
  #told = -Infinity;
  #report;
  #signal;
  #results = new Map();

  /** `report(loaded, total)` gets the progress in bytes over all files asked for so far; `signal` aborts all downloads. */
  constructor(report, signal = null) {
    this.#report = report;
    this.#signal = signal;
  }

  /** The content of an asset, as a Uint8Array. */
  bytes(name) {
    return this.#once(name, async (cache) => this.#collect(name, (await this.#fetch(name, cache)).body));
  }

  /** The content of an asset that the build gzip'd, unpacked while it arrives. */
  unzipped(name) {
    return this.#made(name, async (response) => {
      const unzipped = response.body.pipeThrough(new DecompressionStream("gzip"));
      return new Uint8Array(await new Response(unzipped).arrayBuffer());
    });
  }

  /** The same, for the worker: downloaded and unpacked by the page, which has time for it (page/preload.js). */
  preloaded(name) {
    this.#total += table[name].bytes;
    return preloaded(name, (bytes) => this.#count(bytes));
  }

  /** An asset that holds JSON. */
  async json(name) {
    return JSON.parse(new TextDecoder().decode(await this.bytes(name)));
  }

  /** An asset that is a JavaScript module, imported once its content is checked. */
  async module(name) {
    return importModule(name, await this.bytes(name));
  }

  /**
   * An asset that is a WebAssembly module, compiled while it arrives. Browsers cache the compiled code with the response,
   * so the response itself is passed on. If the server sends another type than application/wasm, the bytes are compiled.
   */
  compiled(name) {
    return this.#made(name, WebAssembly.compileStreaming, WebAssembly.compile);
  }

  /**
   * The result of `make(response)`, or of `remake(content)` if that fails; resolves once the content's hash is checked.
   * @param {string} name
   * @param {(response: any) => Promise<any>} make
   * @param {((content: Uint8Array<ArrayBuffer>) => Promise<any>) | null} remake
   */
  #made(name, make, remake = null) {
    return this.#once(name, async (cache) => {
      const response = await this.#fetch(name, cache);
      const copy = response.clone();
      const made = make(response);
      made.catch(() => {}); // the hash check below gives the better error
      const content = await this.#collect(name, copy.body);
      return remake ? made.catch(() => remake(content)) : made;
    });
  }

  /**
   * A failed download is tried once more, past all caches, which may hold a truncated file. Results are kept by name, so
   * the ordinary boot reuses what a failed boot from the snapshot downloaded.
   */
  #once(name, download) {
    if (!this.#results.has(name))
      this.#results.set(
        name,
        download("default").catch(() => download("reload")),
      );
    return this.#results.get(name);
  }

  async #fetch(name, cache) {
    if (cache === "default") this.#total += table[name].bytes;
    const response = await patiently(open(name, cache, this.#signal)).catch((error) => {
      throw new Error(`${name} could not be downloaded. Is there a connection?`, { cause: error });
    });
    if (!response.ok) throw new Error(`${name} could not be downloaded (${response.status} ${response.statusText}).`);
    return response;
  }

  async #collect(name, stream) {
    const { bytes, sha256 } = table[name];
    const content = new Uint8Array(bytes);
    const reader = stream.getReader();
    let filled = 0;
    try {
      for (;;) {
        const { done, value } = await patiently(reader.read()).catch((error) => {
          throw new Error(`The download of ${name} broke off after ${filled} of ${bytes} bytes.`, { cause: error });
        });
        if (done) break;
        if (filled + value.length > bytes)
          throw new Error(`${name} is not the file it should be: longer than ${bytes} bytes.`);
        content.set(value, filled);
        filled += value.length;
        this.#count(value.length);
      }
      if (filled < bytes) throw new Error(`${name} is not the file it should be: ${filled} bytes of ${bytes}.`);
      await check(name, content, sha256);
    } catch (error) {
      this.#count(-filled);
      reader.cancel().catch(() => {});
      throw error;
    }
    return content;
  }

  #count(bytes) {
    this.#loaded += bytes;
    if (this.#loaded < this.#total && performance.now() - this.#told < PAUSE) return;
    this.#told = performance.now();
    this.#report(this.#loaded, this.#total);
  }
}

/** The promise `waiting`, rejected after PATIENCE. */
function patiently(waiting) {
  let timer;
  const silence = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Nothing came for ${PATIENCE / 1000} seconds.`)), PATIENCE);
  });
  return Promise.race([waiting, silence]).finally(() => clearTimeout(timer));
}

/** Throws when the hash differs. Over plain http there is no crypto.subtle, and no check. */
async function check(name, content, sha256) {
  if (!globalThis.crypto?.subtle) return;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  if (btoa(String.fromCharCode(...digest)) !== sha256)
    throw new Error(`${name} is not the file it should be: its hash differs.`);
}
