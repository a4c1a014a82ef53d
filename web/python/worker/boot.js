/** Boots Python from the snapshot, or in the ordinary way if that fails. */
import { Downloads } from "../assets/downloads.js";
import { bootPlain, STAGES as PLAIN } from "./boot-plain.js";
import { bootSnapshot, STAGES as SNAPSHOT } from "./boot-snapshot.js";

const NO_WEBASSEMBLY =
  "This browser does not run WebAssembly, which Python needs. It may be switched off, as in iOS's Lockdown Mode: allow it for this page, or open the page in another browser.";

/**
 * `report({stage, stages, name, loaded, total})` gets the progress. Resolves to {pyodide, boot, reason}, with
 * boot "snapshot" or "plain" and the reason why not from the snapshot. `way` "plain" asks for the ordinary boot.
 */
export async function boot(report, way = self.name) {
  if (!globalThis.WebAssembly) throw new Error(NO_WEBASSEMBLY);
  let progress = { loaded: 0, total: 0 };
  const assets = new Downloads((loaded, total) => report((progress = { ...progress, loaded, total })));
  const entering = (stages) => (stage) =>
    report((progress = { stage, stages: stages.length, name: stages[stage - 1], loaded: 0, total: 0 }));

  let reason = "asked for";
  if (way !== "plain") {
    try {
      return { pyodide: await bootSnapshot(assets, entering(SNAPSHOT)), boot: "snapshot", reason: "" };
    } catch (error) {
      [reason] = error.message.split("\n");
    }
  }
  return { pyodide: await bootPlain(assets, entering(PLAIN)), boot: "plain", reason };
}
