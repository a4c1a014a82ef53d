/** Loss and accuracy over the steps, on training and on test data, drawn by uPlot as they come. */
import uPlot from "uplot";
import { onTheme, themeColor } from "../../ui/colors.js";
import { element } from "../../ui/dom.js";

/** A training point is the mean over so many batches: single batches are noisy. */
const SMOOTHING = 8;
/** There is no use in more points than pixels. */
const MOST_POINTS = 1500;

export class Plots {
  #plots = [];
  #training;
  #due = false;

  constructor(training) {
    this.#training = training;
    for (const event of ["made", "progress"]) training.addEventListener(event, () => this.#ask());
    onTheme(() => this.#remake());
    this.#remake();
  }

  /** Make the plots again, in the colours of the current theme. */
  #remake() {
    for (const { plot } of this.#plots) plot.destroy();
    this.#plots = [
      this.#make("plot-loss", "loss", (value) => value.toFixed(3), 1),
      this.#make("plot-accuracy", "accuracy", (value) => `${(100 * value).toFixed(1)}%`, 2, [0, 1]),
    ];
    this.#ask();
  }

  #make(id, what, written, column, range) {
    const box = element(id);
    const [soft, rule, accent] = ["--soft", "--rule", "--accent"].map(themeColor);
    const axis = {
      stroke: soft,
      grid: { stroke: rule, width: 1 },
      ticks: { stroke: rule, width: 1 },
      font: "12px system-ui",
      labelFont: "12px system-ui",
      labelSize: 18,
      size: 48,
    };
    const line = (label, extra) => ({
      label,
      spanGaps: true,
      value: (plot, value, series) => shown(plot, value, series, written),
      ...extra,
    });
    const options = {
      ...sizeOf(box),
      scales: { x: { time: false }, y: range ? { range } : { range: (_, low, high) => [0, Math.max(0.1, high ?? 1)] } },
      axes: [
        {
          ...axis,
          label: "step",
          size: 36,
          values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? tick.toLocaleString("en") : "")),
        },
        {
          ...axis,
          label: what === "loss" ? "loss (cross-entropy, nats)" : "accuracy (share right)",
          values: (_, ticks) => ticks.map((tick) => (range ? `${Math.round(100 * tick)}%` : String(tick))),
        },
      ],
      series: [
        { label: "step", value: (plot, value, series) => shown(plot, value, series, (step) => step.toLocaleString("en")) },
        line("training", { stroke: soft, width: 1.5, points: { show: false } }),
        line("test", { stroke: accent, width: 2.5, points: { show: true, size: 5, fill: accent } }),
      ],
      cursor: { drag: { x: false, y: false }, dataIdx: (plot, series, at) => nearest(plot.data[series], at) },
      legend: { live: true },
    };
    const plot = new uPlot(options, [[], [], []], box);
    new ResizeObserver(() => box.clientWidth && plot.setSize(sizeOf(box))).observe(box);
    return { plot, column, what };
  }

  #ask() {
    if (this.#due) return;
    this.#due = true;
    requestAnimationFrame(() => {
      this.#due = false;
      this.#draw();
    });
  }

  #draw() {
    const { steps, tests } = this.#training;
    const stride = Math.max(1, Math.ceil(steps.length / MOST_POINTS));
    for (const { plot, column, what } of this.#plots) {
      const trained = smoothed(steps, column, stride);
      const tested = new Map(tests.map((test) => [test.step, test[what]]));
      const at = [...new Set([...trained.keys(), ...tested.keys()])].sort((a, b) => a - b);
      plot.setData([at, at.map((step) => trained.get(step) ?? null), at.map((step) => tested.get(step) ?? null)]);
      if (!(plot.cursor.left >= 0)) plot.setLegend({ idx: null }, false);
    }
  }
}

/** A value in the legend: the one under the pointer, or the newest if the pointer is elsewhere. */
function shown(plot, value, series, written) {
  const said = value ?? plot.data[series].findLast((each) => each !== null);
  return said === undefined ? "–" : written(said);
}

/** The index nearest to `at` that has a value: between two tests there are none. */
function nearest(values, at) {
  for (let off = 0; off < values.length; off += 1) {
    const place = [at - off, at + off].find((each) => values[each] != null);
    if (place !== undefined) return place;
  }
  return at;
}

function smoothed(steps, column, stride) {
  const points = new Map();
  for (let i = 0; i < steps.length; i += stride) {
    const some = steps.slice(Math.max(0, i + 1 - SMOOTHING), i + 1);
    points.set(steps[i][0], some.reduce((sum, step) => sum + step[column], 0) / some.length);
  }
  return points;
}

function sizeOf(box) {
  return { width: Math.max(240, box.clientWidth), height: 220 };
}
