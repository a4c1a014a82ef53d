/**
 * The page's end of the worker: starts it, restarts it, and calls Python functions by name.
 *
 * Events, each with the message in `detail`: "progress" and "ready"; "failed" when Python could not start; "lost" when a
 * running Python died and its state is gone. On "lost" it is already being restarted, unless it died again too soon.
 */
import { buffersIn, checked, message } from "./protocol.js";
import { startWorker } from "./page/start.js";

/** Seconds without any message, while it starts or a call is pending, after which the worker counts as hung. */
const PATIENCE = 60;
/** The same where longer is no sign of that, by the module of the call that is being answered; "" while it starts. */
const LONG = { "": 120, learning: 300 };
/** Milliseconds after an automatic restart within which another death is not restarted again. */
const RELAPSE = 60_000;

export class Client extends EventTarget {
  #worker = /** @type {Worker | null} */ (null);
  #calls = new Map();
  #lastId = 0;
  #silence = 0;
  #revived = -Infinity;

  /** "booting" | "ready" | "failed" */
  state = "booting";

  constructor() {
    super();
    setInterval(() => this.#tick(), 1000);
  }

  /** Start the worker; `isAnew` after a failure. */
  start(isAnew = false) {
    this.#stop("Python is being started again.");
    this.state = "booting";
    let worker;
    try {
      worker = startWorker(isAnew);
    } catch (error) {
      this.#fail({ stage: "worker", message: "This browser did not let the page start a worker.", detail: String(error) });
      return;
    }
    worker.onmessage = ({ data }) => {
      if (worker === this.#worker) this.#receive(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (worker !== this.#worker) return;
      const detail = event.message ? `${event.message} (${event.filename}:${event.lineno})` : "";
      this.#end({ stage: "worker", message: "The worker that runs Python did not load.", detail });
    };
    this.#worker = worker;
  }

  /** Call a Python function of py/tab, as "module.function". Rejects with an Error whose `detail` is the traceback. */
  call(name, ...args) {
    if (this.state === "booting") return Promise.reject(new Error("Python is still starting: try again in a moment."));
    const worker = this.#worker;
    if (this.state === "failed" || !worker) return Promise.reject(new Error("Python is not running: press Retry in Read."));
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      worker.postMessage(message("call", { id, name, args }), buffersIn(args));
      this.#calls.set(id, { name, resolve, reject }); // not before: what cannot be sent is not waited for
    });
  }

  #receive(data) {
    this.#silence = 0;
    try {
      checked(data);
    } catch ({ message: detail }) {
      return this.#misunderstand(data, detail);
    }
    if (data.type === "wants") return; // for preload.js
    if (data.type === "alive") return this.#watch(data.lock);
    if (data.type === "failed") return this.#end(data);
    if (data.type === "ready") this.state = "ready";
    if (data.type === "ready" || data.type === "progress") {
      this.dispatchEvent(new CustomEvent(data.type, { detail: data }));
      return;
    }
    const call = this.#calls.get(data.id);
    this.#calls.delete(data.id);
    if (data.type === "result") call?.resolve(data.value);
    else call?.reject(Object.assign(new Error(data.message), { detail: data.detail }));
  }

  /** An answer that is none rejects its call; whatever else cannot be understood is the end of the worker. */
  #misunderstand(data, detail) {
    const problem = "Python's answer was not what it should be.";
    const call = this.#calls.get(data?.id);
    this.#calls.delete(data?.id);
    if (call) call.reject(Object.assign(new Error(problem), { detail }));
    else this.#end({ stage: "worker", message: problem, detail });
  }

  /** The worker holds a lock as long as it lives; when this request is granted, it is dead. */
  #watch(lock) {
    const worker = this.#worker;
    const tell = () =>
      worker === this.#worker && this.#end({ stage: "worker", message: "Python was stopped while it started.", detail: "" });
    navigator.locks.request(lock, tell).catch(() => {}); // rejected when the page is left
  }

  /** Runs every second. Ticks are counted instead of reading a clock, so that time in standby does not count. */
  #tick() {
    const [oldest] = this.#calls.values(); // calls are answered one after the other
    const isStarting = this.state === "booting" && this.#worker;
    if (!oldest && !isStarting) this.#silence = 0;
    else if (!document.hidden) this.#silence += 1;
    if (this.#silence < (LONG[oldest ? oldest.name.split(".")[0] : ""] ?? PATIENCE)) return;
    const message = isStarting
      ? "Python did not come up: nothing was heard of it any more."
      : "Python did not answer any more.";
    this.#end({ stage: "worker", message, detail: "" });
  }

  /** The worker is unusable. A running one is restarted at once; one that failed to boot waits for the user's Retry. */
  #end(problem) {
    if (this.state === "ready") {
      const isRelapse = performance.now() - this.#revived < RELAPSE;
      if (isRelapse) this.#fail({ ...problem, message: "Python stopped, was started again, and stopped once more." });
      else {
        this.#revived = performance.now();
        this.start();
      }
      this.dispatchEvent(new CustomEvent("lost", { detail: problem }));
    } else this.#fail(problem);
  }

  #fail(problem) {
    this.#stop(problem.message);
    this.state = "failed";
    this.dispatchEvent(new CustomEvent("failed", { detail: problem }));
  }

  #stop(reason) {
    this.#worker?.terminate();
    this.#worker = null;
    this.#silence = 0;
    for (const { reject } of this.#calls.values()) reject(new Error(reason));
    this.#calls.clear();
  }
}
