/** Times the functions of doors.py where they run. */
import { boot } from "../python/worker/boot.js";

try {
  const { pyodide, boot: way, reason } = await boot(() => {});
  if (way !== "snapshot") throw new Error(`no boot from the snapshot: ${reason}`);
  const doors = pyodide.toPy({});
  for (const name of ["classic.py", "doors.py"]) {
    pyodide.runPython(await (await fetch(`bench/${name}`)).text(), { globals: doors });
  }
  const call = doors.get("call");
  const answer = (door, args) => {
    const result = call(door, args);
    const value = result.toJs({ dict_converter: Object.fromEntries });
    result.destroy();
    return value;
  };
  addEventListener("message", ({ data }) => {
    try {
      const started = performance.now();
      const logits = answer(data.door, data.args);
      postMessage({ logits, milliseconds: performance.now() - started });
    } catch (error) {
      postMessage({ error: String(error) });
    }
  });
  postMessage({ ready: true });
} catch (error) {
  postMessage({ error: String(error?.stack ?? error) });
}
