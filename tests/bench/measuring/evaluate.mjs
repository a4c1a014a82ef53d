/**
 * Runs Python in Pyodide and prints what its last expression is.
 *
 *   node evaluate.mjs PYODIDE NUMPY_WHEEL CHECKOUT SCRIPT
 */
import fs from "node:fs";
import { boot } from "./pyodide.mjs";

const [folder, wheel, checkout, script] = process.argv.slice(2);
const pyodide = await boot(folder, wheel, checkout);
console.log(String(pyodide.runPython(fs.readFileSync(script, "utf8"))));
process.exit(0); // Pyodide keeps Node waiting
