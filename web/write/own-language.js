/** The words of one's own, counted by the language: told to Python whenever it can read words, and whenever they change. */
import { newestWins } from "../python/newest-wins.js";
import { orSay } from "../ui/or-say.js";

export function teachOwnWords(client, reading, ownWords) {
  let told = "[]"; // what this Python knows

  const tell = newestWins(async () => {
    const news = JSON.stringify(ownWords.counts);
    if (reading.state !== "ready" || client.state !== "ready" || news === told) return;
    await client.call("writing.learn_words", ownWords.counts);
    told = news;
  });
  reading.addEventListener("change", () => {
    if (reading.state !== "ready") told = "[]";
    else orSay(tell)();
  });
  ownWords.addEventListener("change", () => orSay(tell)());
}
