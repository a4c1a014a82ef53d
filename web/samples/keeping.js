/**
 * What is kept on this device, and what other tabs of this page keep: one disk, and a channel on which tabs tell
 * each other that it changed.
 *
 * Nothing is dropped here that has not been seen on the disk before; what is not on the disk counts as unsaved.
 */
import { scoped } from "../ui/scope.js";
import { Store } from "./store.js";

export class Keeping {
  #tab;
  #store = /** @type {Store | null} */ (null);
  #isWanted = false; // somebody asked to keep, here, in another tab or on an earlier visit
  #onDisk = new Map(); // label by id, of what was last seen there
  #unremoved = new Set(); // ids that are gone here, and perhaps not there
  #channel;
  #kind;
  #era = 0; // how often everything was forgotten: what was read from the disk before that is no more
  #changes = 0; // how often samples came or went here: what is read from the disk meanwhile may not tell of it

  #failure = /** @type {Error | null} */ (null); // what went wrong last: an Error

  /**
   * `tab` holds `samples` (a Map by id of { id, label, ... }; another `label` is another record), `take(samples, goneIds)`,
   * `dropAll()`, `tell()`. `kind` is { name: of the database, noun: what one of them is called }.
   */
  constructor(tab, kind) {
    this.#tab = tab;
    this.#kind = kind;
    this.#channel = new BroadcastChannel(scoped(`${kind.name}-samples`));
    this.#channel.addEventListener("message", ({ data }) => this.#follow(data));
  }

  /** What went wrong, for people; "" if nothing. */
  get problem() {
    return this.#failure ? wordsFor(this.#failure, this.unsaved, this.#kind.noun) : "";
  }

  get isKept() {
    return this.#store !== null;
  }

  /** Samples that are in this tab only; without a disk nobody can tell what is on it. */
  get unkept() {
    const all = [...this.#tab.samples.values()];
    return this.#store ? all.filter((sample) => this.#isUnkept(sample)) : all;
  }

  /** Of these, how many should be on the disk. */
  get unsaved() {
    return this.#isWanted ? this.unkept.length : 0;
  }

  #isUnkept = ({ id, label }) => this.#onDisk.get(id) !== label;

  /** What an earlier visit kept. */
  async load() {
    await this.#trying(() => this.#meet());
  }

  /** From now on everything is kept; also to try again what failed. */
  async keep() {
    this.#isWanted = true;
    await this.#writing(async () => {
      await this.#open(true);
      navigator.storage?.persist?.().catch(() => {}); // better kept than cleared away, but not for us to insist
      await this.#meet();
    });
  }

  async save(samples) {
    this.#changes += 1;
    const store = this.#store;
    if (store) await this.#writing(() => this.#put(store, samples));
  }

  async remove(ids) {
    this.#changes += 1;
    for (const id of ids) if (this.#onDisk.has(id)) this.#unremoved.add(id);
    const store = this.#store;
    if (store) await this.#writing(() => this.#remove(store, ids));
  }

  /** Forget everything, on disk and in other tabs. */
  async forget() {
    this.#reset();
    this.#channel.postMessage("forgotten");
    await Store.erase(this.#kind.name);
  }

  #reset() {
    this.#store = null;
    this.#isWanted = false;
    this.#onDisk.clear();
    this.#unremoved.clear();
    this.#era += 1;
    this.#failure = null;
  }

  async #open(create = false) {
    if (this.#store) return;
    const era = this.#era;
    const store = await Store.open(this.#kind.name, create, () => this.#closed(store));
    if (!store || era !== this.#era) return;
    this.#store = store;
    this.#isWanted = true;
    if (store.isNew) this.#onDisk.clear(); // whatever was there before is gone
  }

  /** The browser closed the database under the page, and perhaps it is gone. */
  async #closed(store) {
    if (!store || store !== this.#store) return;
    this.#store = null;
    this.#failure = new Error("it was closed from outside");
    this.#tab.tell();
    await this.keep();
  }

  async #put(store, samples) {
    await store.put(samples);
    for (const { id, label } of samples) this.#onDisk.set(id, label);
  }

  async #remove(store, ids) {
    await store.remove(ids);
    for (const id of ids) {
      this.#onDisk.delete(id);
      this.#unremoved.delete(id);
    }
  }

  /** This tab and the disk, if there is something on it, get what the other has; nothing comes back that is forgotten meanwhile. */
  async #meet() {
    const era = this.#era;
    try {
      await this.#open();
      const store = this.#store;
      if (!store || era !== this.#era) return;
      let failure = null;
      const { unkept } = this;
      try {
        if (this.#unremoved.size) await this.#remove(store, [...this.#unremoved]);
        if (unkept.length) {
          await this.#put(store, unkept);
          this.#channel.postMessage("changed");
        }
      } catch (error) {
        failure = error; // the disk is full, say; what is on it can be read
      }
      let stored, changes;
      do {
        changes = this.#changes;
        stored = await store.all();
      } while (changes !== this.#changes && era === this.#era);
      if (era === this.#era) this.#merge(stored);
      if (failure) throw failure;
    } catch (error) {
      if (era === this.#era) throw error;
    }
  }

  /** Samples of the disk into this tab, and out of it those that were there and are not any more. */
  #merge(stored) {
    const there = stored.filter(({ id }) => !this.#unremoved.has(id));
    const ids = new Set(there.map(({ id }) => id));
    const here = this.#tab.samples;
    const gone = [...here.keys()].filter((id) => this.#onDisk.has(id) && !ids.has(id));
    const isNews = ({ id, label }) => !here.has(id) || (here.get(id).label !== label && !this.#isUnkept(here.get(id)));
    const fresh = there.filter(isNews);
    this.#onDisk = new Map(there.map(({ id, label }) => [id, label]));
    this.#tab.take(fresh, gone);
  }

  async #follow(message) {
    if (message === "forgotten") {
      this.#reset();
      this.#tab.dropAll();
      return;
    }
    await this.#trying(() => this.#meet());
  }

  /** Something for the disk, told to the other tabs. */
  async #writing(work) {
    if (await this.#trying(work)) this.#channel.postMessage("changed");
  }

  /** Something with the disk, which may be full, forbidden or closed: said, and nothing is lost. Resolves to whether it went well. */
  async #trying(work) {
    const era = this.#era;
    try {
      try {
        await work();
      } catch (error) {
        if (error?.name !== "InvalidStateError") throw error;
        this.#store = null; // closed under the page: with another one, which gets all that is not on it
        this.#tab.tell();
        await this.#open(true);
        await this.#meet();
      }
      this.#failure = null;
      return true;
    } catch (error) {
      if (era === this.#era) this.#failure = error;
      return false;
    } finally {
      this.#tab.tell();
    }
  }
}

function wordsFor(error, unsaved, noun) {
  if (error?.name === "QuotaExceededError") {
    const what = unsaved === 1 ? `1 ${noun} is` : `${unsaved} ${noun}s are`;
    return `This device has no room left: ${what} only in this tab. Export them, or make room and try again.`;
  }
  const why = error?.message || error;
  return `This browser does not let the page keep ${noun}s (${why}). They stay in this tab; export them before you close it.`;
}
