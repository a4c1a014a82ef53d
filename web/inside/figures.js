/**
 * The figures beside the article that show what the network answered anyway.
 *
 * A figure is { moment, wanted, mount, paint }: `moment` is the event of Live after which it is painted, `wanted` the steps
 * whose maps it needs, `mount(place)` makes what stays and `paint(place)` shows the newest.
 */
import { reach } from "../ui/colors.js";
import { Maps } from "../ui/maps.js";
import { make } from "./dom.js";

/** The maps of a step. */
export function mapsFigure(live, step, options) {
  let maps;
  return {
    moment: "seen",
    wanted: [step],
    mount(place) {
      maps = mapsIn(place, live.steps[step].shape, { ...options, tints: live.tintsOf(step) });
    },
    paint() {
      const values = live.maps.get(step);
      if (values) maps.paint(values, reach(values), live.isEachOwn);
    },
  };
}

/** The picture, and the planes of colour that it is the sum of; nothing for what has none. */
export function planesFigure(live) {
  const { planes, tints, Picture } = live.subject;
  const [channels, ...sides] = live.steps[0].shape;
  let all;
  return {
    moment: "seen",
    wanted: [0],
    mount(place) {
      if (!tints) return;
      const options = { tile: 104, across: 1 };
      const sum = make("div", { class: "planes" });
      const add = (name, sign, canvas) =>
        sum.append(make("i", { "aria-hidden": "true" }, sign), make("span", {}, canvas, name));
      const made = (Kind, shape, tints) => {
        const canvas = make("canvas", { "aria-hidden": "true" });
        return [canvas, new Kind(canvas, shape, { ...options, tints })];
      };
      all = planes.map((name, channel) => {
        const [canvas, maps] = made(Maps, [1, ...sides], [tints[channel]]);
        add(name, channel ? "+" : "", canvas);
        return maps;
      });
      const [canvas, picture] = made(Picture, [channels, ...sides]);
      add("the sum", "=", canvas);
      all.push(picture);
      place.append(sum);
    },
    paint() {
      const values = live.maps.get(0);
      if (!tints || !values) return;
      const area = sides[0] * sides[1];
      planes.forEach((_, channel) => all[channel].paint(values.subarray(channel * area, (channel + 1) * area), 1));
      all[channels].paint(values, 1);
    },
  };
}

/** One map before and after pooling: the one of the greatest variance, since a uniform map shows nothing. */
export function pairFigure(live, before, after) {
  let pair;
  return {
    moment: "seen",
    wanted: [before, after],
    mount(place) {
      pair = [before, after].map((step) => mapsIn(place, [1, ...live.steps[step].shape.slice(1)], { tile: 160, across: 1 }));
    },
    paint() {
      const [values, pooled] = [before, after].map((step) => live.maps.get(step));
      if (!values || !pooled) return;
      const [channels, ...sides] = live.steps[before].shape;
      const area = sides[0] * sides[1];
      const spreads = Array.from({ length: channels }, (_, c) => spread(values.subarray(c * area, (c + 1) * area)));
      const strongest = spreads.indexOf(Math.max(...spreads));
      [values, pooled].forEach((each, i) => {
        const size = each.length / channels;
        pair[i].paint(each.subarray(strongest * size, (strongest + 1) * size), reach(values), live.isEachOwn);
      });
    },
  };
}

/** Maps, of their class or another, on a canvas of their own in `place`: larger where the screen is wide. */
export function mapsIn(place, shape, options, Kind = Maps) {
  const canvas = make("canvas", { "aria-hidden": "true" });
  const zoom = matchMedia("(min-width: 100rem)").matches ? 1.5 : 1;
  place.append(canvas);
  return new Kind(canvas, shape, { ...options, tile: zoom * options.tile });
}

/** The variance of values. */
function spread(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}

/** Rows of [name, share of the full length, words]. */
export function showBars(place, rows) {
  place.replaceChildren(
    make(
      "ul",
      { class: "rows" },
      ...rows.map(([name, share, words]) => {
        const bar = make("i");
        bar.style.setProperty("--share", Math.max(0, Math.min(1, share)));
        return make("li", {}, make("span", {}, name), bar, make("span", {}, words));
      }),
    ),
  );
}

/** What the first convolution costs, and what it would cost if every cell had weights of its own. */
export function countsFigure(live, conv) {
  return {
    moment: "mount", // it counts weights, not ink
    mount: showCounts,
    paint: showCounts,
  };

  function showCounts(place) {
    const [channels, rows, columns] = live.steps[conv].shape;
    const inputs = live.steps[conv - 1].shape.reduce((product, size) => product * size, 1);
    const { parameters, in_channels: before, kernel_size: size } = live.steps[conv];
    const cells = channels * rows * columns;
    const counts = [
      ["Every cell sees everything", cells * (inputs + 1)],
      ["Local: a window each", cells * (before * size * size + 1)],
      ["Local and shared", parameters],
    ];
    const most = Math.log10(counts[0][1]);
    showBars(
      place,
      counts.map(([name, count]) => [name, Math.log10(count) / most, count.toLocaleString("en")]),
    );
  }
}

/** The seven steps from a picture to a label: kinds of steps that do it, and the chapter whose figure shows it. */
const SEVEN = [
  ["A picture", ["input"], "chapter-channels"],
  ["Convolution", ["conv"], "chapter-simple"],
  ["Pooling", ["pool"], "chapter-complex"],
  ["ReLU", ["relu"], "chapter-bend"],
  ["Dropout", ["dropout"], ""],
  ["Probabilities", ["dense", "softmax"], "chapter-softmax"],
];

/** The steps of the network by these: how many, how much they learned, and the way to the first of each and to its figure. */
export function stepsFigure(live) {
  return {
    moment: "seen",
    paint(place) {
      const rows = SEVEN.flatMap(([name, kinds, chapter]) => {
        const all = live.steps.filter(({ kind }) => kinds.includes(kind));
        if (!all.length) return [];
        const learned = all.reduce((sum, step) => sum + step.parameters, 0);
        const words = [
          all.length > 1 ? ` ${all.length} times` : " once",
          learned ? `, ${learned.toLocaleString("en")} numbers` : "",
        ];
        const way = chapter ? [" · ", make("a", { href: `#${chapter}` }, "its figure")] : [];
        return make("li", {}, make("a", { href: `#inside/${all[0].name}` }, name), ...words, ...way);
      });
      const label = make("b", { translate: "no" }, live.best[0][0]);
      rows.push(make("li", {}, make("a", { href: "#inside/softmax" }, "The label"), ", the most probable: ", label));
      place.replaceChildren(make("ol", { class: "seven" }, ...rows));
    },
  };
}

/** How many values are zero before and after a ReLU. */
export function zerosFigure(live, before, after) {
  return {
    moment: "seen",
    wanted: [before, after],
    paint(place) {
      const rows = Object.entries({ "Zeros before ReLU": before, "Zeros after ReLU": after }).map(([name, step]) => {
        const values = live.maps.get(step);
        const share = values && values.reduce((count, value) => count + (value === 0), 0) / values.length;
        return [name, share, `${(100 * share).toFixed(1)}%`];
      });
      if (rows.every(([, share]) => share !== undefined)) showBars(place, rows);
    },
  };
}

export function bestFigure(live) {
  return {
    moment: "seen",
    paint: (place) =>
      showBars(
        place,
        live.best.map(([label, probability]) => [label, probability, `${(100 * probability).toFixed(1)}%`]),
      ),
  };
}
