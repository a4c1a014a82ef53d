/** What page and worker say to each other, and when the page asks. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { newestWins } from "../../web/python/newest-wins.js";
import { buffersIn, checked, message } from "../../web/python/protocol.js";

const MESSAGES = {
  call: { id: 1, name: "reading.read", args: [] },
  loading: { name: "snapshot", loaded: 0 },
  part: { name: "snapshot", content: new Uint8Array(2) },
  missing: { name: "snapshot", reason: "gone" },
  wants: { name: "snapshot" },
  result: { id: 1, value: null },
  error: { id: 1, message: "no", detail: "" },
  alive: { lock: "a lock" },
  progress: { stage: 1, stages: 3, name: "Downloading", loaded: 0, total: 9 },
  ready: { boot: "plain", reason: "", milliseconds: 1.5 },
  failed: { stage: "start", message: "no", detail: "" },
};

test("a message is its type and its fields, and comes through the check as it is", () => {
  for (const [type, fields] of Object.entries(MESSAGES)) {
    const made = message(type, fields);
    assert.deepEqual(made, { type, ...fields });
    assert.equal(checked(made), made);
  }
});

test("a field that is missing or of another kind is named", () => {
  for (const [type, fields] of Object.entries(MESSAGES)) {
    for (const field of Object.keys(fields).filter((name) => name !== "value")) {
      for (const wrong of [undefined, new Date(NaN)]) {
        assert.throws(() => checked({ type, ...fields, [field]: wrong }), {
          name: "TypeError",
          message: new RegExp(`"${type}".*${field}`),
        });
      }
    }
  }
  for (const stranger of [null, undefined, 5, {}, { type: "toString" }, { type: "nonsense" }])
    assert.throws(() => checked(stranger), TypeError);
});

test("counts are whole and not negative", () => {
  for (const loaded of [-1, 0.5, NaN, "7"]) assert.throws(() => message("loading", { name: "a", loaded }), /loaded/);
});

test("every buffer is moved once, however deep it lies", () => {
  const [a, b] = [new Float32Array(3), new Uint8Array(2)];
  assert.deepEqual(buffersIn(["x", a, { deep: [b, a], none: null }, 5]), [a.buffer, b.buffer]);
  assert.deepEqual(buffersIn("no arrays"), []);
});

/** A promise, and what settles it. */
function pending() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}

test("while work is under way any number of calls make one more run, which sees the newest", async () => {
  const runs = [];
  let newest = 0;
  const ask = newestWins(() => {
    runs.push({ saw: newest, ...pending() });
    return runs.at(-1).promise;
  });
  const asked = ask();
  for (newest = 1; newest < 5; newest += 1) await ask();
  assert.deepEqual(
    runs.map(({ saw }) => saw),
    [0],
  );
  runs[0].resolve();
  await runs[0].promise;
  await Promise.resolve();
  assert.deepEqual(
    runs.map(({ saw }) => saw),
    [0, 5],
  );
  runs[1].resolve();
  await asked;
  assert.equal(runs.length, 2);
  ask();
  assert.equal(runs.length, 3);
});

test("after work that failed the next call works again", async () => {
  let count = 0;
  const ask = newestWins(async () => {
    count += 1;
    if (count === 1) throw new Error("no");
  });
  await assert.rejects(ask(), /no/);
  await ask();
  assert.equal(count, 2);
});
