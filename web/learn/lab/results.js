/** What the network has learned so far: its filters, what it confuses, what it got wrong. */
import { onTheme, themeColor } from "../../ui/colors.js";
import { canvas as canvasOf, contextOf, counted, element, followVisibility, make, select } from "../../ui/dom.js";
import { percent } from "../../ui/labels.js";
import { thumbnail } from "../../ink/thumbnail.js";

const MOST_WRONG = 24;
/** Filters and channels of a layer that are drawn; more would be too small to see. */
const MOST = 16;
const CHANNELS = ["ink", "cos 2θ", "sin 2θ"];

/** `characters` are the test characters of the lab: { labels, points, lengths, strokes } of all. */
export function connectResults(client, training, characters) {
  const inks = split(characters);
  let isVisible = false;
  let isDue = false;
  let isBusy = false;

  async function show() {
    if (!isVisible || isBusy || training.state === "empty") return (isDue = true);
    isDue = false;
    isBusy = true;
    const test = training.tests.at(-1);
    showTest(test);
    try {
      showFilters(await client.call("learning.filters"));
    } catch {
      // If the worker died, the state of the training shows it.
    }
    isBusy = false;
    if (isDue) show();
    return undefined;
  }

  function showTest(test) {
    const { labels, places } = training.network;
    const known = labels.replace("∅", "");
    const truth = Array.from(places, (place) => known.indexOf(characters.labels[place]));
    showConfusions(known, truth, test?.answers ?? []);
    showWrong(known, truth, test, places);
  }

  function showWrong(labels, truth, test, places) {
    const wrong = test ? truth.map((label, i) => i).filter((i) => test.answers[i] !== truth[i]) : [];
    wrong.sort((a, b) => test.probabilities[b] - test.probabilities[a]);
    element("lab-wrong-count").textContent = test ? `${wrong.length} of ${truth.length}, the surest first` : "";
    element("lab-wrong").replaceChildren(
      ...wrong.slice(0, MOST_WRONG).map((i) => {
        const answer = labels[test.answers[i]] ?? "no character";
        const words = make(
          "span",
          {},
          make("b", {}, labels[truth[i]]),
          ` read ${answer}, ${percent(test.probabilities[i])}`,
        );
        return make("li", {}, thumbnail(inks[places[i]], 56), words);
      }),
    );
  }

  const follow = (visible) => {
    isVisible = visible;
    if (visible) show();
  };
  followVisibility(element("lab-results"), follow, "0px");
  let tested = -1;
  training.addEventListener("progress", () => {
    if (training.tests.length === tested && training.state === "running") return;
    tested = training.tests.length;
    show();
  });
  training.addEventListener("made", show);
  onTheme(show);
}

/** The characters one by one, as { points, lengths }. */
function split({ points, lengths, strokes }) {
  let [stroke, point] = [0, 0];
  return Array.from(strokes, (count) => {
    const some = lengths.subarray(stroke, (stroke += count));
    const total = some.reduce((sum, length) => sum + length, 0);
    return { points: points.subarray(2 * point, 2 * (point += total)), lengths: some };
  });
}

/** The confusion matrix: a row for each character drawn, a column for what it was read as; darker is more often. */
function showConfusions(labels, truth, answers) {
  const canvas = canvasOf("lab-confusion");
  const n = labels.length;
  const cell = Math.max(8, Math.floor(440 / (n + 1)));
  const ratio = Math.max(1, devicePixelRatio);
  const side = cell * (n + 1);
  canvas.width = canvas.height = side * ratio;
  canvas.style.setProperty("--side", `${side}px`);
  const counts = Array.from({ length: n }, () => new Uint16Array(n));
  answers.forEach?.((answer, i) => answer < n && (counts[truth[i]][answer] += 1));
  followCells(canvas, labels, counts);
  const totals = counts.map((row) => row.reduce((sum, count) => sum + count, 0) || 1);
  const context = contextOf(canvas);
  context.scale(ratio, ratio);
  const [soft, wash, accent, alarm, paper, ink] = ["--soft", "--wash", "--accent", "--alarm", "--paper", "--ink"].map(
    themeColor,
  );
  context.font = `${Math.min(14, cell - 1)}px system-ui`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let i = 0; i < n; i += 1) {
    context.globalAlpha = 1;
    context.fillStyle = soft;
    context.fillText(labels[i], cell / 2, (i + 1.5) * cell);
    context.fillText(labels[i], (i + 1.5) * cell, cell / 2);
    for (let j = 0; j < n; j += 1) {
      const count = counts[i][j];
      context.globalAlpha = 1;
      context.fillStyle = wash;
      context.fillRect((j + 1) * cell + 0.5, (i + 1) * cell + 0.5, cell - 1, cell - 1);
      if (!count) continue;
      context.globalAlpha = 0.25 + 0.75 * (count / totals[i]);
      context.fillStyle = i === j ? accent : alarm;
      context.fillRect((j + 1) * cell + 0.5, (i + 1) * cell + 0.5, cell - 1, cell - 1);
      if (cell < 22) continue;
      context.globalAlpha = 1;
      context.fillStyle = count / totals[i] > 0.5 ? paper : ink;
      context.fillText(String(count), (j + 1.5) * cell, (i + 1.55) * cell);
    }
  }
  const off = [];
  counts.forEach((row, i) => row.forEach((count, j) => i !== j && count && off.push([count, labels[i], labels[j]])));
  off.sort((a, b) => b[0] - a[0]);
  const words = off
    .slice(0, 5)
    .map(([count, drawn, read]) => `${drawn} as ${read} (${count}×)`)
    .join(", ");
  element("lab-confusion-words").textContent = words
    ? `Most often: ${words}.`
    : answers.length
      ? "Nothing was confused."
      : "";
  canvas.setAttribute("aria-label", words ? `Confusion matrix. Most often: ${words}` : "Confusion matrix, empty so far");
}

