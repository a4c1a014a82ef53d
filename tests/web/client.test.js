/** The page's end of the worker, with a worker that a test plays and a clock that a test winds. */
import assert from "node:assert/strict";
import { register } from "node:module";
import { beforeEach, mock, test } from "node:test";

const workers = [];
/** Answers nothing by itself. */
class Worker {
  sent = [];
  isTerminated = false;
  onmessage = null;

  constructor() {
    workers.push(this);
  }

  postMessage(message, transfer) {
    this.sent.push(structuredClone(message, { transfer }));
  }

  terminate() {
    this.isTerminated = true;
  }

  say(data) {
    this.onmessage({ data });
  }
}

mock.timers.enable({ apis: ["setInterval"] });
globalThis.document = { hidden: false };
globalThis.startWorker = () => new Worker();
const start = "data:text/javascript,export const { startWorker } = globalThis;";
const hooks = `export const resolve = (name, context, next) =>
  name.endsWith("/page/start.js") ? { url: ${JSON.stringify(start)}, shortCircuit: true } : next(name, context);`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
const { Client } = await import("../../web/python/client.js");

const READY = { type: "ready", boot: "plain", reason: "", milliseconds: 1 };
const SECOND = 1000;
let client, worker, told;

beforeEach(() => {
  client = new Client();
  told = [];
  for (const type of ["failed", "lost"]) client.addEventListener(type, () => told.push(type));
  client.start();
  worker = workers.at(-1);
  worker.say(READY);
});

/** Seconds go by, one after the other. */
function wait(seconds) {
  for (let i = 0; i < seconds; i += 1) mock.timers.tick(SECOND);
}

test("a call is given a minute, and a step of training five", async () => {
  for (const [name, limit] of [
    ["reading.read", 60],
    ["teaching.teach", 60],
    ["learning.step", 300],
    ["learning.measure", 300],
  ]) {
    const current = workers.at(-1);
    const call = client.call(name);
    const failure = assert.rejects(call, /started again|did not answer|stopped/);
    wait(limit - 1);
    assert.equal(current.isTerminated, false, `${name} after ${limit - 1} s`);
    wait(1);
    assert.equal(current.isTerminated, true, `${name} after ${limit} s`);
    await failure;
    client.start(true);
    workers.at(-1).say(READY);
  }
});

test("any message begins the time anew, and what waits behind a long call has its time", async () => {
  const long = client.call("learning.step");
  const short = client.call("reading.read");
  wait(299);
  worker.say({ type: "result", id: worker.sent[0].id, value: 1 });
  assert.equal(await long, 1);
  wait(59);
  assert.equal(worker.isTerminated, false);
  worker.say({ type: "result", id: worker.sent[1].id, value: 2 });
  assert.equal(await short, 2);
  wait(1000);
  assert.deepEqual([worker.isTerminated, told], [false, []], "nothing is awaited, nothing can be late");
});

test("a start is given two minutes without a word", () => {
  client.start(true);
  const starting = workers.at(-1);
  wait(119);
  assert.equal(starting.isTerminated, false);
  wait(1);
  assert.equal(starting.isTerminated, true);
  assert.deepEqual([client.state, told], ["failed", ["failed"]]);
});

test("time in a hidden page does not count", () => {
  const call = client.call("reading.read");
  document.hidden = true;
  wait(500);
  document.hidden = false;
  assert.equal(worker.isTerminated, false);
  worker.say({ type: "result", id: worker.sent[0].id, value: 1 });
  return call;
});

test("what cannot be sent is refused at once, and nothing waits for it", async () => {
  await assert.rejects(
    client.call("reading.read", () => {}),
    { name: "DataCloneError" },
  );
  assert.equal(worker.sent.length, 0);
  wait(1000);
  assert.deepEqual([client.state, worker.isTerminated, told], ["ready", false, []]);
  const call = client.call("reading.read", 1);
  worker.say({ type: "result", id: worker.sent[0].id, value: "read" });
  assert.equal(await call, "read");
});

test("an answer that is none rejects its call alone", async () => {
  const [bad, good] = [client.call("reading.read"), client.call("reading.about")];
  worker.say({ type: "results", id: worker.sent[0].id });
  await assert.rejects(bad, /not what it should be/);
  worker.say({ type: "result", id: worker.sent[1].id, value: 7 });
  assert.equal(await good, 7);
  assert.equal(worker.isTerminated, false);
});
