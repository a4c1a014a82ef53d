/** Why this answer: where the score of a class would move with the picture, and where it falls when a piece is blanked. */
import { onTheme } from "../ui/colors.js";
import { hook } from "../ui/hooks.js";
import { element, select } from "../ui/dom.js";
import { orSay } from "../ui/or-say.js";
import { fillLabels, followVisibility, trouble } from "./dom.js";
import { Maps } from "../ui/maps.js";

/** Below this correlation an explanation is added. */
const LITTLE = 0.3;

export function connectWhy(live) {
  const section = element("why");
  const list = select("why-label");
  let side, input, gradient, occluded;
  function layOut() {
    const { shape } = live.steps[0];
    [, side] = shape;
    input = new live.subject.Picture(element("why-input"), shape, { tile: 224 });
    [gradient, occluded] = ["why-gradient", "why-occlusion"].map(
      (id) => new Maps(element(id), [1, side, side], { tile: 224, across: 1 }),
    );
  }
  layOut();
  let isVisible = false;
  let run = 0;
  function offerLabels() {
    const chosen = list.value;
    fillLabels(list, live.labels);
    list.prepend(new Option("the best", ""));
    list.value = live.labels.includes(chosen) ? chosen : "";
  }
  live.addEventListener("described", () => {
    run += 1;
    layOut();
    offerLabels();
  });
  offerLabels();

  async function explain() {
    const mine = (run += 1);
    if (!isVisible || !live.best) return;
    const label = list.value || live.best[0][0];
    say("");
    hook(section, { label, state: "busy" });
    const { slopes, product } = await live.call("saliency", label);
    if (mine !== run) return;
    gradient.paint(blurred(slopes, side));
    outline(gradient);
    const falls = await occlude(label, mine);
    if (!falls) return;
    const agreement = correlation(blurred(product, side), falls);
    element("why-words").textContent =
      `Do the two agree? Gradient times what is there against fall, pixel by pixel, where 1 would be perfect: correlation ${agreement.toFixed(2).replace("-", "−")}.${agreement < LITTLE ? " Little: the gradient speaks of changes so small that no step of the network turns over, and covering a place is a large one." : ""}`;
    hook(section, { state: "done" });
  }

  const show = orSay(explain, (problem) => {
    element("why-words").textContent = "";
    say(problem);
    hook(section, { state: "failed" });
  });
  const say = trouble(element("why-problem"), () => show());

  /** Occlusion row by row, so that other calls get their turn; a pixel gets the mean over the squares that cover it. */
  async function occlude(label, mine) {
    const [total, count] = [new Float32Array(side * side), new Float32Array(side * side)];
    let rows = 1;
    for (let row = 0; row < rows; row += 1) {
      const part = await live.call("occlude", label, row);
      if (mine !== run) return null;
      rows = part.rows;
      part.falls.forEach((fall, place) => {
        const [top, left] = [row, place].map((at) => at * part.stride - part.patch + 1);
        for (let y = Math.max(0, top); y < Math.min(side, top + part.patch); y += 1) {
          for (let x = Math.max(0, left); x < Math.min(side, left + part.patch); x += 1) {
            total[y * side + x] += fall;
            count[y * side + x] += 1;
          }
        }
      });
      if (row % 3 !== 2 && row !== rows - 1) continue;
      occluded.paint(total.map((sum, at) => sum / Math.max(1, count[at])));
      outline(occluded);
    }
    return occluded.values;
  }

  followVisibility(section, (visible) => {
    isVisible = visible;
    live.show("why", visible ? [0] : []);
    if (visible) show();
  });
  live.addEventListener("seen", () => {
    run += 1;
    const picture = live.maps.get(0);
    if (isVisible && picture) input.paint(picture, 1);
  });
  live.addEventListener("rest", show);
  live.addEventListener("empty", () => {
    run += 1;
    for (const maps of [input, gradient, occluded]) maps.clear();
    element("why-words").textContent = "";
    say("");
    hook(section, { state: "empty" });
  });
  list.addEventListener("change", show);
  onTheme(() => {
    [input, gradient, occluded].forEach((maps) => maps.repaint());
    for (const maps of [gradient, occluded]) if (maps.values) outline(maps);
  });

  /** A dot on every pixel by which the thing can be recognised. */
  function outline(maps) {
    const picture = live.maps.get(0);
    if (picture) dot(maps, live.subject.outlineOf(picture, live.steps[0].shape));
  }
}

/** Blurred by (1, 2, 1) / 4 along both axes, because a pen never changes a single pixel alone. */
function blurred(values, side) {
  const along = (from, step) =>
    from.map((value, at) => {
      const place = step === 1 ? at % side : Math.floor(at / side);
      const [before, after] = [place > 0 ? from[at - step] : 0, place < side - 1 ? from[at + step] : 0];
      return (before + 2 * value + after) / 4;
    });
  return along(along(values, 1), side);
}

/** A dot on every pixel of the outline. */
function dot(maps, outline) {
  const { context, scale } = maps;
  const [, rows, columns] = maps.shape;
  context.fillStyle = getComputedStyle(maps.canvas).color;
  const size = Math.max(1, Math.round(scale / 4));
  for (let at = 0; at < rows * columns; at += 1) {
    if (!outline[at]) continue;
    const [row, column] = [Math.floor(at / columns), at % columns];
    context.fillRect(column * scale + (scale - size) / 2, row * scale + (scale - size) / 2, size, size);
  }
}

function correlation(a, b) {
  const mean = (values) => values.reduce((total, value) => total + value, 0) / values.length;
  const [middleA, middleB] = [mean(a), mean(b)];
  let [both, ownA, ownB] = [0, 0, 0];
  a.forEach((value, at) => {
    const [x, y] = [value - middleA, b[at] - middleB];
    both += x * y;
    ownA += x * x;
    ownB += y * y;
  });
  return both / Math.sqrt(ownA * ownB || 1);
}
