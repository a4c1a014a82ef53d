/**
 * The user's own drawings (see sample.js): held in this tab, learned by Python, and kept on this device once the user
 * says so.
 *
 * Events: "change" (samples, or what is known of keeping them), "learned" (the recogniser reads differently now).
 */
import { Learning } from "./learning.js";
import { Shelf } from "./shelf.js";

export class Samples extends Shelf {
  #learning;

  constructor(client) {
    super({ name: "inkling", noun: "drawing" });
    this.#learning = new Learning(
      client,
      ({ id }) => this.get(id) !== undefined,
      () => {
        this.dispatchEvent(new Event("change"));
        this.dispatchEvent(new Event("learned"));
      },
    );
    client.addEventListener("ready", () => this.#learning.learn(this.all));
  }

  get problem() {
    return super.problem || this.#learning.problem;
  }

  /** How many there are of each label. */
  get counts() {
    const counts = new Map();
    for (const { label } of this.all) counts.set(label, (counts.get(label) ?? 0) + 1);
    return counts;
  }

  async took(samples, gone) {
    await Promise.all([this.#learning.forget(gone), this.#learning.learn(samples)]);
  }
}