/** Says in words what the cell under the pointer counts, because with many characters cells are too small for numbers. */
function followCells(canvas, labels, counts) {
  const words = element("lab-confusion-cell");
  canvas.onpointermove = canvas.onpointerdown = ({ clientX, clientY }) => {
    const box = canvas.getBoundingClientRect();
    const [read, drawn] = [(clientX - box.left) / box.width, (clientY - box.top) / box.height].map(
      (share) => Math.floor(share * (labels.length + 1)) - 1,
    );
    const row = counts[drawn];
    if (!row || row[read] === undefined) return;
    const all = row.reduce((sum, count) => sum + count, 0);
    words.textContent = `${labels[drawn]} was read as ${labels[read]} in ${row[read]} of ${counted(all, "drawing")}.`;
  };
}

/** Every kernel of the chosen convolution: a row for each filter, a column for each channel it looks at. */
function showFilters(layers) {
  const choice = select("lab-filter-layer");
  if (choice.options.length !== layers.length) {
    choice.replaceChildren(...layers.map((_, i) => make("option", { value: i }, `Convolution ${i + 1}`)));
  }
  const index = Math.min(Math.max(0, choice.selectedIndex), layers.length - 1);
  choice.onchange = () => showFilters(layers);
  choice.hidden = layers.length < 2;
  const layer = layers[index];
  if (!layer) return;
  const [filters, channels, rows, columns] = layer.shape;
  const [shown, across] = [Math.min(filters, MOST), Math.min(channels, MOST)];
  const canvas = canvasOf("lab-filters");
  const ratio = Math.max(1, devicePixelRatio);
  const pixel = Math.max(2, Math.floor(26 / rows));
  const [step, gap] = [pixel * rows + 6, 3];
  const [width, height] = [shown * step, across * step];
  [canvas.width, canvas.height] = [width * ratio, height * ratio];
  canvas.style.setProperty("--side", `${width}px`);
  const context = contextOf(canvas);
  context.scale(ratio, ratio);
  const [paper, accent, negative] = ["--paper", "--accent", "--negative"].map(themeColor);
  const largest = layer.values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  for (let f = 0; f < shown; f += 1) {
    for (let c = 0; c < across; c += 1) {
      for (let y = 0; y < rows; y += 1) {
        for (let x = 0; x < columns; x += 1) {
          const value = layer.values[((f * channels + c) * rows + y) * columns + x];
          const [left, top] = [f * step + gap + x * pixel, c * step + gap + y * pixel];
          context.globalAlpha = 1;
          context.fillStyle = paper;
          context.fillRect(left, top, pixel, pixel);
          context.globalAlpha = Math.abs(value) / largest;
          context.fillStyle = value < 0 ? negative : accent;
          context.fillRect(left, top, pixel, pixel);
        }
      }
    }
  }
  const part = shown < filters || across < channels ? `, the first ${shown} and ${across} of them` : "";
  const names = channels === CHANNELS.length && index === 0 ? `: ${CHANNELS.join(", ")}` : "";
  element("lab-filters-words").textContent =
    `${counted(filters, "filter")} (across) of ${rows} × ${columns} over ${counted(channels, "channel")} (down${names})${part}. Indigo is positive, orange negative, up to ±${largest.toFixed(2)}.`;
}
