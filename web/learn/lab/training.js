/**
 * A training run: asks Python for short slices of it, one after the other, whichever view is open.
 *
 * Between two slices the worker answers other calls, so drawings are read during training.
 *
 * Events: "state" (of `state`), "progress" (steps, tests), "made" (a new network).
 */
import { announce } from "../../ui/announce.js";

/** Milliseconds of a slice: about six updates a second, and no other call waits longer than this. */
const SLICE = 140;

export class Training extends EventTarget {
  #client;
  #loop = /** @type {Promise<void> | null} */ (null);

  /** "empty" (no network yet) | "paused" | "running" | "stopped" (cannot go on) */
  state = "empty";
  /** What was built, its `places` those of the tested among the lab's characters; null until then. */
  network = /** @type {{ labels: string, places: Uint32Array } | null} */ (null);
  /** [step, loss, accuracy] of each step, and what each test found. */
  steps = [];
  tests = [];
  epoch = 0;
  reason = "";

  constructor(client) {
    super();
    this.#client = client;
    client.addEventListener("lost", () => {
      if (this.state === "empty") return;
      this.reason = "Python stopped, and the network with it. Reset begins anew once Python is back.";
      this.#become("stopped");
    });
    addEventListener("beforeunload", (event) => {
      if (this.state === "running" || (this.state === "paused" && this.steps.length)) event.preventDefault();
    });
  }

  /** Begin with a network: `made` is what "learning.restart" or "learning.open_weights" returned. */
  begin(made) {
    this.network = made;
    this.steps = [];
    this.tests = [];
    this.epoch = 0;
    this.reason = "";
    this.#become("paused");
    this.dispatchEvent(new Event("made"));
  }

  start() {
    if (this.state !== "paused") return;
    this.#become("running");
    this.#loop ??= this.#run().finally(() => (this.#loop = null));
  }

  async pause() {
    if (this.state === "running") this.#become("paused");
    await this.#loop;
  }

  /** Exactly one step. */
  async step() {
    if (this.state !== "paused" || this.#loop) return;
    this.#loop = this.#ask(0, true).finally(() => (this.#loop = null));
    await this.#loop;
  }

  /** How well the network reads as it is: a test, and no step. */
  async measure() {
    const tests = await this.#client.call("learning.measure");
    this.tests.push(...tests);
    this.dispatchEvent(new Event("progress"));
  }

  async #run() {
    while (this.state === "running") await this.#ask(SLICE);
  }

  async #ask(milliseconds, one = false) {
    try {
      const { steps, tests, epoch, stopped } = await this.#client.call("learning.step", milliseconds, one);
      this.steps.push(...steps);
      this.tests.push(...tests);
      this.epoch = epoch;
      this.reason = stopped;
      if (stopped) this.#become("stopped");
      this.dispatchEvent(new Event("progress"));
    } catch (error) {
      if (this.#client.state === "ready") this.reason = `The training stopped: ${error.message}`;
      this.#become("stopped");
    }
  }

  #become(state) {
    if (state === this.state) return;
    this.state = state;
    if (state === "stopped") announce(this.reason);
    this.dispatchEvent(new Event("state"));
  }
}
