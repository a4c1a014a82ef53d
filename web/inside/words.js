/** What the steps are called, and one line about each. */

const TITLES = {
  input: "Picture",
  conv: "Convolution",
  relu: "ReLU",
  pool: "Pooling",
  norm: "Batch norm",
  add: "Addition",
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

/** One line: what this step does and why. `steps` are all, `words` those of the subject. */
export function wordsFor(step, steps, words) {
  const turn = steps.filter(({ kind }) => kind === step.kind).indexOf(step);
  const isLast = steps.filter(({ kind }) => kind === step.kind).length === turn + 1;
  switch (step.kind) {
    case "input":
      return words.input;
    case "conv":
      return isInBlock(step, steps)
        ? "Within a block: what it finds is added, at the block's end, to what came in."
        : ofTurn(words.convolutions, steps.filter((each) => each.kind === "conv" && !isInBlock(each, steps)).indexOf(step));
    case "relu":
      return turn === 0
        ? "Negative becomes zero: a pattern is there to some degree, or it is not. Without this bend, all layers would be one."
        : "Negative becomes zero again, so that the next layer hears only what was found.";
    case "pool":
      if (step.layer === "AveragePool2D") return "The mean of each map: how much of it there is, wherever it lies.";
      return ofTurn(words.poolings, turn);
    case "norm":
      return "Centres and scales each map by what was usual in training.";
    case "add":
      return "What came into the block is added: so the block only has to learn what to change.";
    case "flatten":
      return "The maps, laid out in one row, so that every cell can talk to every unit.";
    case "dropout":
      return "Off while reading. While learning it blanks values at random, so that none is relied on alone.";
    case "dense":
      return isLast ? words.scores : "Every unit weighs all the evidence: combinations of parts, wherever they were.";
    case "softmax":
      return "Scores become probabilities: all positive, together 1.";
    default:
      return "";
  }
}

const ofTurn = (lines, turn) => lines[Math.min(turn, lines.length - 1)];

/** Whether a step is one of those whose outcome is added to what came before them. */
function isInBlock(step, steps) {
  const index = steps.indexOf(step);
  return steps.some(({ kind, back }, at) => kind === "add" && at - back <= index && index < at);
}
