/**
 * The user's own drawings: held in this tab, learned by Python, and kept on this device once the user says so.
 *
 * A sample is { id, label, points, lengths, traced, writer, made }: ink as `Ink.flatten` gives it, whether it was
 * traced from a picture, whose it is, the time it was made.
 *
 * Events: "change" (samples, or what is known of keeping them), "learned" (the recogniser reads differently now).
 */
import { Store } from "./store.js";

/** Samples that Python learns in one call: between two calls the pad is read. */
const AT_ONCE = 12;
/** A symbol of one's own is read from so many drawings on (as in py/inkling/teaching/personal.py). */
export const LEAST_DRAWINGS = 5;
/** Who draws on this pad. Of others, whose drawings came from files, Python learns shapes but not sizes: their unit is another. */
export const ME = "me";

export class Samples extends EventTarget {
  #client;
  #samples = new Map();
  #store = null;
  #unsaved = new Set();
  #tabs = new BroadcastChannel("inkling-samples");
  #learning = Promise.resolve();
  #era = 0; // how often everything was forgotten: what was read from the disk before that is no more
  #changes = 0; // how often samples came or went here: what is read from the disk meanwhile may not tell of it

  /** What went wrong with keeping, for people; "" if nothing. */
  problem = "";
  /** The user's own labels that are read by now. */
  symbols = "";

