/** Work behind buttons and events, which nobody waits for: what goes wrong with it is said, and never only in the console. */
import { announce } from "./announce.js";
import { showStatus } from "./status.js";

/**
 * `work` (async or not) as a function that never rejects: `say(words)` is called with what went wrong; without it the line
 * at the foot says so.
 */
export function orSay(work, say = sayAtTheFoot) {
  return async (...args) => {
    try {
      return await work(...args);
    } catch (error) {
      console.warn(error);
      say(`That did not work: ${error?.message || error}`);
      return undefined;
    }
  };
}

function sayAtTheFoot(words) {
  showStatus(words);
  announce(words);
}
