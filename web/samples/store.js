/**
 * What the user keeps, on disk, in IndexedDB: one record each, under its id. Drawings, words and drafts have a database each.
 *
 * A database is there only if somebody asked for it: looking whether there is one leaves none behind.
 */
import { deleteDB, openDB } from "idb";
import { scoped } from "../ui/scope.js";

/** The only object store of each database. */
const SAMPLES = "samples";
/** The database of drawings; in versions that shared one with all other projects on their origin, its very name. */
const DRAWINGS = "inkling";

export class Store {
  #database;

  /** `isNew`: the database was made by this opening. */
  constructor(database, isNew) {
    this.#database = database;
    this.isNew = isNew;
  }

  /**
   * The database `name` of an earlier visit or of another tab, or null; with `create` a new one.
   * `onClosed` is called when the browser closes it under the page, as when the site's data are cleared.
   */
  static async open(name, create = false, onClosed = () => {}) {
    const before = name === DRAWINGS ? await unscoped() : null;
    const found = await opened(scoped(name), create || before !== null, onClosed);
    const store = found && new Store(found.database, found.isNew);
    if (before && store) {
      await store.put(before);
      await deleteDB(DRAWINGS);
    }
    return store;
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

  /** Whoever has it open closes it: see `blocking`. */
  static erase(name) {
    return deleteDB(scoped(name));
  }
}

/** What an earlier version kept, or null. */
async function unscoped() {
  const found = await opened(DRAWINGS, false);
  if (!found) return null;
  const isOurs = found.database.objectStoreNames.contains(SAMPLES);
  const samples = isOurs ? await found.database.getAll(SAMPLES) : null;
  found.database.close();
  return samples;
}

/** { database, isNew }, or null where there is none and none is to be made. */
async function opened(name, create, terminated = () => {}) {
  let isNew = false;
  try {
    const database = await openDB(name, 1, {
      upgrade(made, oldVersion, _newVersion, transaction) {
        isNew = oldVersion === 0;
        transaction.done.catch(() => {}); // opening itself tells of it
        if (isNew && !create) transaction.abort();
        else made.createObjectStore(SAMPLES, { keyPath: "id" });
      },
      // Another tab forgets everything: let it.
      blocking: (_current, _blocked, event) => /** @type {IDBDatabase} */ (event.target).close(),
      terminated,
    });
    return { database, isNew };
  } catch (error) {
    if (isNew && !create) return null;
    throw error;
  }
}
