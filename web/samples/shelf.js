/**
 * Records of one kind, { id, label, ... }, that the user may keep: held in this tab, and on this device once the user says so.
 * Another `label` is another state of the same record.
 *
 * Event: "change" (records, or what is known of keeping them).
 */
import { Keeping } from "./keeping.js";

export class Shelf extends EventTarget {
  #records = new Map();
  #keeping;

  /** `kind` is { name: of the database, noun: what one of them is called }. */
  constructor(kind) {
    super();
    this.#keeping = new Keeping(
      {
        samples: this.#records,
        take: (fresh, gone) => this.#put(fresh, gone),
        dropAll: () => this.#put([], [...this.#records.keys()]),
        tell: () => this.#tell(),
      },
      kind,
    );
    this.loaded = this.#keeping.load();
  }

  get all() {
    return [...this.#records.values()];
  }

  get(id) {
    return this.#records.get(id);
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
    return this.#keeping.problem;
  }

  /** Take records, new ones or others in place of those with the same ids. Resolves when they are taken in, and kept. */
  async add(records) {
    await Promise.all([this.#put(records, []), this.#keeping.save(records)]);
  }

  /** Let go of records; returns at once those that went, so that it can be undone. */
  remove(ids) {
    const gone = ids.map((id) => this.#records.get(id)).filter(Boolean);
    this.#put([], ids);
    this.#keeping.remove(ids);
    return gone;
  }

  /** Keep everything on this device from now on; also to try again what could not be kept. */
  keep() {
    return this.#keeping.keep();
  }

  /** Forget everything, here, on disk and in other tabs. */
  async forgetAll() {
    const done = this.#put([], [...this.#records.keys()]);
    await this.#keeping.forget();
    this.#tell();
    await done;
  }

  /** For whoever derives from this: what else is to be done with `records` that came, and with the ids of those that are gone. */
  async took(_records, _gone) {}

  #put(records, gone) {
    for (const id of gone) this.#records.delete(id);
    for (const record of records) this.#records.set(record.id, record);
    this.#tell();
    return this.took(records, gone);
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}
