/**
 * Reads single characters with inkling, in Pyodide, and with tesseract.js, taking turns.
 *
 *   node peers.mjs PYODIDE NUMPY_WHEEL CHECKOUT NODE_MODULES LABELS FOLDER
 *
 * FOLDER holds 0.png, 1.png, ..., the same as pictures.json ([height, width, grey in base64]), and inks.json.
 * Prints {reader: {answers: [text], milliseconds: [...]}} as JSON.
 */
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { boot } from "./pyodide.mjs";

const [folder, wheel, checkout, modules, labels, job] = process.argv.slice(2);
const { createWorker, OEM, PSM } = createRequire(path.join(modules, "x"))("tesseract.js");
const file = (name, encoding) => fs.readFileSync(path.join(job, name), encoding);

const pyodide = await boot(folder, wheel, checkout);
pyodide.globals.set("PICTURES", file("pictures.json", "utf8"));
pyodide.globals.set("INKS", file("inks.json", "utf8"));
pyodide.runPython(`
import base64, json
import numpy as np
from inkling import Recognizer
reader = Recognizer.load()
pictures = [np.frombuffer(base64.b64decode(grey), np.uint8).reshape(h, w) for h, w, grey in json.loads(PICTURES)]
inks = [[np.array(stroke, float) for stroke in ink] for ink in json.loads(INKS)]
best = lambda candidates: candidates[0].label if candidates else ""
read_ink = lambda i: best(reader.read(inks[i]))
read_picture = lambda i: best(reader.read_image(pictures[i]))
`);
const [readInk, readPicture] = ["read_ink", "read_picture"].map((name) => pyodide.globals.get(name));

async function tesseract(engine) {
  const options = { langPath: path.join(modules, "@tesseract.js-data/eng/4.0.0"), cacheMethod: "none" };
  const worker = await createWorker("eng", engine, options);
  await worker.setParameters({ tessedit_pageseg_mode: PSM.SINGLE_CHAR, tessedit_char_whitelist: labels });
  return async (i) => (await worker.recognize(file(`${i}.png`))).data.text.trim();
}

const readers = {
  ink: readInk,
  picture: readPicture,
  lstm: await tesseract(OEM.LSTM_ONLY),
  legacy: await tesseract(OEM.TESSERACT_ONLY),
};
const results = Object.fromEntries(Object.keys(readers).map((name) => [name, { answers: [], milliseconds: [] }]));
for (const read of Object.values(readers)) await read(0); // warms up
for (let i = 0; fs.existsSync(path.join(job, `${i}.png`)); i++) {
  for (const [name, read] of Object.entries(readers)) {
    const started = performance.now();
    results[name].answers.push(await read(i));
    results[name].milliseconds.push(performance.now() - started);
  }
}
console.log(JSON.stringify(results));
process.exit(0); // Pyodide keeps Node waiting
