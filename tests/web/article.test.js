/** A figure of the article, on a page that a test plays. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Part } from "./page.js";

const { connectArticle } = await import("../../web/inside/article.js");
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("a figure that failed is not tried again for a drawing that is gone, and no longer complains", async () => {
  let asked = 0;
  const live = Object.assign(new EventTarget(), {
    steps: [],
    best: [["A", 1]],
    problem: "",
    show() {},
    async call() {
      asked += 1;
      throw new Error("Python stopped.");
    },
  });
  let problem;
  const place = Object.assign(new Part(), { after: (made) => (problem = made) });
  const holder = Object.assign(new Part(), { dataset: { figure: "shifted" }, querySelector: () => place });
  document.querySelectorAll = () => [holder];
  connectArticle(live);
  await turn();
  const [words, , button] = problem.children;
  assert.match(words.textContent, /Python stopped/);
  assert.equal(asked, 1);
  live.best = null;
  button.dispatchEvent(new Event("click"));
  await turn();
  assert.deepEqual([asked, problem.children, holder.dataset.state], [1, [], ""]);
});
