/** What if: one convolution and one pooling of the drawing, with the sizes that people set by hand. */
import { newestWins } from "../python/newest-wins.js";
import { onTheme, reach } from "../ui/colors.js";
import { element, fieldsOf, form as formOf, make, partOf } from "../ui/dom.js";
import { orSay } from "../ui/or-say.js";
import { followVisibility, trouble } from "./dom.js";
import { Maps } from "../ui/maps.js";

const NAMES = {
  same: "leave as it is",
  blur: "blur",
  edge: "edges",
  horizontal: "horizontal edges",
  vertical: "vertical edges",
  emboss: "emboss",
  sharpen: "sharpen",
};
/** CSS pixels of one value: the same in all pictures, so that their sizes can be compared. */
const PIXEL = 6;

export function connectWhatIf(live, kernels) {
  const section = element("what-if");
  const form = formOf("what-if-form");
  const fields = fieldsOf(form);
  fields.kernel.replaceChildren(...kernels.map((name) => make("option", { value: name }, NAMES[name] ?? name)));
  fields.kernel.value = "vertical";
  function offerChannels() {
    const { planes, tints } = live.subject;
    const all = planes.map((_, channel) => channel);
    const options = planes.map((plane, channel) => new Option(plane, String(channel)));
    // Planes of light can be seen together.
    fields.channels.replaceChildren(...(tints ? [new Option("all, each by itself", String(all))] : []), ...options);
  }
  offerChannels();
  live.addEventListener("described", offerChannels);
  let isVisible = false;
  const drawn = new Map();

  const compute = newestWins(async () => {
    if (!isVisible || !live.best) return;
    const { channels, kernel, size, stride, padding, pooling, window } = Object.fromEntries(new FormData(form));
    const numbers = { size: 0, stride: 0, window: 0 };
    for (const [name, value] of Object.entries({ size, stride, window })) {
      numbers[name] = Number(value);
      if (!Number.isInteger(numbers[name]) || numbers[name] < 1 || numbers[name] > 64) {
        return fail(
          `The ${{ size: "kernel's size", stride: "stride", window: "pooling window" }[name]} is a whole number from 1 to 64, not ${value || "empty"}.`,
        );
      }
    }
    const { subject } = live;
    const chosen = String(channels).split(",").map(Number);
    const tried = await live.call("try_out", chosen, kernel, numbers.size, numbers.stride, padding, pooling, numbers.window);
    if (subject !== live.subject) return;
    if (tried.problem) return fail(tried.problem);
    section.dataset.state = "done";
    element("what-if-problem").textContent = "";
    say("");
    paint(
      "kernel",
      [1, numbers.size, numbers.size],
      tried.kernel,
      reach(tried.kernel),
      Math.max(1, Math.min(24, 120 / numbers.size)),
    );
    for (const name of ["padded", "convolved", "pooled"]) {
      partOf(section, `figure:has(#what-if-${name})`).hidden = !tried.shapes[name];
      if (tried.shapes[name]) paint(name, tried.shapes[name], tried[name], name === "padded" ? 1 : reach(tried.convolved));
    }
    const [before] = tried.border;
    const side = live.steps[0].shape[1];
    drawn.get("padded").mark(before ? [[0, before, before + side, before, before + side]] : []);
    const [rows] = tried.shapes.padded.slice(1);
    const around = rows - side;
    element("what-if-formula").textContent =
      `(${side} + ${around} of padding − ${numbers.size}) ÷ ${numbers.stride}, rounded down, + 1 = ${tried.shapes.convolved[1]}`;
    const sizeOf = (name) => tried.shapes[name].slice(1).join(" × ");
    element("what-if-pooled-words").textContent = tried.shapes.pooled ? `Pooled: ${sizeOf("pooled")}` : "";
    element("what-if-convolved-words").textContent = `Convolved: ${sizeOf("convolved")}`;
    element("what-if-padded-words").textContent = around
      ? `Padded: ${sizeOf("padded")}, the ${subject.words.thing} inside the box`
      : `The ${subject.words.thing}: ${side} × ${side}, no padding`;
  });

  function paint(name, shape, values, scale, pixel = PIXEL) {
    const [channels, rows, columns] = shape;
    const Kind = channels > 1 ? live.subject.Picture : Maps;
    const maps = new Kind(element(`what-if-${name}`), shape, { tile: pixel * Math.max(rows, columns), across: 1 });
    maps.paint(values, scale);
    drawn.set(name, maps);
  }

  function fail(words) {
    section.dataset.state = "failed";
    element("what-if-problem").textContent = words;
  }

  const say = trouble(element("what-if-trouble"), () => show());
  const show = orSay(compute, (problem) => {
    fail("");
    say(problem);
  });
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  followVisibility(section, (visible) => {
    isVisible = visible;
    show();
  });
  live.addEventListener("seen", show);
  live.addEventListener("empty", () => {
    section.dataset.state = "empty";
    for (const maps of drawn.values()) maps.clear();
  });
  onTheme(() => drawn.forEach((maps) => maps.repaint()));
}
