/**
 * The user's own drawings (see sample.js): held in this tab, learned by Python, and kept on this device once the user
 * says so.
 *
 * Events: "change" (samples, or what is known of keeping them), "learned" (the recogniser reads differently now).
 */
import { Keeping } from "./keeping.js";
import { Learning } from "./learning.js";

export class Samples extends EventTarget {
  #samples = new Map();
  #learning;
  #keeping;

  constructor(client) {
    super();
    this.#learning = new Learning(
      client,
      ({ id }) => this.#samples.has(id),
      () => {
        this.#tell();
        this.dispatchEvent(new Event("learned"));
      },
    );
    this.#keeping = new Keeping({
      samples: this.#samples,
      take: (fresh, gone) => this.#take(fresh, gone),
      dropAll: () => this.#dropAll(),
      tell: () => this.#tell(),
    });
    client.addEventListener("ready", () => this.#learning.learn(this.all));
    this.loaded = this.#keeping.load();
  }

  get all() {
    return [...this.#samples.values()];
  }

  get(id) {
    return this.#samples.get(id);
  }

  get isKept() {
    return this.#keeping.isKept;
  }

  /** How many should be kept on this device and are not. */
  get unsaved() {
    return this.#keeping.unsaved;
  }

  /** How many are in this tab only, wanted so or not. */
  get unkept() {
    return this.#keeping.unkept.length;
  }

  /** What went wrong, for people; "" if nothing. */
  get problem() {
    return this.#keeping.problem || this.#learning.problem;
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
    this.#tell();
    await Promise.all([this.#learning.learn(samples), this.#keeping.save(samples)]);
  }

  /** Let go of samples; returns at once those that went, so that it can be undone. */
  remove(ids) {
    const gone = ids.map((id) => this.#samples.get(id)).filter(Boolean);
    for (const { id } of gone) this.#samples.delete(id);
    this.#tell();
    this.#learning.forget(ids);
    this.#keeping.remove(ids);
    return gone;
  }

  /** Keep everything on this device from now on; also to try again what could not be kept. */
  keep() {
    return this.#keeping.keep();
  }

  /** Forget everything, here, on disk and in other tabs. */
  async forgetAll() {
    const done = this.#dropAll();
    await this.#keeping.forget();
    this.#tell();
    await done;
  }

  #take(fresh, gone) {
    for (const id of gone) this.#samples.delete(id);
    for (const sample of fresh) this.#samples.set(sample.id, sample);
    this.#tell();
    this.#learning.forget(gone);
    this.#learning.learn(fresh);
  }

  #dropAll() {
    const ids = [...this.#samples.keys()];
    this.#samples.clear();
    this.#tell();
    return this.#learning.forget(ids);
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}
