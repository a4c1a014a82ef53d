/** The worker: boots Python, then answers calls by name through `tab.call`, one after the other. */
import { boot } from "./boot.js";
import { buffersIn, checked, message } from "../protocol.js";

const started = performance.now();
let stage = "start";

const send = (type, fields, transfer = []) => postMessage(message(type, fields), { transfer });

// When a worker dies no event is fired, but its locks are released. (There are no locks over plain http.)
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
    // Errors of Python code are PythonErrors; any other means that the runtime itself is broken.
    if (error.name !== "PythonError") send("failed", { stage, message: "Python broke down.", detail: detailOf(error) });
  } finally {
    result?.destroy?.();
  }
}

/** The message of a Python traceback, without the exception's type. */
function lastLine(error) {
  const lines = String(error?.message ?? error)
    .trim()
    .split("\n");
  return lines[lines.length - 1].replace(/^[\w.]*(Error|Exception): /, "");
}

/** The Python traceback, or else the JavaScript error with its stack (in Firefox a stack does not hold the message). */
function detailOf(error) {
  return error?.name === "PythonError" ? error.message : `${error}\n${error?.stack ?? ""}`;
}
