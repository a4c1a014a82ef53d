/** Where the lab's samples lie; fetched when the lab is opened. */
export const DATA = {
  train: new URL("./data/train.jsonl.gz", import.meta.url),
  test: new URL("./data/test.jsonl.gz", import.meta.url),
};
