/**
 * Follows what is explained, its subject: asks Python for the maps of the newest ink or photograph, one request at a time, and
 * only for the steps that some part of the view shows.
 *
 * Events: "seen" after every answer, "empty" when there is nothing to look into, "rest" when the subject has rested after
 * "seen", "changed" when the subject is, "described" when the network is another, as after teaching, "failed" when Python could not be asked (`problem` says
 * why), "scale" when the scale of the maps' colours was changed.
 *
 * A subject has what is told apart in ink.js and photo/subject.js:
 *   name, module (of py/tab), source (an Ink: it has isEmpty, and tells of its changes by "change"), isMoving
 *   look(call, wanted)   what Python makes of it: `wanted` steps' maps, and where its picture lies on the pad (`frame`)
 *   planes, tints        the channels of the network's input by name, and in colours of their own, if they have any
 *   Picture              paints all of the input as a person sees it: see pictures.js
 *   outlineOf(input)     which pixels are marked so that the thing can be recognised
 *   answered(answer, best), words
 */
import { newestWins } from "../python/newest-wins.js";
import { orSay } from "../ui/or-say.js";
import { atRest } from "./dom.js";

const REST = 300;

export class Live extends EventTarget {
  #wanted = new Map();
  #rest = atRest(REST, () => this.isOpen && this.best && !this.subject.isMoving && this.dispatchEvent(new Event("rest")));

  /** The last answer: maps by step; the network's best labels; what is answered; where the picture lies on the pad. */
  maps = new Map();
  best = /** @type {[string, number][] | null} */ (null);
  answer = /** @type {{ label: string, probability: number, confident: boolean } | null} */ (null);
  frame = /** @type {[number, number, number] | null} */ (null);
  updates = 0;
  /** Why there is nothing to see in what is there, in words; "" when there is nothing. */
  nothing = "";
  /** What kept the last look from its answer, in words; "" if nothing did. */
  problem = "";
  /** Whether each map has a scale of colours of its own: see scale.js. */
  isEachOwn = false;
  /** Whether the view is open; while it is not, nothing is asked and no event sent. */
  isOpen = false;

  /** `description` is what Python's `describe` returned for the subject. */
  constructor(client, subject, description) {
    super();
    this.client = client;
    this.steps = [];
    this.ask = orSay(newestWins(() => this.#look()));
    this.#take(subject, description);
  }

  open() {
    this.isOpen = true;
    this.ask();
  }

  close() {
    this.isOpen = false;
  }

  /** Explain another subject from now on. */
  turnTo(subject, description) {
    this.#take(subject, description);
    this.#nothing();
    this.dispatchEvent(new Event("described"));
    this.ask();
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

  /** The colours of a step's maps, where they have their own. */
  tintsOf(step) {
    return step === 0 ? this.subject.tints : null;
  }

  call(door, ...args) {
    return this.client.call(`${this.subject.module}.${door}`, ...args);
  }

  async #look() {
    if (!this.isOpen) return;
    const { subject } = this;
    if (subject.source.isEmpty) return this.#nothing();
    const wanted = [...new Set([...this.#wanted.values()].flat())].sort((a, b) => a - b);
    let seen;
    try {
      seen = await subject.look((door, ...args) => this.call(door, ...args), wanted);
    } catch (error) {
      if (this.client.state !== "ready") return this.#fail(error.message);
      seen = { empty: true, problem: error.message };
    }
    if (!this.isOpen || subject !== this.subject) return;
    if (seen.empty || subject.source.isEmpty) return this.#nothing(seen.problem);
    if (seen.outputs !== this.outputs.join("")) {
      this.#take(subject, await this.call("describe"));
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

  #take(subject, { labels, outputs, steps }) {
    if (subject !== this.subject) {
      this.subject?.source.removeEventListener("change", this.#follow);
      subject.source.addEventListener("change", this.#follow);
    }
    this.subject = subject;
    this.labels = labels;
    this.outputs = outputs;
    this.steps.splice(0, Infinity, ...steps);
  }

  #follow = () => {
    this.dispatchEvent(new Event("changed"));
    if (this.isOpen) this.ask();
  };

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
