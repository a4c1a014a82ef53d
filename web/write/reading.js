/**
 * Ink to text: Python reads what has changed, the newest ink first, and once the hand rests what it has read while it was
 * being written a second time, as a whole. Nothing of this runs in the page itself.
 *
 * Events: "change" when there is something else to say of it (`state`, `progress`, `problem`, `milliseconds`).
 */
import { wordsArrived } from "../python/later.js";
import { ALPHABETS } from "../ui/alphabets.js";

/** Milliseconds without a stroke after which a word is settled. */
const REST = 600;
/** Characters that may be read, by what is written; null is all of them. */
export const ALLOWED = {
  text: null,
  digits: `${ALPHABETS.digits} .,:/()+-%=`,
  codes: `${ALPHABETS.digits}${ALPHABETS.capitals} -./:#`,
};

export class WordReading extends EventTarget {
  /** "waiting" for Python, "loading" what reads words, "ready" or "failed" */
  state = "waiting";
  /** { loaded, total } bytes, while loading */
  progress = null;
  /** Why it failed, in words. */
  problem = "";
  /** What the newest reading took. */
  milliseconds = 0;

  #isOpen = false;
  #isRunning = false;
  #rest = 0;
  #isAtRest = true;
  #life = 0; // of the Python that is asked
  #failed = new Map(); // keys of parts that could not be read: why

  constructor(client, document) {
    super();
    this.client = client;
    this.document = document;
    client.addEventListener("lost", () => this.#lose("waiting"));
    client.addEventListener("failed", () => this.#lose("waiting"));
    client.addEventListener("ready", () => this.begin());
    document.addEventListener("change", ({ detail }) => {
      if (["caret", "reading", "saved"].includes(detail)) return;
      this.#stir();
      this.#read();
    });
    document.ink.addEventListener("change", () => document.ink.live && this.#stir());
  }

  /** While another view is open nothing is read: the worker is for that one. */
  set isOpen(isOpen) {
    this.#isOpen = isOpen;
    if (isOpen) this.begin();
  }

  /** Fetch what reads words, unless it is here; then read what there is. */
  async begin() {
    if (!this.#isOpen || this.client.state !== "ready") return;
    if (this.state === "ready") return this.#read();
    if (this.state === "loading") return;
    const life = (this.#life += 1);
    this.#say("loading");
    try {
      await wordsArrived(this.client, (progress) => life === this.#life && this.#say("loading", progress));
      if (life !== this.#life) return;
      this.#failed.clear();
      this.#say("ready");
      this.#read();
    } catch (error) {
      if (life === this.#life) this.#say(this.client.state === "ready" ? "failed" : "waiting", null, error.message);
    }
  }

  /** Why some of the ink could not be read, in words; "" if it could. */
  get failure() {
    return this.document.parts.map(({ key }) => this.#failed.get(key)).find(Boolean) ?? "";
  }

  #lose(state) {
    this.#life += 1;
    this.#say(state);
  }

  #say(state, progress = null, problem = "") {
    Object.assign(this, { state, progress, problem });
    this.dispatchEvent(new Event("change"));
  }

  /** The hand moves: nothing is settled until it rests. */
  #stir() {
    this.#isAtRest = false;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      if (this.document.ink.live) return this.#stir();
      this.#isAtRest = true;
      return this.#read();
    }, REST);
  }

  /** One part after the other, until there is nothing to be read. */
  async #read() {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      for (let next = this.#next(); next; next = this.#next()) await this.#ask(next);
    } finally {
      this.#isRunning = false;
    }
  }

  /** The newest ink that is not read; at rest, also what is read but not settled. */
  #next() {
    if (!this.#isOpen || this.state !== "ready") return null;
    const parts = this.document.parts.filter(({ key }) => !this.#failed.has(key));
    const newest = (some) => some.sort((one, other) => newestOf(other) - newestOf(one))[0];
    const part = newest(parts.filter(({ read }) => !read || (this.#isAtRest && !read.settled)));
    return part ? { part, settled: this.#isAtRest } : null;
  }

  async #ask({ part, settled }) {
    const { characters, language } = part.run.how;
    const life = this.#life;
    try {
      const options = { allowed: ALLOWED[characters], language, settled };
      const reading = await this.client.call("writing.read", ...flattened(part.strokes), options);
      this.milliseconds = reading.milliseconds;
      this.document.take(part, reading, settled);
    } catch (error) {
      if (life !== this.#life || this.client.state !== "ready") return; // asked again once Python is back
      this.#failed.set(part.key, error.message);
    }
    this.dispatchEvent(new Event("change"));
  }
}

const newestOf = ({ strokes }) => strokes.reduce((most, { id }) => Math.max(most, id), 0);

/** Points and lengths of strokes, as Python takes ink. */
export function flattened(strokes) {
  const points = new Float32Array(strokes.reduce((sum, stroke) => sum + stroke.points.length, 0));
  let at = 0;
  for (const stroke of strokes) {
    points.set(stroke.points, at);
    at += stroke.points.length;
  }
  return [points, Int32Array.from(strokes, ({ length }) => length)];
}
