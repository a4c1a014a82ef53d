/**
 * Packs a heap as its difference to the heap of a fresh runtime, which leaves out megabytes of constants that every
 * runtime has anyway.
 *
 *   uint32  heap's length, checksum of the blocks left out, number of runs
 *   uint32  for each run: first block, number of blocks
 *   bytes   the blocks of all runs, one after the other
 */

const BLOCK = 256; // bytes; smaller blocks save 1% more and triple the runs
const WORDS = BLOCK / 4;
const HEAD = 3; // words

/**
 * The difference that `apply` needs to turn the heap of a fresh runtime into `heap`. `fresh` are the heaps of two fresh
 * runtimes: where those differ (in a few random bytes), the block is always included. All are Uint8Arrays of one length.
 */
export function difference(heap, fresh) {
  if (fresh.some(({ length }) => length !== heap.length)) {
    throw new Error(`The heap grew to ${heap.length} bytes while recording, from ${fresh.map(({ length }) => length)}.`);
  }
  const [now, one, other] = [heap, ...fresh].map(words);
  const differs = (block) => {
    for (let i = block * WORDS; i < (block + 1) * WORDS; i++) if (now[i] !== one[i] || one[i] !== other[i]) return true;
    return false;
  };
  const runs = [];
  for (let block = 0; block < heap.length / BLOCK; block++) {
    if (!differs(block)) continue;
    if (runs.length && runs.at(-1) + runs.at(-2) === block) runs[runs.length - 1]++;
    else runs.push(block, 1);
  }
  const head = Uint32Array.of(heap.length, checksum(heap, runs), runs.length / 2, ...runs);
  const blocks = spans(runs).map(([start, end]) => heap.subarray(start, end));
  return join([new Uint8Array(head.buffer), ...blocks]);
}

/** Turn the heap of a fresh runtime into the recorded one. Throws, before it changes anything, if it is another runtime. */
export function apply(heap, difference) {
  const [length, sum, count] = words(difference.subarray(0, 4 * HEAD));
  const runs = words(difference.subarray(4 * HEAD, 4 * (HEAD + 2 * count)));
  if (heap.length !== length) throw new Error(`The fresh heap has ${heap.length} bytes, not ${length}.`);
  if (checksum(heap, runs) !== sum) throw new Error("The fresh heap is not the one that was recorded from.");
  let from = 4 * (HEAD + 2 * count);
  for (const [start, end] of spans(runs)) {
    heap.set(difference.subarray(from, from + end - start), start);
    from += end - start;
  }
}

/** [[start, end], ...] in bytes of runs of blocks. */
function spans(runs) {
  return Array.from({ length: runs.length / 2 }, (_, i) => [BLOCK * runs[2 * i], BLOCK * (runs[2 * i] + runs[2 * i + 1])]);
}

/** Checksum of what lies outside the runs: FNV-1a over every sixteenth word, enough to notice another build. */
function checksum(heap, runs) {
  const all = words(heap);
  let sum = 0x811c9dc5;
  let from = 0;
  for (const [start, end] of [...spans(runs), [heap.length, heap.length]]) {
    for (let i = from / 4; i < start / 4; i += 16) sum = Math.imul(sum ^ all[i], 0x01000193);
    from = end;
  }
  return sum >>> 0;
}

function words(bytes) {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

function join(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}
