/**
 * Hooks for tests: attributes that say as data what the page says in words and pictures. No script and no style of the
 * page reads them, and none are written but by `hook`.
 */
const HOOKS = {
  offline: 'of <html>: how keeping for offline use ended, "ready", "partly", "newer" or "denied"',
  state:
    'of Write, Inside and Learn: "ready" once they have what they need from Python; of Why and of the lab\'s Start: what they do; of a figure of the article: "failed"',
  settled: 'of Write: "true" once all ink is read, and read again as a whole since the hand rests',
  label: "the label that an element stands for, or is about",
  probability: "the probability of that label, in full",
  updates: "of Inside: how many answers of the network it has shown",
  kind: "the kind of a step, of the layer or of the arithmetic shown",
  step: "the index of a step; of the dream, how many it took",
  result: "of the arithmetic: the value it arrives at, in full",
  grid: "of a table in the arithmetic: window, kernel or products",
  name: "of a fact about a layer: least, greatest or zeros",
  target: "of Fool it: the label asked for",
  read: 'of Fool it and Dream it: the label read; of Write: "true" once all ink is read',
  redrawn: "of Fool it: the label read of the redrawn strokes",
  accuracy: "of the lab: the newest accuracy on the test characters, in full",
  steps: "of the lab: how many steps of training were taken",
  id: "of a drawing in the gallery: the sample's id; of a draft in its list: the draft's",
  word: "of Write: the word of ink that a button stands for, as it is in the text",
  column: "of Write's panel: the column in which a character was taken",
};

/** Set hooks on an element and return it. */
export function hook(element, values) {
  for (const [name, value] of Object.entries(values)) {
    if (!(name in HOOKS)) throw new Error(`There is no hook named ${name}: list it in ui/hooks.js.`);
    if (element.dataset[name] !== String(value)) element.dataset[name] = value; // what is set anew is styled anew
  }
  return element;
}
