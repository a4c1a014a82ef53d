/**
 * Drawings on disk, in IndexedDB: one record each, under its id.
 *
 * The database is there only if somebody asked for it: looking whether there is one leaves none behind.
 */
import { deleteDB, openDB } from "idb";

const NAME = "inkling";
const SAMPLES = "samples";

export class Store {
  #database;

  constructor(database) {
    this.#database = database;
  }

  /** The database of an earlier visit or of another tab, or null; with `create` a new one. */
  static async open(create = false) {
    let isNew = false;
    try {
      const database = await openDB(NAME, 1, {
        upgrade(made, oldVersion, _newVersion, transaction) {
          isNew = oldVersion === 0;
          transaction.done.catch(() => {}); // opening itself tells of it
          if (isNew && !create) transaction.abort();
          else made.createObjectStore(SAMPLES, { keyPath: "id" });
        },
        // Another tab forgets everything: let it.
        blocking: (_current, _blocked, event) => /** @type {IDBDatabase} */ (event.target).close(),
      });
      return new Store(database);
    } catch (error) {
      if (isNew && !create) return null;
      throw error;
    }
  }

  all() {
    return this.#database.getAll(SAMPLES);
  }

  /** All of them or none: a full disk leaves no half. */
  async put(samples) {
    const transaction = this.#database.transaction(SAMPLES, "readwrite");
    try {
      await Promise.all([...samples.map((sample) => transaction.store.put(sample)), transaction.done]);
    } catch (error) {
      transaction.done.catch(() => {}); // told once is enough
      throw transaction.error ?? error;
    }
  }

  async remove(ids) {
    const transaction = this.#database.transaction(SAMPLES, "readwrite");
    await Promise.all([...ids.map((id) => transaction.store.delete(id)), transaction.done]);
  }

  async erase() {
    this.#database.close();
    await deleteDB(NAME);
  }
}
