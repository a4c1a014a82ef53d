/** What the steps are called, and one line about each. */

const TITLES = {
  input: "Picture",
  conv: "Convolution",
  relu: "ReLU",
  pool: "Pooling",
  norm: "Batch norm",
  flatten: "Flatten",
  dropout: "Dropout",
  dense: "Dense",
  softmax: "Softmax",
};

/** "Convolution 3" */
export function titleOf({ name, kind }) {
  const count = name.slice(kind.length);
  return ["input", "flatten", "softmax"].includes(kind) ? TITLES[kind] : `${TITLES[kind]} ${count}`;
}

/** "Conv 3" */
export const shortTitleOf = (step) => titleOf(step).replace("olution", "").replace("ing ", " ");

/** "16 × 32²": so many maps of so many cells */
export function shortShapeOf({ shape: [channels, rows, columns] }) {
  if (rows === undefined) return String(channels);
  return `${channels} × ${rows === columns ? `${rows}²` : `${rows} × ${columns}`}`;
}

/** "16 maps of 32 × 32" */
export function shapeOf({ kind, shape }) {
  if (shape.length === 1) return `${shape[0]} ${kind === "softmax" ? "probabilities" : "values"}`;
  const [channels, rows, columns] = shape;
  return `${channels} maps of ${rows} × ${columns}`;
}

export function parametersOf({ parameters }) {
  return parameters ? `${parameters.toLocaleString("en")} learned numbers` : "nothing to learn";
}

const CONVOLUTIONS = [
  "Each map looks for one tiny pattern, a bar or an edge of some slant, at every place alike.",
  "Looks at all maps before at once: bars that meet become corners, ends and bends.",
  "Again, over a wider piece of the ink: longer bends, crossings, the tops of loops.",
  "After two poolings a 3 × 3 window spans a third of the letter: whole strokes.",
  "Combines strokes into parts: a bowl, a stem with a bar, an open hook.",
  "Few places are left, many kinds of thing: what is there counts more than where.",
  "The last and widest look: each cell sees the whole letter.",
];

const POOLINGS = [
  "Keeps the strongest of each 2 × 2 window, so that a wobble of the hand matters less.",
  "A quarter of the cells again: what was found stays, its exact place goes.",
  "By now a shift by several pixels changes next to nothing.",
  "Four cells are left of each map: the corners of the letter, so to speak.",
];

/** One line: what this step does and why. `steps` are all. */
export function wordsFor(step, steps) {
  const turn = steps.filter(({ kind }) => kind === step.kind).indexOf(step);
  const isLast = steps.filter(({ kind }) => kind === step.kind).length === turn + 1;
  switch (step.kind) {
    case "input":
      return "The ink, at a standard size: how much covers each pixel, and which way it runs there.";
    case "conv":
      return CONVOLUTIONS[Math.min(turn, CONVOLUTIONS.length - 1)];
    case "relu":
      return turn === 0
        ? "Negative becomes zero: a pattern is there to some degree, or it is not. Without this bend, all layers would be one."
        : "Negative becomes zero again, so that the next layer hears only what was found.";
    case "pool":
      return POOLINGS[Math.min(turn, POOLINGS.length - 1)];
    case "norm":
      return "Centres and scales each map by what was usual in training.";
    case "flatten":
      return "The maps, laid out in one row, so that every cell can talk to every unit.";
    case "dropout":
      return "Off while reading. While learning it blanks values at random, so that none is relied on alone.";
    case "dense":
      return isLast
        ? "One score for each character: how much all the evidence speaks for it."
        : "Every unit weighs all the evidence: combinations of parts, wherever they were.";
    case "softmax":
      return "Scores become probabilities: all positive, together 1.";
    default:
      return "";
  }
}
