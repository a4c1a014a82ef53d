/** The worker: boots Python, then answers calls by name through `tab.call`, one after the other. */
import { boot } from "./boot.js";
import { buffersIn, checked, message } from "../protocol.js";

const started = performance.now();
let stage = "start";

const send = (type, fields, transfer = []) => postMessage(message(type, fields), { transfer });

// A worker that dies tells nobody, but lets go of its locks. (Pages that are not secure have none.)
if (navigator.locks) {
  const lock = `inkling ${crypto.randomUUID()}`;
  const tell = () => {
    send("alive", { lock });
    return new Promise(() => {});
  };
  navigator.locks.request(lock, tell).catch(() => {});
}

try {
  const {
    pyodide,
    boot: way,
    reason,
  } = await boot((progress) => {
    stage = progress.name;
    send("progress", progress);
  });
  const call = pyodide.pyimport("tab").call;
  addEventListener("message", ({ data }) => {
    if (checked(data).type === "call") answer(call, data);
  });
  send("ready", { boot: way, reason: reason ?? "", milliseconds: performance.now() - started });
} catch (error) {
  send("failed", { stage, message: lastLine(error), detail: detailOf(error) });
}

function answer(call, { id, name, args }) {
  let result;
  try {
    result = call(name, args);
    const value = result?.toJs ? result.toJs({ dict_converter: Object.fromEntries }) : result;
    send("result", { id, value }, buffersIn(value));
  } catch (error) {
    send("error", { id, message: lastLine(error), detail: detailOf(error) });
    // Python tells of its errors; what is not Python's own has broken the runtime for good.
    if (error.name !== "PythonError") send("failed", { stage, message: "Python broke down.", detail: detailOf(error) });
  } finally {
    result?.destroy?.();
  }
}

/** Of a Python traceback, what it comes down to: "ValueError: ink must be ..." without the type. */
function lastLine(error) {
  const lines = String(error?.message ?? error)
    .trim()
    .split("\n");
  return lines.at(-1).replace(/^[\w.]*(Error|Exception): /, "");
}

/** The Python traceback if there is one, else where in JavaScript it happened (Firefox leaves the words out there). */
function detailOf(error) {
  return error?.name === "PythonError" ? error.message : `${error}\n${error?.stack ?? ""}`;
}
