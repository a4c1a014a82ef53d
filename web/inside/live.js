/**
 * Follows the pen: asks Python for the maps of the newest ink, one request at a time, and only for the steps that some
 * part of the view shows.
 *
 * Events: "seen" after every answer, "empty" when there is no ink, "rest" when the pen has rested after "seen",
 * "described" when teaching has changed the network's labels, "failed" when Python could not be asked (`problem` says why),
 * "scale" when the scale of the maps' colours was changed.
 */
import { newestWins } from "../python/newest-wins.js";
import { SIDE } from "../ink/ink.js";
import { orSay } from "../ui/or-say.js";
import { atRest } from "./dom.js";

const REST = 300;

/** The share of the pad that an opened picture fills, as in ink/painter.js. */
const PICTURE_SHARE = 0.92;

export class Live extends EventTarget {
  #wanted = new Map();
  #rest = atRest(REST, () => this.isOpen && this.best && !this.ink.live && this.dispatchEvent(new Event("rest")));

  /** The last answer: maps by step; the network's best labels; what Read answers; where the picture lies on the pad. */
  maps = new Map();
  best = null;
  answer = null;
  frame = null;
  updates = 0;
  /** Why there is nothing to see in what is on the pad, in words; "" when the pad is empty. */
  nothing = "";
  /** What kept the last look from its answer, in words; "" if nothing did. */
  problem = "";
  /** Whether each map has a scale of colours of its own: see scale.js. */
  isEachOwn = false;
  /** Whether the view is open; while it is not, nothing is asked and no event sent. */
  isOpen = false;

  /** `description` is what "inside.describe" returned. */
  constructor(client, ink, description) {
    super();
    this.client = client;
    this.ink = ink;
    this.steps = [];
    this.#take(description);
    this.ask = orSay(newestWins(() => this.#look()));
    ink.addEventListener("change", () => this.isOpen && this.ask());
  }

  open() {
    this.isOpen = true;
    this.ask();
  }

  close() {
    this.isOpen = false;
  }

  /** Try again after a failure: Python that is gone for good is started anew, which asks by itself once it is up. */
  again() {
    if (this.client.state === "failed") this.client.start(true);
    else this.ask();
  }

  /** `who` needs the maps of these steps from now on; none with an empty list. */
  show(who, steps) {
    const before = this.#wanted.get(who) ?? [];
    this.#wanted.set(who, steps);
    if (this.isOpen && steps.some((step) => !before.includes(step))) this.ask();
  }

  /** The labels of a step's units, if they stand for labels; otherwise []. */
  namesOf(step) {
    const { kind, shape } = this.steps[step];
    const isNamed = kind === "softmax" || (kind === "dense" && shape[0] === this.outputs.length);
    return isNamed ? this.outputs.slice(0, shape[0]) : [];
  }

  call(door, ...args) {
    return this.client.call(`inside.${door}`, ...args);
  }

  async #look() {
    if (!this.isOpen) return;
    if (this.ink.isEmpty) return this.#nothing();
    const wanted = [...new Set([...this.#wanted.values()].flat())].sort((a, b) => a - b);
    let seen;
    try {
      seen = await this.#trace(wanted);
    } catch (error) {
      if (this.client.state !== "ready") return this.#fail(error.message);
      seen = { empty: true, problem: error.message };
    }
    if (!this.isOpen) return;
    if (seen.empty || this.ink.isEmpty) return this.#nothing(seen.problem);
    if (seen.outputs !== this.outputs.join("")) {
      this.#take(await this.call("describe"));
      this.dispatchEvent(new Event("described"));
      return this.ask();
    }
    let at = 0;
    this.maps = new Map(
      wanted.map((step) => {
        const size = this.steps[step].shape.reduce((product, length) => product * length, 1);
        return [step, seen.maps.subarray(at, (at += size))];
      }),
    );
    this.best = seen.best;
    this.problem = "";
    this.answer = seen.answer;
    this.frame = seen.frame;
    this.milliseconds = seen.milliseconds;
    this.updates += 1;
    this.dispatchEvent(new Event("seen"));
    this.#rest();
  }

  async #trace(wanted) {
    const { picture } = this.ink;
    if (!picture) {
      const { points, lengths } = this.ink.flatten();
      return this.call("look", points, lengths, wanted, this.ink.lines);
    }
    const { data, width, height } = picture;
    const seen = await this.call("look_at_picture", new Uint8Array(data), height, width, wanted);
    if (seen.empty) return seen;
    // From pixels of the picture to units of the pad, where ink/painter.js draws it.
    const zoom = (PICTURE_SHARE * SIDE) / Math.max(width, height);
    const [x, y, pixels] = seen.frame;
    return { ...seen, frame: [SIDE / 2 + (x - width / 2) * zoom, SIDE / 2 + (y - height / 2) * zoom, pixels / zoom] };
  }

  #take({ labels, outputs, steps }) {
    this.labels = labels;
    this.outputs = [...outputs];
    this.steps.splice(0, Infinity, ...steps);
  }

  #nothing(words = "") {
    this.maps = new Map();
    this.best = null;
    this.problem = "";
    this.nothing = words;
    this.dispatchEvent(new Event("empty"));
  }

  #fail(problem) {
    this.problem = problem;
    this.dispatchEvent(new Event("failed"));
  }
}
