/** The user's own words, { id: the word, label: its count as text, word, count }: those that he put right, for the language to count. */
import { recordOf, wordIn } from "./own-lines.js";
import { Shelf } from "./shelf.js";

/** Of one word so many are counted: beyond, it would be read into everything. */
const MOST = 20;

export class OwnWords extends Shelf {
  /** Whoever keeps drawings, which is one switch, keeps words. */
  constructor(samples) {
    super({ name: "inkling-words", noun: "word" });
    const follow = () => this.all.length && samples.isKept && !this.isKept && this.keep();
    for (const shelf of [samples, this]) shelf.addEventListener("change", follow);
  }

  /** [[word, count], ...], as Python learns them. */
  get counts() {
    return this.all.map(({ word, count }) => [word, count]);
  }

  /** Count words once more; returns those that are words. */
  count(words) {
    const counted = words.map(wordIn).filter(Boolean);
    for (const word of counted) this.add([recordOf(word, Math.min(MOST, (this.get(word)?.count ?? 0) + 1))]);
    return counted;
  }

  /** Count words once less. */
  uncount(words) {
    for (const word of words) {
      const count = (this.get(word)?.count ?? 0) - 1;
      if (count > 0) this.add([recordOf(word, count)]);
      else this.remove([word]);
    }
  }
}
