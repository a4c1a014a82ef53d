/** What Python learns of the drawings: one thing after the other, in the order in which it happened. */
import { ME } from "./sample.js";

/** Samples that Python learns in one call: between two calls the pad is read. */
const AT_ONCE = 12;

export class Learning {
  #client;
  #isThere;
  #tell;
  #queue = Promise.resolve();

  /** The user's own labels that are read by now. */
  symbols = "";
  /** What could not be learned, for people; "" if nothing. */
  problem = "";

  /** `isThere(sample)`: whether it is still to be learned; `tell()` is called whenever the recogniser reads differently. */
  constructor(client, isThere, tell) {
    this.#client = client;
    this.#isThere = isThere;
    this.#tell = tell;
  }

  learn(samples) {
    return this.#next(async () => {
      for (let at = 0; at < samples.length; at += AT_ONCE) {
        const some = samples.slice(at, at + AT_ONCE).filter(this.#isThere);
        if (some.length) await this.#call("teach", some.map(sent));
      }
      if (samples.length) this.#settle();
    });
  }

  forget(ids) {
    return this.#next(async () => {
      if (!ids.length) return;
      await this.#call("forget", ids);
      this.#settle();
    });
  }

  async #call(door, what) {
    const { symbols } = await this.#client.call(`teaching.${door}`, what);
    this.symbols = symbols;
    this.problem = "";
    this.#tell();
  }

  #settle() {
    this.#next(async () => {
      if (!(await this.#client.call("teaching.settle"))) return;
      this.#tell();
      this.#settle();
    });
  }

  #next(work) {
    const done = this.#queue.then(() => (this.#client.state === "ready" ? work() : undefined));
    // Python that is not there, or dies, learns everything when it is ready again.
    this.#queue = done.catch((error) => {
      if (this.#client.state !== "ready") return;
      this.problem = `This could not be learned: ${error.message}`;
      this.#tell();
    });
    return this.#queue;
  }
}

/** Copies: what is sent is moved to the worker. */
const sent = ({ id, label, points, lengths, traced, writer }) => [
  id,
  label,
  points.slice(),
  lengths.slice(),
  !traced && writer === ME,
];
