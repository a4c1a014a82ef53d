/** What py/building/assets.py writes into python/assets/table.js: where the big files lie, and what Pyodide starts with. */

/** Of each asset by its name: its address as seen from the top of the app's folder, and what it must be. */
export const table: Record<string, { url: string; bytes: number; sha256: string }>;

/** numpy's dynamic libraries in the order to load them: where each lies in Pyodide, and its length in bytes. */
export const libraries: [path: string, bytes: number][];

/** A lock file without packages. */
export const lock: object;

/** What arrives when a view opens, by the module of py/tab that it calls: assets with its Python, and those of weights/. */
export const later: Record<string, { sources: string; weights: string[] }>;

/** The page's own Python that a first visit needs: paths in the checkout. */
export const sources: string[];