  constructor(client) {
    super();
    this.#client = client;
    client.addEventListener("ready", () => this.#learn(this.all));
    this.#tabs.addEventListener("message", ({ data }) => this.#follow(data));
    this.loaded = this.#load();
  }

  get all() {
    return [...this.#samples.values()];
  }

  get isKept() {
    return this.#store !== null;
  }

  get unsaved() {
    return this.#unsaved.size;
  }

  /** How many there are of each label. */
  get counts() {
    const counts = new Map();
    for (const { label } of this.#samples.values()) counts.set(label, (counts.get(label) ?? 0) + 1);
    return counts;
  }

  /** Take samples, new ones or, by their ids, others in place of those there are. Resolves when they are learned and kept. */
  async add(samples) {
    for (const sample of samples) this.#samples.set(sample.id, sample);
    this.#changes += 1;
    this.#tell();
    await Promise.all([this.#learn(samples), this.#save(samples)]);
  }

  /** Let go of samples; returns them, so that it can be undone. */
  async remove(ids) {
    const gone = ids.map((id) => this.#samples.get(id)).filter(Boolean);
    for (const { id } of gone) this.#drop(id);
    this.#changes += 1;
    this.#tell();
    await Promise.all([this.#forget(ids), this.#storing((store) => store.remove(ids))]);
    return gone;
  }

  /** Keep everything on this device from now on. */
  async keep() {
    await this.#storing(async () => {
      for (const { id } of this.all) this.#unsaved.add(id);
      this.#store = await Store.open(true);
      navigator.storage?.persist?.().catch(() => {}); // better kept than cleared away, but not for us to insist
      await this.#put(this.all);
    });
    this.#tell();
    this.#tabs.postMessage("changed");
  }

  /** Forget everything, here, on disk and in other tabs. */
  async forgetAll() {
    const store = this.#store;
    const ids = this.#dropAll();
    this.problem = "";
    this.#tabs.postMessage("forgotten");
    await store?.erase();
    this.#tell();
    await this.#forget(ids);
  }

  /** Try once more to keep what could not be kept. */
  async retry() {
    if (!this.#store) return this.keep();
    await this.#save([...this.#unsaved].map((id) => this.#samples.get(id)));
  }

  async #load() {
    try {
      await this.#meet();
    } catch (error) {
      this.problem = `The drawings kept on this device could not be read (${error.message}).`;
      this.#tell();
    }
  }

  /** This tab and the disk, if there is something on it, get what the other has; nothing comes back that is forgotten meanwhile. */
  async #meet() {
    const era = this.#era;
    try {
      const own = this.#store ? [] : this.all;
      const store = this.#store ?? (await Store.open());
      if (!store || era !== this.#era) return;
      this.#store = store;
      if (own.length) {
        await store.put(own); // who asked to keep, in another tab or on an earlier visit, asked for these too
        this.#tabs.postMessage("changed");
      }
      let stored, changes;
      do {
        changes = this.#changes;
        stored = await store.all();
      } while (changes !== this.#changes);
      if (era === this.#era) await this.#merge(stored);
    } catch (error) {
      if (era === this.#era) throw error;
    }
  }

  /** Samples of the disk into this tab: new ones are learned, those that are gone are forgotten. */
  async #merge(stored) {
    const ids = new Set(stored.map(({ id }) => id));
    const gone = [...this.#samples.keys()].filter((id) => !ids.has(id) && !this.#unsaved.has(id));
    const fresh = stored.filter(({ id, label }) => this.#samples.get(id)?.label !== label);
    for (const id of gone) this.#drop(id);
    for (const sample of fresh) this.#samples.set(sample.id, sample);
    this.#tell();
    await this.#forget(gone);
    await this.#learn(fresh);
  }

  async #follow(message) {
    if (message === "forgotten") {
      const ids = this.#dropAll();
      this.#tell();
      await this.#forget(ids);
      return;
    }
    try {
      await this.#meet();
      this.problem = "";
    } catch (error) {
      this.problem = wordsFor(error, this.#unsaved.size);
    }
    this.#tell();
  }

  async #save(samples) {
    if (!this.#store || !samples.length) return;
    for (const { id } of samples) this.#unsaved.add(id);
    await this.#storing((store) => store && this.#put(samples));
  }

  async #put(samples) {
    await this.#store.put(samples);
    for (const { id } of samples) this.#unsaved.delete(id);
  }

  /** Something with the disk, which may be full or forbidden: said, and nothing is lost. */
  async #storing(work) {
    if (!this.#store && work.length) return;
    try {
      await work(this.#store);
      this.problem = "";
      this.#tabs.postMessage("changed");
    } catch (error) {
      this.problem = wordsFor(error, this.#unsaved.size);
    }
    this.#tell();
  }

  /** Python learns one thing after the other; the order of calls is the order of what happened. */
  #learn(samples) {
    return this.#queue(async () => {
      for (let at = 0; at < samples.length; at += AT_ONCE) {
        const some = samples.slice(at, at + AT_ONCE).filter(({ id }) => this.#samples.has(id));
        if (!some.length) continue;
        // Copies: what is sent is moved to the worker.
        const sent = some.map(({ id, label, points, lengths, traced, writer }) => [
          id,
          label,
          points.slice(),
          lengths.slice(),
          !traced && writer === ME,
        ]);
        this.#learned(await this.#client.call("teaching.teach", sent));
      }
      if (samples.length) this.#settle();
    });
  }

  #forget(ids) {
    return this.#queue(async () => {
      if (!ids.length) return;
      this.#learned(await this.#client.call("teaching.forget", ids));
      this.#settle();
    });
  }

  #settle() {
    this.#queue(async () => {
      if (!(await this.#client.call("teaching.settle"))) return;
      this.dispatchEvent(new Event("learned"));
      this.#settle();
    });
  }

  #learned({ symbols }) {
    this.symbols = symbols;
    this.#tell();
    this.dispatchEvent(new Event("learned"));
  }

  #queue(work) {
    const done = this.#learning.then(() => (this.#client.state === "ready" ? work() : undefined));
    // Python that is not there, or dies, learns everything when it is ready again.
    this.#learning = done.catch((error) => {
      if (this.#client.state !== "ready") return;
      this.problem = `This could not be learned: ${error.message}`;
      this.#tell();
    });
    return this.#learning;
  }

  #drop(id) {
    this.#samples.delete(id);
    this.#unsaved.delete(id);
  }

  /** Nothing is left here, and what was kept is of the past. Returns the ids that there were. */
  #dropAll() {
    const ids = [...this.#samples.keys()];
    for (const id of ids) this.#drop(id);
    this.#store = null;
    this.#era += 1;
    return ids;
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}

/** A sample of { points, lengths, traced }. */
export function sampleOf(label, { points, lengths, traced = false }, id = newId()) {
  return { id, label, points, lengths, traced, writer: ME, made: Date.now() };
}

/** 128 random bits; crypto.randomUUID is not there on pages served without https. */
export function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function wordsFor(error, unsaved) {
  if (error?.name === "QuotaExceededError") {
    const what = unsaved === 1 ? "1 drawing is" : `${unsaved} drawings are`;
    return `This device has no room left: ${what} only in this tab. Export them, or make room and try again.`;
  }
  return `This browser does not let the page keep drawings (${error?.message ?? error}). They stay in this tab; export them before you close it.`;
}
